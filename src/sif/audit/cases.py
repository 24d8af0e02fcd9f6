"""Run the cases of a rule, the pins of its parameters, its slices and its mutants: a rule proves itself in its file."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

import duckdb
from django.conf import settings

from sif.audit.engine import (
    Row,
    RunFailed,
    check_verdict,
    judge,
    load_tables,
    locked_engine,
    set_parameters,
    tables_of,
    verdict_rows,
)
from sif.rulebook.mutants import Mutant, mutants
from sif.rulebook.pipes import matches
from sif.rulebook.reading import read_rule
from sif.rulebook.rule import Case, Rows, Rule, RuleParameter
from sif.values import Problem, Refused


class Bench:
    """The cases of one rule, each loaded once in its own engine, to be judged many times with small changes."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._stack = ExitStack()
        self._engines: list[tuple[Case, duckdb.DuckDBPyConnection]] = []
        self._loaded_parameters: Sequence[RuleParameter] = ()

    def __enter__(self) -> Self:
        for case in self.rule.cases:
            self._engines.append((case, self._stack.enter_context(_loaded(self.rule, case))))
        self._load(self.rule.parameters)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _load(self, parameters: Sequence[RuleParameter]) -> None:
        """Make the relations of some parameters, if those of now are others."""
        if parameters != self._loaded_parameters:
            for _case, engine in self._engines:
                set_parameters(engine, parameters)
            self._loaded_parameters = parameters

    def failures(self) -> Iterator[str]:
        """Run the rule on each of its cases and yield each mismatch or error as `case: difference`."""
        self._load(self.rule.parameters)
        for case, engine in self._engines:
            try:
                rows = _judged(engine, self.rule)
            except RunFailed as failed:
                yield f"{case.name}: {failed.reason}"
            except duckdb.Error as error:
                yield f"{case.name}: {str(error).splitlines()[0]}"
            else:
                yield from (f"{case.name}: {text}" for text in differences(self.rule, case, rows))

    def rows(self) -> Iterator[tuple[Case, list[Row]]]:
        """Run the rule on each of its cases and yield what it judged. Raises RunFailed."""
        self._load(self.rule.parameters)
        for case, engine in self._engines:
            yield case, _judged(engine, self.rule)

    def holds(self, *, query: str | None = None, parameters: Sequence[RuleParameter] | None = None) -> bool:
        """Return whether every case still comes out as expected with a variant of the query or of the parameters."""
        self._load(self.rule.parameters if parameters is None else parameters)
        return all(_holds(case, engine, self.rule, query) for case, engine in self._engines)


@contextmanager
def _loaded(rule: Rule, case: Case) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_engine() as engine:
        load_tables(engine, {name: rows.rows for name, rows in case.given.items()}, tables_of(rule))
        yield engine


def _judged(engine: duckdb.DuckDBPyConnection, rule: Rule) -> list[Row]:
    judge(engine, rule)
    check_verdict(engine, rule)
    return verdict_rows(engine, rule)


def _holds(case: Case, engine: duckdb.DuckDBPyConnection, rule: Rule, query: str | None) -> bool:
    try:
        judge(engine, rule, query)
        if differences(rule, case, verdict_rows(engine, rule)):
            return False
        check_verdict(engine, rule)  # asked last: the rows alone give most damages away
    except (RunFailed, duckdb.Error):
        return False
    return True


def differences(rule: Rule, case: Case, rows: Sequence[Row]) -> list[str]:
    """Compare judged rows with the rows that a case expects, matched by key; return no text when they agree."""
    header = case.expect.columns
    expected = [dict(zip(header, map(str, cells), strict=True)) for cells in case.expect.rows]
    told: list[str] = []
    pending = list(rows)
    for want in expected:
        row = next((row for row in pending if all(matches(want[name], row[name]) for name in rule.key)), None)
        name = ", ".join(f"{column} {want[column]}" for column in rule.key)
        if row is None:
            told.append(f"no juzgó {name}.")
            continue
        pending.remove(row)
        told += [
            f"{name} dio {column} = {_shown(row[column])} y se espera {want[column] or 'vacío'}."
            for column in header
            if not matches(want[column], row[column])
        ]
    for row in pending:
        told.append(
            f"juzgó también {', '.join(f'{column} {row[column]}' for column in rule.key)} ({row['resultado']})."
        )
    return told


