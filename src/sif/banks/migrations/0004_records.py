"""Statements and what is explained of them are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "banks_estadodecuenta", "banks_lineabancaria", "banks_explicacionpendiente", "banks_conciliacionmensual",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("banks", "0003_links_hold"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
