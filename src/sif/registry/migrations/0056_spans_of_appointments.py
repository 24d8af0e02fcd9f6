"""An appointment has the span that its link, its proposal or who gives it says, and no other."""

from django.db import migrations, models

GUARDS = """
-- An appointment is that of a link that its act closes, of a proposal that its act approves, or of who gives the role;
-- from a link or a proposal it has the span that was said there, and begins later only where the link was used later.
CREATE OR REPLACE FUNCTION sif_guard_nombramiento() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.nombrado_por_id IS NULL AND sif_persona() = -1 OR EXISTS (
        SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
        WHERE c.usada_por_id = NEW.usuario_id AND sif_of_this_transaction(c.xmin) AND i.usuario_id IS NULL
          AND i.rol = NEW.rol AND i.sujeto_id IS NOT DISTINCT FROM NEW.sujeto_id
          AND i.invitada_por_id IS NOT DISTINCT FROM NEW.nombrado_por_id
          AND NEW.hasta = coalesce(i.hasta, DATE '9999-12-31') AND NEW.desde >= coalesce(i.desde, NEW.desde)
          AND (i.invitada_por_id IS NULL OR sif_gives_role(i.invitada_por_id, i.rol, i.sujeto_id) AND EXISTS (
              SELECT FROM registry_usuario u WHERE u.id = i.invitada_por_id AND u.is_active))) THEN
        RETURN NEW;
    END IF;
    IF sif_is_of_authority(NEW.rol) AND EXISTS (
        SELECT FROM registry_propuestacuenta p JOIN registry_propuestacuentaresuelta r ON r.propuesta_id = p.id
        WHERE p.clase = 'funcion' AND p.usuario_id = NEW.usuario_id AND p.rol = NEW.rol AND r.sentido = 'aprobada'
          AND NEW.hasta = coalesce(p.hasta, DATE '9999-12-31') AND NEW.desde >= coalesce(p.desde, NEW.desde)
          AND r.hecho_por_id = NEW.nombrado_por_id AND sif_of_this_transaction(r.xmin))
       OR NOT sif_is_of_authority(NEW.rol) AND sif_gives_role(NEW.nombrado_por_id, NEW.rol, NEW.sujeto_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'La cuenta % no da la función %: la da un enlace, una propuesta aprobada o quien nombra.',
        coalesce(NEW.nombrado_por_id, 0), NEW.rol USING ERRCODE = 'check_violation';
END $$;

-- A link of the authority says the span of the proposal that it comes from.
CREATE FUNCTION sif_guard_invitacion_plazo() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM registry_propuestacuenta p WHERE p.id = NEW.propuesta_id
               AND (p.desde, p.hasta) IS DISTINCT FROM (NEW.desde, NEW.hasta)) THEN
        RAISE EXCEPTION 'El enlace no dice el plazo que se propuso.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invitacion_plazo_guarda BEFORE INSERT ON registry_invitacion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_invitacion_plazo();
"""


def _day(text: str) -> models.DateField:  # type: ignore[type-arg]
    return models.DateField(null=True, help_text=text)


BEGINS, ENDS = "primer día de la función; vacío: el día en que se da", "primer día sin ella; vacío: sin término"


class Migration(migrations.Migration):
    dependencies = [("registry", "0055_accesses_of_an_account")]
    operations = [
        migrations.AddField("invitacion", "desde", _day(BEGINS)),
        migrations.AddField("invitacion", "hasta", _day(ENDS)),
        migrations.AddField("propuestacuenta", "desde", _day(BEGINS)),
        migrations.AddField("propuestacuenta", "hasta", _day(ENDS)),
        migrations.AddConstraint(
            "nombramiento",
            models.CheckConstraint(condition=models.Q(hasta__gt=models.F("desde")), name="nombramiento_con_plazo"),
        ),
        migrations.RunSQL(GUARDS),
    ]
