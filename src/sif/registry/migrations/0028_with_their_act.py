"""What hangs from an act and has no author of its own enters in the transaction that writes the act, or not at all."""

from django.db import migrations

# A row that is seen and whose transaction runs is of this one. A savepoint has a number of its own, later than that of
# its transaction, so a row with a number before it is of another, and what is left is asked of the server.
WITH_ITS_ACT = """
CREATE FUNCTION sif_with_its_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ours CONSTANT numeric := pg_current_xact_id()::text::numeric;
    wrote bigint;
    later numeric;
BEGIN
    EXECUTE format('SELECT a.xmin::text::bigint FROM public.%I a WHERE a.%I = $1', TG_ARGV[1], TG_ARGV[2])
        INTO wrote USING (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    later := mod(wrote - mod(ours, 4294967296) + 4294967296, 4294967296);
    IF wrote IS NULL OR later >= 2147483648 OR pg_xact_status((ours + later)::text::xid8) <> 'in progress' THEN
        RAISE EXCEPTION 'A % no se le agrega nada después: % entra con su acto.', TG_ARGV[1], TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0027_who_appointed")]
    operations = [migrations.RunSQL(WITH_ITS_ACT)]
