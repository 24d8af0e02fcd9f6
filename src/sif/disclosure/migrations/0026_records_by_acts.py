"""Records enter under the pass of an act: what a request holds between its acts reads, and writes none."""

from django.db import migrations

from sif.registry.protection import of_an_act

# Those that say their author: their policy asks who acts, instead of whose the pass is.
SIGNED = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT p.tablename AS kept, p.policyname AS name, replace(
            p.with_check, 'sif_persona()', 'sif_autor()') AS said
        FROM pg_catalog.pg_policies p WHERE p.schemaname = 'public' AND p.policyname = p.tablename || '_autor' LOOP
        EXECUTE format('ALTER POLICY %I ON public.%I WITH CHECK (%s)', each.name, each.kept, each.said);
    END LOOP;
END $$;
"""
UNSIGNED = (
    "audit_asunto", "batch_polizacargada", "books_archivo", "books_comprobante", "books_conceptocomprobante",
    "books_contrato", "books_hojaine", "books_nominacomprobante", "books_pagodocumento", "books_relacioncomprobante",
    "filing_preparacion", "registry_cargo", "registry_cuentabancaria", "registry_proveedor", "registry_territorio",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0025_published_by_the_program"),
        ("registry", "0033_pass_of_an_act"),
        ("statutes", "0001_initial"),
    ]
    operations = [migrations.RunSQL(SIGNED + "".join(of_an_act(table) for table in UNSIGNED))]
