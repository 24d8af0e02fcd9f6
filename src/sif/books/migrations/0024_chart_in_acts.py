"""The chart of accounts takes rows in acts: of who holds the machine those of the law, of who adds it that of a process.

A page of the authority wrote in it without any: evidence that nobody asked was owed, and an account stayed for ever.
"""

from django.db import migrations

from sif.registry.protection import of_an_act, signed

OF_THE_LAW = "coalesce(agregada_por_id, -2)"


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0023_files_of_who_handed_them_in"),
        ("registry", "0033_pass_of_an_act"),
    ]
    operations = [
        migrations.RunSQL(
            of_an_act("books_claseevidencia") + of_an_act("books_cuentaevidencia") + signed("books_cuenta", OF_THE_LAW)
        )
    ]
