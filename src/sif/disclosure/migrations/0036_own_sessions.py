"""The list of sessions, which says whence each person entered, is read by its person and in an act."""

from django.db import migrations

from sif.registry.protection import asked_by, wall

TABLE = "usersessions_usersession"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0034_codes_taken_in_acts"), ("usersessions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"DROP POLICY {TABLE}_publica ON {TABLE};"
            + wall(TABLE, "(SELECT sif_autor()) IS NOT NULL")
            + f"CREATE POLICY {TABLE}_propia ON {TABLE} FOR SELECT USING ({asked_by('user_id')});"
        ),
    ]
