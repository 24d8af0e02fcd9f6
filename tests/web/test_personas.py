"""Who may see each address: every name of the URLconf by every person, against the table `personas.txt`.

A page that is read and takes what is sent has two rows, the second with the method: `party:deuda POST`.
`SIF_RENUEVA_PERSONAS=1` writes what the table lacks and drops what is no more; read it before it is kept.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from seeds import WHOLE, is_of_today
from sif.registry import clock
from web.cast import cast_of
from web.personas import ALLOWED, REFUSED, SIGN_IN, TABLE, declared, every_row
from web.walk import acts_since, entered, every_page, last_leaf, plain_value

PART = 1 if WHOLE else 0.1  # of what is allowed, in one run
STRANGER = "Gloria"  # who has not entered


def _answer(client: Client, method: str, path: str) -> str:
    """How one person is answered; whatever the request wrote is undone. Who is refused writes no record."""
    with transaction.atomic():
        before = last_leaf() if method == "POST" else 0
        answer = client.generic(method, path)
        kind = answer.headers.get("Content-Type", "")
        assert kind or answer.status_code in (204, 304), f"{path} no dice de qué tipo es lo que responde"
        assert "charset=" in kind or not kind.startswith("text/"), f"{path} no dice en qué letras está escrito: {kind}"
        if answer.status_code >= 500:
            found = str(answer.status_code)
        elif answer.status_code in (401, 403):
            found = REFUSED
        else:
            found = SIGN_IN if "/cuenta/login/" in answer.headers.get("Location", "") else ALLOWED
        written = acts_since(before) if found != ALLOWED and method == "POST" else []
        assert not written, f"{path} escribió lo que rechazó: {written}"
        transaction.set_rollback(True)
    return found


def _walked(scene: Any, wanted: Callable[[str, str], bool]) -> Iterator[tuple[str, str, str]]:
    """The name of each page, a person and how that person is answered, of the pairs that are wanted."""
    clients = {name: entered(person) for name, person in cast_of(scene).items()}
    cookies = {name: dict(client.cookies) for name, client in clients.items()}
    own = {"number": scene.libros.pk, "etapa": scene.etapa.pk, "sujeto": scene.partido.pk}
    for name, (page, method) in sorted(every_row().items()):
        path = page.address({part: plain_value(part, converter, own) for part, converter in page.parts.items()})
        for who, client in clients.items():
            if wanted(name, who):
                client.cookies.clear()
                client.cookies.update(cookies[who])
                yield name, who, _answer(client, method, path)


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    _people, table = declared()
    found = every_row()
    assert not set(found) - set(table), "addresses whose people nobody has declared"
    assert not set(table) - set(found), "addresses that are no more"


def test_each_person_reaches_what_the_table_says(scene: Any) -> None:
    """Every refusal is tried in two days, and those of who has not entered each day; of what is allowed, a tenth.

    Who is refused what a page takes is refused its reading by the same door: of that, a quarter a day.
    """
    people, table = declared()
    cells = {(name, who): answers[place] for name, answers in table.items() for place, who in enumerate(people)}
    luck = random.Random(f"{clock.today()}")  # noqa: S311
    part = {cell for cell, answer in sorted(cells.items()) if luck.random() < _part(cells, *cell, answer)}
    differ = [
        f"{name}: {who} {cells[name, who]} -> {answer}"
        for name, who, answer in _walked(scene, lambda name, who: (name, who) in part)
        if answer != cells[name, who]
    ]
    assert not differ, "\n".join(differ)


def _part(cells: Mapping[tuple[str, str], str], name: str, who: str, answer: str) -> float:
    if answer == ALLOWED:
        return PART
    share = 1 if cells.get((f"{name} POST", who), ALLOWED) == ALLOWED else 0.5
    return share if who == STRANGER or WHOLE else share * is_of_today(f"{name} {who}")


@pytest.mark.skipif("SIF_RENUEVA_PERSONAS" not in os.environ, reason="writes the table")
def test_the_table_is_written(scene: Any) -> None:
    people, table = declared()
    found = {name: dict(zip(people, answers, strict=True)) for name, answers in table.items() if name in every_row()}
    for name, who, answer in _walked(scene, lambda name, who: who not in found.get(name, {})):
        found.setdefault(name, {})[who] = answer
    heads = list(dict.fromkeys([*people, *(who for answers in found.values() for who in answers)]))
    rows = [" ".join(heads)]
    rows += [f"{''.join(answers[who] for who in heads)} {name}" for name, answers in sorted(found.items())]
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
        name.removeprefix(space).removesuffix(" POST")
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
