"""Articles, credits, projects, resolutions to pay and series of receipts are registered once and never changed."""

from django.db import migrations

from sif.registry.protection import record

TABLES = ("catalogs_articulo", "catalogs_credito", "catalogs_proyecto", "catalogs_resolucionporpagar")


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0006_records"), ("registry", "0006_log_of_records")]
    operations = [
        migrations.RunSQL("".join(map(record, TABLES))),
        migrations.RunSQL(record("catalogs_serierecibos", lock=True)),
    ]
