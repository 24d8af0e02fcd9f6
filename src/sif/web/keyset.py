"""Page a long list by the row beside a page, in the time of its first page."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from sif.values.texts import NO_TEXT
from sif.web.tables import Pager, pager_asked

_MARK = "."


@dataclass(frozen=True, slots=True)
class Place:
    """The order of a list by a column, with ties broken by a key, and the size of its pages."""

    column: str
    key: str
    descending: bool
    size: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row beside a page: its value and key; how many rows go before the page.

    back: the page ends just before that row; otherwise it begins just after it.
    """

    value: object
    key: int
    before: int
    back: bool

    def text(self) -> str:
        """Write it as the address carries it."""
        value = self.value.isoformat() if hasattr(self.value, "isoformat") else self.value
        data = json.dumps([value, self.key, self.before, self.back], separators=(",", ":"))
        return _MARK + urlsafe_b64encode(data.encode()).decode().rstrip("=")


def cursor_of(text: str) -> Cursor | None:
    """Read the cursor of an address, or None where there is none: a number, or something altered."""
    coded = text.removeprefix(_MARK)
    if coded == text:
        return None
    try:
        value, key, before, back = json.loads(urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    except (ValueError, TypeError):
        return None
    whole = isinstance(key, int) and isinstance(before, int) and isinstance(back, bool) and 0 <= before < 10**9
    whole = whole and not isinstance(value, list | dict) and not NO_TEXT.search(str(value))
    return Cursor(value, key, before, back) if whole else None


def paged(rows: QuerySet[Any, dict[str, Any]], place: Place, query: QueryDict, total: int) -> tuple[list[Any], Pager]:
    """Read the page that an address asks for by ?pagina=, a number or a cursor, and its pager, by cursors."""
    cursor = cursor_of(query.get("pagina", ""))
    found, more = beside(rows, place, cursor) if cursor else ([], False)
    if cursor and found:
        # who reads a list that others shorten meanwhile goes on while there are rows, whatever the count says
        later = cursor.back or more
        pager = Pager(cursor.before + 1, cursor.before + len(found), max(total, cursor.before + len(found)))
    else:
        pager = pager_asked(query, total, place.size)
        found = list(rows[max(0, pager.desde - 1) : pager.hasta])
        later = pager.hasta < pager.total
    return found, _with_cursors(found, place, pager, later=later)


def _with_cursors(found: list[dict[str, Any]], place: Place, pager: Pager, *, later: bool) -> Pager:
    before, past = pager.desde - 1, pager.hasta
    first, last = ((row[place.column], row[place.key]) for row in (found[0], found[-1])) if found else ((), ())
    back = Cursor(*first, max(0, before - place.size), True).text() if first and before > place.size else 1
    onward = Cursor(*last, past, False).text() if last and later else 0
    return replace(pager, anterior=back if before > 0 else 0, siguiente=onward)


def beside(rows: QuerySet[Any, dict[str, Any]], place: Place, cursor: Cursor) -> tuple[list[Any], bool]:
    """Read the rows beside a cursor, and whether there are more; none where its value is not one of the column.

    Both columns are compared as one row, which an index on them answers without reading the rows before.
    """
    try:
        value = rows.query.annotations[place.column].output_field.to_python(cursor.value)
    except (ValidationError, TypeError, ValueError, OverflowError):
        return [], False
    if value is None:
        return [], False
    beyond = TupleLessThan if place.descending != cursor.back else TupleGreaterThan
    beside = rows.filter(beyond(Tuple(F(place.column), F(place.key)), (value, cursor.key)))
    found = list((beside.reverse() if cursor.back else beside)[: place.size + 1])
    shown, more = found[: place.size], len(found) > place.size
    return (shown[::-1] if cursor.back else shown), more
