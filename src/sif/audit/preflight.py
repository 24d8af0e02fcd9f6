"""Evaluate the authority's rules over some books as they stand today, before any audit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from sif.audit.engine import Finding, RuleRun, tables_of
from sif.audit.freeze import SOURCES, fixed_rows
from sif.audit.live import AT_FILING, run_live, within
from sif.audit.services import rules_of
from sif.counterparties.subject_scope import whole_subjects
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa
from sif.registry.scope import only
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.rulebook.rule import Rule
from sif.values import Money

ELSEWHERE = frozenset({"repap_ajenos"})
"""What the subject has in its books of other stages, which limits of a year add up."""
OF_SUBJECT = frozenset({"sujetos"})
MOST_ROWS = 20_000
"""Movements, pieces of evidence and lines of bank statements of which a request asks the rules."""

_GROWS = ("books_movimiento", "books_evidencia", "banks_lineabancaria")


@dataclass(frozen=True, slots=True)
class Case:
    """A finding as its person reads it: where it is, how much (centavos), what was seen, and how it is cured."""

    key: str
    contabilidad_id: int | None
    day: date | None
    monto: int | None
    poliza_id: int | None
    message: str
    asks: str


@dataclass(frozen=True, slots=True)
class Risk:
    """The expected findings of one rule for one outcome: its cases, the most money first, and their sum."""

    regla: Rule
    resultado: str
    hallazgos: Sequence[Case]
    monto: Money


@dataclass(frozen=True, slots=True)
class Preflight:
    """The answer of every rule over some books: risks by money, rows without data, and rules that wait for others.

    alcance: what the books cover whole, contabilidad or sujeto; esperan: rules whose reach is wider.
    por_libros: how many findings, and the money at stake, of each set of books that has any.
    """

    etapa: Etapa
    contabilidades: tuple[int, ...]
    alcance: str
    corte: date
    riesgos: tuple[Risk, ...]
    sin_dato: tuple[tuple[Rule, int], ...]
    cumplen: tuple[tuple[Rule, int], ...]
    esperan: tuple[Rule, ...]
    por_libros: Mapping[int, tuple[int, Money]]

    @property
    def monto(self) -> Money:
        """The sum at stake of every risk."""
        return Money(sum(risk.monto.centavos for risk in self.riesgos))

    @property
    def hallazgos(self) -> int:
        """Return the number of expected findings."""
        return sum(len(risk.hallazgos) for risk in self.riesgos)


Keep = Callable[[Sequence[Case]], Sequence[Case]]
"""Take the cases of a risk and give back where they are read from."""


def is_large(contabilidades: Iterable[Contabilidad]) -> bool:
    """Return whether some books have more rows than MOST_ROWS; no more than those are counted."""
    rows = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE contabilidad_id = ANY(%(libros)s)" for table in _GROWS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({rows} LIMIT %(basta)s) AS renglones",
            {"libros": [books.pk for books in contabilidades], "basta": MOST_ROWS + 1},
        )
        return int(cursor.fetchone()[0]) > MOST_ROWS


def covers_subject(etapa: Etapa, libros: Sequence[Contabilidad]) -> bool:
    """Return whether those books are every one their subject has at that stage."""
    if not libros:
        return False
    own = set(Contabilidad.objects.filter(etapa=etapa, sujeto=libros[0].sujeto_id).values_list("pk", flat=True))
    return own <= {books.pk for books in libros}


def preflight(
    etapa: Etapa,
    contabilidades: Sequence[Contabilidad],
    *,
    whole_subject: bool = False,
    keep: Keep = tuple,
    tell: Callable[[int], None] = lambda _rules: None,
    work: Path | None = None,
) -> Preflight:
    """Ask the authority's own rule files about some books of one subject at one stage, as they stand now.

    `whole_subject`: those are all the books of the subject at that stage, so rules over a subject answer too.
    `keep` takes the cases of each risk as soon as its rule answers; `tell` is told how many rules answered; `work`: as
    in `run_live`.
    """
    reach, today = "sujeto" if whole_subject else "contabilidad", clock.today()
    rules = rules_of(etapa)
    gathered = _Gathered(keep)
    tables = _tables(etapa, contabilidades, _needed(within(rules, reach)), today, tell)
    for number, (rule, answer) in enumerate(zip(rules, run_live(tables, rules, reach, work=work), strict=True), 1):
        if answer.says == AT_FILING:
            gathered.wait.append(rule)
        elif answer.run is not None:
            gathered.take(rule, answer.run)
        tell(number)
    numbers = tuple(sorted(books.pk for books in contabilidades))
    return gathered.preflight(etapa, numbers, reach, today)


class _Gathered:
    """An accumulator of rule results for a preflight."""

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.risks: list[Risk] = []
        self.lack: list[tuple[Rule, int]] = []
        self.met: list[tuple[Rule, int]] = []
        self.wait: list[Rule] = []
        self.books: dict[int, tuple[int, Money]] = {}

    def take(self, rule: Rule, run: RuleRun) -> None:
        """Add what a rule said."""
        by_outcome: dict[str, list[Case]] = {}
        for finding in run.findings:
            if finding.state == "hallazgo":
                by_outcome.setdefault(finding.resultado, []).append(_case(finding))
        for outcome, cases in by_outcome.items():
            cases.sort(key=lambda each: (-(each.monto or 0), each.key))
            for each in cases:
                self._count(each)
            amount = Money(sum(abs(each.monto or 0) for each in cases))
            self.risks.append(Risk(rule, outcome, self.keep(cases), amount))
        if lacking := run.total("sin_dato").rows:
            self.lack.append((rule, lacking))
        self.met.append((rule, run.total("cumple").rows))

    def _count(self, case: Case) -> None:
        if case.contabilidad_id is not None:
            count, amount = self.books.get(case.contabilidad_id, (0, Money(0)))
            self.books[case.contabilidad_id] = (count + 1, Money(amount.centavos + abs(case.monto or 0)))

    def preflight(self, etapa: Etapa, numbers: tuple[int, ...], reach: str, today: date) -> Preflight:
        """Return all of it, risks by money."""
        risks = sorted(self.risks, key=lambda risk: (-risk.monto.centavos, risk.regla.id, risk.resultado))
        return Preflight(
            etapa, numbers, reach, today, tuple(risks), tuple(self.lack), tuple(self.met), tuple(self.wait), self.books
        )


def _case(finding: Finding) -> Case:
    poliza = finding.row.get("poliza_id")
    return Case(
        finding.key,
        finding.contabilidad_id,
        finding.day,
        finding.monto,
        poliza if isinstance(poliza, int) else None,
        finding.message,
        finding.asks,
    )


def _needed(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the published tables that the rules read, those that their derived tables read included."""
    wanted = set[str]().union(*(tables_of(rule) for rule in rules))
    while derived := {name for name in wanted if name in DERIVED}:
        wanted = (wanted - derived).union(*(DERIVED[name].reads for name in derived))
    return frozenset(wanted & set(TABLES))


