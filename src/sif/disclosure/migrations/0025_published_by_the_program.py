"""What is published is written by the program from its content: no request writes it, not even the authority's."""

from django.db import migrations

from sif.registry.protection import REGISTRY, read_by_all

PUBLISHED = [
    "disclosure_contabilidadpublicada", "disclosure_documentopublicado", "disclosure_procesopublicado",
    "disclosure_reglapublicada", "disclosure_sancionpublicada",
]


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0024_made_by_programs")]
    operations = [migrations.RunSQL("".join(read_by_all(table, REGISTRY) for table in PUBLISHED))]
