"""An address enters by the service that tells it to its person, and by no SQL of a page."""

from django.db import migrations

from sif.registry.protection import ALL, REGISTRY, asked_by, wall

SEEN = f"{REGISTRY} OR {ALL} OR {asked_by('usuario_id')}"


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_own_links")]
    operations = [migrations.RunSQL(wall("mail_direccion", SEEN, REGISTRY), migrations.RunSQL.noop)]
