"""Acts that are written once: the database refuses to change or delete them."""

from django.db import migrations

from sif.registry.protection import refuse_change

IMMUTABLE = ["proceedings_documento", "proceedings_respuesta", "proceedings_voto"]


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0002_initial"), ("books", "0003_immutable_and_walled")]
    operations = [migrations.RunSQL("".join(map(refuse_change, IMMUTABLE)))]
