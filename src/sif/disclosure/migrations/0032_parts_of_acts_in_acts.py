"""The rows that enter before the record they are part of enter under the pass of an act too.

Their reference is judged at commit: within one transaction a page wrote them, and the wall of invoices believed it.
"""

from django.db import migrations

from sif.registry.protection import of_an_act

PARTS = (
    "apportionment_parteprorrateo", "banks_ladobanco", "banks_ladolibros", "banks_lineabancaria", "books_aportacion",
    "books_ladotransferencia", "books_movimiento", "books_pago", "books_usocomprobante",
    "proceedings_respuesta_polizas",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0031_list_of_sessions_in_acts"),
        ("registry", "0033_pass_of_an_act"),
        ("books", "0022_all_that_changes_the_books"),
        ("banks", "0005_links_are_records"),
        ("apportionment", "0003_records"),
        ("proceedings", "0014_votes_counted_by_who_may"),
    ]
    operations = [migrations.RunSQL("".join(of_an_act(table) for table in PARTS))]
