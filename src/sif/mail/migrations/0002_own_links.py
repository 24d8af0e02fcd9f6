"""Who forgot their password makes a link for their own account, which is mailed to them; of the authority two people."""

from django.db import migrations

from sif.registry.protection import PINNED

GUARD = f"""
CREATE OR REPLACE FUNCTION sif_guard_invitacion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE invita CONSTANT bigint := NEW.invitada_por_id;
BEGIN
    IF invita IS NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM registry_contabilidad c
               WHERE c.id = ANY (NEW.contabilidades) AND c.sujeto_id IS DISTINCT FROM NEW.sujeto_id)
       OR NEW.usuario_id IS NULL AND NOT sif_gives_role(invita, NEW.rol, NEW.sujeto_id)
       OR NEW.usuario_id <> invita AND NOT sif_gives_role(invita, '', NULL) AND NOT (
           SELECT coalesce(bool_and(sif_gives_role(invita, n.rol, n.sujeto_id)), false)
           FROM registry_nombramiento n WHERE n.usuario_id = NEW.usuario_id) THEN
        RAISE EXCEPTION 'La cuenta % no hace ese enlace: lo hace quien da la función o maneja la cuenta.', invita
            USING ERRCODE = 'check_violation';
    END IF;
    IF (sif_is_of_authority(NEW.rol) OR EXISTS (
            SELECT FROM registry_nombramiento n WHERE n.usuario_id = NEW.usuario_id AND sif_is_of_authority(n.rol)))
       AND NOT EXISTS (
            SELECT FROM registry_propuestacuenta p JOIN registry_propuestacuentaresuelta r ON r.propuesta_id = p.id
            WHERE p.id = NEW.propuesta_id AND r.sentido = 'aprobada' AND r.hecho_por_id = invita
              AND p.usuario_id IS NOT DISTINCT FROM NEW.usuario_id
              AND (p.rol, p.username, p.rfc) = (NEW.rol, NEW.username, NEW.rfc)) THEN
        RAISE EXCEPTION 'Un enlace para la autoridad lo propone una persona y lo aprueba otra.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
