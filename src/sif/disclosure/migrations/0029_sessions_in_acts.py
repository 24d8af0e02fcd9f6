"""A session enters, changes and goes in an act alone; those signed and not encrypted end."""

from django.db import migrations

from sif.registry.protection import read_by_all


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0027_working_state_in_acts"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL("DELETE FROM django_session; DELETE FROM usersessions_usersession;"),
        migrations.RunSQL(read_by_all("django_session", "(SELECT sif_autor()) IS NOT NULL", locks=True)),
    ]
