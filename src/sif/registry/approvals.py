"""Judge and tell the day from which a candidacy contends, as the accord that approved it says."""

from datetime import date, timedelta

from sif.registry import clock
from sif.registry.models import Candidatura, Etapa
from sif.values import Problem

EARLIEST = 366  # days before a stage; a day before those is a year typed wrong


def approval_of(candidatura: Candidatura | None) -> dict[str, object]:
    """Tell from which day a candidacy contends and the accord that says so: None and '' where it is not known."""
    return {
        "contiende_desde": candidatura.aprobada_el if candidatura else None,
        "acuerdo_aprobacion": candidatura.acuerdo_aprobacion or "" if candidatura else "",
    }


def wrong_approval(etapa: Etapa, approved: date | None) -> str:
    """Return why a day is not that of the approval of a candidacy of a stage, in Spanish; '' where it may be."""
    if approved is None:
        return ""
    last = etapa.proceso.jornada_el or etapa.termina_el
    if approved > clock.today():
        return f"El {approved:%d/%m/%Y} todavía no llega."
    if approved > last:
        return f"El {approved:%d/%m/%Y} ya no se contiende: la elección fue el {last:%d/%m/%Y}."
    if approved < etapa.inicia_el - timedelta(days=EARLIEST):
        return (
            f"El {approved:%d/%m/%Y} es de más de un año antes de la etapa, que empieza el {etapa.inicia_el:%d/%m/%Y}."
        )
    return ""


def accord_problems(accord: str) -> list[Problem]:
    """Name what keeps a text from being the accord that approved a candidacy, at its field."""
    if 1 <= len(accord) <= 60:
        return []
    return [Problem("aprobacion", "acuerdo_aprobacion", "La aprueba un acuerdo.", "Escríbalo, en 60 letras o menos.")]


def approval_problems(etapa: Etapa, approved: date | None) -> list[Problem]:
    """Name what keeps a day from being that of the approval of a candidacy, at its field."""
    told = wrong_approval(etapa, approved)
    cure = "Escriba el día desde el que contiende, según su acuerdo."
    return [Problem("aprobacion", "aprobada_el", told, cure)] if told else []
