"""Who may see each address: every name of the URLconf by every person, against the table `personas.txt`.

`SIF_RENUEVA_PERSONAS=1` writes what the table lacks and drops what is no more; read it before it is kept.
"""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from sif.registry import clock
from web.cast import cast_of
from web.walk import Page, entered, every_page, plain_value

TABLE = Path(__file__).with_name("personas.txt")
ALLOWED, REFUSED, SIGN_IN = "s", "n", "e"  # reached; 403 or 401; sent to sign in
PART = 0.1  # of what is allowed, in one run


def declared() -> tuple[list[str], dict[str, str]]:
    """The people of the table, and for each name of an address what each of them is answered."""
    head, *rows = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    return head, {name: answers for answers, name in rows}


def _answer(client: Client, page: Page, path: str) -> str:
    """How one person is answered; whatever the request wrote is undone."""
    with transaction.atomic():
        method = next((each for each in ("GET", "POST", "HEAD") if each in page.methods), "GET")
        answer = client.generic(method, path)
        transaction.set_rollback(True)
    kind = answer.headers.get("Content-Type", "")
    assert kind or answer.status_code in (204, 304), f"{path} no dice de qué tipo es lo que responde"
    assert "charset=" in kind or not kind.startswith("text/"), f"{path} no dice en qué letras está escrito: {kind}"
    if answer.status_code >= 500:
        return str(answer.status_code)
    if answer.status_code in (401, 403):
        return REFUSED
    return SIGN_IN if "/cuenta/login/" in answer.headers.get("Location", "") else ALLOWED


def _walked(scene: Any, wanted: Callable[[str, str], bool]) -> Iterator[tuple[str, str, str]]:
    """The name of each page, a person and how that person is answered, of the pairs that are wanted."""
    clients = {name: entered(person) for name, person in cast_of(scene).items()}
    cookies = {name: dict(client.cookies) for name, client in clients.items()}
    own = {"number": scene.libros.pk, "etapa": scene.etapa.pk, "sujeto": scene.partido.pk}
    for name, page in sorted(every_page().items()):
        path = page.address({part: plain_value(part, converter, own) for part, converter in page.parts.items()})
        for who, client in clients.items():
            if wanted(name, who):
                client.cookies.clear()
                client.cookies.update(cookies[who])
                yield name, who, _answer(client, page, path)


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    _people, table = declared()
    found = every_page()
    assert not set(found) - set(table), "addresses whose people nobody has declared"
    assert not set(table) - set(found), "addresses that are no more"


def test_each_person_reaches_what_the_table_says(scene: Any) -> None:
    """Every refusal is tried; of what is allowed, whose pages cost more, a part that changes with the day."""
    people, table = declared()
    cells = {(name, who): answers[place] for name, answers in table.items() for place, who in enumerate(people)}
    luck = random.Random(f"{clock.today()}")  # noqa: S311
    part = {cell for cell, answer in sorted(cells.items()) if answer != ALLOWED or luck.random() < PART}
    differ = [
        f"{name}: {who} {cells[name, who]} -> {answer}"
        for name, who, answer in _walked(scene, lambda name, who: (name, who) in part)
        if answer != cells[name, who]
    ]
    assert not differ, "\n".join(differ)


@pytest.mark.skipif("SIF_RENUEVA_PERSONAS" not in os.environ, reason="writes the table")
def test_the_table_is_written(scene: Any) -> None:
    people, table = declared()
    found = {name: dict(zip(people, answers, strict=True)) for name, answers in table.items() if name in every_page()}
    for name, who, answer in _walked(scene, lambda name, _who: name not in table):
        found.setdefault(name, {})[who] = answer
    rows = [" ".join(people)]
    rows += [f"{''.join(answers[who] for who in people)} {name}" for name, answers in sorted(found.items())]
    TABLE.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("space", "who", "shared"),
    [
        ("party:", ("Dario", "Elena", "Gabriela", "Felix", "Irma", "Hugo", "Gloria"), set()),
        ("auditor:", ("Alicia", "Bruno", "Carla", "Hugo", "Gloria"), set()),
        ("auditor:", ("Gabriela", "Felix", "Irma"), {"publicacion", "etapas", "dictamen_documento"}),
        ("council:", ("Alicia", "Bruno", "Carla", "Hugo", "Gloria"), set()),
        ("council:", ("Dario", "Elena"), {"etapas"}),
    ],
)
def test_nobody_reaches_the_desk_of_others(space: str, who: tuple[str, ...], shared: set[str]) -> None:
    people, table = declared()
    reached = {
        name.removeprefix(space)
        for name, answers in table.items()
        if name.startswith(space)
        for person, answer in zip(people, answers, strict=True)
        if person in who and answer == ALLOWED
    }
    assert reached == shared


def test_an_address_that_an_expression_declares_is_walked_as_the_others() -> None:
    found = every_page()
    for name in ("persona_acto", "invitacion", "administration:topes_vistos", "council:base_resolver"):
        page = found[name]
        part = {each: plain_value(each, converter) for each, converter in page.parts.items()}
        assert resolve(page.address(part)).url_name == name.rpartition(":")[2]
