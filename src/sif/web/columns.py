"""Declare the columns of a list or the facts of a sheet once, for the screen and for files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import BaseExpression, OrderBy
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sif.values import Money
from sif.web import tables
from sif.web.column_names import column_name
from sif.web.files import file_response
from sif.web.lazy import Words

type Values = Mapping[str, Any]
type Row = dict[str, Any]
_PREFIX = "c_"  # an annotation may not have the name of a field of its model


@dataclass(frozen=True, slots=True)
class Link:
    """Declare the address of a row: a URL name and the keys of the columns, or paths of the object, that it takes."""

    name: str
    args: tuple[str, ...] = ("pk",)

    def url(self, row: object) -> str:
        """Reverse the address, or return '' while an argument is null."""
        values = [value_of(row, key) for key in self.args]
        return "" if None in values else reverse(self.name, args=values)


@dataclass(frozen=True, slots=True)
class Column:
    """Declare a column. key: its name in addresses and files. source: ORM path or expression (default: the key).

    kind: one of tables.KINDS. sort: True (by source) or an expression. nullable: nulls go last. total: True (the sum of
    the source) or the expression summed, where some rows do not count. words: code to text.
    states: code to (state of states.py, text). under: key of the column below whose value it is drawn. show: cell of
    the screen computed from a row; written: the same for files. where: all, screen, file or hidden (read for other
    columns). phone: wide, half, third, row or hidden.

    A row is what the database selected, by key; in a panel it may also be an object, read along the path of the source.
    """

    key: str
    label: Words = ""
    kind: str = "texto"
    source: str | BaseExpression | F = ""
    sort: bool | BaseExpression = False
    nullable: bool = False
    total: bool | BaseExpression = False
    words: Mapping[str, Words] = field(default_factory=dict)
    states: Mapping[Any, tuple[str, Words]] = field(default_factory=dict)
    link: Link | None = None
    under: str = ""
    show: Callable[[Any], object] | None = None
    written: Callable[[Any], object] | None = None
    where: str = "all"
    phone: str = ""

    @property
    def expression(self) -> BaseExpression | F:
        """Return the expression that the database computes."""
        source = self.source or self.key
        return F(source) if isinstance(source, str) else source

    @property
    def summed(self) -> BaseExpression | F:
        """Return the expression whose sum stands at the foot."""
        return self.expression if isinstance(self.total, bool) else self.total

    @property
    def is_read(self) -> bool:
        """Return whether the database gives it; a cell computed in Python alone has no source."""
        return bool(self.source) or (self.show is None and self.written is None)

    def value(self, row: object) -> Any:
        """Read the value of a row, an amount as Money."""
        value = value_of(row, self.key if isinstance(row, Mapping) else str(self.source or self.key))
        return Money(value) if self.kind == "dinero" and isinstance(value, int) else value

    def file_value(self, row: object) -> object:
        """Return the value of files: codes as stored, amounts as Money, si or no, no markup and no translation."""
        if self.written:
            return self.written(row)
        value = self.value(row)
        return ("si" if value else "no") if isinstance(value, bool) else value

    @property
    def title(self) -> str:
        """Return its name in words: its label, or that of the columns that only files have."""
        return str(self.label) or column_name(self.key)

    def workbook_value(self, row: object) -> object:
        """Return the value of workbooks: that of files, with its codes in words."""
        value = self.file_value(row)
        if isinstance(value, str) and value in self.states:
            return str(self.states[value][1])
        return str(self.words[value]) if isinstance(value, str) and value in self.words else value

    def cell(self, row: object) -> object:
        """Return the cell of the screen, without the columns drawn under it."""
        if self.show:
            return self.show(row)
        value = self.value(row)
        if value is None:
            return ""
        if self.states:
            return self.states[value]
        return self.words[value] if self.words else value


def value_of(row: object, path: str) -> object:
    """Read a key of a dictionary, or the path of an object as the database writes it: poliza__periodo."""
    return row[path] if isinstance(row, Mapping) else attrgetter(path.replace("__", "."))(row)


def select(query: QuerySet[Model], columns: Sequence[Column], key: str = "pk") -> QuerySet[Model, dict[str, object]]:
    """Select the key and the columns as dictionaries: a row follows no relation, so no cell can query.

    key: what tells rows apart and breaks ties of order, so that pages neither repeat nor skip rows.
    """
    sources = {annotated(each): each.expression for each in columns if each.is_read}
    rows: QuerySet[Model, dict[str, object]] = query.annotate(**sources).values(key, *sources)
    return rows


def annotated(column: Column) -> str:
    """Return the name of a column in the rows selected."""
    return f"{_PREFIX}{column.key}"


def by_key(row: Values) -> dict[str, object]:
    """Return a selected row by column key."""
    return {key.removeprefix(_PREFIX): value for key, value in row.items()}


def order_by(column: Column, *, descending: bool, key: str = "pk") -> list[OrderBy]:
    """Return the order of a column, and by key where it ties."""
    expression = column.sort if isinstance(column.sort, BaseExpression) else F(annotated(column))
    last = True if column.nullable else None  # NULLS LAST keeps PostgreSQL from using an ordinary index
    if descending:
        return [expression.desc(nulls_last=last), F(key).desc()]
    return [expression.asc(nulls_last=last), F(key).asc()]


def draw(columns: Sequence[Column], rows: Iterable[object]) -> Iterator[dict[str, object]]:
    """Draw the cells of some rows: each column of the screen with its link and the columns under it."""
    places = [(each, [below for below in columns if below.under == each.key]) for each in on_screen(columns)]
    for row in rows:
        yield {column.key: _placed(column, below, row) for column, below in places}


def _placed(column: Column, below: Sequence[Column], row: object) -> object:
    value = column.cell(row)
    if not (column.link or below or (column.kind == "cosa" and not isinstance(value, tables.Thing))):
        return value
    key = next((str(each.cell(row)) for each in below if each.kind == "clave"), "")
    words = next((each.cell(row) for each in below if each.kind != "clave"), "")
    url = column.link.url(row) if column.link else ""
    return tables.Thing(value, url, clave_debajo=key, debajo=str(words))


def on_screen(columns: Sequence[Column]) -> list[Column]:
    """Return the columns with a place of their own on screen."""
    return [each for each in columns if each.where in ("all", "screen") and not each.under]


def in_files(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of files, in the order declared."""
    return [each for each in columns if each.where in ("all", "file")]


