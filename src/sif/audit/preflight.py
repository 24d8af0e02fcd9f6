"""Evaluate the authority's rules over some books as they stand today, before any audit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from sif.audit.engine import Finding, RuleRun, tables_of
from sif.audit.freeze import SOURCES, fixed_rows
from sif.audit.live import AT_FILING, run_live, within
from sif.audit.services import rules_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa
from sif.registry.scope import only
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.rulebook.rule import Rule
from sif.values import Money

OF_SUBJECT = frozenset({"sujetos"})


@dataclass(frozen=True, slots=True)
class Risk:
    """What one rule would find for one outcome: its findings, and the sum at stake."""

    regla: Rule
    resultado: str
    hallazgos: tuple[Finding, ...]
    monto: Money


@dataclass(frozen=True, slots=True)
class Preflight:
    """The answer of every rule over some books: risks by money, rows without data, and rules that wait for others.

    alcance: what the books cover whole, contabilidad or sujeto; esperan: rules whose reach is wider.
    """

    etapa: Etapa
    contabilidades: tuple[int, ...]
    alcance: str
    corte: date
    riesgos: tuple[Risk, ...]
    sin_dato: tuple[tuple[Rule, int], ...]
    cumplen: tuple[tuple[Rule, int], ...]
    esperan: tuple[Rule, ...]

    @property
    def monto(self) -> Money:
        """The sum at stake of every risk."""
        return Money(sum(risk.monto.centavos for risk in self.riesgos))

    @property
    def hallazgos(self) -> int:
        """How many findings there would be."""
        return sum(len(risk.hallazgos) for risk in self.riesgos)


def preflight(etapa: Etapa, contabilidades: Sequence[Contabilidad], *, whole_subject: bool = False) -> Preflight:
    """Ask the authority's own rule files about some books of one subject at one stage, as they stand now.

    `whole_subject`: those are all the books of the subject at that stage, so rules over a subject answer too.
    """
    reach = "sujeto" if whole_subject else "contabilidad"
    numbers = tuple(sorted(books.pk for books in contabilidades))
    rules = rules_of(etapa)
    today = clock.today()
    needed = _needed(within(rules, reach))
    with only(numbers):
        tables = {name: _rows(name, etapa, contabilidades, today) for name in sorted(needed)}
    answers = run_live(tables, rules, reach)
    by_id = {rule.id: rule for rule in rules}
    runs = [(by_id[answer.rule], answer.run) for answer in answers if answer.run is not None]
    return Preflight(
        etapa, numbers, reach, today,
        tuple(sorted(_risks(runs), key=lambda risk: (-risk.monto.centavos, risk.regla.id, risk.resultado))),
        tuple((rule, run.total("sin_dato").rows) for rule, run in runs if run.total("sin_dato").rows),
        tuple((rule, run.total("cumple").rows) for rule, run in runs),
        tuple(by_id[answer.rule] for answer in answers if answer.says == AT_FILING),
    )  # fmt: skip


def _needed(rules: Iterable[Rule]) -> frozenset[str]:
    """The published tables that the rules read, those that their derived tables read included."""
    wanted = set[str]().union(*(tables_of(rule) for rule in rules))
    while derived := {name for name in wanted if name in DERIVED}:
        wanted = (wanted - derived).union(*(DERIVED[name].reads for name in derived))
    return frozenset(wanted & set(TABLES))


def _rows(name: str, etapa: Etapa, contabilidades: Sequence[Contabilidad], today: date) -> Sequence[Sequence[object]]:
    """The rows of a published table that concern these books alone."""
    numbers = [books.pk for books in contabilidades]
    if name == "corte":
        return [(today, "")]
    fixed = fixed_rows(name, etapa, contabilidades, today)
    if fixed is not None:
        return list(fixed)
    query = SOURCES.get(name)
    if query is None:
        return []
    columns = [column.name for column in TABLES[name].columns]
    values: dict[str, Any] = {
        "etapa": etapa.pk, "corte": today, "zona": str(clock.legal_zone()), "libros": numbers,
        "sujetos": sorted({books.sujeto_id for books in contabilidades}),
    }  # fmt: skip
    where = ""
    if "contabilidad_id" in columns:
        where = "WHERE contabilidad_id = ANY(%(libros)s)"
    elif name in OF_SUBJECT:
        where = "WHERE sujeto_id = ANY(%(sujetos)s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS publicada({', '.join(columns)}) {where}", values)
        rows: list[Sequence[object]] = cursor.fetchall()
    return rows


def _risks(runs: Iterable[tuple[Rule, RuleRun]]) -> Iterator[Risk]:
    for rule, run in runs:
        by_outcome: dict[str, list[Finding]] = {}
        for finding in run.findings:
            if finding.state == "hallazgo":
                by_outcome.setdefault(finding.resultado, []).append(finding)
        for outcome, findings in by_outcome.items():
            amount = Money(sum(abs(finding.monto or 0) for finding in findings))
            yield Risk(rule, outcome, tuple(findings), amount)


def by_contabilidad(answer: Preflight) -> Mapping[int, tuple[int, Money]]:
    """How many findings, and the money at stake, for each set of books that has any."""
    found: dict[int, tuple[int, Money]] = {}
    for risk in answer.riesgos:
        for finding in risk.hallazgos:
            if finding.contabilidad_id is not None:
                count, amount = found.get(finding.contabilidad_id, (0, Money(0)))
                found[finding.contabilidad_id] = (count + 1, Money(amount.centavos + abs(finding.monto or 0)))
    return found
