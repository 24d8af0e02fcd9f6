"""Terms of review by stage, counted in natural or business days, and what an accord changes of them [LGPP 80]."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import holidays

from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Span

MILESTONES = ("informe", "oficio", "respuesta", "dictamen", "comision", "consejo")
_KINDS = frozenset({"naturales", "habiles"})
_TERM = frozenset({"hito", "dias"})
_TERM_OPTIONAL = frozenset({"cuenta", "tramo", "articulo", "cita", "base"})
_ACCORD = frozenset({"etapa", "asunto", "fin", "estatus", "fuente", "plazos", "fechas"})


class UnknownTerm(ValueError):
    """The stage, the accord or the terms given are not usable; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch of the review: `dias` days, natural or business, that end at (or lead to) a milestone."""

    hito: str
    dias: int
    cuenta: str
    tramo: str
    base: str
    articulo: str = ""
    cita: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day of the review. base: the stretch and its article; movida_de: the day it had before an accord moved it."""

    hito: str
    fecha: date
    base: str
    movida_de: date | None = None


@dataclass(frozen=True, slots=True)
class Accord:
    """An accord that sets the terms of one review: its numbers, where it starts to count and the days it fixes."""

    clave: str
    etapa: str
    asunto: str
    fin: date
    estatus: str
    fuente: str
    plazos: tuple[int, ...]
    fechas: MappingProxyType[str, date]
    inicio_revision: date | None = None


@cache
def _data(jurisdiction: str) -> dict[str, Any]:
    content = read_data(data_path(jurisdiction, "law", "calendario.yaml"))
    return only_keys(
        content, frozenset({"etapas", "acuerdos", "inhabiles", "en_proceso"}), frozenset(), "calendario.yaml"
    )


def _term(row: Any, cuenta: str, where: str) -> Term:
    row = only_keys(row, _TERM, _TERM_OPTIONAL, where)
    kind = row.get("cuenta", cuenta)
    if row["hito"] not in MILESTONES or kind not in _KINDS or not row.get("articulo", row.get("base")):
        raise LawDataError(f"{where}: hito, cuenta o base no sirven ({row}).")
    base = row.get("base", row.get("articulo", ""))
    tramo = row.get("tramo", row["hito"])
    return Term(row["hito"], row["dias"], kind, tramo, base, row.get("articulo", ""), row.get("cita", ""))


@cache
def _stages(jurisdiction: str) -> MappingProxyType[str, tuple[Term, ...]]:
    stages: dict[str, tuple[Term, ...]] = {}
    for etapa, raw in _data(jurisdiction)["etapas"].items():
        where = f"calendario.yaml, {etapa}"
        row = only_keys(raw, frozenset({"dias", "tramos"}), frozenset({"nota"}), where)
        stages[etapa] = tuple(_term(t, row["dias"], f"{where}, tramo {n}") for n, t in enumerate(row["tramos"], 1))
        if tuple(dict.fromkeys(term.hito for term in stages[etapa])) != MILESTONES:
            raise LawDataError(f"{where}: los hitos deben ser {', '.join(MILESTONES)}, en ese orden.")
    return MappingProxyType(stages)


def load_stages(jurisdiction: str = "mx") -> dict[str, tuple[Term, ...]]:
    """The terms of the law by stage, in the order in which they are added."""
    return dict(_stages(jurisdiction))


@cache
def _accords(jurisdiction: str) -> MappingProxyType[str, Accord]:
    found: dict[str, Accord] = {}
    for clave, raw in _data(jurisdiction)["acuerdos"].items():
        where = f"calendario.yaml, {clave}"
        row = only_keys(raw, _ACCORD, frozenset({"inicio_revision"}), where)
        start = row.get("inicio_revision")
        found[clave] = Accord(
            clave=clave,
            etapa=row["etapa"],
            asunto=row["asunto"],
            fin=day(row["fin"], where),
            estatus=status(row["estatus"], where),
            fuente=row["fuente"],
            plazos=tuple(row["plazos"]),
            fechas=MappingProxyType({hito: day(fecha, where) for hito, fecha in row["fechas"].items()}),
            inicio_revision=None if start is None else day(start, where),
        )
    return MappingProxyType(found)


def load_accords(jurisdiction: str = "mx") -> dict[str, Accord]:
    """The accords on terms that we know, by number (INE/CG502/2023)."""
    return dict(_accords(jurisdiction))


def is_business_day(fecha: date, proceso: Span | None = None, jurisdiction: str = "mx") -> bool:
    """Whether a term in business days counts that day.

    Inside an electoral process every day does [LGIPE 97.1, LGSMIME 7.1]; outside, neither Saturdays, Sundays, days of
    obligatory rest [LFT 74] nor the days the data file adds.
    """
    if proceso is not None and fecha in proceso:
        return True
    if fecha.weekday() >= 5 or fecha in _data(jurisdiction)["inhabiles"]["dias"]:
        return False
    return fecha not in _rest_days(jurisdiction, fecha.year)


