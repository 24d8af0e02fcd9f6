"""Choose the stage that people work in when they name none: one that has begun and is not finished."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef

from sif.proceedings.models import ResolucionVotada
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa


def current_stage(stages: Collection[Etapa]) -> Etapa | None:
    """Return the last to end of the stages that have begun and are not finished, or None where there are no stages.

    Where all that have begun are finished, the last of them to end; where none has begun, the first that begins.
    """
    today = clock.today()
    begun = [etapa for etapa in stages if etapa.inicia_el <= today]
    if not begun:
        return min(stages, key=lambda etapa: (etapa.inicia_el, etapa.pk), default=None)
    finished = finished_stages([etapa.pk for etapa in begun], today) if len(begun) > 1 else frozenset()
    return max(begun, key=lambda etapa: (etapa.pk not in finished, etapa.termina_el, etapa.pk))


def finished_stages(stages: Collection[int], today: date) -> frozenset[int]:
    """Return, of those stages, the ones in which each subject with books has a resolución approved before today.

    On the day of its session a stage still has work: who counts the votes reads there what was voted.
    """
    approved = ResolucionVotada.objects.filter(
        estado="aprobada", resolucion__sesion_el__lt=today, resolucion__dictamen__etapa__in=stages
    )
    resolved = set(approved.values_list("resolucion__dictamen__etapa", flat=True))
    if not resolved:
        return frozenset()
    own = approved.filter(
        resolucion__dictamen__etapa=OuterRef("etapa"), resolucion__dictamen__sujeto=OuterRef("sujeto")
    )
    owed = Contabilidad.objects.filter(~Exists(own), etapa__in=resolved)
    return frozenset(resolved - set(owed.order_by().values_list("etapa", flat=True).distinct()))
