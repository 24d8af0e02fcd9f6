"""Lists of the authority and cancelled folios are records: each row has its leaf, and the ordinary role may only add."""

from django.db import migrations

from sif.registry.protection import record

RECORDS = [
    "catalogs_cambioevento", "catalogs_foliocancelado", "catalogs_lista69b", "catalogs_situacion69b",
    "catalogs_cargadetabla", "catalogs_renglondetabla",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0005_authority_tables"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, RECORDS)))]
