"""Let a later oficio open again the correction of a period reviewed before, for what it tells of it [LGPP 80.1.d.III]."""

from django.db import migrations

WINDOWS = """
-- A second correction of a subject is of a later oficio: it opens once the one before closed, until its answer is due.
CREATE OR REPLACE FUNCTION sif_guard_ventana() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE closes CONSTANT date := (NEW.cierra_el AT TIME ZONE 'UTC')::date;
BEGIN
    IF EXISTS (SELECT FROM registry_ventana w WHERE w.periodo_id = NEW.periodo_id AND w.tipo = NEW.tipo
               AND w.sujeto_id IS NOT DISTINCT FROM NEW.sujeto_id)
       AND NOT EXISTS (
        SELECT FROM registry_fechasresueltas r JOIN registry_fechaspropuestas p ON p.id = r.propuesta_id
        JOIN registry_periodo t ON t.id = NEW.periodo_id AND t.etapa_id = p.etapa_id
        WHERE r.sentido = 'movidas' AND sif_of_this_transaction(r.xmin) AND NEW.tipo = 'normal'
          AND NEW.sujeto_id IS NULL AND NEW.base = p.acuerdo
          AND (p.pedido -> 'vencen' ->> t.numero::text)::date BETWEEN closes - 1 AND closes)
       AND NOT EXISTS (
        SELECT FROM proceedings_oficio o JOIN registry_periodo t ON t.id = NEW.periodo_id AND t.etapa_id = o.etapa_id
        WHERE sif_of_this_transaction(o.xmin) AND NEW.tipo = 'correccion'
          AND o.sujeto_id = NEW.sujeto_id AND o.numero = NEW.base
          AND NEW.abre_el >= o.notificado_el AND NEW.cierra_el <= o.vence_el + interval '1 second'
          AND NOT EXISTS (
            SELECT FROM registry_ventana w WHERE w.periodo_id = NEW.periodo_id AND w.tipo = NEW.tipo
            AND w.sujeto_id = NEW.sujeto_id AND w.cierra_el > NEW.abre_el)) THEN
        RAISE EXCEPTION 'El periodo % ya tiene ventana; otra la abre el acuerdo que la alarga.', NEW.periodo_id
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0020_oficios_by_period")]
    operations = [migrations.RunSQL(WINDOWS)]
