"""Walls ask for the scope as ranges, one value that parallel workers are given, instead of a set that they must read."""

from django.db import migrations

from sif.registry.protection import ranges

TURN = r"""
DO $$
DECLARE p record;
    old text := '(\w+) IN \( SELECT sif_(libros|sujetos)\(\) AS sif_\w+\)';
    new text := '( SELECT sif_rangos_\2()) @> \1';
BEGIN
    FOR p IN SELECT tablename, policyname, qual, with_check FROM pg_policies
             WHERE schemaname = 'public' AND concat(qual, with_check) ~ old LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING (%s) WITH CHECK (%s)', p.policyname, p.tablename,
            regexp_replace(p.qual, old, new, 'g'), regexp_replace(coalesce(p.with_check, p.qual), old, new, 'g'));
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0005_publications"),
        ("registry", "0010_records_of_the_registry"),
        ("catalogs", "0008_acts_on_houses_and_assets"),
        ("books", "0016_acts_on_receipts"),
        ("jobs", "0001_initial"),
        ("notices", "0003_records"),
        ("proceedings", "0007_two_people"),
        ("audit", "0010_index_of_hallazgos"),
        ("banks", "0004_records"),
        ("apportionment", "0003_records"),
        ("batch", "0005_records"),
        ("filing", "0005_records"),
    ]
    operations = [migrations.RunSQL(ranges("libros") + ranges("sujetos")), migrations.RunSQL(TURN)]
