"""Who appoints and who invites may do so, as the database asks; a link of nobody is of who holds the machine.

The end of a link says who used it or who withdrew it; the ends that are there stay as they were.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import signed_by_pass

PINNED = "SET search_path = pg_catalog, public, pg_temp"

# A row that is seen and whose transaction runs is of this one. A savepoint has a number of its own, later than that of
# its transaction, so a row with a number before it is of another, and what is left is asked of the server.
THIS_TRANSACTION = f"""
CREATE FUNCTION sif_of_this_transaction(wrote xid) RETURNS boolean LANGUAGE plpgsql {PINNED} AS $$
DECLARE
    ours CONSTANT numeric := pg_current_xact_id()::text::numeric;
    later CONSTANT numeric := mod(wrote::text::numeric - mod(ours, 4294967296) + 4294967296, 4294967296);
BEGIN
    RETURN later < 2147483648 AND pg_xact_status((ours + later)::text::xid8) = 'in progress';
END $$;

CREATE OR REPLACE FUNCTION sif_with_its_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {PINNED} AS $$
DECLARE written boolean;
BEGIN
    EXECUTE format('SELECT public.sif_of_this_transaction(a.xmin) FROM public.%I a WHERE a.%I = $1',
        TG_ARGV[1], TG_ARGV[2]) INTO written USING (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF written IS NOT TRUE THEN
        RAISE EXCEPTION 'A % no se le agrega nada después: % entra con su acto.', TG_ARGV[1], TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
GUARDS = f"""
CREATE FUNCTION sif_is_of_authority(rol text) RETURNS boolean LANGUAGE sql IMMUTABLE {PINNED} AS $$
    SELECT rol IN ('auditor', 'revisor', 'resoluciones', 'consejero', 'secretaria', 'administrador')
$$;

-- Whether a person administers, or names people of a subject and the role is of those that may be given there.
CREATE FUNCTION sif_gives_role(quien bigint, dado text, de bigint) RETURNS boolean LANGUAGE sql STABLE {PINNED} AS $$
    SELECT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien AND n.hasta > CURRENT_DATE
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())
            AND (n.rol = 'administrador' OR n.rol IN ('responsable_finanzas', 'administrador_so')
                AND n.sujeto_id = de AND dado IN ('administrador_so', 'capturista', 'candidatura', 'consulta')))
$$;

-- An appointment is that of a link that its act closes, of a proposal that its act approves, or of who gives the role.
CREATE FUNCTION sif_guard_nombramiento() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NEW.nombrado_por_id IS NULL AND sif_persona() = -1 OR EXISTS (
        SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
        WHERE c.usada_por_id = NEW.usuario_id AND sif_of_this_transaction(c.xmin) AND i.usuario_id IS NULL
          AND i.rol = NEW.rol AND i.sujeto_id IS NOT DISTINCT FROM NEW.sujeto_id
          AND i.invitada_por_id IS NOT DISTINCT FROM NEW.nombrado_por_id) THEN
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
CREATE TRIGGER nombramiento_guarda BEFORE INSERT ON registry_nombramiento
    FOR EACH ROW EXECUTE FUNCTION sif_guard_nombramiento();

-- The books of an appointment are of its subject.
CREATE FUNCTION sif_guard_nombramiento_libros() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_nombramiento n JOIN registry_contabilidad c ON c.sujeto_id = n.sujeto_id
        WHERE n.id = NEW.nombramiento_id AND c.id = NEW.contabilidad_id) THEN
        RAISE EXCEPTION 'La contabilidad % no es del sujeto del nombramiento.', NEW.contabilidad_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nombramiento_libros_guarda BEFORE INSERT ON registry_nombramiento_contabilidades
    FOR EACH ROW EXECUTE FUNCTION sif_guard_nombramiento_libros();

-- A link of a person is of who gives its role, or manages the account that it renews; for the authority it is that of
-- an approved proposal, made by who approved it. One of nobody enters under the pass of who holds the machine alone.
CREATE OR REPLACE FUNCTION sif_guard_invitacion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE invita CONSTANT bigint := NEW.invitada_por_id;
BEGIN
    IF invita IS NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM registry_contabilidad c
               WHERE c.id = ANY (NEW.contabilidades) AND c.sujeto_id IS DISTINCT FROM NEW.sujeto_id)
       OR NEW.usuario_id IS NULL AND NOT sif_gives_role(invita, NEW.rol, NEW.sujeto_id)
       OR NEW.usuario_id IS NOT NULL AND NOT sif_gives_role(invita, '', NULL) AND NOT (
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
ALTER TABLE registry_cierreinvitacion ADD CONSTRAINT cierre_de_alguien
    CHECK (num_nonnulls(usada_por_id, retirada_por_id) = 1) NOT VALID;
"""
SIGNED = signed_by_pass("registry_invitacion", "coalesce(invitada_por_id, -2)") + signed_by_pass(
    "registry_cierreinvitacion", "coalesce(usada_por_id, retirada_por_id)"
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0029_sessions_by_digest"), ("disclosure", "0019_with_their_act")]
    operations = [
        migrations.AddField(
            model_name="cierreinvitacion",
            name="retirada_por",
            field=models.ForeignKey(
                help_text="quién la retiró, o quien tomó el último lugar que da la máquina; vacío: se usó",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(THIS_TRANSACTION),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL(SIGNED),
    ]
