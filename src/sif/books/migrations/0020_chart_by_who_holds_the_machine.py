"""The chart of accounts changes by who holds the machine alone, and nothing of it is erased.

`sif migrar` loads it from the data of the law; an agreement adds accounts to a process and changes none of those there.
"""

from django.db import migrations

from sif.registry.protection import ALL, read_by_all

CHART = ("books_cuenta", "books_claseevidencia", "books_cuentaevidencia")
OF_THE_MACHINE = "(SELECT sif_persona()) = -2"
KEPT = f"""
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE DELETE, TRUNCATE ON {", ".join(CHART)} FROM sif_app;
END IF; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0019_contributions_by_day"), ("disclosure", "0016_walls_of_what_all_read")]
    operations = [migrations.RunSQL("".join(read_by_all(table, ALL, changes=OF_THE_MACHINE) for table in CHART) + KEPT)]
