"""Invented books as plain rows, and the few obvious questions that several answers ask of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sif.rulebook import published
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import NO_DATE, NOT_IN_FORCE, Rule

Row = dict[str, Any]
Books = dict[str, list[Row]]
Law = Callable[[str, date], int]
"""The value of a parameter on a day."""
Answers = dict[tuple[Any, ...], Row]
"""What is expected of each key: its `resultado`, its day and whatever else the answer fixes."""


def table_rows(books: Books) -> dict[str, list[list[Any]]]:
    """The books in the order of the published columns; a column nobody invented is null."""
    columns = {name: table.names for name, table in published.TABLES.items()}
    columns |= {name: entry.table.names for name, entry in DERIVED.items()}
    return {name: [[row.get(column) for column in columns[name]] for row in rows] for name, rows in books.items()}


def law_of(rule: Rule) -> Law:
    """The figures of a rule, looked up one span after another.

    Before its first span a figure is its first value: of such a day the engine does not ask the rule.
    """

    def law(name: str, day: date) -> int:
        parameter = next(parameter for parameter in rule.parameters if parameter.name == name)
        for value in parameter.values:
            if value.desde <= day < value.hasta:
                return value.valor
        return parameter.values[0].valor

    return law


def out_of_time(rule: Rule, day: date | None) -> str | None:
    """What the engine answers by itself of a row with that day, or None when the rule is to judge it."""
    if day is None:
        return NO_DATE
    return None if rule.since <= day < rule.ends else NOT_IN_FORCE


def by_id(rows: list[Row], column: str) -> dict[Any, Row]:
    """Those rows by the value of a column."""
    return {row[column]: row for row in rows}


def voucher(books: Books, poliza_id: int) -> Row:
    """The póliza of that number."""
    return by_id(books["polizas"], "poliza_id")[poliza_id]


def reversals(books: Books, poliza_id: int) -> list[Row]:
    """The pólizas that undo that one."""
    return [row for row in books["polizas"] if row["revierte_a"] == poliza_id]


def net(books: Books, poliza_id: int) -> int:
    """What is left of a póliza after everything that undoes it, in centavos."""
    own: int = voucher(books, poliza_id)["total"]
    undone: int = sum(row["total"] for row in reversals(books, poliza_id))
    return own + undone


def lives(books: Books, poliza_id: int) -> bool:
    """Whether the póliza records something of its own that still stands."""
    row = voucher(books, poliza_id)
    ordinary: bool = row["clase"] == "ordinaria"
    return ordinary and row["revierte_a"] is None and net(books, poliza_id) != 0