def _tables(
    etapa: Etapa, contabilidades: Sequence[Contabilidad], names: Iterable[str], today: date, tell: Callable[[int], None]
) -> dict[str, Sequence[Sequence[object]]]:
    """Return the rows of published tables that concern these books alone."""
    found = dict[str, Sequence[Sequence[object]]]()
    with only([books.pk for books in contabilidades]):
        for name in sorted(names):
            found[name] = _rows(name, etapa, contabilidades, today)
            tell(0)
    return found


def _rows(name: str, etapa: Etapa, contabilidades: Sequence[Contabilidad], today: date) -> Sequence[Sequence[object]]:
    if name == "corte":
        return [(today, "")]
    fixed = fixed_rows(name, etapa, contabilidades, today)
    if fixed is not None:
        return list(fixed)
    query = SOURCES.get(name)
    if query is None:
        return []
    columns = TABLES[name].names
    values: dict[str, Any] = {
        "etapa": etapa.pk,
        "corte": today,
        "zona": str(clock.legal_zone()),
        "libros": [books.pk for books in contabilidades],
        "sujetos": sorted({books.sujeto_id for books in contabilidades}),
    }
    where = ""
    if name in ELSEWHERE:
        where = "WHERE sujeto_id = ANY(%(sujetos)s)"
    elif "contabilidad_id" in columns:
        where = "WHERE contabilidad_id = ANY(%(libros)s)"
    elif name in OF_SUBJECT:
        where = "WHERE sujeto_id = ANY(%(sujetos)s)"
    whole = whole_subjects({books.sujeto for books in contabilidades}) if name in ELSEWHERE else nullcontext()
    with whole, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS publicada({', '.join(columns)}) {where}", values)
        rows: list[Sequence[object]] = cursor.fetchall()
    return rows
