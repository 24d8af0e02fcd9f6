"""Posted pólizas and their support are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "books_estatuscomprobante", "books_movimientoinventario", "books_avisocontratacion",
    "books_evidencia", "books_evidenciasinefecto",
]  # fmt: skip
IN_THEIR_POLIZA = [
    "books_poliza", "books_movimiento", "books_usocomprobante", "books_pago", "books_aportacion",
    "books_ladotransferencia",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("books", "0011_cfdi_complements"), ("registry", "0006_log_of_records")]
    operations = [
        migrations.RunSQL("".join(map(record, RECORDS)) + record("books_archivo", key="sha256")),
        migrations.RunSQL("".join(record(table, leaves=False) for table in IN_THEIR_POLIZA)),
    ]
