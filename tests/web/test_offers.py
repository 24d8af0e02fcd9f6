"""Nobody is offered what they may not do: the pages of each party role are walked by their own links and buttons."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from rfcs import new_rfc
from scene import PASSWORD, Scene
from sif.books.services import save_borrador
from sif.registry import clock, services
from sif.registry.models import Nombramiento
from sif.registry.scope import everything
from sif.web.party.draft_content import blank
from web.cast import PARTY, of_the_party
from web.walk import OURS, entered

Rol = Nombramiento.Rol
ROLES = ("Alicia", "Bruno", "Julia", "Kenia", "Lucio", "Olga")
READERS = ("Kenia", "Lucio", "Olga")  # a candidate, who only reads, and the external auditor
ALIKE = 2  # addresses of one name that are walked
LINK = re.compile(r"<a\b[^>]*?\shref=\"(/[^\"#]*)")
LOADED = re.compile(r"\shx-get=\"(/[^\"#]*)")
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
ACTION = re.compile(r"\saction=\"(/[^\"#]*)")
BUTTON = re.compile(r"<button\b[^>]*\sformaction=\"(/[^\"#]*)")
WRITES = ("Póliza nueva", "Seguir escribiendo", "Preparar informes", "Soltar CFDI")


@pytest.fixture
def people(scene: Scene) -> dict[str, Any]:
    """One of each role of a party, beside a draft that one of them keeps."""
    with everything():
        save_borrador(scene.libros, {**blank(), "concepto": "Lonas"}, scene.alicia)
        others = of_the_party(scene.partido, scene.libros, tuple(PARTY))
        olga = services.create_usuario("olga", "Olga de prueba", PASSWORD, rfc=new_rfc())
        services.appoint(olga, Rol.AUDITOR_EXTERNO, scene.partido, desde=clock.today())
    return {"Alicia": scene.alicia, "Bruno": scene.bruno, **others, "Olga": olga}


def _offered(page: str, here: str) -> Iterator[tuple[str, str]]:
    """Yield the method and the address of each link and button of a page."""
    for pattern in (LINK, LOADED):
        yield from (("GET", unescape(found)) for found in pattern.findall(page))
    for attributes, inside in FORM.findall(page):
        if 'method="post"' in attributes.lower():
            own = ACTION.search(attributes)
            yield "POST", unescape(own[1]) if own else here
            yield from (("POST", unescape(found)) for found in BUTTON.findall(inside))


def _walk(client: Client) -> Iterator[tuple[str, int, str]]:
    """Yield what each page offers, with the status and the words of the answer to it; nothing that is sent is kept."""
    turn, seen = deque([("", "GET", reverse("party:home"))]), set[tuple[str, str]]()
    alike: Counter[tuple[str, str]] = Counter()
    while turn:
        of, method, path = turn.popleft()
        if (method, path) in seen:
            continue
        seen.add((method, path))
        match = resolve(path.partition("?")[0])
        if not OURS.match(match.view_name or "") or alike[method, match.view_name] >= ALIKE:
            continue
        alike[method, match.view_name] += 1
        with transaction.atomic():
            answer = client.generic(method, path)
            transaction.set_rollback(True)
        html = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        text = answer.text if method == "GET" and html and not answer.streaming else ""
        yield f"{of} -> {method} {path}", answer.status_code, text
        turn.extend((path, each, where) for each, where in _offered(text, path))


@pytest.mark.parametrize("name", ROLES)
def test_no_link_and_no_button_of_a_person_of_a_party_is_refused(people: dict[str, Any], name: str) -> None:
    refused, words, walked = [], [], 0
    for offer, status, text in _walk(entered(people[name])):
        walked += 1
        assert status < 500, offer
        refused += [offer] if status == 403 else []
        words += [f"{offer}: {each}" for each in WRITES if each in text and name in READERS]
    assert walked > 40, "the walk stops early"
    assert not refused, "\n".join(refused)
    assert not words, "\n".join(words)
