"""What the law publishes is read by anybody and written in the authority's scope alone."""

from django.db import migrations

from sif.registry.protection import publish

PUBLISHED = [
    "disclosure_contabilidadpublicada", "disclosure_documentopublicado", "disclosure_procesopublicado",
    "disclosure_reglapublicada", "disclosure_sancionpublicada",
]


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0010_walls_of_jobs")]
    operations = [migrations.RunSQL(publish(*PUBLISHED))]
