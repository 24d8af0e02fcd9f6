"""The Secretaría submits and counts, and the count is that of the votes that are there, as the database asks.

The quorum that it asks is of more than half of the councillors of the session, which every rule of the data of law asks
at least; the service asks for the quorum of those data, for the last hours of an appointment in the legal zone, and for
the order of the acts. An appointment that ended gives nothing, whatever day an act says of itself, except to who makes
a demonstration.
"""

from django.db import migrations

PINNED = "SET search_path = pg_catalog, public, pg_temp"

# A legal day is at most one day from that of UTC, wherever the authority is.
GUARDS = f"""
CREATE OR REPLACE FUNCTION sif_guard_funcion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE
    quien CONSTANT bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    cuando CONSTANT timestamptz := (to_jsonb(NEW) ->> TG_ARGV[1])::timestamptz;
    dia CONSTANT date := (cuando AT TIME ZONE 'UTC')::date;
    hoy CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien AND n.rol = ANY (TG_ARGV[2:])
            AND n.desde <= dia + 1 AND n.hasta > dia - 1 AND (n.hasta > hoy - 1 OR sif_persona() = -1)
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f
                WHERE f.nombramiento_id = n.id AND f.termina_el <= greatest(cuando, now()))) THEN
        RAISE EXCEPTION 'La cuenta % no tiene ese día la función que pide %.', quien, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_recuento() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE
    sesion CONSTANT date := (SELECT sesion_el FROM proceedings_resolucion WHERE id = NEW.resolucion_id);
    presentes bigint;
    a_favor bigint;
    ultimo timestamptz;
    integrantes bigint;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE v.sentido = 'a_favor'), max(v.emitido_el)
        INTO presentes, a_favor, ultimo FROM proceedings_voto v WHERE v.resolucion_id = NEW.resolucion_id;
    SELECT count(DISTINCT n.usuario_id) INTO integrantes FROM registry_nombramiento n
        WHERE n.rol = 'consejero' AND n.desde <= sesion AND n.hasta > sesion AND NOT EXISTS (
            SELECT FROM registry_finnombramiento f
            WHERE f.nombramiento_id = n.id AND f.termina_el <= (sesion + 2)::timestamp AT TIME ZONE 'UTC');
    IF presentes = 0 OR presentes * 2 <= integrantes
       OR (NEW.estado = 'aprobada') <> (a_favor * 2 > presentes) THEN
        RAISE EXCEPTION 'La resolución % no queda %: tiene % a favor de % votos, y el consejo es de %.',
            NEW.resolucion_id, NEW.estado, a_favor, presentes, integrantes USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.votada_el < ultimo THEN
        RAISE EXCEPTION 'Una fila de % no es de antes de lo que resuelve, que es de %.', TG_TABLE_NAME, ultimo
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER resolucionsometida_quien_puede BEFORE INSERT ON proceedings_resolucionsometida
    FOR EACH ROW EXECUTE FUNCTION sif_guard_funcion('sometida_por_id', 'sometida_el', 'secretaria');
CREATE TRIGGER resolucionsometida_despues BEFORE INSERT ON proceedings_resolucionsometida
    FOR EACH ROW EXECUTE FUNCTION
    sif_guard_despues('sometida_el', 'resolucion_id', 'proceedings_resolucion', 'id', 'elaborada_el');
CREATE TRIGGER resolucionvotada_quien_puede BEFORE INSERT ON proceedings_resolucionvotada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_funcion('contada_por_id', 'votada_el', 'secretaria');
CREATE TRIGGER resolucionvotada_recuento BEFORE INSERT ON proceedings_resolucionvotada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_recuento();
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0013_votes_and_bases_by_who_may")]
    operations = [migrations.RunSQL(GUARDS)]
