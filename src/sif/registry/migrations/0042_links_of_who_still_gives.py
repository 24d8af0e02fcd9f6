"""A link appoints only while who made it gives that role and has an account: its right may have ended since."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION sif_guard_nombramiento() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.nombrado_por_id IS NULL AND sif_persona() = -1 OR EXISTS (
        SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
        WHERE c.usada_por_id = NEW.usuario_id AND sif_of_this_transaction(c.xmin) AND i.usuario_id IS NULL
          AND i.rol = NEW.rol AND i.sujeto_id IS NOT DISTINCT FROM NEW.sujeto_id
          AND i.invitada_por_id IS NOT DISTINCT FROM NEW.nombrado_por_id
          AND (i.invitada_por_id IS NULL OR sif_gives_role(i.invitada_por_id, i.rol, i.sujeto_id) AND EXISTS (
              SELECT FROM registry_usuario u WHERE u.id = i.invitada_por_id AND u.is_active))) THEN
        RETURN NEW;
    END IF;
    IF sif_is_of_authority(NEW.rol) AND EXISTS (
        SELECT FROM registry_propuestacuenta p JOIN registry_propuestacuentaresuelta r ON r.propuesta_id = p.id
        WHERE p.clase = 'funcion' AND p.usuario_id = NEW.usuario_id AND p.rol = NEW.rol AND r.sentido = 'aprobada'
          AND r.hecho_por_id = NEW.nombrado_por_id AND sif_of_this_transaction(r.xmin))
       OR NOT sif_is_of_authority(NEW.rol) AND sif_gives_role(NEW.nombrado_por_id, NEW.rol, NEW.sujeto_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'La cuenta % no da la función %: la da un enlace, una propuesta aprobada o quien nombra.',
        coalesce(NEW.nombrado_por_id, 0), NEW.rol USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0041_names_in_order")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
