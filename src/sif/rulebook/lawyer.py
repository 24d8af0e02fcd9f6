"""Gather what a lawyer asks of a rule beside its file: whom each basis binds, its days, precedents and changes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import cast

import yaml

from sif.law.articles import Supuestos, load_laws
from sif.law.citations import Citation, days_read
from sif.law.parameters import Override, load_parameters, overrides
from sif.law.sanctions import load_criteria
from sif.law.sources import only_keys, read_data
from sif.rulebook.citations import own_figure_key, rule_citations
from sif.rulebook.reading import JURISDICTIONS
from sif.rulebook.rule import Basis, DatedValue, Rows, Rule, RuleParameter
from sif.values import Money
from sif.values.span import OPEN_END
from sif.values.texts import capitalized

BOUND = {
    "partido": "partidos nacionales",
    "partido_local": "partidos locales",
    "coalicion": "coaliciones",
    "comun": "candidaturas comunes",
    "agrupacion": "agrupaciones",
    "en_formacion": "organizaciones que buscan ser partido",
    "aspirante": "aspirantes",
    "independiente": "candidaturas independientes",
    "observadores": "observadores",
    "precandidatura": "precandidaturas",
    "candidatura": "candidaturas de partido o coalición",
    "persona": "personas físicas",
    "moral": "personas morales",
}
STAGES = {
    "ordinario": "operación ordinaria",
    "precampana": "precampaña",
    "apoyo_ciudadano": "apoyo ciudadano",
    "campana": "campaña",
}
SCOPES = {"federal": "lo federal", "local": "lo local"}
EVERYBODY = "todo sujeto que lleve libros en esas etapas"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of some rules on a day, in the words of the gazette."""

    el: date
    que: str
    reglas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A criterion that an outcome names, with the real sanctions that it reproduces, if any is known."""

    conducta: str
    casos: tuple[int, ...]


@cache
def load_changes(jurisdiction: str) -> tuple[Change, ...]:
    """Return every change of the rules, the last first."""
    path = JURISDICTIONS / jurisdiction / "rules" / "cambios.yaml"
    found = []
    for place, raw in enumerate(read_data(path) if path.exists() else (), 1):
        row = only_keys(raw, frozenset({"el", "que", "reglas"}), frozenset(), f"cambios.yaml, renglón {place}")
        found.append(Change(row["el"], row["que"], tuple(row["reglas"])))
    return tuple(found)


def changes_of(rule: Rule, jurisdiction: str) -> list[Change]:
    """Return the changes that name a rule, the last first."""
    return [each for each in load_changes(jurisdiction) if rule.id in each.reglas]


def bound_by(basis: Basis, jurisdiction: str) -> tuple[str, ...]:
    """Return in words whom a basis names, its stages and scopes, as far as the law that was read parts them."""
    cited = _citation(basis, jurisdiction).referencia
    said = load_laws(jurisdiction)[cited.ley].speaks_of(cited) if cited else Supuestos()
    return (
        *(BOUND[each] for each in said.sujetos),
        *(STAGES[each] for each in said.etapas),
        *(SCOPES[each] for each in said.ambitos),
    )


def unread_days(rule: Rule, basis: Basis, jurisdiction: str) -> list[tuple[date, date]]:
    """Return each stretch between days on which a basis that was read is known to say so: first and last day of it."""
    if basis.status != "leído":
        return []
    found = next(each for each in rule_citations(rule, jurisdiction) if each.articulo == basis.article)
    spans = sorted(days_read(found, jurisdiction), key=lambda span: span.desde)
    gaps = []
    for before, after in pairwise(spans):
        if before.hasta is not None and before.hasta < after.desde and after.desde > rule.since:
            gaps.append((before.hasta, after.desde - timedelta(days=1)))
    return gaps


def figure_name(source: str, jurisdiction: str) -> str:
    """Return in words the figure that a table of the law holds; '' for another."""
    found = load_parameters(jurisdiction).get(source.rpartition("/")[2])
    return found.nombre if found else ""


def named(parameter: RuleParameter, jurisdiction: str) -> str:
    """Return in words the figure of a rule."""
    return figure_name(parameter.source, jurisdiction) or parameter.name.replace("_", " ")


def told(unit: str, valor: int) -> str:
    """Return a figure as it is read: pesos, a percentage, or a number of its unit."""
    if unit == "centavos":
        return Money(valor).in_pesos()
    if unit == "puntos base":
        return f"{valor / 100:g} %"
    return f"{valor:,} {unit_words(unit)}"


def unit_words(unit: str) -> str:
    """Return the unit of a figure as it is written in Spanish."""
    return {"dias": "días", "anios": "años", "uma": "UMA"}.get(unit, unit)


def is_confirmed(rule: Rule, parameter: RuleParameter, value: DatedValue, jurisdiction: str) -> bool:
    """Return whether the law that was read says a figure of a rule."""
    held = load_parameters(jurisdiction).get(parameter.source.rpartition("/")[2])
    if held is not None:
        return held.on(value.desde).estatus == "confirmado"
    key = own_figure_key(rule.id, parameter.name, value.desde)
    return any(each.clave == key and each.estatus == "confirmado" for each in rule_citations(rule, jurisdiction))


def precedents_of(rule: Rule, jurisdiction: str) -> list[Precedent]:
    """Return each criterion that the outcomes name, with the real sanctions that it reproduces."""
    criteria = load_criteria(jurisdiction)
    named = dict.fromkeys(outcome.sanction for outcome in rule.outcomes if outcome.sanction)
    return [
        Precedent(criteria[key][-1].conducta, tuple(n for span in criteria[key] for n in span.casos))
        for key in named
        if key in criteria
    ]


def judgements_of(rule: Rule, jurisdiction: str) -> list[Override]:
    """Return the judgements that gave another value to a figure of a rule for one process."""
    taken = {parameter.source.rpartition("/")[2] for parameter in rule.parameters}
    return [each for each in overrides(jurisdiction) if each.parametro in taken]


def example(rule: Rule) -> Iterator[str]:
    """Yield the lines of the first case as worked example: each table given, and what is judged of it, in words."""
    *given, result = tables_of(rule)
    for title, rows in given:
        yield f"{title}:"
        yield from _aligned(rows)
        yield ""
    yield f"{result[0]}:"
    yield from _aligned(result[1])


def datum_words(name: str) -> str:
    """Return the words of a datum that a sentence of an outcome may take."""
    return column_words().get(name) or only_in_sentences().get(name) or plain(name)


def tables_of(rule: Rule) -> Iterator[tuple[str, Rows]]:
    """Yield the tables of the worked example as data: the words of each and its rows in words; the result, the last."""
    case = rule.cases[0]
    for name, rows in case.given.items():
        yield table_words().get(name) or plain(name), in_words(_told(rows))
    yield "Resultado", in_words(case.expect, rule.money)


def in_words(rows: Rows, money: Collection[str] = ()) -> Rows:
    """Write the columns of a table by their words, its money in pesos and its days as one reads them.

    money: columns in centavos besides those that are so in any table.
    """
    words, pesos = column_words(), {*money_columns(), *money}
    cells = tuple(
        tuple(
            _pesos(cell) if name in pesos else _shown(cell).replace("_", " ")
            for name, cell in zip(rows.columns, row, strict=True)
        )
        for row in rows.rows
    )
    return Rows(tuple(words.get(name) or plain(name) for name in rows.columns), cells)


def _pesos(cell: object) -> str:
    """Write centavos in pesos; what a case expects stands as text."""
    text = _shown(cell)
    if not text.removeprefix("-").isdigit():
        return text
    return f"{'-' * (text[0] == '-')}${Money(abs(int(text)))}"


@cache
def _words() -> tuple[Mapping[str, str], Mapping[str, str], frozenset[str], Mapping[str, str]]:
    found = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return (
        cast(Mapping[str, str], found["tablas"]),
        cast(Mapping[str, str], found["columnas"]),
        frozenset(found["dinero"]),
        cast(Mapping[str, str], found["datos"]),
    )


def table_words() -> Mapping[str, str]:
    """Return the words of each table that a case may give."""
    return _words()[0]


def column_words() -> Mapping[str, str]:
    """Return the words of each column that a case may show."""
    return _words()[1]


def only_in_sentences() -> Mapping[str, str]:
    """Return the words of each datum that no case shows and a sentence of an outcome takes."""
    return _words()[3]


def plain(name: str) -> str:
    """Write as words a name that nobody gave words to, as a rule of another jurisdiction may bring."""
    return capitalized(name.removesuffix("_id").replace("_", " "))


def money_columns() -> frozenset[str]:
    """Return the columns that are centavos in any table."""
    return _words()[2]


def _told(rows: Rows) -> Rows:
    """Leave out the columns that a case does not tell: empty, zero or open in every row."""
    kept = [
        place
        for place in range(len(rows.columns))
        if any(_shown(row[place]) not in ("", "0", "no", _shown(date.min), _shown(OPEN_END)) for row in rows.rows)
    ]
    return Rows(
        tuple(rows.columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows.rows)
    )


def is_money(rows: Rows, place: int) -> bool:
    """Return whether every cell of a column in words is an amount or empty."""
    return all(not row[place] or str(row[place]).lstrip("-").startswith("$") for row in rows.rows)


def _aligned(rows: Rows) -> Iterator[str]:
    cells = [rows.columns, *(tuple(map(str, row)) for row in rows.rows)]
    numbers = [is_money(rows, place) for place in range(len(rows.columns))]
    widths = [max(len(row[place]) for row in cells) for place in range(len(rows.columns))]
    for row in cells:
        yield (
            "  "
            + " | ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numbers, strict=True)
            ).rstrip()
        )


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, date):
        return "sigue abierto" if cell == OPEN_END else f"{cell:%d/%m/%Y}"
    return str(cell)


def _citation(basis: Basis, jurisdiction: str) -> Citation:
    return Citation("", "", basis.article, basis.says, jurisdiction=jurisdiction)
