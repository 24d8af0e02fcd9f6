"""Write and parse the public file of spending by heading, column by column."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import IO, Any

from sif.law.sources import LawDataError, data_path, only_keys, read_data
from sif.values import Money, as_said, csv_writer, read_day_as, read_moment_as

Value = str | date | datetime | Money | None
_FORMS = frozenset({"texto", "dia", "instante", "pesos"})


class LayoutRefused(ValueError):
    """A row of the file is not in the layout; the message says line, column, what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """A column of the file. de: the attribute it shows, or `rubro`; forma: texto, dia, instante or pesos."""

    titulo: str
    de: str
    forma: str


@dataclass(frozen=True, slots=True)
class ExpenseRow:
    """A contabilidad in the public file. rubros: official heading to amount, only those with movement."""

    proceso: str
    ambito: str
    entidad: str
    territorio: str
    cargo: str
    tipo_asociacion: str
    sujeto: str
    siglas: str
    nombre: str
    inicia_el: date
    termina_el: date
    aprobada_el: datetime
    estatus: str
    cancelada_el: datetime | None
    tope: Money | None
    rubros: Mapping[str, Money]
    total: Money

    @property
    def balances(self) -> bool:
        """Return whether the headings, with the apportionment difference among them, add up to the total."""
        return sum(amount.centavos for amount in self.rubros.values()) == self.total.centavos


@cache
def layout(jurisdiction: str) -> MappingProxyType[str, Any]:
    """Return the data of the public file of a jurisdiction."""
    return MappingProxyType(read_data(data_path(jurisdiction, "public_layout.yaml")))


@cache
def columns(jurisdiction: str) -> tuple[PublicColumn, ...]:
    """The columns of the public file in order; LawDataError on an unknown form or a heading the law does not list."""
    heads = set(read_data(data_path(jurisdiction, "law", "heads.yaml"))["gastos"])
    found = []
    for place, row in enumerate(layout(jurisdiction)["columnas"], 1):
        where = f"public_layout.yaml, columna {place}"
        column = PublicColumn(**only_keys(row, frozenset({"titulo", "de", "forma"}), frozenset(), where))
        if column.forma not in _FORMS or (column.de == "rubro" and column.titulo not in heads):
            raise LawDataError(f"{where}: «{column.titulo}» no es un rubro oficial o su forma no se conoce.")
        found.append(column)
    return tuple(found)


def write_expenses(out: IO[str], rows: Iterable[ExpenseRow], jurisdiction: str) -> None:
    """Write the public file: CRLF lines, comma, no thousands separators; empty is no movement and 0 a net of zero."""
    write = csv_writer(out)
    write([column.titulo for column in columns(jurisdiction)])
    for row in rows:
        write([_shown(_value(row, column)) for column in columns(jurisdiction)])


def read_expenses(text: str, jurisdiction: str) -> Iterator[ExpenseRow]:
    """The rows of a public file. Raises LayoutRefused on another header or a cell that is not what its column says."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header, wanted = next(reader, []), [column.titulo for column in columns(jurisdiction)]
    if header != wanted:
        raise LayoutRefused(
            f"El encabezado tiene {len(header)} columnas y no es el de {len(wanted)} del archivo público."
        )
    for cells in reader:
        yield _read_row(cells, reader.line_num, jurisdiction)


def _read_row(cells: list[str], line: int, jurisdiction: str) -> ExpenseRow:
    if len(cells) != len(columns(jurisdiction)):
        raise LayoutRefused(f"Renglón {line}: trae {len(cells)} celdas de {len(columns(jurisdiction))}.")
    fields: dict[str, Any] = {}
    rubros: dict[str, Money] = {}
    for column, cell in zip(columns(jurisdiction), cells, strict=True):
        try:
            value = _read(column.forma, cell)
        except ValueError as error:
            raise LayoutRefused(f"Renglón {line}, columna {column.titulo}: «{cell}» no es {column.forma}.") from error
        if column.de == "rubro":
            if isinstance(value, Money):
                rubros[column.titulo] = value
        else:
            fields[column.de] = value
    fields["total"] = fields["total"] or Money(0)
    return ExpenseRow(rubros=rubros, **fields)


def _value(row: ExpenseRow, column: PublicColumn) -> Value:
    value: Value = row.rubros.get(column.titulo) if column.de == "rubro" else getattr(row, column.de)
    return value


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        plain = value.plain()
        return plain.rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        half = "a.m." if value.hour < 12 else "p.m."
        return f"{value:%d/%m/%Y %I:%M:%S} {half}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def _read(forma: str, cell: str) -> Value:
    if forma == "texto":
        return as_said(cell)
    if not cell:
        return None
    if forma == "pesos":
        return Money.parse(cell)
    if forma == "dia":
        return read_day_as(cell, ("%d/%m/%Y",))
    return read_moment_as(cell.replace("a.m.", "AM").replace("p.m.", "PM"), ("%d/%m/%Y %I:%M:%S %p",))
