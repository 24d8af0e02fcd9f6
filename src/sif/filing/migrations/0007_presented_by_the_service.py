"""A report is presented by the service that judged its seal, and by no request: not even that of who may present it."""

from django.db import migrations

from sif.registry.protection import REGISTRY, seen, wall

SEEN = f"{seen('informe_id', 'id FROM filing_informe')} OR {REGISTRY}"


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0006_roots_by_the_program"),
        ("registry", "0021_scope_of_the_registry"),
        ("disclosure", "0006_scope_as_ranges"),
    ]
    operations = [migrations.RunSQL(wall("filing_presentacion", SEEN, REGISTRY))]
