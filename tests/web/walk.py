"""Walk the URLconf and ask every page of every desk with seeded nonsense."""

import contextlib
import inspect
import random
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

NONSENSE = (
    *("", "0", "-1", "1", "2", "7", "x'\"", "\0", "a\0b", "9" * 18, "9" * 19, "9" * 40, "1" * 5000, "1e999", "NaN"),
    *("../../etc/passwd", "%s%n", "{{7*7}}", "<b>", "á" * 300, "\ud800", "2026-02-30", "2024-04-10", "0001-01-01"),
    *("9999-12-31", "4:normal", "4", "true", "null", "[]", "²", "١٢", "1,2,x", "csv", "xlsx", "pdf", "-fecha", " "),
)
QUERIES = (
    *("contabilidad", "pagina", "q", "formato", "orden", "ventana", "mes", "periodo", "desde", "hasta", "etapa"),
    *("cuenta", "b", "vista", "lente", "semilla", "tamano", "aportante", "archivo", "proceso", "eleccion", "revisar"),
    *("nivel", "tipo", "regla", "sujeto", "observacion", "que", "linea", "cfdi", "decision", "next"),
)
_ASKED = {"get", "post", "put", "patch", "delete"}
UUID = "00000000-0000-4000-8000-000000000000"
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
_FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]{1,80})"')


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


@dataclass
class Fuzz:
    """Requests made with a seed, and those that ended as a failure of the service."""

    seed: int
    asked: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)


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
    return ("GET", "POST")


def run(fuzz: Fuzz, people: Mapping[str, Any], known: Sequence[str], seconds: float) -> None:
    """Ask random pages as random people until the time is over; each request is undone."""
    luck, every, until = random.Random(fuzz.seed), list(pages()), time.monotonic() + seconds  # noqa: S311
    clients = {name: entered(person) for name, person in people.items()}
    cookies = {name: dict(client.cookies) for name, client in clients.items()}
    values = (*NONSENSE, *known * 3)
    while time.monotonic() < until:
        name, page = luck.choice(list(clients)), luck.choice(every)
        client = clients[name]
        client.cookies.clear()
        client.cookies.update(cookies[name])
        path = page.address({part: _part(luck, converter, known) for part, converter in page.parts.items()})
        method = luck.choice([m for m in page.methods if m in ("GET", "POST")] or ["GET"])
        if method == "GET":
            names = luck.sample(QUERIES, luck.choice((0, 1, 1, 2, 3)))
            query = "&".join(f"{each}={_quoted(luck.choice(values))}" for each in names)
            _ask(fuzz, f"{name} GET {path}?{query}", lambda c=client, p=path, q=query: c.get(f"{p}?{q}"), page)
        else:
            if page.route not in fuzz.fields and "GET" in page.methods:
                _ask(fuzz, f"{name} GET {path}", lambda c=client, p=path: c.get(p), page)
            fields = fuzz.fields.get(page.route) or list(QUERIES)
            chosen = luck.sample(fields, min(len(fields), luck.choice((0, 1, 3, 9, 99))))
            body = "&".join(f"{quote(each)}={_quoted(luck.choice(values))}" for each in chosen)
            _ask(fuzz, f"{name} POST {path} {body}", lambda c=client, p=path, b=body: c.post(
                p, b, content_type="application/x-www-form-urlencoded"), page)  # fmt: skip


def entered(person: Any) -> Client:
    """A client in which that person has signed in; one without anybody for None."""
    client = Client(raise_request_exception=False, headers={"accept-language": "es-MX"})
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


def _part(luck: random.Random, converter: Any, known: Sequence[str]) -> str:
    """A part of a path that its converter admits, mostly; what it does not is a page that is not there."""
    usual = (*NONSENSE, *known * 6, *words_of(converter) * 6, "ab" * 32, "A" * 43)
    texts = [each for each in usual if re.fullmatch(converter.regex, each)]
    return luck.choice(texts or ["1"])


def _ask(fuzz: Fuzz, told: str, ask: Callable[[], Any], page: Page) -> None:
    traces: list[str] = []

    def keep(**_about: Any) -> None:
        traces.append(traceback.format_exc())

    got_request_exception.connect(keep, weak=False)
    try:
        with transaction.atomic():
            answer = ask()
            if getattr(answer, "streaming", False):
                with contextlib.suppress(TypeError):
                    b"".join(answer.streaming_content)
            elif "html" in answer.get("Content-Type", ""):
                found = sorted(set(_FIELD.findall(answer.content.decode("utf-8", "replace"))))
                if found:
                    fuzz.fields.setdefault(page.route, [each for each in found if each != "csrfmiddlewaretoken"])
            transaction.set_rollback(True)
    finally:
        got_request_exception.disconnect(keep)
    fuzz.asked += 1
    fuzz.answers[answer.status_code] = fuzz.answers.get(answer.status_code, 0) + 1
    if answer.status_code >= 500:
        trace = traces[-1] if traces else answer.content.decode("utf-8", "replace")[:500]
        frames = [line for line in trace.splitlines() if "/src/" in line]
        where = frames[-1].strip() if frames else trace[-200:]
        fuzz.failures.setdefault(f"{page.route} {where}", f"{told[:700]}\n{trace[-1800:]}")
