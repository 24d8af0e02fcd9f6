"""Snapshots, runs and words on hallazgos are records: each row has its leaf, the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "audit_instantanea", "audit_corrida", "audit_versionregla", "audit_reglacorrida", "audit_cobertura",
    "audit_observacionsinefecto", "audit_hallazgo", "audit_descarte", "audit_comentario", "audit_redaccion",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_observacion_sin_efecto"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)) + record("audit_asunto", lock=True))]
