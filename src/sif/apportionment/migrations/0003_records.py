"""Shares are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "apportionment_avisoporcentajes", "apportionment_prorrateo", "apportionment_parteprorrateo",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("apportionment", "0002_walls"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
