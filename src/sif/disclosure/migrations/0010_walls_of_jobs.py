"""A job is of who asked for it and of the authority; who has its books sees that it runs."""

from django.db import migrations

from sif.registry.protection import ALL, asked_by, seen, wall

OF_WHO_ASKED = f"{ALL} OR {asked_by('persona_id')}"
OF_THEIR_BOOKS = f"{seen()} OR {asked_by('persona_id')}"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0009_walls_of_catalogues")]
    operations = [
        migrations.RunSQL(
            wall("jobs_trabajo", OF_THEIR_BOOKS, OF_WHO_ASKED)
            + wall("jobs_trabajopieza", seen("trabajo_id", "id FROM jobs_trabajo"))
        )
    ]
