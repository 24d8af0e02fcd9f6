"""Nobody adds to an invoice, a statement, a list, a law or a past process: its rows enter with it and stay as it said."""

from django.db import migrations

from sif.registry.protection import of_its_act

SAID_BY_AN_INVOICE = (
    "books_hojaine",
    "books_conceptocomprobante",
    "books_pagodocumento",
    "books_relacioncomprobante",
    "books_nominacomprobante",
)
HANG = (
    *((table, "comprobante_id", "books_comprobante") for table in SAID_BY_AN_INVOICE),
    ("banks_lineabancaria", "estado_id", "banks_estadodecuenta"),
    ("banks_ladobanco", "enlace_id", "banks_enlace"),
    ("banks_ladolibros", "enlace_id", "banks_enlace"),
    ("apportionment_parteprorrateo", "prorrateo_id", "apportionment_prorrateo"),
    ("catalogs_renglondetabla", "carga_id", "catalogs_cargadetabla"),
    ("catalogs_situacion69b", "lista_id", "catalogs_lista69b"),
    ("catalogs_acto69b", "lista_id", "catalogs_lista69b"),
    ("statutes_articulodeley", "texto_id", "statutes_textodeley"),
    ("disclosure_cuentahistorica", "carga_id", "disclosure_cargahistorica"),
)
# What an invoice says is read once from its XML, and rules are asked of it: no request changes it.
KEPT = f"""
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE UPDATE, DELETE ON {", ".join(SAID_BY_AN_INVOICE)} FROM sif_app;
END IF; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0022_forms_of_sanction"),
        ("apportionment", "0003_records"),
        ("banks", "0005_links_are_records"),
        ("books", "0019_contributions_by_day"),
        ("catalogs", "0011_acts_of_69b"),
        ("registry", "0030_rights_by_who_may"),
        ("statutes", "0001_initial"),
    ]
    operations = [migrations.RunSQL("".join(of_its_act(*each) for each in HANG) + KEPT)]
