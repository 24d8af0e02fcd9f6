"""Nobody adds to an act of another: what hangs from it enters in the transaction that wrote it."""

from django.db import migrations

from sif.registry.protection import of_its_act

HANG = (
    ("audit_observacion_hallazgos", "observacion_id", "audit_observacion", "id"),
    ("proceedings_oficio_observaciones", "oficio_id", "proceedings_oficio", "id"),
    ("proceedings_respuesta_polizas", "respuesta_id", "proceedings_respuesta", "id"),
    ("proceedings_conclusion", "dictamen_id", "proceedings_dictamen", "id"),
    ("proceedings_determinado", "conclusion_id", "proceedings_conclusioncerrada", "conclusion_id"),
    ("proceedings_sancion", "resolucion_id", "proceedings_resolucion", "id"),
    ("proceedings_partesancion", "sancion_id", "proceedings_sancion", "id"),
    ("registry_nombramiento_contabilidades", "nombramiento_id", "registry_nombramiento", "id"),
    ("disclosure_retiropublicado", "publicacion", "disclosure_publicacionretirada", "publicacion_id"),
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0018_signed_records"), ("registry", "0028_with_their_act")]
    operations = [migrations.RunSQL("".join(of_its_act(*each) for each in HANG))]
