"""Who judges from outside and who acts for a subject are told apart one appointment at a time.

Two appointments of one person to one subject that entered at once did not see each other, and both stood.
"""

from django.db import migrations

PATH = "SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
CREATE OR REPLACE FUNCTION sif_guard_auditor_externo() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('auditor externo ' || NEW.usuario_id || ' ' || NEW.sujeto_id));
    IF EXISTS (
        SELECT FROM registry_nombramiento o WHERE o.usuario_id = NEW.usuario_id AND o.sujeto_id = NEW.sujeto_id
            AND (o.rol = 'auditor_externo') <> (NEW.rol = 'auditor_externo')
            AND o.hasta > NEW.desde AND o.desde < NEW.hasta
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = o.id
                    AND (f.termina_el <= now() OR (f.termina_el AT TIME ZONE 'UTC')::date - 1 < NEW.desde))) THEN
        RAISE EXCEPTION 'La cuenta % no es auditor externo del sujeto % y a la vez actúa por él.', NEW.usuario_id,
            NEW.sujeto_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0059_receivers_and_external_auditors")]
    operations = [migrations.RunSQL(GUARD)]
