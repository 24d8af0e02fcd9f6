"""An invoice and what it says are read by whoever received it or uses it in a póliza, and in an act.

An act looks a folio up before it keeps one, so that an invoice stays one row for all who receive it.
"""

from django.db import migrations

from sif.registry.protection import ALL, reached, shut_view

SAID = (
    "books_conceptocomprobante", "books_hojaine", "books_nominacomprobante", "books_pagodocumento",
    "books_relacioncomprobante",
)  # fmt: skip
KEYS = (("books_comprobante", "id"), *((table, "comprobante_id") for table in SAID))
SOMEBODY_ACTS = "(SELECT sif_autor()) <> 0"
VIEW = """
CREATE VIEW sif_comprobantes_del_alcance AS
    SELECT comprobante_id AS llave FROM books_recepcion WHERE (SELECT sif_rangos_libros()) @> contabilidad_id
    UNION ALL
    SELECT comprobante_id FROM books_usocomprobante WHERE (SELECT sif_rangos_libros()) @> contabilidad_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0029_sessions_in_acts"),
        ("books", "0021_folio_and_bytes"),
        ("registry", "0033_pass_of_an_act"),
    ]
    operations = [
        migrations.RunSQL(
            VIEW
            + shut_view("sif_comprobantes_del_alcance")
            + "".join(reached(table, key, "sif_comprobantes_del_alcance.llave", ALL, SOMEBODY_ACTS) for table, key in KEYS)
        )
    ]
