"""The functions that take a row whole, so that no column of its table can stand in for it."""

from django.db import migrations

from sif.registry.protection import LOG_LOCK, digest_of_row

PINNED = "SET search_path = pg_catalog, public, pg_temp"
FUNCTIONS = f"""
-- The shared lock comes before the number of the leaf: whoever holds it exclusive knows that no lower number follows.
CREATE OR REPLACE FUNCTION sif_log_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {PINNED}
    SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    IF TG_TABLE_SCHEMA <> 'public' THEN
        RAISE EXCEPTION '%.% no es una tabla del registro y no tiene hojas.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT TG_TABLE_NAME, x.j ->> TG_ARGV[0], (x.j ->> 'contabilidad_id')::bigint,
               {digest_of_row("TG_TABLE_NAME", "TG_RELID", "x.j")}
        FROM nuevas n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) AS j OFFSET 0) x;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sif_number_version() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE before jsonb; entering jsonb := to_jsonb(NEW); owner text;
BEGIN
    IF NEW.reemplaza_a_id IS NULL THEN
        NEW.identidad := NEW.id;
        NEW.version := 1;
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT to_jsonb(t.*) FROM %I.%I t WHERE t.id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO before USING NEW.reemplaza_a_id;
    IF before IS NULL THEN
        RAISE EXCEPTION 'No hay en % una versión % que reemplazar.', TG_TABLE_NAME, NEW.reemplaza_a_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF NEW.motivo = '' OR NEW.registrada_por_id IS NULL THEN
        RAISE EXCEPTION 'Una versión nueva en % dice su motivo y quién la registra.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    FOREACH owner IN ARRAY ARRAY['sujeto_id', 'contabilidad_id'] LOOP
        IF before -> owner IS DISTINCT FROM entering -> owner THEN
            RAISE EXCEPTION 'La versión nueva en % es de otro dueño que la que reemplaza.', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    NEW.identidad := (before ->> 'identidad')::bigint;
    NEW.version := (before ->> 'version')::integer + 1;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_leaves_of_tables_alone")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
