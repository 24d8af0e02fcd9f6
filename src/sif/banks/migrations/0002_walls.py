"""The walls of banks: rows of one contabilidad are seen in its scope only; what the bank told is never changed."""

from django.db import migrations

from sif.registry.protection import refuse_change, wall_by_setting

WALLED = [
    "banks_estadodecuenta", "banks_lineabancaria", "banks_enlace", "banks_ladobanco", "banks_ladolibros",
    "banks_explicacionpendiente", "banks_conciliacionmensual",
]
IMMUTABLE = [
    "banks_estadodecuenta", "banks_lineabancaria", "banks_explicacionpendiente", "banks_conciliacionmensual",
]


class Migration(migrations.Migration):
    dependencies = [("banks", "0001_initial"), ("books", "0003_immutable_and_walled")]
    operations = [
        migrations.RunSQL("".join(map(wall_by_setting, WALLED))),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
    ]
