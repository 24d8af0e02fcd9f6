"""Cuts and heads are made by the program: no request writes one, not even the authority's."""

from django.db import migrations

from sif.registry.protection import REGISTRY, read_by_all

ROOTS = ("filing_cabezaarbol", "registry_cabeza", "registry_corte", "registry_sellocorte")


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0005_records"),
        ("disclosure", "0013_walls_of_roots"),
        ("registry", "0032_closed_calendars"),
    ]
    operations = [migrations.RunSQL("".join(read_by_all(table, REGISTRY) for table in ROOTS))]
