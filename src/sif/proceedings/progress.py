"""Compute the progress of each milestone of a review."""

from django.db.models import Q

from sif.audit.selectors import current_observaciones
from sif.filing.models import Presentacion
from sif.proceedings.models import Dictamen, Oficio, Resolucion, Respuesta
from sif.registry.models import Contabilidad, Etapa


def review_steps(etapa: Etapa) -> dict[str, tuple[int, int]]:
    """(done, in all) by milestone: reports, subjects told of all, observaciones answered, dictámenes, resoluciones.

    A subject was told of all by the oficio of the whole stage, or where no observación waits for a later one.
    The whole of each is what the step before has left to do; a milestone that has nothing to do yet is not there.
    """
    reports = Presentacion.objects.filter(informe__contabilidad__etapa=etapa, informe__etapa_captura="normal")
    presented = reports.values("informe__contabilidad", "informe__periodo").distinct().count()
    pools = Contabilidad.Clase.CONCENTRADORA  # they report through the books of the candidacies
    due = Contabilidad.objects.filter(etapa=etapa).exclude(clase=pools).count() * etapa.periodos.count()
    observed = current_observaciones().filter(etapa=etapa)
    subjects = observed.values("sujeto").distinct().count()
    waiting = observed.filter(sin_efecto=None, oficios=None).values("sujeto")
    whole = Oficio.objects.filter(etapa=etapa, primero=None, periodo=None).values("sujeto")
    oficios = Oficio.objects.filter(Q(sujeto__in=whole) | ~Q(sujeto__in=waiting), etapa=etapa)
    notified = observed.filter(sin_efecto=None, oficios__isnull=False).distinct().count()
    given = Respuesta.objects.filter(oficio__etapa=etapa, observacion__sin_efecto=None)
    answered = given.values("observacion").distinct().count()
    dictamenes = Dictamen.objects.filter(etapa=etapa)
    closed = dictamenes.filter(cierre__isnull=False).count()
    resoluciones = Resolucion.objects.filter(dictamen__etapa=etapa)
    drawn = resoluciones.filter(sustituta=None).count()
    steps = {
        "informe": (presented, due),
        "oficio": (oficios.values("sujeto").distinct().count(), subjects),
        "respuesta": (answered, notified),
        "dictamen": (closed, max(subjects, dictamenes.count())),
        "comision": (drawn, closed),
        "consejo": (resoluciones.filter(votacion__estado="aprobada").count(), drawn),
    }
    return {hito: (done, whole) for hito, (done, whole) in steps.items() if whole}
