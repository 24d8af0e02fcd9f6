"""A later window of a period is of the act that moves its day, and what was opened is read as whoever is asked.

The kind of process says which calendar reviews a stage; its proposal was read by the authority alone, and a subject was
shown the terms of parties.
"""

from django.db import migrations

from sif.registry.protection import ALL, wall

PROPOSED = "registry_calendariopropuesto"
READS = f"{ALL} OR EXISTS (SELECT FROM registry_procesoabierto v WHERE v.propuesta_id = {PROPOSED}.id)"

GUARD = """
-- The midnight that closes a window is, in UTC, of the day after its last one or of that day, by where the law is.
CREATE FUNCTION sif_guard_ventana() RETURNS trigger LANGUAGE plpgsql
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
          AND (p.pedido -> 'vencen' ->> t.numero::text)::date BETWEEN closes - 1 AND closes) THEN
        RAISE EXCEPTION 'El periodo % ya tiene ventana; otra la abre el acuerdo que la alarga.', NEW.periodo_id
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ventana_de_su_acuerdo BEFORE INSERT ON registry_ventana
    FOR EACH ROW EXECUTE FUNCTION sif_guard_ventana();
"""

class Migration(migrations.Migration):
    dependencies = [("registry", "0047_rights_that_begin")]
    operations = [migrations.RunSQL(wall(PROPOSED, READS, ALL) + GUARD)]
