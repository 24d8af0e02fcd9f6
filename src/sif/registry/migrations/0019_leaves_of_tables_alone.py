"""A leaf is of a row of a table of the record: a table of the same name elsewhere writes none."""

from django.db import migrations

from sif.registry.protection import LOG_LOCK, digest_of_row

LEAVES = f"""
CREATE OR REPLACE FUNCTION sif_log_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    IF TG_TABLE_SCHEMA <> 'public' THEN
        RAISE EXCEPTION '%.% no es una tabla del registro y no tiene hojas.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT TG_TABLE_NAME, j ->> TG_ARGV[0], (j ->> 'contabilidad_id')::bigint,
               {digest_of_row("TG_TABLE_NAME", "TG_RELID", "j")}
        FROM nuevas n CROSS JOIN LATERAL (SELECT to_jsonb(n) AS j OFFSET 0) x;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0018_salt_of_leaves")]
    operations = [migrations.RunSQL(LEAVES)]
