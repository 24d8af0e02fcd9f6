"""The cache that processes share, where attempts are counted, is read and changed in an act alone."""

from django.db import migrations

from sif.registry.protection import wall


class Migration(migrations.Migration):
    dependencies = [("registry", "0038_restored_candidacies")]
    operations = [
        migrations.RunSQL("DELETE FROM sif_cache;" + wall("sif_cache", "(SELECT sif_autor()) IS NOT NULL")),
    ]
