"""Ask every address as a person who may open it, with sound and then with hostile values; each request is undone."""

import contextlib
import random
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from seeds import is_of_today
from sif.web.outage import HEALTH
from web.answers import SEEN, shown, with_keys, wrong_in
from web.walk import OURS, Page, acts_since, last_leaf, plain_value, words_of

NONSENSE = (
    *("", "0", "-1", "1", "x'\"", "\0", "a\0b", "2147483648", "9223372036854775808", "9" * 18, "9" * 40, "1e999"),
    *("NaN", "../../etc/passwd", "%s%n", "{{7*7}}", "<b>", "á" * 300, "x" * 10_000, "\ud800", "2026-02-30"),
    *("TOGL850505AB7", "TOGL850505HDFXXX02", "TOGLRR85050509H400"),  # keys of a person, which leave the address
    *("0001-01-01", "9999-12-31", "31/12/9999", "4:normal", "true", "null", "[]", "²", "١٢", "1,2,x", "-fecha", " "),
)
QUERIES = (
    *("contabilidad", "pagina", "q", "formato", "orden", "ventana", "mes", "periodo", "desde", "hasta", "etapa"),
    *("cuenta", "b", "vista", "lente", "semilla", "tamano", "aportante", "archivo", "proceso", "eleccion", "revisar"),
    *("nivel", "tipo", "regla", "sujeto", "observacion", "que", "linea", "cfdi", "decision", "next"),
)
FILES = (
    ("vacio.xml", b""),
    ("cortado.pdf", b"%PDF-1.7\n1 0 obj\n<</Type"),
    ("cortado.xlsx", b"PK\x03\x04\x14\x00\x00\x00"),
    ("cortado.xml", b'<?xml version="1.0"?><cfdi:Comprobante xmlns:cfdi="x"'),
    ("programa.exe", b"MZ\0\0"),
    ("nombre.zip", b"PK\x05\x06" + b"\xff" * 18),
    ("estado.ofx", b"OFXHEADER:100\n"),
    ("tabla.csv", b'a,b\n"sin cerrar\n\xff\xfe'),
    ("a" * 300 + ".pdf", b"x"),
    ("bomba.xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),
)
BODIES = ("[]", "{", '{"a": 1}', "null", "[" * 3000, '{"acto": {"a": []}}', "\xff", '"texto"', "9" * 400)
FORM = "application/x-www-form-urlencoded"
OF_WHO_READS = {"batch_claveapi"}  # a key of one's own, which opens what its person sees
_LEADS = ("href", "action", "formaction", "hx-get", "hx-post")


@dataclass
class Form:
    """What a form sends: its fields with the values that it shows, those that take files, and its buttons."""

    fields: dict[str, str]
    files: list[str]
    buttons: list[tuple[str, str]]


@dataclass
class Sweep:
    """What was asked of each page with a seed, what links and forms showed, and what ended as a failure."""

    seed: int
    clients: Mapping[str, Client]
    may: Mapping[str, Sequence[str]]
    others: Sequence[str] = ()  # ids of other people
    readers: Sequence[str] = ()  # who sees pages of the party and writes no act in any
    strangers: Sequence[str] = ()  # who has not entered
    secrets: Sequence[str] = ()  # whole keys of people, which no page shows to who reads it
    asked: dict[str, list[int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[str, str]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    wrote: int = 0

    def __post_init__(self) -> None:
        """Keep the cookies of who entered, for a request may end its session."""
        self.luck = random.Random(self.seed)  # noqa: S311
        self.hostile = (*NONSENSE, *self.others)
        self.leaf = last_leaf()
        self.leads: list[str] = []  # of the last page
        self.cookies = {name: dict(client.cookies) for name, client in self.clients.items()}

    def go(self, todo: Mapping[str, Page], own: Mapping[str, int]) -> None:
        """Read every page, first those that some link showed, and then spoil what each takes.

        `own` numbers the parts of those that no link showed.
        """
        self.pages, left = todo, dict(todo)
        while left:
            name = next((each for each, page in left.items() if not page.parts or each in self.found), next(iter(left)))
            page = left.pop(name)
            if "GET" in page.methods:
                self._ask((name, self._who(name)), "GET", self._where(name, own))
        for name in self.spoils(todo):
            self._spoil(name, todo[name], self._where(name, own), own)

    @staticmethod
    def spoils(todo: Mapping[str, Page]) -> list[str]:
        """The pages that are sent hostile values today: half of them each day."""
        return [name for name in todo if is_of_today(name)]

    def _who(self, name: str) -> str:
        """Who saw the link to a page, or another who may open it."""
        may, saw = self.may.get(name) or list(self.clients), self.found.get(name, ("", ""))[0]
        return saw if saw in may else self.luck.choice(may)

    def _where(self, name: str, own: Mapping[str, int]) -> str:
        page = self.pages[name]
        parts = {part: plain_value(part, converter, own) for part, converter in page.parts.items()}
        return self.found.get(name, ("", ""))[1] or page.address(parts)

    def _spoil(self, name: str, page: Page, address: str, own: Mapping[str, int]) -> None:
        parts = {part: plain_value(part, converter, own) for part, converter in page.parts.items()}
        told, write, path = (name, self._who(name)), "POST" in page.methods, address.partition("?")[0]
        if "GET" in page.methods:
            self._ask(told, "GET", f"{path}?{self._query()}")
        if page.parts:
            self._ask(told, "GET" if "GET" in page.methods else page.methods[0], self._hostile_path(page, parts))
        if write:
            form = self.forms.get(name) or Form(dict.fromkeys(self.luck.sample(QUERIES, 3), ""), ["archivo"], [])
            body = self.luck.choice(("", "", *BODIES))
            self._ask(told, "POST", address, body, "application/json" if body else FORM)
            self._ask(told, "POST", address, *self._one_hostile(form))
            if form.files:
                self._ask(told, "POST", address, self._with_file(form))
            if self.readers and name.startswith("party:"):
                self._ask((name, self.luck.choice(self.readers)), "POST", address, _encoded(self._sound(form)), FORM)
        other = self.luck.choice(("PATCH", "PUT", "DELETE"))
        other = next((each for each in page.methods if each in ("PATCH", "PUT", "DELETE")), other)
        if write or other in page.methods or self.luck.random() < 0.3:
            self._ask(told, other, path, self.luck.choice(BODIES), "application/json")

    def _query(self) -> str:
        names = self.luck.sample(QUERIES, 3)
        return "&".join(f"{name}={_quoted(self.luck.choice(self.hostile))}" for name in (*names, names[0]))

    def _hostile_path(self, page: Page, parts: Mapping[str, str]) -> str:
        """The address with one of its parts changed for another that its converter admits."""
        part = self.luck.choice(sorted(page.parts))
        regex = page.parts[part].regex
        texts = [
            each
            for each in (*self.hostile, *self.others, *words_of(page.parts[part]))
            if each and re.fullmatch(regex, each)
        ]
        return page.address({**parts, part: str(self.luck.choice(texts or [parts[part]]))})

    def _sound(self, form: Form) -> dict[str, str]:
        """The form as it stands, with what it lacks and one of its buttons."""
        sent = {name: text or _plausible(name) for name, text in form.fields.items()}
        return {**sent, **(dict([self.luck.choice(form.buttons)]) if form.buttons else {})}

    def _one_hostile(self, form: Form) -> tuple[str, str]:
        """The form with one of its fields changed or left out."""
        sent = self._sound(form)
        spoilt = self.luck.choice(sorted(sent)) if sent else "acto"
        if self.luck.random() < 0.15:
            sent.pop(spoilt, None)
        else:
            sent[spoilt] = self.luck.choice(self.hostile)
        return _encoded(sent), FORM

    def _with_file(self, form: Form) -> dict[str, Any]:
        return {**self._sound(form), **{name: SimpleUploadedFile(*self.luck.choice(FILES)) for name in form.files}}

    def _ask(self, told: tuple[str, str], method: str, path: str, body: Any = "", kind: str = "") -> None:
        name, who = told
        client: Any = self.clients[who]
        traces = list[str]()
        client.cookies.clear()
        client.cookies.update(self.cookies[who])
        self.leads = []

        def keep(**_about: Any) -> None:
            traces.append(traceback.format_exc())

        got_request_exception.connect(keep, weak=False)
        try:
            with transaction.atomic():
                if isinstance(body, dict):
                    answer = client.post(path, body)
                else:
                    answer = client.generic(method, path, body, kind or FORM)
                content = _content_of(answer)
                if method == "GET" and "html" in answer.get("Content-Type", ""):
                    self._learn(who, path, content)
                written = acts_since(self.leaf)
                transaction.set_rollback(True)
        finally:
            got_request_exception.disconnect(keep)
        self.asked.setdefault(name, []).append(answer.status_code)
        said = f"{who} {method} {path[:300]} {str(body)[:500]!r}: {answer.status_code}"
        self.wrote += bool(written) and answer.status_code < 400 and method != "GET"
        self._judge(told, (method, path), answer, content, said)
        if method == "GET" and (acts := set(written) - SEEN):
            self.failures.setdefault(f"{name} reads", f"{said} and wrote {acts}, by a method that reads")
        if who in self.readers and set(written) - OF_WHO_READS:
            self.failures.setdefault(f"{name} reader", f"{said} and wrote {written}")
        if answer.status_code >= 400 and written:
            self.failures.setdefault(f"{name} writes", f"{said} and wrote {written}")
        if answer.status_code >= 500:
            trace = traces[-1] if traces else answer.content.decode("utf-8", "replace")[:500]
            frames = [line for line in trace.splitlines() if "/src/" in line]
            where = frames[-1].strip() if frames else trace[-200:]
            self.failures.setdefault(f"{name} {where}", f"{said}\n{trace[-1800:]}")

    def _judge(self, told: tuple[str, str], asked: tuple[str, str], answer: Any, content: bytes, said: str) -> None:
        """Say what no answer may do, whoever asked: show or lead to a personal key, be kept, be taken for another."""
        (name, who), (method, path) = told, asked
        for wrong in wrong_in(answer, private=who not in self.strangers and not path.startswith(HEALTH)):
            self.failures.setdefault(f"{name} {wrong[:20]}", f"{said}, which {wrong}")
        leads = [*self.leads, answer.get("Location", ""), answer.get("HX-Redirect", "")]
        if addresses := with_keys(leads, path):
            self.failures.setdefault(f"{name} keys", f"{said} and leads to {addresses}")
        if method == "GET" and (keys := shown(self.secrets, content, path)):
            self.failures.setdefault(f"{name} shows", f"{said} and shows {keys}")
        if method not in (*self.pages[name].methods, "GET") and answer.status_code < 400 and OURS.match(name):
            self.failures.setdefault(f"{name} methods", f"{said}, a method that the page does not declare")

    def _find(self, name: str, who: str, address: str) -> None:
        """Keep the first address of a page, or the first that says of which books or stage it asks."""
        kept = self.found.setdefault(name, (who, address))[1]
        if "?" in address and "?" not in kept and name in self.pages and not self.pages[name].parts:
            self.found[name] = who, address

    def _learn(self, who: str, path: str, content: bytes) -> None:
        """Keep the addresses that a page leads to, and its forms by the address that takes them."""
        if not content.strip():
            return
        page = html.fromstring(content)
        for element in page.iter("a", "form", "button", "input", "select", "div"):
            for lead in _LEADS:
                to = str(element.get(lead, ""))
                self.leads.append(to)
                if to.startswith("/"):
                    self._find(_name_of(to), who, to.partition("#")[0])
        for form in page.iter("form"):
            if form.get("method", "get").lower() == "post":
                made = _form_of(form)
                self.forms.setdefault(_name_of(form.get("action") or path), made)
                for button in form.iter("button"):
                    if elsewhere := button.get("formaction"):
                        self.forms.setdefault(_name_of(elsewhere), made)


def _content_of(answer: Any) -> bytes:
    if not getattr(answer, "streaming", False):
        return bytes(answer.content)
    with contextlib.suppress(TypeError):
        return b"".join(answer.streaming_content)
    return b""


def _name_of(path: str) -> str:
    try:
        return str(resolve(urlsplit(path).path).view_name)
    except Resolver404:
        return ""


def _form_of(form: Any) -> Form:
    made = Form({}, [], [])
    for each in form.iter("input", "select", "textarea", "button"):
        name, kind = each.get("name", ""), each.get("type", each.tag)
        if not name or name == "csrfmiddlewaretoken":
            continue
        if kind == "file":
            made.files.append(name)
        elif each.tag == "button" or kind == "submit":
            made.buttons.append((name, each.get("value", "")))
        elif each.tag == "select":
            options = [option.get("value", "") for option in each.iter("option")]
            made.fields[name] = next((value for value in options if value), "")
        else:
            made.fields.setdefault(name, each.get("value") or (each.text or "" if each.tag == "textarea" else ""))
    return made


def _plausible(name: str) -> str:
    if "fecha" in name or name.endswith("_el"):
        return "12/04/2024"
    return "1.00" if "monto" in name or "importe" in name else "1"


def _encoded(sent: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name)}={_quoted(text)}" for name, text in sent.items())


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))
