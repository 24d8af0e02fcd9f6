"""Documents, answers, votes and sanctions are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "proceedings_documento", "proceedings_respuesta", "proceedings_voto", "proceedings_sancion",
    "proceedings_partesancion",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0005_what_the_database_holds"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
