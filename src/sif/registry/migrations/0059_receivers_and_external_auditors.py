"""A delegation lasts no longer than a role of who receives it, gives no sight of others, and who judges acts for nobody.

A session that acts by a delegation asks whether the RFC of its own account is proven, as it names nobody.
"""

from django.db import migrations

from sif.registry.protection import PINNED

PATH = "SET search_path = pg_catalog, public, pg_temp"

GUARDS = f"""
CREATE OR REPLACE FUNCTION sif_rfc_probado(cuenta bigint) RETURNS boolean LANGUAGE sql {PINNED} AS $$
    SELECT (sif_todo() OR sif_registro() OR sif_persona() IN (cuenta, -1) OR EXISTS (
        SELECT FROM registry_nombramiento n
        WHERE n.usuario_id = sif_persona() AND n.rol IN ('responsable_finanzas', 'administrador_so')
          AND n.delegado_de_id IS NULL
          AND n.hasta > (now() AT TIME ZONE 'UTC')::date - 1 AND NOT EXISTS (
            SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())))
    AND EXISTS (
        SELECT FROM registry_pruebarfc p JOIN registry_usuario u ON u.id = p.usuario_id AND u.rfc = p.rfc
        WHERE p.usuario_id = cuenta AND NOT EXISTS (
            SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
            WHERE i.usuario_id = cuenta AND c.usada_por_id IS NOT NULL AND c.cerrada_el >= p.hecha_el))
$$;

CREATE OR REPLACE FUNCTION sif_guard_delegacion() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registry_nombramiento d WHERE d.id = NEW.delegado_de_id AND d.delegado_de_id IS NULL
            AND d.usuario_id = NEW.nombrado_por_id AND d.usuario_id <> NEW.usuario_id AND d.sujeto_id = NEW.sujeto_id
            AND NEW.hasta <= d.hasta AND NEW.hasta <= NEW.desde + 366
            AND d.desde <= (now() AT TIME ZONE 'UTC')::date + 1 AND d.hasta > (now() AT TIME ZONE 'UTC')::date - 1
            AND (d.rol, NEW.rol) IN (
                ('responsable_finanzas', 'administrador_so'), ('administrador_so', 'administrador_so'),
                ('capturista', 'capturista'), ('candidatura', 'candidatura'), ('consulta', 'consulta'))
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = d.id
                    AND (f.termina_el <= now() OR (f.termina_el AT TIME ZONE 'UTC')::date + 1 < NEW.hasta)))
       AND EXISTS (
        SELECT FROM registry_nombramiento r WHERE r.usuario_id = NEW.usuario_id AND r.sujeto_id = NEW.sujeto_id
            AND r.delegado_de_id IS NULL AND r.rol <> 'auditor_externo'
            AND r.hasta > (now() AT TIME ZONE 'UTC')::date - 1 AND r.hasta >= NEW.hasta
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = r.id
                    AND (f.termina_el <= now() OR (f.termina_el AT TIME ZONE 'UTC')::date + 1 < NEW.hasta)))
       AND EXISTS (SELECT FROM registry_usuario u WHERE u.id = NEW.usuario_id AND u.is_active) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'La cuenta % no delega el nombramiento % en la cuenta %.', coalesce(NEW.nombrado_por_id, 0),
        NEW.delegado_de_id, NEW.usuario_id USING ERRCODE = 'check_violation';
END $$;

-- Who judges the books of a subject from outside acts for it by no other role [LGPP 78.1.b.IV].
CREATE FUNCTION sif_guard_auditor_externo() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
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
CREATE TRIGGER nombramiento_externo BEFORE INSERT ON registry_nombramiento
    FOR EACH ROW WHEN (NEW.sujeto_id IS NOT NULL) EXECUTE FUNCTION sif_guard_auditor_externo();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0058_external_auditor")]
    operations = [migrations.RunSQL(GUARDS)]