def heads(columns: Sequence[Column]) -> tuple[tables.Column, ...]:
    """Return the columns as the template of tables takes them."""
    return tuple(
        tables.Column(each.key, each.label, each.kind, bool(each.sort), each.phone) for each in on_screen(columns)
    )


def order_asked(query: Mapping[str, str], columns: Iterable[Column], default: str) -> str:
    """Return the order that ?orden= asks, where a column is sorted by it, or the default."""
    asked = query.get("orden") or ""
    return asked if asked.removeprefix("-") in {each.key for each in columns if each.sort} else default


def file_asked(
    request: HttpRequest, name: str, rows: Iterable[object], columns: Sequence[Column]
) -> HttpResponse | None:
    """Return some rows as the file that ?formato= asks for, or None."""
    kind = request.GET.get("formato", "")
    if kind not in ("csv", "xlsx"):
        return None
    return columns_file(kind, name, columns, rows)


def columns_file(kind: str, name: str, columns: Sequence[Column], rows: Iterable[object]) -> HttpResponse:
    """Answer some rows as name.csv, with the values of programs, or name.xlsx, in words. Raises LongFile."""
    shown = in_files(columns)
    cells = ([each.workbook_value(row) if kind == "xlsx" else each.file_value(row) for each in shown] for row in rows)
    return file_response(kind, name, [each.key for each in shown], cells, titles=[each.title for each in shown])


def by_field(row: Any) -> dict[str, object]:
    """Return the values of a dataclass by field, as they are: an amount stays an amount."""
    return {each.name: getattr(row, each.name) for each in fields(row)}


def sums(columns: Iterable[Column], rows: Iterable[object]) -> dict[str, Money | int]:
    """Add up, in some rows, the columns that ask for their total."""
    found = list(rows)
    asked = [each for each in columns if each.total]
    known = {each.key: [value for value in map(each.value, found) if value is not None] for each in asked}
    return {each.key: sum(known[each.key], Money(0) if each.kind == "dinero" else 0) for each in asked}


def panel(
    title: Words,
    rows: Iterable[Any],
    columns: Sequence[Column],
    look: Callable[[Any], Mapping[str, Any]] | None = None,
    **looks: Any,
) -> tables.Table:
    """Draw some rows, dictionaries or objects, as a table without filters, with the sums that its columns ask for.

    look: what else tables.Row says of a row; looks: other fields of the table.
    """
    rows = list(rows)
    drawn = [
        tables.Row(cells, **(look(row) if look else {})) for cells, row in zip(draw(columns, rows), rows, strict=True)
    ]
    totals = looks.pop("totales") if "totales" in looks else sums(columns, rows)
    return tables.Table(title, heads(columns), drawn, totals, **looks)
