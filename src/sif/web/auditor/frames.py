"""Build the frame of the auditor desk: crumbs, running term, counts."""

from dataclasses import replace

from sif.audit.models import Corrida, Observacion
from sif.audit.review_totals import Totals, totals_of
from sif.audit.selectors import last_run, progress_of
from sif.proceedings.models import Oficio, Respuesta
from sif.registry.models import Etapa
from sif.web.authority_seat import stage_frame
from sif.web.frame import Crumb, Frame


def auditor_frame(
    etapa: Etapa, actual: str, *crumbs: Crumb, totals: Totals | None = None, corrida: Corrida | None = None
) -> Frame:
    """Return the frame of a page of the auditor desk; figures are those of the last snapshot.

    corrida, totals: the last run and its sums, where the page has read them.
    """
    corrida = corrida or last_run(etapa)
    waiting = {
        "hallazgos": progress_of(totals or totals_of(corrida)).pendientes if corrida else 0,
        "observaciones": Observacion.objects.filter(etapa=etapa, version=1).count(),  # each has one first version
        "oficios": Oficio.objects.filter(etapa=etapa, primero=None).count(),
        "respuestas": Respuesta.objects.filter(oficio__etapa=etapa).values("observacion").distinct().count(),
    }
    frame = stage_frame(etapa, "auditor", actual, *crumbs, cuentas=waiting)
    return replace(frame, datos_al=corrida.instantanea.hecha_el) if corrida else frame
