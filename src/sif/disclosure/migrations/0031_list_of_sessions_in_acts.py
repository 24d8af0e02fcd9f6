"""The list of sessions, by which a person or a change of credential ends them, changes in an act alone."""

from django.db import migrations

from sif.registry.protection import read_by_all


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0030_invoices_of_the_scope"), ("usersessions", "0001_initial")]
    operations = [
        migrations.RunSQL(read_by_all("usersessions_usersession", "(SELECT sif_autor()) IS NOT NULL")),
    ]
