"""The walls of the room: rows of one contabilidad are seen in its scope only; what was posted is never changed."""

from django.db import migrations

from sif.registry.protection import pair, refuse_change, wall_by_setting

WALLED = ["batch_lote", "batch_filalote", "batch_polizacargada", "batch_equivalenciacuenta"]
IMMUTABLE = ["batch_polizacargada", "batch_peticionapi"]


class Migration(migrations.Migration):
    dependencies = [("batch", "0001_initial"), ("books", "0003_immutable_and_walled")]
    operations = [
        migrations.RunSQL("".join(map(wall_by_setting, WALLED))),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
        migrations.RunSQL(pair("batch_polizacargada")),
    ]
