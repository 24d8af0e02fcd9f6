"""Define a book as a declaration: columns, filters and the function of its rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Protocol

from django.db.models import QuerySet, Sum

from sif.statements.asked import Asked
from sif.values import Money

KINDS = frozenset({"texto", "clave", "dinero", "numero", "cantidad", "porcentaje", "dia", "momento"})
"""clave: a code; dinero: Money; numero: int; cantidad: thousandths; porcentaje: basis points; dia, momento: dates."""
FILTERS = ("etapa", "contabilidad", "periodo", "fechas", "cuenta", "tipo", "subtipo", "auxiliar", "texto", "nivel")
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """A column. clave: stable name in files; tipo: one of KINDS; suma: whether its total means something.

    bajo: the column under whose value it is shown on screen; solo_archivo: only files carry it.
    """

    clave: str
    titulo: str
    tipo: str = "texto"
    suma: bool = False
    bajo: str = ""
    solo_archivo: bool = False

    def __post_init__(self) -> None:
        if self.tipo not in KINDS:
            raise ValueError(f"La columna «{self.clave}» pide el tipo «{self.tipo}»; los que hay: {sorted(KINDS)}.")


@dataclass(frozen=True, slots=True)
class Drill:
    """The link of a figure: to another book with a filter, or to one thing with its numbers in order.

    Things: poliza (contabilidad, asiento), evento, contrato, casa and articulo (contabilidad, number of its row), serie
    (number of its row), mes_bancario (account, year, month).
    """

    hacia: str
    filtros: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: values by column (absent: None), where they open, and whether it is a `suma` of others or a `titulo`."""

    celdas: Mapping[str, object]
    ligas: Mapping[str, Drill] = field(default_factory=dict)
    clase: str = ""


type Row = dict[str, Any]
"""A row of values of a query, by their paths."""
Totals = Mapping[str, Money | int]


class Rows(Protocol):
    """The rows of a book, counted, paged, walked once in order, and totalled apart from walking them."""

    def count(self) -> int:
        """Return the number of rows."""
        ...

    def page(self, start: int, stop: int) -> list[Line]:
        """Return the rows from start (0 first) up to stop, stop excluded."""
        ...

    def __iter__(self) -> Iterator[Line]:
        """Yield all the rows, without keeping the rows in memory."""
        ...

    def totals(self) -> Totals:
        """Return the total of each column that is totalled."""
        ...


@dataclass(frozen=True, slots=True)
class ListRows:
    """Rows already made: books of few rows. A line of class `suma` or `titulo` does not enter its totals."""

    lineas: Sequence[Line]
    sumas: tuple[str, ...] = ()

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.lineas)

    def page(self, start: int, stop: int) -> list[Line]:
        """Return the rows from start (0 first) up to stop, stop excluded."""
        return list(self.lineas[start:stop])

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lineas)

    def totals(self) -> Totals:
        """Return the sum of each totalled column over the rows that are not themselves sums."""
        return {key: self._total(key) for key in self.sumas}

    def _total(self, key: str) -> Money | int:
        values = [line.celdas.get(key) for line in self.lineas if not line.clase]
        amounts = [value for value in values if isinstance(value, Money)]
        if amounts or not any(isinstance(value, int) for value in values):
            return Money(sum(value.centavos for value in amounts))
        return sum(value for value in values if isinstance(value, int))


@dataclass(frozen=True, slots=True)
class QueryRows:
    """Rows of a query of dictionaries, drawn some at a time; totals are one sum in the database.

    base: the same rows before windows and order, which counting and adding do without. sumas: column to field.
    """

    consulta: QuerySet[Any, dict[str, object]]
    base: QuerySet[Any, object]
    dibuja: Callable[[Sequence[dict[str, object]]], list[Line]]
    sumas: Mapping[str, str] = field(default_factory=dict)

    def count(self) -> int:
        """Return the number of rows, counted by the database."""
        return self.base.count()

    def page(self, start: int, stop: int) -> list[Line]:
        """Return the rows from start (0 first) up to stop, stop excluded."""
        return self.dibuja(list(self.consulta[start:stop]))

    def __iter__(self) -> Iterator[Line]:
        for some in batched(self.consulta.iterator(chunk_size=CHUNK), CHUNK):
            yield from self.dibuja(some)

    def totals(self) -> Totals:
        """Return the sums of the database."""
        if not self.sumas:
            return {}
        found = self.base.aggregate(**{f"suma_{key}": Sum(name) for key, name in self.sumas.items()})
        return {key: Money(found[f"suma_{key}"] or 0) for key in self.sumas}


@dataclass(frozen=True, slots=True)
class Report:
    """A book or statement. filtros: some of FILTERS; avisos: what the reader must know; libro: its columns stay."""

    clave: str
    titulo: str
    grupo: str
    resumen: str
    columnas: tuple[Column, ...]
    filtros: tuple[str, ...]
    filas: Callable[[Asked], Rows]
    avisos: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := set(self.filtros) - set(FILTERS):
            raise ValueError(f"El libro «{self.clave}» admite filtros que no hay: {sorted(unknown)}.")

    @property
    def on_screen(self) -> tuple[Column, ...]:
        """The columns that have a place of their own on screen."""
        return tuple(column for column in self.columnas if not column.bajo and not column.solo_archivo)

    def under(self, clave: str) -> tuple[Column, ...]:
        """Return the columns shown under the values of another."""
        return tuple(column for column in self.columnas if column.bajo == clave)

    def column(self, clave: str) -> Column:
        """Return the column of that key; raises KeyError."""
        for column in self.columnas:
            if column.clave == clave:
                return column
        raise KeyError(clave)
