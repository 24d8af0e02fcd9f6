"""What a lot posted is a record: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "batch_polizacargada", "batch_peticionapi",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("batch", "0004_one_check_for_two"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
