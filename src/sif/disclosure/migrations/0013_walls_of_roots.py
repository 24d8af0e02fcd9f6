"""Published roots are read by anybody and written in the authority's scope alone: a forged one would stop the next."""

from django.db import migrations

from sif.registry.protection import publish


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0012_guards_that_no_table_deceives"),
        ("filing", "0005_records"),
        ("registry", "0019_leaves_of_tables_alone"),
    ]
    operations = [migrations.RunSQL(publish("filing_cabezaarbol", "registry_cabeza", "registry_corte"))]
