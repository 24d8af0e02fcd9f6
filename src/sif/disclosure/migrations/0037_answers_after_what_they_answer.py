"""What answers a row enters after it, and who proved an RFC is told to who may ask.

References are judged at commit: with the answer first and what it answers after, in one act, the guards of two people
compared it with nothing, and one person proposed and confirmed, or proposed and published.
"""

from django.db import migrations

from sif.registry.protection import PINNED, follows

FOLLOW = """
CREATE FUNCTION sif_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE there boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I a WHERE a.id = $1)', TG_ARGV[1])
        INTO there USING (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF NOT there THEN
        RAISE EXCEPTION 'Una fila de % entra después de la de % a la que responde.', TG_TABLE_NAME, TG_ARGV[1]
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
"""
ANSWERS = (
    ("audit_propuestaresuelta", "propuesta_id", "audit_propuesta"),
    ("audit_observacionsinefecto", "observacion_id", "audit_observacion"),
    ("disclosure_publicacion", "propuesta_id", "disclosure_publicacionpropuesta"),
    ("disclosure_publicacionretirada", "propuesta_id", "disclosure_retiropropuesto"),
    ("proceedings_analisisconclusion", "conclusion_id", "proceedings_conclusion"),
    ("proceedings_conclusioncerrada", "analisis_id", "proceedings_analisisconclusion"),
    ("proceedings_dictamencerrado", "dictamen_id", "proceedings_dictamen"),
    ("proceedings_oficio", "propuesto_id", "proceedings_oficiopropuesto"),
    ("proceedings_resolucionsometida", "resolucion_id", "proceedings_resolucion"),
    ("proceedings_resolucionvotada", "resolucion_id", "proceedings_resolucion"),
    ("proceedings_voto", "resolucion_id", "proceedings_resolucion"),
    ("registry_calendariocerrado", "propuesta_id", "registry_calendariopropuesto"),
    ("registry_correccionresuelta", "propuesta_id", "registry_correccionpropuesta"),
    ("registry_fincandidatura", "candidatura_id", "registry_candidatura"),
    ("registry_procesoabierto", "propuesta_id", "registry_calendariopropuesto"),
    ("registry_propuestacuentaresuelta", "propuesta_id", "registry_propuestacuenta"),
    ("registry_restitucioncandidatura", "fin_id", "registry_fincandidatura"),
    ("registry_sustitucioncandidatura", "sale_id", "registry_fincandidatura"),
    ("statutes_baseresuelta", "propuesta_id", "statutes_basepropuesta"),
    ("statutes_basesinefecto", "resuelta_id", "statutes_baseresuelta"),
)

# The authority, the services of the registry, who asks of the own account, and who names people of a subject, since
# that person has to know whether an account may be named.
PROVEN = f"""
CREATE OR REPLACE FUNCTION sif_rfc_probado(cuenta bigint) RETURNS boolean LANGUAGE sql {PINNED} AS $$
    SELECT (sif_todo() OR sif_registro() OR sif_persona() IN (cuenta, -1) OR EXISTS (
        SELECT FROM registry_nombramiento n
        WHERE n.usuario_id = sif_persona() AND n.rol IN ('responsable_finanzas', 'administrador_so')
          AND n.hasta > CURRENT_DATE AND NOT EXISTS (
            SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())))
    AND EXISTS (
        SELECT FROM registry_pruebarfc p JOIN registry_usuario u ON u.id = p.usuario_id AND u.rfc = p.rfc
        WHERE p.usuario_id = cuenta AND NOT EXISTS (
            SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
            WHERE i.usuario_id = cuenta AND c.usada_por_id IS NOT NULL AND c.cerrada_el >= p.hecha_el))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0036_own_sessions"),
        ("audit", "0012_versions_of_observaciones"),
        ("proceedings", "0015_documents_in_acts"),
        ("registry", "0038_restored_candidacies"),
        ("statutes", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FOLLOW + "".join(follows(*each) for each in ANSWERS) + PROVEN)]
