"""A member of a coalition is notified of the resolución that it pays a part of, and reads it as its coalition does.

It pays its share and may appeal it; only the coalition had it in its mailbox.
"""

from django.db import migrations

from sif.registry.protection import PINNED

PAYS = """
    EXISTS (SELECT FROM public.proceedings_partesancion p JOIN public.proceedings_sancion s ON s.id = p.sancion_id
        WHERE s.resolucion_id = r.id AND p.sujeto_id
"""
APPROVED = f"""
-- The dictámenes whose resolución the council approved, of the subjects of the scope and of those that they pay a part of.
CREATE OR REPLACE FUNCTION sif_dictamenes() RETURNS SETOF bigint LANGUAGE sql {PINNED} AS $$
    SELECT d.id FROM public.proceedings_dictamen d JOIN public.proceedings_resolucion r ON r.dictamen_id = d.id
        JOIN public.proceedings_resolucionvotada v ON v.resolucion_id = r.id
        WHERE v.estado = 'aprobada' AND (d.sujeto_id IN (SELECT public.sif_sujetos())
            OR {PAYS} IN (SELECT public.sif_sujetos())))
$$;
"""
NOTICE = f"""
    EXISTS (SELECT FROM public.proceedings_oficio a JOIN public.proceedings_documento d ON d.id = a.documento_id
        WHERE a.notificacion_id = NEW.id AND a.sujeto_id = NEW.sujeto_id AND a.numero = NEW.acto
          AND d.pdf_sha256 = NEW.documento_sha256)
    OR EXISTS (SELECT FROM public.proceedings_resolucionvotada a
        JOIN public.proceedings_documento d ON d.id = a.documento_id
        JOIN public.proceedings_resolucion r ON r.id = a.resolucion_id
        JOIN public.proceedings_dictamen x ON x.id = r.dictamen_id
        WHERE a.estado = 'aprobada' AND (x.sujeto_id = NEW.sujeto_id OR {PAYS} = NEW.sujeto_id))
          AND r.numero = NEW.acto AND d.pdf_sha256 = NEW.documento_sha256 AND public.sif_of_this_transaction(a.xmin))
"""
CITED = f"""
CREATE OR REPLACE FUNCTION sif_cited_notices_notificacion() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
IF ({NOTICE}) IS NOT TRUE THEN
RAISE EXCEPTION 'La fila % de notices_notificacion no la cita ningún acto: entra con el suyo.', NEW.id
USING ERRCODE = 'insufficient_privilege'; END IF; RETURN NULL; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0044_leaving_and_running_terms"), ("proceedings", "0022_results_of_second_answers")]
    operations = [migrations.RunSQL(APPROVED + CITED)]
