"""What was notified and left without effect is told to its subject, and is neither answered, notified nor concluded."""

from django.db import migrations

from sif.registry.protection import PINNED, follows, seen, show

PAYS = """
    EXISTS (SELECT FROM public.proceedings_partesancion p JOIN public.proceedings_sancion s ON s.id = p.sancion_id
        WHERE s.resolucion_id = r.id AND p.sujeto_id
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
    OR EXISTS (SELECT FROM public.audit_observacionsinefecto a
        JOIN public.audit_observacion o ON o.id = a.observacion_id
        JOIN public.proceedings_documento d ON d.clave = NEW.acto
        WHERE a.notificacion_id = NEW.id AND o.sujeto_id = NEW.sujeto_id AND d.pdf_sha256 = NEW.documento_sha256)
"""
DOCUMENT = """
    EXISTS (SELECT FROM public.proceedings_oficio a WHERE a.documento_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_dictamencerrado a WHERE a.documento_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_resolucion a WHERE a.proyecto_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_resolucionvotada a WHERE a.documento_id = NEW.id)
    OR EXISTS (SELECT FROM public.audit_observacionsinefecto a
        JOIN public.notices_notificacion n ON n.id = a.notificacion_id
        WHERE n.acto = NEW.clave AND n.documento_sha256 = NEW.pdf_sha256)
"""


def cited(table: str, condition: str) -> str:
    """Return the function of the trigger `protection.cited`, with another condition."""
    return (
        f"CREATE OR REPLACE FUNCTION sif_cited_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN "
        f"IF ({condition}) IS NOT TRUE THEN "
        f"RAISE EXCEPTION 'La fila % de {table} no la cita ningún acto: entra con el suyo.', NEW.id "
        "USING ERRCODE = 'insufficient_privilege'; END IF; RETURN NULL; END $$;"
    )


# It runs as who writes: a subject reads what was left without effect of what it was notified of.
STANDS = """
CREATE FUNCTION sif_guard_vigente() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM audit_observacionsinefecto WHERE observacion_id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % quedó sin efecto: no se notifica, se responde ni se concluye.',
            NEW.observacion_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER observada_vigente BEFORE INSERT ON proceedings_oficio_observaciones
    FOR EACH ROW EXECUTE FUNCTION sif_guard_vigente();
CREATE TRIGGER respuesta_vigente BEFORE INSERT ON proceedings_respuesta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_vigente();
CREATE TRIGGER conclusion_vigente BEFORE INSERT ON proceedings_conclusion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_vigente();
"""
# As the owner: a policy does not read its own table.
TOLD = f"""
-- The documents by which the subjects of the scope were told that an observación was left without effect.
CREATE FUNCTION sif_avisos_sin_efecto() RETURNS SETOF bigint LANGUAGE sql {PINNED} AS $$
    SELECT d.id FROM public.audit_observacionsinefecto s
        JOIN public.notices_notificacion n ON n.id = s.notificacion_id
        JOIN public.proceedings_documento d ON d.clave = n.acto AND d.pdf_sha256 = n.documento_sha256
        WHERE n.sujeto_id IN (SELECT public.sif_sujetos())
$$;
"""
THEIR_DOCUMENT = seen(
    "id",
    "documento_id FROM proceedings_oficio UNION ALL SELECT documento_id FROM proceedings_dictamencerrado"
    " UNION ALL SELECT documento_id FROM proceedings_resolucionvotada"
    " UNION ALL SELECT n FROM sif_avisos_sin_efecto() n",
)


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0023_longer_grounds"),
        ("audit", "0017_notified_observaciones_without_effect"),
        ("disclosure", "0047_shares_of_coalitions"),
    ]
    operations = [
        migrations.RunSQL(cited("proceedings_documento", DOCUMENT) + cited("notices_notificacion", NOTICE)),
        migrations.RunSQL(STANDS + follows("proceedings_respuesta", "observacion_id", "audit_observacion") + TOLD),
        migrations.RunSQL(
            show("audit_observacionsinefecto", reads=seen("observacion_id", "sif_observaciones()"))
            + show("proceedings_documento", reads=THEIR_DOCUMENT)
        ),
    ]
