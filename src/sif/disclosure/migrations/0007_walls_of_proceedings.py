"""The walls of the mailbox and the proceedings: a subject reads what was notified to it and what was approved of it.

Its notices, and its oficio from the moment it is notified; its answers, which it alone writes; its dictamen,
resolución, sanctions and votes once the resolución is approved. Everything else is the authority's.
"""

from django.db import migrations

from sif.registry.protection import ALL, PINNED, asked_by, ranges, reserve, seen, show, wall

# As the owner: asked once for a statement, without the walls of the tables that it crosses.
APPROVED = f"""
-- The dictámenes of the subjects of the scope whose resolución the council approved.
CREATE OR REPLACE FUNCTION sif_dictamenes() RETURNS SETOF bigint LANGUAGE sql {PINNED} AS $$
    SELECT d.id FROM public.proceedings_dictamen d JOIN public.proceedings_resolucion r ON r.dictamen_id = d.id
        JOIN public.proceedings_resolucionvotada v ON v.resolucion_id = r.id
        WHERE v.estado = 'aprobada' AND d.sujeto_id IN (SELECT public.sif_sujetos())
$$;
"""
OF_A_SUBJECT = seen("sujeto_id", "sif_sujetos()")
OF_THEIR_NOTICE = seen("notificacion_id", "id FROM notices_notificacion")
THEIR_READING = f"{ALL} OR (notificacion_id IN (SELECT id FROM notices_notificacion) AND {asked_by('usuario_id')})"
OF_THEIR_OFICIO = seen("oficio_id", "id FROM proceedings_oficio")
THEIR_ANSWER = f"{ALL} OR (oficio_id IN (SELECT id FROM proceedings_oficio) AND {asked_by('presentada_por_id')})"
OF_THEIR_ANSWER = seen("respuesta_id", "id FROM proceedings_respuesta")
OF_A_DICTAMEN = ["proceedings_conclusion", "proceedings_dictamencerrado", "proceedings_resolucion"]
OF_A_CONCLUSION = ["proceedings_analisisconclusion", "proceedings_conclusioncerrada", "proceedings_determinado"]
OF_A_RESOLUTION = [
    "proceedings_resolucionsometida", "proceedings_resolucionvotada", "proceedings_sancion", "proceedings_voto",
]
THEIR_DOCUMENT = seen(
    "id",
    "documento_id FROM proceedings_oficio UNION ALL SELECT documento_id FROM proceedings_dictamencerrado"
    " UNION ALL SELECT documento_id FROM proceedings_resolucionvotada",
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0006_scope_as_ranges"), ("proceedings", "0008_acts_beside_their_matter")]
    operations = [
        migrations.RunSQL(APPROVED + ranges("dictamenes")),
        migrations.RunSQL(
            show("notices_notificacion", reads=OF_A_SUBJECT)
            + wall("notices_lecturanotificacion", OF_THEIR_NOTICE, THEIR_READING)
        ),
        migrations.RunSQL(
            reserve("proceedings_oficiopropuesto", "proceedings_oficioretirado")
            + show("proceedings_oficio", reads=OF_A_SUBJECT)
            + show("proceedings_oficio_observaciones", reads=OF_THEIR_OFICIO)
            + wall("proceedings_respuesta", OF_THEIR_OFICIO, THEIR_ANSWER)
            + wall("proceedings_respuesta_polizas", OF_THEIR_ANSWER)
        ),
        migrations.RunSQL(
            show("proceedings_dictamen", reads=seen("id", "sif_dictamenes()"))
            + show(*OF_A_DICTAMEN, reads=seen("dictamen_id", "sif_dictamenes()"))
            + show(*OF_A_CONCLUSION, reads=seen("conclusion_id", "id FROM proceedings_conclusion"))
            + show(*OF_A_RESOLUTION, reads=seen("resolucion_id", "id FROM proceedings_resolucion"))
            + show("proceedings_determinadorevocado", reads=seen("determinado_id", "id FROM proceedings_determinado"))
            + show("proceedings_partesancion", reads=seen("sancion_id", "id FROM proceedings_sancion"))
            + show("proceedings_documento", reads=THEIR_DOCUMENT)
        ),
    ]
