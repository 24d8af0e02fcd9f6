"""Each reading of the national registry of suppliers is an act: it has its leaf and is never changed."""

from django.db import migrations

from sif.registry.protection import record


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_invitations")]
    operations = [migrations.RunSQL(record("registry_registrornp"))]
