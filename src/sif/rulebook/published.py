"""Define the tables of a snapshot and the type of each column."""

from dataclasses import dataclass
from pathlib import Path

from sif.law.sources import read_data

SQL_TYPES = {"B": "BIGINT", "I": "INTEGER", "T": "VARCHAR", "D": "DATE", "L": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its letter of type (B I T D L), whether it may be null, and what it means."""

    name: str
    type: str
    nullable: bool
    says: str

    @property
    def sql_type(self) -> str:
        """The type as SQL writes it."""
        return SQL_TYPES[self.type]

    @property
    def is_identifier(self) -> bool:
        """Return whether the column names a row (`revierte_a` or a name in _id); such a column takes no default."""
        return self.name.endswith("_id") or self.name == "revierte_a"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the snapshot: one row per `row`, with its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def read_tables(path: Path) -> dict[str, Table]:
    """Tables declared in a YAML of this room. Raises ValueError on an unknown type."""
    tables: dict[str, Table] = {}
    for name, entry in read_data(path).items():
        columns = tuple(_column(column, text) for column, text in entry["columns"].items())
        tables[name] = Table(name, entry["row"], columns)
    return tables


def _column(name: str, text: str) -> Column:
    letter, _, says = text.partition(" ")
    if letter.rstrip("?") not in SQL_TYPES:
        raise ValueError(f"La columna {name} tiene el tipo «{letter}»; se admiten B I T D L, con ? si puede faltar.")
    return Column(name, letter.rstrip("?"), letter.endswith("?"), says)


TABLES = read_tables(Path(__file__).with_name("published.yaml"))
"""Every published table by name."""