def _shown(value: object) -> str:
    return "vacío" if value is None else str(value)


def loose_pins(bench: Bench) -> list[str]:
    """Values of parameters that can move by one without any case noticing.

    A figure the rule holds is pinned in each of its spans; one taken from a table of law, whose values are proved
    there, in at least one.
    """
    loose: list[str] = []
    for parameter in bench.rule.parameters:
        open_spans = [f"{v.desde}: {v.valor}" for v in parameter.values if not _is_pinned(bench, parameter, v.desde)]
        if parameter.source and len(open_spans) < len(parameter.values):
            continue
        loose += [f"{parameter.name} desde {text}" for text in open_spans]
    return loose


def _is_pinned(bench: Bench, parameter: RuleParameter, since: date) -> bool:
    for step in (1, -1):
        values = tuple(replace(v, valor=v.valor + step) if v.desde == since else v for v in parameter.values)
        moved = [replace(p, values=values) if p.name == parameter.name else p for p in bench.rule.parameters]
        if bench.holds(parameters=moved):
            return False  # a figure one above or one below would pass for the law
    return True


def wrong_slices(bench: Bench) -> list[str]:
    """Accountings whose rows change when their own books are seen alone: the rule reaches wider than it says.

    Only rules of reach `contabilidad` can be wrong so.
    """
    rule = bench.rule
    if rule.reach != "contabilidad":
        return []
    told: list[str] = []
    for case, whole in bench.rows():
        for contabilidad in sorted({row["contabilidad_id"] for row in whole if row["contabilidad_id"] is not None}):
            mine = [row for row in whole if row["contabilidad_id"] == contabilidad]
            try:
                alone = _case_rows(rule, _slice(case, contabilidad))
                same = [row for row in alone if row["contabilidad_id"] is not None] == mine
            except RunFailed:
                same = False
            if not same:
                told.append(f"{case.name}: la contabilidad {contabilidad} cambia si se ven sólo sus libros.")
    return told


def _case_rows(rule: Rule, case: Case) -> list[Row]:
    with _loaded(rule, case) as engine:
        set_parameters(engine, rule.parameters)
        return _judged(engine, rule)


def _slice(case: Case, contabilidad: int) -> Case:
    """The rows of one accounting; those that do not say whose they are follow their voucher, or stay for everybody."""
    books = case.given.get("polizas")
    owners = {row["poliza_id"]: row["contabilidad_id"] for row in _dicts(books)} if books is not None else {}
    given = {}
    for name, rows in case.given.items():
        owned = [row.get("contabilidad_id") or owners.get(row.get("poliza_id")) for row in _dicts(rows)]
        kept = tuple(cells for cells, owner in zip(rows.rows, owned, strict=True) if owner in (None, contabilidad))
        given[name] = replace(rows, rows=kept)
    return replace(case, given=given)


def _dicts(rows: Rows) -> list[Row]:
    return [dict(zip(rows.columns, cells, strict=True)) for cells in rows.rows]


def surviving_mutants(bench: Bench) -> list[Mutant]:
    """Damages to the query that no case of the rule notices."""
    return [mutant for mutant in mutants(bench.rule.query) if bench.holds(query=mutant.sql)]


def check(rule: Rule) -> list[Problem]:
    """Run the cases of a rule and return the problems found.

    Parameters that no case pins are reported only when every case passes, and a reach too narrow only when nothing else
    is wrong.
    """
    with Bench(rule) as bench:
        wrong = list(bench.failures())
        problems = [Problem("caso", rule.id, text, "Corrija la consulta o el caso.") for text in wrong]
        if not wrong:
            cure = "Agregue un caso en el filo exacto."
            told = [f"Ningún caso fija el parámetro {text}." for text in loose_pins(bench)]
            problems += [Problem("parametro_suelto", rule.id, text, cure) for text in told]
        if not problems:
            cure = "Declare un `reach` más amplio o corrija la consulta."
            problems += [Problem("alcance", rule.id, text, cure) for text in wrong_slices(bench)]
    return problems


def check_rule(path: Path) -> list[Problem]:
    """Every problem of a rule file: its form, or, when it is a rule, its cases, pins and slices. Empty when sound."""
    try:
        rule = read_rule(path, settings.JURISDICTION)
    except Refused as refused:
        return list(refused.problems)
    return check(rule)