@cache
def _rest_days(jurisdiction: str, anio: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(jurisdiction.upper(), years=anio))


def add_days(
    fecha: date, dias: int, cuenta: str = "naturales", proceso: Span | None = None, jurisdiction: str = "mx"
) -> date:
    """The last day of a term of `dias` days that starts to run the day after `fecha`; cuenta: naturales or habiles."""
    if cuenta not in _KINDS or dias < 0:
        raise UnknownTerm(f"Un plazo son 0 o más días naturales o habiles; llegó {dias} {cuenta}.")
    if cuenta == "naturales":
        return fecha + timedelta(days=dias)
    while dias:
        fecha += timedelta(days=1)
        dias -= is_business_day(fecha, proceso, jurisdiction)
    return fecha


def _given_terms(etapa: tuple[Term, ...], plazos: Sequence[int], restarted: bool, given_by: str) -> tuple[Term, ...]:
    """The stage's terms with the numbers given in place of the law's, and what gives them.

    Six numbers are the six milestones. When the review restarts on a day of its own they count from it, so there is
    none for the report and six are: oficio, answer, dictamen, Comisión, presentation to the Consejo, Consejo; five
    leave the presentation out, and seven put the report first.
    """
    kind, numbers = etapa[0].cuenta, list(plazos)
    names = list(MILESTONES)
    by_law = restarted and len(numbers) < 7
    if restarted:
        numbers = [etapa[0].dias, *numbers] if by_law else numbers
        if len(numbers) == 7:
            names.insert(5, "presentación al Consejo")
    if len(numbers) != len(names) or any(number < 0 for number in numbers):
        wanted = "5, 6 o 7 números (sin el del informe, salvo que sean 7)" if restarted else "6 números, uno por hito"
        raise UnknownTerm(
            f"Los plazos {','.join(map(str, plazos))} no sirven: se quieren {wanted}, de cero o más días."
        )
    given = [
        Term(name if name in MILESTONES else "consejo", number, kind, name, given_by)
        for name, number in zip(names, numbers, strict=True)
    ]
    return (etapa[0], *given[1:]) if by_law else tuple(given)


def review_calendar(
    etapa: str,
    fin: date,
    plazos: Sequence[int] | None = None,
    inicio_revision: date | None = None,
    jurisdiction: str = "mx",
    given_by: str = "plazo dado",
) -> list[Milestone]:
    """The six days of a review: informe, oficio, respuesta, dictamen, comision, consejo.

    fin: last day of the period reported (of the campaign; 31 December for the annual report). plazos: days in place of
    the law's, six as the milestones; with inicio_revision, see _given_terms. inicio_revision: day from which the oficio
    is counted instead of the day of the report. given_by: the accord that gives plazos. Raises UnknownTerm.
    """
    stages = _stages(jurisdiction)
    if etapa not in stages:
        raise UnknownTerm(f"La etapa «{etapa}» no se conoce; son {', '.join(stages)}.")
    terms = (
        stages[etapa] if plazos is None else _given_terms(stages[etapa], plazos, inicio_revision is not None, given_by)
    )
    found: dict[str, Milestone] = {}
    reached = fin
    for term in terms:
        if term.hito == "oficio" and inicio_revision is not None:
            reached = inicio_revision
        reached = add_days(reached, term.dias, term.cuenta, None, jurisdiction)
        step = f"{term.dias} días {'hábiles' if term.cuenta == 'habiles' else 'naturales'} ({term.base})"
        if term.tramo != term.hito:
            step = f"{term.tramo} {reached}: {step}"
        before = found.get(term.hito)
        found[term.hito] = Milestone(term.hito, reached, f"{before.base}; {step}" if before else step)
    return [found[hito] for hito in MILESTONES]


def accord_calendar(clave: str, fin: date | None = None, jurisdiction: str = "mx") -> list[Milestone]:
    """The days of a review under an accord; a day that differs from the law's keeps the old one in movida_de.

    fin defaults to the end of the stage that the accord governs. Raises UnknownTerm for an accord we do not know.
    """
    accords = _accords(jurisdiction)
    if clave not in accords:
        raise UnknownTerm(f"El acuerdo «{clave}» no se conoce; son {', '.join(accords)}.")
    accord = accords[clave]
    end = fin if fin is not None else accord.fin
    legal = review_calendar(accord.etapa, end, jurisdiction=jurisdiction)
    agreed = review_calendar(accord.etapa, end, accord.plazos, accord.inicio_revision, jurisdiction)
    moved = []
    for before, after in zip(legal, agreed, strict=True):
        fecha = accord.fechas.get(after.hito, after.fecha)
        old = before.fecha if before.fecha != fecha else None
        moved.append(replace(after, fecha=fecha, base=f"{accord.clave}: {after.base}", movida_de=old))
    return moved
