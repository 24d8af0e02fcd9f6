"""Every declared list and form: its columns hold together, and what a list costs does not grow with its rows."""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sif.registry.masks import SHOWN
from sif.registry.scope import everything
from sif.registry.services import register_sujeto
from sif.web import listing, tables
from sif.web.columns import in_files, on_screen
from sif.web.listing import Listing
from sif.web.party.sheet import BooksSheet
from sif.web.record import Record, RecordForm
from sif.web.states import STATES
from sif.web.urls import urlpatterns  # noqa: F401 - imports every page
from web.listed_rows import NOT_COUNTED, OF, PAGES, ROWS, administrator
from web.sheet_rows import SHEETS


def below(kind: type[Any]) -> list[type[Any]]:
    return [each for child in kind.__subclasses__() for each in (child, *below(child))]


ROW = re.compile(r"<(?:tr|li)\b")
LISTS = [each for each in below(Listing) if each.columns]
FORMS = [each for each in below(RecordForm) if each.layout]
RECORDS = [each for each in below(Record) if getattr(each, "form_class", None) and each.back]


def test_there_are_lists_and_forms_to_walk() -> None:
    assert len(LISTS) >= 3
    assert len(FORMS) >= 3
    assert {file for file, _name in WHOLE} <= {each.file_name for each in LISTS}


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_the_columns_of_a_list_hold_together(kind: type[Listing[Any]]) -> None:
    keys = [each.key for each in kind.columns]
    assert len(keys) == len(set(keys))
    assert {each.under for each in kind.columns} - {""} <= set(keys)
    assert not kind.order or kind.order.removeprefix("-") in keys
    assert {each.kind for each in kind.columns} <= tables.KINDS
    assert all(each.label for each in on_screen(kind.columns))
    assert all(each.title for each in in_files(kind.columns))  # raises where a column of files has no name
    assert all(each.is_read or not isinstance(each.sort, bool) for each in kind.columns if each.sort)
    assert all(name in STATES for each in kind.columns for name, _words in each.states.values())
    assert all(arg in ("pk", *keys) for each in kind.columns if each.link for arg in each.link.args)
    assert kind.empty


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_a_list_orders_names_without_looking_at_accents(kind: type[Listing[Any]]) -> None:
    """The database compares bytes: Óscar would come after Tomás."""
    names = [each for each in kind.columns if str(each.source or each.key).endswith("nombre") and each.sort is True]
    assert [each.key for each in names if each.source != "cargo__nombre"] == []


def test_subjects_come_in_alphabetical_order(scene: Any, enter: Any) -> None:
    with everything():
        for n, name in enumerate(("Tomás Robles", "Óscar Peña", "Águeda Ruiz", "beatriz Sosa")):
            register_sujeto("independiente", f"A{n}", f"A{n}", f"Zz {name}")
    page = enter(administrator()).get(reverse("administration:sujetos"), {"q": "Zz"}).text
    found = re.findall(r"Zz (\w+)", page)
    assert [name for name, after in zip(found, [*found[1:], ""], strict=True) if name != after] == [
        "Águeda",
        "beatriz",
        "Óscar",
        "Tomás",
    ]


WHOLE = {
    ("cuentas-bancarias", "clabe"): "the account is the party's own",
    ("cuentas-bancarias", "titular_rfc"): "the account is the party's own",
    ("cuentas-bancarias", "q"): "the account is the party's own",
    ("bancos", "cuenta"): "the account is the party's own",
    ("firmas", "rfc"): "it is that of the certificate which signed",
    ("sujetos", "rfc"): "it is that of who reports, not of who gives or is paid",
}
"""Columns and filters, by the name of the file of their list, whose keys are whole, with why (ADR 0166)."""
KEYS = {
    "rfc": "GOMC800101AA4",
    "curp": "GOMC800101HDFXXX04",
    "clave_elector": "GOMXCR80010109H400",
    "clabe": "002180000000000011",
}


def key_at(path: object) -> str:
    """The personal key that a path of the ORM, or what is after it in a lookup, ends in; or ''."""
    parts = str(getattr(path, "name", path)).split("__")
    return next((key for key in SHOWN for part in parts if part == key or part.endswith(f"_{key}")), "")


def whole_keys(kind: type[Listing[Any]]) -> Iterator[str]:
    """The columns and the filters of a list that show, or let be tried letter by letter, a personal key whole."""
    for each in kind.columns:
        key = key_at(each.source) or key_at(each.key)
        row = defaultdict(str, {each.key: KEYS.get(key, "")})
        drawn = [each.cell(row)] if key and each.where in ("all", "screen") else []
        written = [each.file_value(row)] if key and each.where in ("all", "file") else []
        if any(KEYS[key] in str(told) for told in drawn + written):
            yield each.key
    for name, chosen in kind.filters.items():
        closed = inspect.getclosurevars(chosen.narrow).nonlocals
        if any(map(key_at, (*closed.get("paths", ()), closed.get("path"), closed.get("lookup")))):
            yield name


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_a_list_shows_and_searches_no_personal_key_whole(kind: type[Listing[Any]]) -> None:
    assert set(whole_keys(kind)) == {name for file, name in WHOLE if file == kind.file_name}


