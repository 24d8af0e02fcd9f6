"""The scope of row level security is a signed pass: functions that read it with a key that only the owner sees."""

from django.db import migrations

from sif.registry.protection import PINNED, ranges

# PARALLEL RESTRICTED: a parallel worker is another backend and would take the pass of its leader for a stolen one.
PASS = f"""
CREATE SCHEMA sif_privado;
REVOKE ALL ON SCHEMA sif_privado FROM PUBLIC;
CREATE TABLE sif_privado.llave (
    rol name PRIMARY KEY,
    ipad bytea NOT NULL CHECK (octet_length(ipad) = 64),
    opad bytea NOT NULL CHECK (octet_length(opad) = 64)
);
REVOKE ALL ON sif_privado.llave FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
        REVOKE ALL ON sif_privado.llave FROM sif_app;
    END IF;
END $$;

-- The pass of the connection cut in its parts; no rows where its signature, its backend or its hour do not hold.
CREATE FUNCTION sif_pase() RETURNS TABLE (alcance text, persona bigint) LANGUAGE plpgsql ROWS 1 {PINNED} AS $$
DECLARE
    parts text[] := string_to_array(coalesce(current_setting('sif.pase', true), ''), '|');
    said text; signed text;
BEGIN
    IF cardinality(parts) IS DISTINCT FROM 5 THEN
        RETURN;
    END IF;
    said := concat_ws('|', parts[1], parts[2], parts[3], parts[4]);
    SELECT encode(sha256(k.opad || sha256(k.ipad || convert_to(said, 'UTF8'))), 'hex') INTO signed
        FROM sif_privado.llave k WHERE k.rol = session_user;
    IF signed IS NULL OR signed <> parts[5] OR parts[3] <> pg_backend_pid()::text
       OR parts[2]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT parts[1], parts[4]::bigint;
END $$;

-- Whether the scope is everything. Never null: what is not proven is not everything.
CREATE FUNCTION sif_todo() RETURNS boolean LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF left(coalesce(current_setting('sif.pase', true), ''), 5) <> 'todo|' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT 1 FROM public.sif_pase() p WHERE p.alcance = 'todo');
END $$;

-- The contabilidades of the scope: those listed, and every one of the subjects listed with an s before.
CREATE FUNCTION sif_libros() RETURNS SETOF bigint LANGUAGE plpgsql {PINNED} AS $$
DECLARE items text[];
BEGIN
    SELECT string_to_array(p.alcance, ',') INTO items FROM public.sif_pase() p WHERE p.alcance NOT IN ('', 'todo');
    IF items IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT i::bigint FROM unnest(items) i WHERE i ~ '^[0-9]+$'
        UNION
        SELECT c.id FROM public.registry_contabilidad c WHERE c.sujeto_id IN (
            SELECT substr(i, 2)::bigint FROM unnest(items) i WHERE i ~ '^s[0-9]+$');
END $$;

-- The subjects of the scope: those listed, and those whose books are.
CREATE FUNCTION sif_sujetos() RETURNS SETOF bigint LANGUAGE plpgsql {PINNED} AS $$
DECLARE items text[];
BEGIN
    SELECT string_to_array(p.alcance, ',') INTO items FROM public.sif_pase() p WHERE p.alcance NOT IN ('', 'todo');
    IF items IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT substr(i, 2)::bigint FROM unnest(items) i WHERE i ~ '^s[0-9]+$'
        UNION
        SELECT c.sujeto_id FROM public.registry_contabilidad c WHERE c.id IN (
            SELECT i::bigint FROM unnest(items) i WHERE i ~ '^[0-9]+$');
END $$;

-- Who asked, as the pass says; 0 where nobody did. Never null.
CREATE FUNCTION sif_persona() RETURNS bigint LANGUAGE sql {PINNED} AS $$
    SELECT coalesce((SELECT p.persona FROM public.sif_pase() p), 0)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_cuenta_bancaria_traits")]
    operations = [migrations.RunSQL(PASS), migrations.RunSQL(ranges("libros") + ranges("sujetos"))]
