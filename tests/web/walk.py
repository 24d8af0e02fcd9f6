"""Walk the URLconf: every address with the parts and the methods that it admits."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from sif.registry.scope import everything
from sif.web.accounts import sessions

_ASKED = {"get", "post", "put", "patch", "delete"}
OF_THE_DOOR = ["registry_suceso", "books_archivo", "books_entrega"]  # who is refused, and a file kept before it is read
UNDECLARED = ("GET", "POST")  # of a view that takes any method
OURS = re.compile(r"(?!api:)\w+:")  # the pages of our desks by their names; the rest is of libraries or of the door
UUID = "00000000-0000-4000-8000-000000000000"
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Page:
    """An address of the URLconf: its route, the converters of its parts, its methods and its full name."""

    route: str
    parts: Mapping[str, Any]
    methods: tuple[str, ...]
    name: str

    def address(self, values: Mapping[str, str]) -> str:
        """The path with each part in its place."""
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda found: quote(values[found[1]].encode("utf-8", "surrogatepass"), safe=""),
            self.route,
        )


_GROUP = re.compile(r"\(\?P<(\w+)>([^()]*)\)")


@dataclass(frozen=True)
class Group:
    """A part of an address that an expression declares, as a converter is: what it admits."""

    regex: str


def _read(pattern: Any) -> tuple[str, Mapping[str, Any]]:
    """The route of a pattern and what each of its parts admits; that of an expression is written as the others are."""
    if isinstance(pattern, RoutePattern):
        return str(pattern), pattern.converters
    text = str(pattern).removeprefix("^").removesuffix("$")
    return _GROUP.sub(r"<\1>", text), {name: Group(regex) for name, regex in _GROUP.findall(text)}


def words_of(converter: Any) -> tuple[str, ...]:
    """The words that a part admits, where it admits some words alone."""
    words = converter.regex.split("|")
    return tuple(words) if all(word.isalpha() for word in words) else ()


def pages(
    resolver: Any = None, route: str = "", space: str = "", parts: Mapping[str, Any] | None = None
) -> Iterator[Page]:
    """Every address below a resolver."""
    for each in (resolver or get_resolver()).url_patterns:
        own_route, own_parts = _read(each.pattern)
        here, own = route + own_route, {**(parts or {}), **own_parts}
        if isinstance(each, URLResolver):
            yield from pages(each, here, f"{space}{each.namespace}:" if each.namespace else space, own)
        elif isinstance(each, URLPattern):
            yield Page(here, own, methods_of(each.callback), f"{space}{each.name}" if each.name else "")


def every_page() -> dict[str, Page]:
    """Every address by its name; by its route where it has none, or shares it."""
    found = list(pages())
    names = Counter(page.name for page in found)
    return {page.name if page.name and names[page.name] == 1 else f"/{page.route}": page for page in found}


def plain_value(part: str, converter: Any, own: Mapping[str, int] | None = None) -> str:
    """A value that a part of a path admits: that of `own` under its name, or any."""
    texts = (
        *words_of(converter),
        str((own or {}).get(part, 1)),
        "1",
        "a",
        "2024-04-01",
        "ab" * 32,
        "es",
        UUID,
        "A" * 43,
    )
    return next((text for text in texts if re.fullmatch(converter.regex, text)), "1")


def methods_of(view: Any) -> tuple[str, ...]:
    """The methods that a view admits: those its decorator holds, its own functions, or GET and POST."""
    seen, turn = set(), [view]
    while turn:
        one = turn.pop()
        if id(one) in seen or not callable(one):
            continue
        seen.add(id(one))
        if hasattr(one, "view_class"):
            return tuple(
                m.upper() for m in one.view_class.http_method_names if m in _ASKED and hasattr(one.view_class, m)
            )
        for cell in getattr(one, "__closure__", None) or ():
            held = cell.cell_contents
            if isinstance(held, list | tuple) and held and all(isinstance(m, str) and m in _METHODS for m in held):
                return tuple(held)
            if inspect.isfunction(held):
                turn.append(held)
        turn.append(getattr(one, "__wrapped__", None))
    return UNDECLARED


def entered(person: Any) -> Client:
    """A client in which that person has signed in; one without anybody for None.

    Its requests are undone, and each would write again the minute in which the session was seen last.
    """
    client = Client(raise_request_exception=False, headers={"accept-language": "es-MX"})
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session: Any = client.session
        session[sessions.SEEN] = time() + 3600
        session.save()
    return client


def last_leaf() -> int:
    """The last leaf of the record, where every act adds its own; one undone adds none."""
    with everything(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM registry_hoja")
        return int(cursor.fetchone()[0])


def acts_since(leaf: int) -> list[str]:
    """The tables of the records that entered after that leaf, without what the door itself writes."""
    with everything(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tabla FROM registry_hoja WHERE id > %s AND tabla <> ALL(%s)", [leaf, OF_THE_DOOR]
        )
        return sorted(tabla for (tabla,) in cursor.fetchall())
