"""Define a rule: basis, dated figures, query, outcomes and cases."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sif.values import Money
from sif.values.span import OPEN_END

STAGES = ("ordinario", "precampana", "apoyo_ciudadano", "campana")
SEVERITIES = ("formal", "sustantiva", "grave")
REACHES = ("contabilidad", "sujeto", "proceso", "nacional")
STATES = ("hallazgo", "cumple", "no_aplica", "sin_dato")
NO_DATE, NOT_IN_FORCE = "sin_fecha", "fuera_de_vigencia"
"""Outcomes that the engine gives by itself: a row without its day, and a row of a day when the rule was not law."""

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def without_data(text: str) -> str:
    """Return the sentence of an outcome with «…» where the data of each case go, whose names are of the query."""
    return PLACEHOLDER.sub("…", text)


def data_in(text: str, said: str) -> dict[str, str] | None:
    """The data that a sentence of an outcome was filled with, as they were written; None if it was another sentence."""
    parts, names = PLACEHOLDER.split(text), set[str]()
    pattern = re.escape(parts[0])
    for name, rest in zip(parts[1::2], parts[2::2], strict=True):
        pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
        pattern += re.escape(rest)
        names.add(name)
    found = re.fullmatch(pattern, said, re.DOTALL)
    return found.groupdict() if found else None


Cell = int | str | date | bool | None


@dataclass(frozen=True, slots=True)
class Basis:
    """An article of law, what it says, and whether its text was read (`leído`) or is `por confirmar`.

    outcomes: the only results that it grounds; all of them when empty.
    """

    article: str
    says: str
    status: str
    outcomes: tuple[str, ...] = ()

    def grounds(self, outcome: str) -> bool:
        """Return whether it grounds an outcome of its rule."""
        return not self.outcomes or outcome in self.outcomes


@dataclass(frozen=True, slots=True)
class DatedValue:
    """The value of a parameter for days desde <= d < hasta."""

    desde: date
    hasta: date
    valor: int


@dataclass(frozen=True, slots=True)
class RuleParameter:
    """A figure of the law by span of days; `source` names the table of law it comes from, '' when the rule holds it."""

    name: str
    unit: str
    values: tuple[DatedValue, ...]
    basis: str
    source: str = ""

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force that day, or None."""
        return next((value for value in self.values if value.desde <= day < value.hasta), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A named result of a rule: its state, its statement, its request, and the criterion that sanctions the result."""

    name: str
    state: str
    says: str = ""
    asks: str = ""
    sanction: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open question of interpretation, since a day."""

    since: date
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table written in a case: column names and rows of cells, in the types of their columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Facts given and every judged row expected, as text of its columns."""

    name: str
    given: dict[str, Rows]
    expect: Rows


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of law as its file says it. `query` and `universe` are the canonical SQL, never the author's bytes."""

    id: str
    title: str
    severity: str
    applies_to: tuple[str, ...]
    since: date
    until: date | None
    reach: str
    basis: tuple[Basis, ...]
    parameters: tuple[RuleParameter, ...]
    key: tuple[str, ...]
    group: tuple[str, ...]
    day: str
    money: tuple[str, ...]
    universe: str
    query: str
    outcomes: tuple[Outcome, ...]
    doubts: tuple[Doubt, ...]
    cases: tuple[Case, ...]
    columns: tuple[str, ...]
    digest: str
    span: str = "etapa"

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of that name, the engine's two included. Raises KeyError when the rule has none such."""
        for outcome in (*self.outcomes, *ENGINE_OUTCOMES):
            if outcome.name == name:
                return outcome
        raise KeyError(name)

    @property
    def ends(self) -> date:
        """First day on which it is no longer law; 9999-12-31 while it is."""
        return self.until or OPEN_END

    def say(self, outcome: str, row: dict[str, object]) -> str:
        """Return the statement of an outcome about a row, with money in pesos and days as dd/mm/aaaa."""
        return self._fill(self.outcome(outcome).says, row)

    def ask(self, outcome: str, row: dict[str, object]) -> str:
        """Return the request of an outcome to the bound subject about a row, formatted as `say`."""
        return self._fill(self.outcome(outcome).asks, row)

    def _fill(self, text: str, row: dict[str, Any]) -> str:
        return PLACEHOLDER.sub(lambda match: self._shown(match[1], row[match[1]]), text)

    def _shown(self, column: str, value: Cell) -> str:
        if value is None:
            return "sin dato"
        if isinstance(value, bool):
            return "sí" if value else "no"
        if isinstance(value, int) and (column == "monto" or column in self.money):
            return Money(value).in_pesos()
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y")
        return str(value)


ENGINE_OUTCOMES = (
    Outcome(NO_DATE, "sin_dato", "El renglón no trae la fecha por cuya ley se juzga."),
    Outcome(NOT_IN_FORCE, "no_aplica", "En esa fecha la regla no estaba vigente."),
)
