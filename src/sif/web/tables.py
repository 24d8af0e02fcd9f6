"""Define tables as data, which one template draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from sif.values import Money
from sif.web.typed import typed_number

KINDS = frozenset(
    {
        "cosa",
        "texto",
        "dinero",
        "numero",
        "porcentaje",
        "clave",
        "dia",
        "momento",
        "estado",
        "tope",
        "articulo",
        "accion",
        "barras",
    }
)
NUMERIC = frozenset({"dinero", "numero", "porcentaje"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column. tipo: one of KINDS; ordenable: its head sorts; telefono: wide|half|third|row|hidden on a phone."""

    clave: str
    titulo: str | Promise
    tipo: str = "texto"
    ordenable: bool = False
    telefono: str = ""

    def __post_init__(self) -> None:
        if self.tipo not in KINDS:
            raise ValueError(
                f"La columna «{self.clave}» pide el tipo «{self.tipo}». Los que hay: {', '.join(sorted(KINDS))}."
            )

    @property
    def is_numeric(self) -> bool:
        """Right aligned."""
        return self.tipo in NUMERIC

    @property
    def phone(self) -> str:
        """Its place in a phone's block."""
        return self.telefono or {"cosa": "wide", "tope": "wide", "accion": "wide", "barras": "wide"}.get(
            self.tipo, "half"
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing named in a cell: texto in 600 (a link if url), its key in mono beside, a note and an article below."""

    texto: object
    url: str = ""
    clave: str = ""
    debajo: str | Promise = ""
    articulo: str = ""
    clave_debajo: str = ""


@dataclass(frozen=True, slots=True)
class Spending:
    """The amounts of a regla de tope in a cell: A reported, the cap (Money(0): no cap of its own), B not reported."""

    reportado: Money
    tope: Money
    no_reportado: Money = field(default_factory=lambda: Money(0))


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Two bars in a cell, drawn on the scale of the longest of the table."""

    antes: Money
    despues: Money
    mayor: Money


@dataclass(frozen=True, slots=True)
class Row:
    """A row: cells by column key. elegible: value of its check box, '' for none; por_que_no: why it has none."""

    celdas: Mapping[str, object]
    elegible: str = ""
    por_que_no: str | Promise = ""
    resaltada: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link or download offered beside a table or inside a message."""

    texto: str | Promise
    url: str
    icono: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """The message in place of an empty list, with the first actions to take."""

    titulo: str | Promise
    texto: str | Promise = ""
    acciones: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure: its message, its time, and the addresses to retry and to ask for a record of it."""

    titulo: str | Promise
    texto: str | Promise
    cuando: datetime
    reintentar: str = ""
    constancia: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """The place of a page in a list: rows desde..hasta of total, and the pages around it.

    estimado: the total is rounded. anterior, siguiente: the value of each page in the address, a number or the row
    beside the page; 0 for none. parametro: the name of that value in the address, where a page holds two lists.
    """

    desde: int
    hasta: int
    total: int
    anterior: int | str = 0
    siguiente: int | str = 0
    estimado: bool = False
    parametro: str = "pagina"


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to draw. palabra_total: words of the sum; orden: '-monto'; libro: columns stay."""

    titulo: str | Promise
    columnas: Sequence[Column]
    filas: Sequence[Row]
    totales: Mapping[str, object] = field(default_factory=dict)
    palabra_total: str | Promise = ""
    orden: str = ""
    pagina: Pager | None = None
    vacia: Empty | None = None
    falla: Failure | None = None
    exportar: tuple[Link, ...] = ()
    libro: bool = False
    formulario: str = ""

    @property
    def chooses(self) -> bool:
        """True if its rows carry check boxes for the form named in formulario."""
        return bool(self.formulario)


def pager_for(number: int, total: int, size: int = 50, parameter: str = "pagina") -> Pager:
    """Return the pager of page number (from 1, clamped) of a list of total rows cut by size."""
    last = max(1, -(-total // size))
    page = min(max(1, number), last)
    first = (page - 1) * size
    following = page + 1 if page < last else 0
    return Pager(first + 1 if total else 0, min(first + size, total), total, page - 1, following, parametro=parameter)


def page_number(query: QueryDict | Mapping[str, str], parameter: str = "pagina") -> int:
    """?pagina=N as a number from 1; anything else is the first page."""
    text = query.get(parameter) or "1"
    return max(1, typed_number(text))


def pager_asked(query: QueryDict | Mapping[str, str], total: int, size: int = 50, parameter: str = "pagina") -> Pager:
    """Return the pager of the page that an address asks of a list of total rows."""
    return pager_for(page_number(query, parameter), total, size, parameter)


def page_of[R](
    rows: QuerySet[Model, R] | Sequence[R], query: QueryDict, size: int = 50, parameter: str = "pagina"
) -> tuple[list[R], Pager]:
    """Return the rows of the page that an address asks, of a queryset or a list, and their pager."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    pager = pager_asked(query, total, size, parameter)
    return list(rows[max(0, pager.desde - 1) : pager.hasta]), pager


def page_links(query: QueryDict, page: Pager) -> dict[str, object]:
    """Return what a page without a table says of its place in a list: the pager, and the links around it."""
    return {
        "pagina": page,
        "anteriores": query_with(query, **{page.parametro: page.anterior}) if page.anterior else "",
        "siguientes": query_with(query, **{page.parametro: page.siguiente}) if page.siguiente else "",
    }


def file_links(query: QueryDict) -> tuple[Link, ...]:
    """Return the links to the files of a list, with its filters: every page of it."""
    return tuple(Link(kind.upper(), query_with(query, formato=kind, pagina="")) for kind in ("csv", "xlsx"))


def query_with(query: QueryDict, **changes: str | int) -> str:
    """Return the query string of this page with some parameters changed; an empty value removes its parameter."""
    copy = query.copy()
    for key, value in changes.items():
        copy.pop(key, None)
        if value not in ("", 0):
            copy[key] = str(value)
    return f"?{copy.urlencode()}" if copy else "?"
