"""Every wall reads the signed pass; the setting that any SQL could write opens nothing any more."""

from django.db import migrations

from sif.registry.protection import seen, wall

TURN = """
DO $$
DECLARE p record; col text; reads text; writes text;
BEGIN
    FOR p IN SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public'
             AND (qual LIKE '%sif.alcance%' OR qual LIKE '%sif_visible(%') LOOP
        col := coalesce(substring(p.qual from 'sif_visible\\((\\w+)\\)'), substring(p.qual from '(\\w+) = ANY'));
        IF p.qual LIKE '%NOT secreta%' THEN
            reads := 'NOT secreta OR (SELECT sif_todo())';
            writes := '(SELECT sif_todo())';
        ELSIF col IS NOT NULL THEN
            reads := replace($q$SEEN$q$, 'COLUMN', quote_ident(col));
            writes := reads;
        ELSE
            RAISE EXCEPTION 'El muro % de % no tiene la forma que esta migración sabe pasar.', p.policyname, p.tablename;
        END IF;
        EXECUTE format('ALTER POLICY %I ON %I USING (%s) WITH CHECK (%s)', p.policyname, p.tablename, reads, writes);
    END LOOP;
END $$;
DROP FUNCTION sif_visible(bigint);
""".replace("SEEN", seen("COLUMN"))
OF_THEIR_REPORT = seen("informe_id", "id FROM filing_informe")


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0002_sancionpublicada_partes"),
        ("registry", "0004_pass_of_scope"),
        ("catalogs", "0005_authority_tables"),
        ("books", "0011_cfdi_complements"),
        ("filing", "0004_preparacion"),
        ("banks", "0003_links_hold"),
        ("apportionment", "0002_walls"),
        ("batch", "0004_one_check_for_two"),
        ("audit", "0006_rule_versions"),
    ]
    operations = [
        migrations.RunSQL(wall("filing_presentacion", OF_THEIR_REPORT) + wall("filing_preparacion", OF_THEIR_REPORT)),
        migrations.RunSQL(TURN),
    ]
