"""Say what keeps a dictamen from opening: the day and hour from which it may be, and each act that lacks before it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sif.proceedings import gate, selectors
from sif.proceedings.terms import first_oficio_day, hearing_article, report_due
from sif.proceedings.wording import due_day, legal_day, legal_hour
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado
from sif.values import Problem


def opening_problems(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return what keeps the dictamen of a subject from opening now, in the order in which it is cured.

    While a term runs it is that alone, with the instant at which it ends: what lacks after it is not known before.
    """
    return (
        [*_terms_that_run(etapa, sujeto)]
        or _untold(etapa, sujeto)
        or gate.check_reviewed(etapa, sujeto)
        or gate.check_appraised(etapa, sujeto)
        or gate.check_result_told(etapa, sujeto)
    )


def _terms_that_run(etapa: Etapa, sujeto: SujetoObligado) -> Iterator[Problem]:
    """Yield the term to present the last report and that to answer the last oficio, while they run."""
    (due, base), first = report_due(etapa), first_oficio_day(etapa)
    if clock.today() < first:
        told = f"El último informe puede presentarse hasta el {legal_day(due)} ({base})."
        yield Problem("DICTAMEN_ANTES_DEL_INFORME", f"dictamen de {sujeto.siglas}", told, _from(clock.midnight(first)))
    last = selectors.last_oficio_of(etapa, sujeto)
    if last is not None and selectors.oficio_state(last) == "notificado":
        until = f"hasta las {legal_hour(last.vence_el)} del {due_day(last.vence_el)} ({hearing_article(last)})"
        told, ended = f"El sujeto puede responder {until}.", last.vence_el + timedelta(seconds=1)
        yield Problem("DICTAMEN_ANTES_DE_LA_RESPUESTA", f"oficio {last.numero}", told, _from(ended))


def _from(moment: datetime) -> str:
    local = moment.astimezone(clock.legal_zone())
    return f"Se puede abrir desde las {local:%H:%M} horas del {legal_day(local)}."


def _untold(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return that observaciones of a subject wait for an oficio, where none reviewed the whole stage."""
    if selectors.oficio_of(etapa, sujeto) is not None or not selectors.left_to_notify(etapa, sujeto).exists():
        return []
    where, cure = f"dictamen de {sujeto.siglas}", "Emita antes el oficio (LGPP 80.1) y espere a que venza."
    return [Problem("OBSERVACION_SIN_NOTIFICAR", where, "Hay observaciones sin notificar.", cure)]
