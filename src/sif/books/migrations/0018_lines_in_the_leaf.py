"""The leaf of a póliza covers which lines are its own, so that none takes the number of another that an act cites."""

from django.db import migrations

from sif.books.content import LINES, LINES_OF_BEFORE
from sif.registry.protection import LOG_LOCK, digest_of_row

DIGEST = digest_of_row("'books_poliza'", "'public.books_poliza'::regclass", "x.j")
LOG = f"""
-- Its lines are there before it enters, and none comes after. They are looked up by index whatever was planned.
CREATE FUNCTION sif_log_polizas() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex'
    SET enable_seqscan = off AS $$
BEGIN
    IF TG_RELID <> 'public.books_poliza'::regclass THEN
        RAISE EXCEPTION '%.% no es la tabla de las pólizas.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT 'books_poliza', x.j ->> 'id', (x.j ->> 'contabilidad_id')::bigint, {DIGEST}
        FROM nuevas n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) || {LINES.format(row="n")} AS j OFFSET 0) x;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER books_poliza_hoja AFTER INSERT ON books_poliza REFERENCING NEW TABLE AS nuevas
    FOR EACH STATEMENT EXECUTE FUNCTION sif_log_polizas();

SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex';
INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella)
    SELECT '{LINES_OF_BEFORE}', x.j ->> 'id', (x.j ->> 'contabilidad_id')::bigint, {DIGEST}
    FROM books_poliza n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) || {LINES.format(row="n")} AS j OFFSET 0) x
    ORDER BY n.id;
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0017_comprobantes_are_records"), ("registry", "0020_whole_rows")]
    operations = [migrations.RunSQL(LOG)]
