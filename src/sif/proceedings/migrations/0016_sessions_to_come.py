"""A project is drawn for a session that has not passed: the councillors of its day are those who make the quorum."""

from django.db import migrations

GUARD = """
-- A day of margin: the legal day may be the one before that of UTC.
CREATE FUNCTION sif_guard_sesion() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.sesion_el < (NEW.elaborada_el AT TIME ZONE 'UTC')::date - 1 THEN
        RAISE EXCEPTION 'La sesión del % ya había pasado cuando se elaboró la resolución %.', NEW.sesion_el, NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proceedings_resolucion_sesion BEFORE INSERT ON proceedings_resolucion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_sesion();
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0015_documents_in_acts")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
