"""Pages by the row beside them: the same rows as by number, forward and back, and nothing altered in the address."""

from typing import Any

import pytest
from django.http import QueryDict

from kept import keeps
from scene import Scene, under_way
from sif.books.models import Poliza
from sif.registry.scope import everything
from sif.web.columns import Column, annotated, order_by, select
from sif.web.keyset import Cursor, Place, cursor_of, paged
from sif.web.tables import Pager

TOTAL = Column("monto", source="total", sort=True)
DAY = Column("registro", source="registrada_el", sort=True)


def _polizas() -> Scene:
    scene = under_way()
    for n in range(23):
        scene.post(scene.expense(f"{n % 3 + 1}.00", f"Gasto {n}"))
    return scene


@pytest.fixture
@keeps(_polizas)
def polizas(world_of: Any) -> Scene:
    return world_of(_polizas)


def read(column: Column, query: str, *, descending: bool, size: int = 5) -> tuple[list[int], Pager]:
    rows = select(Poliza.objects.all(), (TOTAL, DAY)).order_by(*order_by(column, descending=descending))
    with everything():
        found, pager = paged(rows, Place(annotated(column), "pk", descending, size), QueryDict(query), rows.count())
    return [row["pk"] for row in found], pager


@pytest.mark.parametrize("column", [TOTAL, DAY], ids=lambda each: each.key)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_by_row_are_those_by_number_forward_and_back(polizas: Any, column: Column, descending: bool) -> None:
    by_number = [read(column, f"pagina={n}", descending=descending)[0] for n in range(1, 6)]
    assert len({each for page in by_number for each in page}) == 23
    forward, query = [], "pagina=1"
    while query:
        found, pager = read(column, query, descending=descending)
        forward.append((found, pager.desde, pager.hasta))
        query, last = (f"pagina={pager.siguiente}", query) if pager.siguiente else ("", query)
    assert [page for page, _first, _last in forward] == by_number
    assert [(first, last) for _page, first, last in forward] == [(1, 5), (6, 10), (11, 15), (16, 20), (21, 23)]
    back, query = [], last
    while query:
        found, pager = read(column, query, descending=descending)
        back.append((found, pager.desde, pager.hasta))
        query = f"pagina={pager.anterior}" if pager.anterior else ""
    assert back == forward[::-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        ".x",
        ".ñ",
        ".bnVsbA",
        ".W10",
        "-3",
        Cursor("no", 1, 5, False).text(),
        Cursor(None, 1, 5, True).text(),
        Cursor("\0", 1, 5, False).text(),
        Cursor("\ud800", 1, 5, False).text(),
        Cursor([1], 1, 5, False).text(),
    ],
)
def test_an_altered_place_is_the_first_page(polizas: Any, text: str) -> None:
    first, pager = read(TOTAL, "", descending=True)
    assert read(TOTAL, f"pagina={text}", descending=True) == (first, pager)
    assert pager.anterior == 0


def test_a_text_that_no_column_keeps_is_no_place(polizas: Any) -> None:
    for value in ("\0", "\ud800", "a\0b", [1], {"a": 1}):
        assert cursor_of(Cursor(value, 1, 5, False).text()) is None


def test_who_walks_a_list_that_shortens_meanwhile_reaches_its_end(polizas: Any) -> None:
    seen, query = [], "pagina=1"
    rows = select(Poliza.objects.all(), (TOTAL, DAY)).order_by(*order_by(DAY, descending=False))
    place = Place(annotated(DAY), "pk", False, 5)
    while query:
        with everything():
            left = rows.exclude(pk__in=[row["pk"] for row in seen])
            found, pager = paged(left, place, QueryDict(query), left.count())
        seen += found
        query = f"pagina={pager.siguiente}" if pager.siguiente else ""
    assert len(seen) == 23


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(12_345, 9, 50, True)
    assert cursor_of(cursor.text()) == cursor
    assert cursor_of("12") is None
