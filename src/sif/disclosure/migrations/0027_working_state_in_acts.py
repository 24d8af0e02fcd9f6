"""What acts are made of changes in an act alone: drafts, lots, uploads, invoices received, jobs, what auditors keep."""

from django.db import migrations

from sif.registry.protection import worked_on_in_an_act

WORKED_ON = (
    "audit_asignacion", "audit_reparto", "audit_vista", "banks_mapacolumnas", "batch_equivalenciacuenta",
    "batch_filalote", "batch_lote", "books_borrador", "books_carga", "books_plantilla", "books_recepcion",
    "jobs_trabajo", "jobs_trabajopieza",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0028_factors_in_an_act"),
        ("jobs", "0002_resumed_by_who_asked"),
        ("books", "0021_folio_and_bytes"),
        ("batch", "0006_revocations"),
        ("banks", "0005_links_are_records"),
        ("audit", "0013_looks"),
    ]
    operations = [migrations.RunSQL("".join(worked_on_in_an_act(table) for table in WORKED_ON))]
