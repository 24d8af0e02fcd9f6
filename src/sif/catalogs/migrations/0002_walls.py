"""The walls of the catalogues: rows of one contabilidad are seen in its scope only; acts are never changed."""

from django.db import migrations

from sif.registry.protection import refuse_change, wall_by_setting

WALLED = [
    "catalogs_casacampana", "catalogs_evento", "catalogs_cambioevento", "catalogs_articulo", "catalogs_activofijo",
    "catalogs_credito",
]
IMMUTABLE = ["catalogs_cambioevento", "catalogs_foliocancelado"]


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0001_initial"), ("books", "0003_immutable_and_walled")]
    operations = [
        migrations.RunSQL("".join(wall_by_setting(table, "contabilidad_id") for table in WALLED)),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
    ]
