"""A person delegates a role of a subject to another of its people, for a span; it ends with the role that it is of."""

import django.db.models.deletion
from django.db import migrations, models

PATH = "SET search_path = pg_catalog, public, pg_temp"

GUARDS = f"""
-- A delegation gives no roles: naming people stays with who delegates.
CREATE OR REPLACE FUNCTION sif_gives_role(quien bigint, dado text, de bigint) RETURNS boolean LANGUAGE sql STABLE
    {PATH} AS $$
    SELECT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien AND n.delegado_de_id IS NULL
            AND n.desde <= (now() AT TIME ZONE 'UTC')::date + 1 AND n.hasta > (now() AT TIME ZONE 'UTC')::date - 1
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())
            AND (n.rol = 'administrador' OR n.rol IN ('responsable_finanzas', 'administrador_so')
                AND n.sujeto_id = de AND dado IN ('administrador_so', 'capturista', 'candidatura', 'consulta')))
$$;

-- Who delegates has the role, of a subject and not delegated; who receives it acts there by a role of their own.
CREATE FUNCTION sif_guard_delegacion() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
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
            AND r.delegado_de_id IS NULL AND r.hasta > (now() AT TIME ZONE 'UTC')::date - 1
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = r.id AND f.termina_el <= now()))
       AND EXISTS (SELECT FROM registry_usuario u WHERE u.id = NEW.usuario_id AND u.is_active) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'La cuenta % no delega el nombramiento % en la cuenta %.', coalesce(NEW.nombrado_por_id, 0),
        NEW.delegado_de_id, NEW.usuario_id USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER nombramiento_guarda ON registry_nombramiento;
CREATE TRIGGER nombramiento_guarda BEFORE INSERT ON registry_nombramiento
    FOR EACH ROW WHEN (NEW.delegado_de_id IS NULL) EXECUTE FUNCTION sif_guard_nombramiento();
CREATE TRIGGER delegacion_guarda BEFORE INSERT ON registry_nombramiento
    FOR EACH ROW WHEN (NEW.delegado_de_id IS NOT NULL) EXECUTE FUNCTION sif_guard_delegacion();

-- The books of a delegation are those of the role that it is of.
CREATE OR REPLACE FUNCTION sif_guard_nombramiento_libros() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_nombramiento n JOIN registry_contabilidad c ON c.sujeto_id = n.sujeto_id
        WHERE n.id = NEW.nombramiento_id AND c.id = NEW.contabilidad_id
          AND (n.delegado_de_id IS NULL OR EXISTS (
              SELECT FROM registry_nombramiento_contabilidades l
              WHERE l.nombramiento_id = n.delegado_de_id AND l.contabilidad_id = c.id))) THEN
        RAISE EXCEPTION 'La contabilidad % no es del sujeto del nombramiento, o de la función delegada.',
            NEW.contabilidad_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- The document of an appointment is kept by who gives its role, or by who delegated it.
CREATE OR REPLACE FUNCTION sif_guard_documento_nombramiento() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER {PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM registry_nombramiento n WHERE n.id = NEW.nombramiento_id
        AND n.usuario_id <> NEW.guardado_por_id AND (sif_gives_role(NEW.guardado_por_id, n.rol, n.sujeto_id)
            OR EXISTS (SELECT FROM registry_nombramiento d
                WHERE d.id = n.delegado_de_id AND d.usuario_id = NEW.guardado_por_id))) THEN
        RAISE EXCEPTION 'La cuenta % no guarda el documento del nombramiento %.', NEW.guardado_por_id,
            NEW.nombramiento_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- No delegation outlives the role that it is of: the act that ends one ends the others.
CREATE FUNCTION sif_guard_fin_delegado() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.delegado_de_id = NEW.nombramiento_id
            AND n.hasta > (NEW.termina_el AT TIME ZONE 'UTC')::date + 1 AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f
                WHERE f.nombramiento_id = n.id AND f.termina_el <= NEW.termina_el)) THEN
        RAISE EXCEPTION 'El nombramiento % termina y deja una delegación suya.', NEW.nombramiento_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fin_con_delegaciones AFTER INSERT ON registry_finnombramiento
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_guard_fin_delegado();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0056_spans_of_appointments")]
    operations = [
        migrations.AddField(
            "nombramiento",
            "delegado_de",
            models.ForeignKey(
                "registry.nombramiento",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="delegaciones",
                help_text="la función de quien la delegó",
            ),
        ),
        migrations.RunSQL(GUARDS),
    ]
