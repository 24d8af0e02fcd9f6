"""Lines of the log: one JSON object each, declared fields alone, no personal data from any form or address."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kept import keeps
from scene import PASSWORD, Scene, under_way
from seeds import is_of_today
from sif.registry import events

MARKED = {
    "rfc": "XAXM010101QQ7",
    "curp": "XAXM010101MDFQQQ07",
    "clave_elector": "XAXMQQ01010107M700",
    "nombre": "Quetzalli Zyanya Xochipilli",
    "concepto": "Quetzalli Zyanya Xochipilli",
    "username": "Quetzalli-Zyanya",
    "login": "Quetzalli-Zyanya",
    "password": "secreto-Quetzalli",
    "titular": "Quetzalli Zyanya Xochipilli",
    "q": "XAXM010101QQ7",
}
SPOTS = ("XAXM010101", "XAXMQQ", "Quetzalli", "Zyanya", "Xochipilli")
"""No shorter: the ULID of a request takes four given letters by chance once in some tens of runs."""


class Lines(logging.Handler):
    """A handler that keeps each formatted line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(events.JsonFormatter())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.texts.append(self.format(record))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the lines of one kind."""
        return [line for line in map(json.loads, self.texts) if line["clase"] == kind]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
@keeps(under_way)
def scene(world_of: Any) -> Scene:
    return world_of(under_way)


def signed_in(person: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def test_a_key_outside_the_declared_list_is_dropped(lines: Lines) -> None:
    events.log("acto", verbo="polizas", rfc="XAXM010101QQ7", persona=7)
    assert lines.of("acto")[0].keys() == {"en", "clase", "verbo", "persona"}


def test_a_value_that_is_no_short_word_is_written_as_a_question_mark(lines: Lines) -> None:
    events.log("acto", verbo='x"\n{"clase":"acto"}', persona="Quetzalli", objeto="Quetzalli Ñandú")
    assert len(lines.texts[0].splitlines()) == 1
    line = lines.of("acto")[0]
    assert (line["verbo"], line["persona"], line["objeto"]) == ("?", "?", "?")


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="No hay sucesos de clase"):
        events.log("novedad")


def test_an_identifier_of_a_request_sorts_by_time_and_never_repeats() -> None:
    made = [events.new_pedido() for _ in range(200)]
    assert len(set(made)) == 200 and {len(one) for one in made} == {26}
    assert sorted(one[:10] for one in made) == [one[:10] for one in made]


@pytest.mark.django_db
def test_the_trace_of_a_database_error_has_frames_and_its_state_and_no_value(lines: Lines) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 'XAXM010101QQ7'::int")
    except DatabaseError as error:
        events.log_exception(error)
    line = lines.of("error")[0]
    assert line["sqlstate"] == "22P02" and "test_events.py" in line["marcos"][0]
    assert "XAXM" not in lines.texts[0]


@pytest.mark.django_db
def test_a_record_of_another_library_keeps_its_origin_and_not_its_text(lines: Lines) -> None:
    logging.getLogger("otra").warning("La persona %s con %s", "Quetzalli", "XAXM010101QQ7")
    line = lines.of("rechazo")[0]
    assert line["registro"] == "otra" and "Quetzalli" not in lines.texts[0]


def test_a_page_has_one_line_with_its_route_person_and_time(scene: Scene, lines: Lines) -> None:
    answer = signed_in(scene.alicia).get("/partido/polizas/?q=volantes", headers={"X-Request-ID": "proxy-1"})
    (line,) = lines.of("peticion")
    assert line["ruta"] == "party:polizas" and line["persona"] == scene.alicia.pk and line["estado"] == 200
    assert line["pedido"] == answer["X-Request-ID"] and line["pedido_proxy"] == "proxy-1" and line["consultas"] > 0


def test_a_stranger_refused_is_a_line_of_refusal(scene: Scene, lines: Lines) -> None:
    assert signed_in(scene.dario).get("/partido/polizas/").status_code == 403
    assert lines.of("rechazo")[0]["codigo"] == "http_403"


def test_entries_accepted_refused_and_left_are_lines_without_the_user_name(scene: Scene, lines: Lines) -> None:
    client = Client()
    for word in ("otra-clave", PASSWORD):
        client.post("/cuenta/login/", {"login": scene.alicia.username, "password": word})
    client.post("/cuenta/logout/")
    assert [line["codigo"] for line in lines.of("entrada")] == ["rechazada", "aceptada", "salida"]
    assert scene.alicia.username not in "".join(lines.texts)


def test_a_failure_of_a_page_is_a_line_with_its_frames(
    scene: Scene, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> str:
        raise RuntimeError("Quetzalli con XAXM010101QQ7")

    client = signed_in(scene.alicia)
    monkeypatch.setattr("sif.web.scope.scope_of_user", broken)
    assert client.get("/partido/polizas/").status_code == 500
    line = lines.of("error")[0]
    assert line["excepcion"] == "builtins.RuntimeError" and any("broken" in one for one in line["marcos"])
    assert not any(spot in text for spot in SPOTS for text in lines.texts)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield an address for each pattern of the project, with marked texts and small numbers in its parameters."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$").rstrip("\\Z")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and "(?P" not in route:
            parts = route.replace(">", "<").split("<")
            for place in range(1, len(parts), 2):
                parts[place] = "1" if "int:" in parts[place] else MARKED["rfc"]
            yield "/" + "".join(parts)


def test_marked_people_posted_through_every_address_never_reach_the_log(scene: Scene, lines: Lines) -> None:
    people = [signed_in(scene.alicia), signed_in(scene.dario)]
    asked = 0
    for address in filter(is_of_today, addresses(get_resolver())):
        for client in people:
            if address.startswith("/cuenta/logout"):
                continue
            for send in (client.get, client.post):
                with transaction.atomic():
                    send(address, MARKED)
                    transaction.set_rollback(True)
                asked += 1
    assert asked > 400 and len(lines.of("peticion")) == asked
    told = [text for text in lines.texts if any(spot in text for spot in SPOTS)]
    assert told == []


def test_a_line_says_its_hour_in_universal_time(lines: Lines) -> None:
    events.log("rechazo", codigo="limite", muro="api", segundos=3)
    (line,) = lines.of("rechazo")
    assert line["en"].endswith("Z")
    assert datetime.fromisoformat(line["en"]).utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(line["en"])) < timedelta(minutes=1)
