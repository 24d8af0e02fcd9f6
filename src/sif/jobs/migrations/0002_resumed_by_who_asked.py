"""A job that its person stopped, or that broke, goes on by that person alone: it runs and signs in their name."""

from django.db import migrations

GUARD = """
CREATE FUNCTION sif_guard_trabajo() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF public.sif_persona() NOT IN (OLD.persona_id, -1) THEN
        RAISE EXCEPTION 'El trabajo % lo sigue solo quien lo pidió.', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trabajo_lo_sigue_quien_lo_pidio BEFORE UPDATE ON jobs_trabajo FOR EACH ROW
    WHEN (OLD.por_cancelar AND NOT NEW.por_cancelar
          OR OLD.estado NOT IN ('en_cola', 'en_curso') AND NEW.estado IN ('en_cola', 'en_curso'))
    EXECUTE FUNCTION sif_guard_trabajo();
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("registry", "0030_rights_by_who_may")]
    operations = [migrations.RunSQL(GUARD)]
