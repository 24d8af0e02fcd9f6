"""The audit is the authority's alone; a subject reads the observaciones that an oficio notified to it, and their facts."""

from django.db import migrations

from sif.registry.protection import PINNED, ranges, reserve, seen, show

# As the owner, each asked once for a statement.
NOTIFIED = f"""
-- The observaciones that an oficio notified to the subjects of the scope.
CREATE OR REPLACE FUNCTION sif_observaciones() RETURNS SETOF bigint LANGUAGE sql {PINNED} AS $$
    SELECT n.observacion_id FROM public.proceedings_oficio o
        JOIN public.proceedings_oficio_observaciones n ON n.oficio_id = o.id
        WHERE o.sujeto_id IN (SELECT public.sif_sujetos())
$$;
-- Their hallazgos.
CREATE OR REPLACE FUNCTION sif_hallazgos() RETURNS SETOF bigint LANGUAGE sql {PINNED} AS $$
    SELECT h.hallazgo_id FROM public.audit_observacion_hallazgos h
        WHERE h.observacion_id IN (SELECT public.sif_observaciones())
$$;
"""
RESERVED = [
    "audit_asignacion", "audit_asunto", "audit_cobertura", "audit_comentario", "audit_corrida", "audit_descarte",
    "audit_instantanea", "audit_observacionsinefecto", "audit_pedido", "audit_pedidorespondido", "audit_propuesta",
    "audit_propuestaresuelta", "audit_redaccion", "audit_reglacorrida", "audit_reparto", "audit_vista",
]


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0007_walls_of_proceedings"), ("audit", "0011_decisions_are_rows")]
    operations = [
        migrations.RunSQL(NOTIFIED + ranges("observaciones") + ranges("hallazgos")),
        migrations.RunSQL(reserve(*RESERVED)),
        migrations.RunSQL(
            show("audit_observacion", reads=seen("id", "sif_observaciones()"))
            + show("audit_observacion_hallazgos", reads=seen("observacion_id", "sif_observaciones()"))
            + show("audit_hallazgo", reads=seen("id", "sif_hallazgos()"))
        ),
    ]
