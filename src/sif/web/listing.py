"""Serve a list from one declaration: page, filters, order, pages, totals, CSV and XLSX."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import batched
from typing import Any, ClassVar

from django import forms
from django.db.models import Aggregate, Count, Model, QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from sif.values import Money
from sif.web import columns, tables
from sif.web.columns import Column
from sif.web.filters import Filter, narrowed, unread
from sif.web.keyset import Place, paged
from sif.web.lazy import Words
from sif.web.tables import Empty, Pager, Table

CHUNK = 2_000
"""Rows of a file that are read and enriched at once."""
MANY = 1_000
"""Rows from which a page is found by its keys before its rows are read whole, which is a question more."""


@dataclass(frozen=True, slots=True)
class Desk[S]:
    """Declare where a page stands. enter: the door, a decorator that refuses or passes the seat; around: the frame.

    The seat is who asks and over what: Mesa for a party, the stage for the authority, the published stage for anybody.
    around takes request, seat, key of the page in the rail and the title of the page within it ('' for a list).
    """

    enter: Callable[..., Callable[..., HttpResponseBase]]
    around: Callable[[HttpRequest, S, str, Words], Mapping[str, object]]
    lists: str
    forms: str = ""


def tab_links(tabs: Sequence[tuple[Words, str]], request: HttpRequest) -> list[tuple[Words, str, None, bool]]:
    """Return the tabs of lists that share a page, given by words and URL name; the last tells which is asked."""
    match = request.resolver_match
    return [(words, reverse(name), None, bool(match and match.view_name == name)) for words, name in tabs]


class Listing[S](View):
    """A list. Declare the class attributes and `query`; override a method to depart from them."""

    desk: ClassVar[Desk[object]]
    page = ""
    """Key of the page in the rail."""
    title: Words = ""
    intro: Words = ""
    article: Words = ""
    columns: Sequence[Column] = ()
    filters: Mapping[str, Filter] = {}
    measures: Mapping[str, Aggregate] = {}
    """What else is counted or added up of the filtered set, read in `sums` by its name."""
    key = "pk"
    """What tells rows apart; another than the primary key where a row is a group of several."""
    order = ""
    """Key of the column that orders at first; '-monto' descends."""
    empty: Words | Empty = ""
    """Words and first step while there is nothing."""
    unmatched: Words = gettext_lazy("Nada responde a este filtro.")
    create: tables.Link | None = None
    """Link to the form of a new one, its url being a URL name; shown if `may_create`."""
    tabs: Sequence[tuple[Words, str]] = ()
    """Words and URL name of the lists that share the page."""
    total_words: Words = ""
    size = 50
    keyset = False
    """Whether pages begin by their row and not by counting those before: for lists of tens of thousands of rows."""
    file_name = ""
    template = ""
    """Template of the page, where it shows more than the list."""
    http_method_names = ["get", "head", "options"]

    request: HttpRequest
    seat: S

    @classmethod
    def at(cls, **options: object) -> Callable[..., HttpResponseBase]:
        """Return the view behind the door of its desk."""
        return cls.desk.enter(cls.as_view(**options))

    # Declare ------------------------------------------------------------------------------------------------------

    def query(self) -> QuerySet[Model]:
        """Return the rows before filters, from a selector, with derived values as annotations."""
        raise NotImplementedError

    def scope(self) -> AbstractContextManager[object]:
        """Return the scope in which the rows are read, where it is not that of who asks: a limit of a whole subject."""
        return nullcontext()

    def enrich(self, rows: list[dict[str, object]]) -> None:
        """Add to some rows at once what SQL cannot compute, with a fixed number of queries."""

    def look(self, row: Mapping[str, object]) -> Mapping[str, object]:
        """Return what else `tables.Row` says of a row: that it stands out, or that it may be chosen."""
        return {}

    def may_create(self) -> bool:
        """Return whether the person may register."""
        return False

    def extra(self) -> Mapping[str, object]:
        """Return what else the template shows."""
        return {}

    # Serve ----------------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, seat: S) -> HttpResponseBase:
        """Answer the page, or the file that ?formato= asks for."""
        self.seat = seat
        kind = request.GET.get("formato", "")
        if kind in ("csv", "xlsx"):
            with self.scope():
                return self.file(kind)
        return render(request, self.template or self.desk.lists, self.context())

    def file(self, kind: str) -> HttpResponseBase:
        """Write every row of the filtered set, in order."""
        return columns.columns_file(kind, self.file_name or self.page, self.columns, self.every())

    def context(self) -> dict[str, object]:
        """Return the context of the template."""
        with self.scope():
            table = self.table()
        filtro = self.found[0] if self.filters else None
        problems = unread(filtro) if filtro else []
        return {**self.head(), "tabla": table, "filtro": filtro, "problemas": problems, **self.extra()}

    def head(self) -> dict[str, object]:
        """Return the context of the head of the page."""
        return {
            **self.desk.around(self.request, self.seat, self.page, ""),
            "titulo": self.title,
            "intro": self.intro,
            "articulo": str(self.article),
            "nuevos": self.first_steps,
            "vistas": tab_links(self.tabs, self.request),
        }

    @cached_property
    def found(self) -> tuple[forms.Form, QuerySet[Model]]:
        """Filter the rows by the valid values of the address; the form carries them.

        What reads every row is done once: the few that it leaves are counted and read by their keys.
        """
        form, rows = narrowed(self.filters, self.request.GET, self.query(), self.seat)
        asked = (name for name, each in self.filters.items() if each.reads_all)
        if self.key == "pk" and any(form.cleaned_data.get(name) for name in asked):
            keys = list(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
            if len(keys) <= MANY:
                rows = self.query().filter(pk__in=keys)
        return form, rows

    @cached_property
    def ordered(self) -> tuple[str, QuerySet[Model, dict[str, object]]]:
        """Order the rows as asked, or as declared."""
        known = {each.key: each for each in self.columns if each.sort or each.key == self.order.removeprefix("-")}
        asked = self.request.GET.get("orden", "")
        order = asked if asked.removeprefix("-") in known else self.order
        rows = columns.select(self.found[1], self.columns, self.key)
        if not order:
            return "", rows
        column, descending = known[order.removeprefix("-")], order.startswith("-")
        return order, rows.order_by(*columns.order_by(column, descending=descending, key=self.key))

    def read(self, rows: QuerySet[Any, dict[str, object]] | Sequence[Any]) -> list[dict[str, object]]:
        """Read and enrich some rows."""
        found = [columns.by_key(row) for row in rows]
        self.enrich(found)
        return found

    def every(self) -> Iterator[dict[str, object]]:
        """Read every row in order, some at a time."""
        for batch in batched(self.ordered[1].iterator(chunk_size=CHUNK), CHUNK):
            yield from self.read(batch)

    @cached_property
    def sums(self) -> dict[str, int]:
        """Count, total and measure the filtered set in one query without order."""
        totals = {f"suma_{each.key}": Sum(each.summed, default=0) for each in self.columns if each.total}
        return self.found[1].order_by().aggregate(cuantas=Count("*"), **totals, **self.measures)

    @cached_property
    def paged(self) -> tuple[list[dict[str, object]], Pager]:
        """Read the page asked, by its number or by the row beside it."""
        order, rows = self.ordered
        known = {each.key: each for each in self.columns}
        column = known.get(order.removeprefix("-"))
        total, place = self.sums["cuantas"], None
        if self.keyset and column and not column.nullable and column.sort is True:
            place = Place(columns.annotated(column), self.key, order.startswith("-"), self.size)
        by_key = self.key == "pk" and total >= MANY
        if by_key:
            rows = self.by_order(order, column)
        if place:
            found, pager = paged(rows, place, self.request.GET, total)
        else:
            pager = tables.pager_asked(self.request.GET, total, self.size)
            found = list(rows[max(0, pager.desde - 1) : pager.hasta])
        return (self.whole([row["pk"] for row in found]) if by_key else found), pager

    def by_order(self, order: str, column: Column | None) -> QuerySet[Model, dict[str, object]]:
        """Select the keys of the filtered set in order, with the column that orders it and no other.

        A long list is ordered so: with the rows, what is shown of fifty would be joined and computed of every one.
        """
        read = [column] if column and isinstance(column.sort, bool) else []  # an expression orders unread
        rows = columns.select(self.found[1], read, self.key)
        if column:
            rows = rows.order_by(*columns.order_by(column, descending=order.startswith("-"), key=self.key))
        return rows

    def whole(self, keys: Sequence[int]) -> list[dict[str, object]]:
        """Read rows whole by their primary keys, in that order."""
        rows = columns.select(self.query().filter(pk__in=keys), self.columns, "pk").order_by()
        known = {row["pk"]: row for row in rows}
        return [known[key] for key in keys if key in known]

    def table(self) -> Table:
        """Draw the page asked."""
        found, pager = self.paged
        rows = self.read(found)
        totals = {each.key: Money(self.sums[f"suma_{each.key}"]) for each in self.columns if each.total}
        return columns.panel(
            self.title,
            rows,
            self.columns,
            self.look,
            totales=totals if rows else {},
            palabra_total=self.words_of_total(),
            orden=self.ordered[0],
            pagina=pager,
            vacia=self.nothing(),
            exportar=self.files(),
        )

    def words_of_total(self) -> Words:
        """Return the words of the sums at the foot."""
        return self.total_words or _("Suma")

    def files(self) -> tuple[tables.Link, ...]:
        """Return the links to the files of the list."""
        return tables.file_links(self.request.GET)

    def nothing(self) -> Empty:
        """Return the words of an empty list: the first step, or that the filter leaves nothing."""
        if any(self.request.GET.get(name) for name in self.filters):
            return Empty(self.unmatched, "", (tables.Link(_("Quitar el filtro"), self.request.path),))
        empty = self.empty if isinstance(self.empty, Empty) else Empty(self.empty)
        return replace(empty, acciones=(*empty.acciones, *self.first_steps))

    @cached_property
    def first_steps(self) -> tuple[tables.Link, ...]:
        """Return the link to the form of a new one, for whom may register."""
        if not self.create or not self.may_create():
            return ()
        return (tables.Link(self.create.texto, reverse(self.create.url), self.create.icono or "plus-lg"),)
