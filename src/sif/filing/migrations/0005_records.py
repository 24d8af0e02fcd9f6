"""Reports and what is signed of them are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "filing_informe", "filing_preparacion", "filing_presentacion", "filing_cabezaarbol",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("filing", "0004_preparacion"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
