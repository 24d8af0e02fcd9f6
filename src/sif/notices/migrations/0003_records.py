"""A notification and its first readings are acts: each row has its leaf, and nothing in them changes or goes."""

from django.db import migrations

from sif.registry.protection import record

TABLES = ("notices_notificacion", "notices_lecturanotificacion")


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_initial"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL("".join(map(record, TABLES)))]
