"""A pass says whether it acts, and records enter under one that does."""

from django.db import migrations

from sif.registry.protection import PINNED

PASS = f"""
DROP FUNCTION sif_pase();
-- The pass of the connection cut in its parts; no rows where its signature, its backend or its hour do not hold.
CREATE FUNCTION sif_pase() RETURNS TABLE (alcance text, persona bigint, actua boolean) LANGUAGE plpgsql ROWS 1 {PINNED}
AS $$
DECLARE
    parts text[] := string_to_array(coalesce(current_setting('sif.pase', true), ''), '|');
    said text; signed text;
BEGIN
    IF cardinality(parts) IS DISTINCT FROM 6 THEN
        RETURN;
    END IF;
    said := concat_ws('|', parts[1], parts[2], parts[3], parts[4], parts[5]);
    SELECT encode(sha256(k.opad || sha256(k.ipad || convert_to(said, 'UTF8'))), 'hex') INTO signed
        FROM sif_privado.llave k WHERE k.rol = session_user;
    IF signed IS NULL OR signed <> parts[6] OR parts[3] <> pg_backend_pid()::text
       OR parts[2]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT parts[1], parts[4]::bigint, parts[5] = 'acto';
END $$;

-- Who acts: the person of a pass under which records enter, 0 where it is nobody's, -1 where it is whoever signs. Null
-- where the pass only reads.
CREATE FUNCTION sif_autor() RETURNS bigint LANGUAGE sql {PINNED} AS $$
    SELECT p.persona FROM public.sif_pase() p WHERE p.actua OR p.alcance = 'registro' OR p.persona = -1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0032_closed_calendars")]
    operations = [migrations.RunSQL(PASS)]
