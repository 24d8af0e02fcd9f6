"""What a job did, and the receipt of each piece, are written by the job itself: it runs as who asked for it.

A row that says that it was done, put by another, would have its worker do nothing and its person told that it was. An
operator still stops it: who asked, -1 and nobody, as whom a worker ends what broke, write the rest.
"""

from django.db import migrations

PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARD = f"""
CREATE FUNCTION sif_guard_trabajo_hecho() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF public.sif_autor() NOT IN (OLD.persona_id, 0, -1) THEN
        RAISE EXCEPTION 'Lo que hizo el trabajo % lo escribe el trabajo, que corre en nombre de quien lo pidió.', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trabajo_lo_hace_quien_lo_pidio BEFORE UPDATE ON jobs_trabajo FOR EACH ROW
    WHEN ((OLD.resultado, OLD.problemas, OLD.total, OLD.hechas, OLD.avance, OLD.intentos, OLD.comenzado_el)
          IS DISTINCT FROM
          (NEW.resultado, NEW.problemas, NEW.total, NEW.hechas, NEW.avance, NEW.intentos, NEW.comenzado_el)
          OR OLD.estado <> NEW.estado AND NEW.estado <> 'cancelado')
    EXECUTE FUNCTION sif_guard_trabajo_hecho();

CREATE FUNCTION sif_guard_pieza() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {PINNED} AS $$
DECLARE
    job bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.trabajo_id ELSE NEW.trabajo_id END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.trabajo_id <> OLD.trabajo_id
       OR public.sif_autor() NOT IN (0, -1)
          AND NOT EXISTS (SELECT FROM public.jobs_trabajo t WHERE t.id = job AND t.persona_id = public.sif_autor()) THEN
        RAISE EXCEPTION 'El recibo de una pieza del trabajo % lo escribe el trabajo, en nombre de quien lo pidió.', job
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER trabajopieza_de_quien_lo_pidio BEFORE INSERT OR UPDATE OR DELETE ON jobs_trabajopieza FOR EACH ROW
    EXECUTE FUNCTION sif_guard_pieza();
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_queue_by_acts")]
    operations = [migrations.RunSQL(GUARD)]
