"""Let an oficio inform the result of the answers to a second one, and notify nothing more [LGPP 80.1.b.III]."""

from django.db import migrations

GUARDS = """
CREATE OR REPLACE FUNCTION sif_guard_segundo() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.primero_id IS DISTINCT FROM
        (SELECT p.primero_id FROM proceedings_oficiopropuesto p WHERE p.id = NEW.propuesto_id) THEN
        RAISE EXCEPTION 'El oficio % no es el que se propuso.', NEW.numero USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.primero_id IS NOT NULL AND (
        NOT EXISTS (
            SELECT FROM proceedings_oficio o LEFT JOIN proceedings_oficio p ON p.id = o.primero_id
            WHERE o.id = NEW.primero_id AND o.etapa_id = NEW.etapa_id
              AND o.sujeto_id = NEW.sujeto_id AND o.vence_el < NEW.notificado_el
              AND (o.primero_id IS NULL OR (
                p.primero_id IS NULL AND o.vence_el > o.notificado_el AND NEW.vence_el = NEW.notificado_el)))
        OR EXISTS (
            SELECT FROM proceedings_dictamen d WHERE d.etapa_id = NEW.etapa_id AND d.sujeto_id = NEW.sujeto_id)) THEN
        RAISE EXCEPTION 'El oficio % no sigue al primero, ni informa sin plazo el resultado del segundo, de su sujeto, ya vencido y sin dictamen.',
            NEW.numero USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION sif_guard_observada() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE de CONSTANT bigint := (SELECT o.primero_id FROM proceedings_oficio o WHERE o.id = NEW.oficio_id);
BEGIN
    IF de IS NOT NULL AND NOT EXISTS (
        SELECT FROM proceedings_oficio_observaciones x JOIN proceedings_oficio o ON o.id = x.oficio_id
        WHERE x.oficio_id = de AND x.observacion_id = NEW.observacion_id AND o.primero_id IS NULL) THEN
        RAISE EXCEPTION 'El segundo oficio % notifica la observación %, que el primero no notificó.',
            NEW.oficio_id, NEW.observacion_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0021_corrections_told_later")]
    operations = [migrations.RunSQL(GUARDS)]
