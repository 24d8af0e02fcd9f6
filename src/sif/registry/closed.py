"""Say whether a stage is closed, and refuse what would write in one that is.

The act that closes it, which asks that nothing of it is open, is of `proceedings.closing`.
"""

from collections.abc import Iterable

from sif.registry.models import CierrePropuesto, CierreResuelto, Etapa
from sif.values import Problem, Refused

CURE = "Si un acuerdo o una sentencia lo ordena, dos personas la reabren en la página de su proceso."


def last_change(etapa: Etapa) -> CierreResuelto | None:
    """Return the last act that closed or reopened a stage, or None."""
    done = CierreResuelto.objects.filter(propuesta__etapa=etapa, sentido=CierreResuelto.Sentido.HECHO)
    return done.select_related("propuesta__propuesto_por", "hecho_por").order_by("-pk").first()


def closing_act(etapa: Etapa) -> CierreResuelto | None:
    """Return the act by which a stage is closed; None where it is open."""
    act = last_change(etapa)
    return act if act is not None and act.propuesta.clase == CierrePropuesto.Clase.CIERRE else None


def closed_problem(etapa: Etapa) -> Problem | None:
    """Say that a stage is closed and how it is opened again, or None."""
    act = closing_act(etapa)
    if act is None:
        return None
    told = f"La etapa se cerró el {act.hecho_el:%d/%m/%Y} y ya no admite ese acto."
    return Problem("etapa_cerrada", "etapa", told, CURE)


def refuse_closed_stage(etapa: Etapa) -> None:
    """Raise Refused where a stage is closed."""
    if problem := closed_problem(etapa):
        raise Refused(problem)


def closed_among(etapas: Iterable[int]) -> set[int]:
    """Return which of some stages are closed."""
    done = CierreResuelto.objects.filter(propuesta__etapa__in=set(etapas), sentido=CierreResuelto.Sentido.HECHO)
    last = done.order_by("propuesta__etapa", "-pk").distinct("propuesta__etapa")
    rows = last.values_list("propuesta__etapa", "propuesta__clase")
    return {etapa for etapa, clase in rows if clase == CierrePropuesto.Clase.CIERRE}