def test_every_list_is_counted_or_says_why_not() -> None:
    assert {each.__name__ for each in LISTS} == ROWS.keys() | NOT_COUNTED.keys()


@pytest.mark.parametrize("name", [*ROWS, *PAGES])
def test_a_list_asks_as_much_at_fifty_rows_as_at_one(scene: Any, enter: Any, name: str) -> None:
    page, add = {**ROWS, **PAGES}[name]
    row = "<tr" if name in ROWS else "<li"
    with everything():
        person = administrator() if page.startswith(("administration:", "personas")) else scene.alicia
    client, counted = enter(person), []
    for numbers in (range(1), range(1, 50)):
        with everything():
            for n in numbers:
                add(scene, n)
        place = reverse(page, args=OF[name]() if name in OF else None)
        client.get(place)  # what is read once in a process is read here
        with CaptureQueriesContext(connection) as asked:
            body = client.get(place).text
        counted.append((len(asked), body.count(row)))
    (few, first), (many, last) = counted
    assert many == few
    assert last >= first + 20  # a page of them


@pytest.mark.parametrize(
    ("name", "word"), [("Contributions", "rsef-0002"), ("People", "empleo 1"), ("Suppliers", "prv800101001")]
)
def test_what_reads_every_row_of_a_list_is_asked_once(scene: Any, enter: Any, name: str, word: str) -> None:
    page, add = ROWS[name]
    with everything():
        for n in range(3):
            add(scene, n)
    client, place = enter(scene.alicia), reverse(page)
    client.get(place, {"q": word})
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(place, {"q": word})
    assert len(answer.context["tabla"].filas) == 1
    assert sum("concat_ws" in each["sql"] for each in asked) == 1


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_asks_as_much_of_fifty_rows_as_of_one(scene: Any, enter: Any, name: str) -> None:
    client, counted = enter(scene.alicia), []
    for many in (1, 49):
        with everything():
            place = SHEETS[name](scene, many)
        client.get(place)
        with CaptureQueriesContext(connection) as asked:
            body = client.get(place).text
        counted.append((len(asked), len(ROW.findall(body)), [each["sql"] for each in asked]))
    (few, first, before), (many, last, after) = counted
    assert last >= first + 17, (first, last)
    assert many == few, "\n".join(each for each in after if after.count(each) > before.count(each))


@pytest.mark.parametrize("name", ["Accounts", "Donors", "Houses", "Polizas", "Receipts"])
def test_a_long_list_found_by_its_keys_shows_the_same_rows(
    scene: Any, enter: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, add = ROWS[name]
    with everything():
        for n in range(7):
            add(scene, n)
    monkeypatch.setattr(Listing, "size", 3)
    client, place = enter(scene.alicia), reverse(page)

    def rows(query: str) -> list[str]:
        return re.findall(r"<tr.*?</tr>", client.get(f"{place}{query}").text, re.DOTALL)

    columns = next(each for each in LISTS if each.__name__ == name).columns
    orders = ["", *(f"&orden={sign}{each.key}" for each in columns if each.sort for sign in ("", "-"))]
    asked = [f"?pagina={number}{order}" for order in orders for number in (1, 2, 3)]
    whole = [rows(query) for query in asked]
    monkeypatch.setattr(listing, "MANY", 1)
    assert [rows(query) for query in asked] == whole
    assert whole[0] != whole[1]


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.__name__)
def test_a_form_draws_each_of_its_fields_once(kind: type[RecordForm]) -> None:
    drawn = [part.partition(":")[0] for line in kind.layout for part in line.split()]
    assert sorted(drawn) == sorted(kind.base_fields)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_says_where_it_goes_back_and_what_it_did(kind: type[Record[Any]]) -> None:
    assert issubclass(kind, BooksSheet) or kind.title
    leads_on = any(  # to the page of what was made, or it draws it
        getattr(kind, way) is not getattr(Record, way) for way in ("told", "saved_url", "form_valid")
    )
    assert issubclass(kind, BooksSheet) or kind.done or leads_on
    assert not issubclass(kind, BooksSheet) or (kind.label and kind.act and kind.button)
    reverse(kind.back, args=[1, 1] if issubclass(kind, BooksSheet) else [])
    assert issubclass(kind.form_class, RecordForm)  # type: ignore[arg-type]
