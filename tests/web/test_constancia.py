"""The constancia of failures on its page, the history on the page of the service, and what a request leaves."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from sif.availability.certifying import verify_constancia
from sif.availability.measuring import FAILURES, PROBED, Probe, append, folder_of, instant_of
from sif.availability.reading import read
from sif.availability.sealing import seal_ended
from sif.filing.sealing import judge
from sif.filing.services import authority_key
from sif.web import load, logged
from sif.web.sessions import digest_of


@pytest.fixture
def stopped(scene: Any, settings: Any) -> datetime:
    """Seven minutes without an answer, two hours ago, and a failed request of each of two people within them."""
    folder = folder_of(Path(settings.DATOS), PROBED)
    began = (datetime.now(UTC) - timedelta(hours=2)).replace(second=0, microsecond=0)
    probe = Probe(folder)
    for n in range(-60, 100):
        moment = began + timedelta(seconds=10 * n)
        probe.note(moment, 3.0, "503" if 0 <= n < 42 else "")
    for person, pedido in ((scene.alicia.pk, "PROPIO"), (scene.alicia.pk + 1000, "AJENO")):
        line = {"momento": instant_of(began), "fuente": "falla", "modulo": "partido", "pedido": pedido}
        append(
            folder_of(Path(settings.DATOS), FAILURES),
            began,
            {**line, "persona": person, "operacion": "party:presentar", "estado": 503, "ms": 812.0},
        )
    return began


def test_the_page_shows_the_outage_and_the_persons_own_failures_alone(
    scene: Any, enter: Any, stopped: datetime
) -> None:
    page = enter(scene.alicia).get(reverse("party:constancia")).text
    assert "7 minutos sin servicio" in page
    assert "PROPIO" in page and "AJENO" not in page


def test_the_constancia_is_sealed_and_its_paper_says_the_same(scene: Any, enter: Any, stopped: datetime) -> None:
    alicia = enter(scene.alicia)
    made = json.loads(alicia.get(reverse("party:constancia"), {"formato": "json"}).content)
    assert made["minutos"] == 7 and [each["pedido"] for each in made["fallas"]] == ["PROPIO"]
    assert verify_constancia(made, authority_key().public_key()) == []
    paper = alicia.get(reverse("party:constancia"), {"formato": "pdf"})
    assert paper.content[:5] == b"%PDF-" and "CF-" in paper["Content-Disposition"]
    assert judge(paper.content).bytes < len(paper.content)


def test_a_failure_written_in_a_day_already_sealed_is_told_by_the_constancia(
    scene: Any, enter: Any, stopped: datetime, settings: Any
) -> None:
    """The log of failures is compared with its seals as that of the probe is, from the day before the span."""
    folder, day = folder_of(Path(settings.DATOS), FAILURES), stopped - timedelta(days=2)
    line = {"momento": instant_of(day), "fuente": "falla", "modulo": "partido", "pedido": "DE_ANTES", "persona": 0}
    append(folder, day, {**line, "operacion": "party:presentar", "estado": 503, "ms": 1.0})
    seal_ended(folder, authority_key(), day + timedelta(days=1))
    span = {"formato": "json", "desde": f"{day + timedelta(days=1):%d/%m/%Y}", "hasta": f"{stopped:%d/%m/%Y}"}
    alicia = enter(scene.alicia)
    assert json.loads(alicia.get(reverse("party:constancia"), span).content)["registro_alterado"] == []
    append(folder, day, {**line, "persona": scene.alicia.pk, "operacion": "party:presentar", "estado": 503, "ms": 1.0})
    told = json.loads(alicia.get(reverse("party:constancia"), span).content)["registro_alterado"]
    assert told == [f"{day.astimezone(UTC):%Y-%m-%d}"]


def test_a_seal_that_nobody_reads_stops_no_constancia_which_tells_its_day(
    scene: Any, enter: Any, stopped: datetime, settings: Any
) -> None:
    day = stopped.astimezone(UTC).date()
    folder_of(Path(settings.DATOS), FAILURES).mkdir(parents=True, exist_ok=True)
    (folder_of(Path(settings.DATOS), FAILURES) / f"{day}.sello.json").write_bytes(b"{")
    for kind in ("json", "pdf"):
        answer = enter(scene.alicia).get(reverse("party:constancia"), {"formato": kind})
        assert answer.status_code == 200
        if kind == "json":
            assert json.loads(answer.content)["registro_alterado"] == [f"{day}"]


def test_what_failed_in_the_session_that_asks_while_nobody_knew_whose_it_was_is_its_persons(
    scene: Any, enter: Any, stopped: datetime, settings: Any
) -> None:
    alicia = enter(scene.alicia)
    own = digest_of(alicia.cookies[settings.SESSION_COOKIE_NAME].value)
    for pedido, sesion in (("EN_VANO", own), ("DE_OTRA", "0" * 40), ("DE_NADIE", "")):
        line = {"momento": instant_of(stopped), "fuente": "falla", "modulo": "partido", "pedido": pedido, "persona": 0}
        line |= {"operacion": "party:firmas_enviadas", "estado": 503, "ms": 2.0}
        append(folder_of(Path(settings.DATOS), FAILURES), stopped, {**line, "sesion": sesion} if sesion else line)
    made = json.loads(alicia.get(reverse("party:constancia"), {"formato": "json"}).content)
    assert [each["pedido"] for each in made["fallas"]] == ["PROPIO", "EN_VANO"]
    again = json.loads(enter(scene.alicia).get(reverse("party:constancia"), {"formato": "json"}).content)
    assert [each["pedido"] for each in again["fallas"]] == ["PROPIO"]


def test_a_constancia_asked_for_again_and_again_fills_no_disk(
    scene: Any, enter: Any, stopped: datetime, settings: Any
) -> None:
    alicia, folder = enter(scene.alicia), Path(settings.DATOS) / "documentos"
    before = set(folder.glob("*"))
    for _ in range(2):
        alicia.get(reverse("party:constancia"), {"formato": "pdf"})
    assert set(folder.glob("*")) == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"desde": "04/06/2026", "hasta": "03/06/2026"}, "El periodo termina antes de empezar"),
        ({"desde": "01/01/2026", "hasta": "03/06/2026"}, "dura más de 31 días"),
        ({"desde": "99/99/2026", "hasta": "03/06/2026"}, "No es un día del calendario"),
        ({"desde": "01/01/2099", "hasta": "02/01/2099"}, "no ha empezado"),
    ],
)
def test_days_that_cannot_be_certified_are_told(scene: Any, enter: Any, asked: dict[str, str], said: str) -> None:
    answer = enter(scene.alicia).get(reverse("party:constancia"), asked)
    assert answer.status_code == 422 and said in answer.text
    assert enter(scene.alicia).get(reverse("party:constancia"), {**asked, "formato": "pdf"}).status_code == 422


def test_the_page_of_the_service_shows_its_history_also_while_the_database_is_stopped(
    client: Client, scene: Any, stopped: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Últimos treinta días" in client.get("/estado/").text

    def stops() -> None:
        raise OperationalError

    monkeypatch.setattr("sif.web.public.servicio.catalog.processes", stops)
    answer = client.get("/estado/")
    assert answer.status_code == 503 and "Últimos treinta días" in answer.text


@pytest.fixture
def measured(scene: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """The service measured from now on; gives what was written of it."""
    settings.MEDIR_DISPONIBILIDAD = True
    monkeypatch.setattr(logged, "METER", logged.Meter(lambda log: folder_of(Path(settings.DATOS), log)))

    def written() -> Any:
        logged._flush()
        now = datetime.now(UTC)
        return read(Path(settings.DATOS), now - timedelta(minutes=5), now + timedelta(minutes=1))

    return written


def test_who_looked_and_was_told_to_come_back_is_counted_apart_and_is_no_failure(
    client: Client, measured: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "GATE", load.Gate())
    load.GATE.mark_signed()
    with ExitStack() as inside:
        for _ in range(load.ROOM):
            inside.enter_context(load.GATE.within(load.Weight.LOOKS))
        assert client.get(reverse("public:candidaturas"), {"q": "algo"}).status_code == 503
    log = measured()
    (minute,) = (each for each in log.minutos if each.fuente == "paginas")
    assert (minute.modulo, minute.peticiones, minute.fallas, minute.por_carga) == ("portal", 1, 0, 1)
    assert log.fallas == ()


def test_a_request_is_measured_by_its_module_and_a_failed_one_at_once(
    client: Client, measured: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def breaks(*_given: object) -> None:
        raise OperationalError

    client.get(reverse("accesibilidad"))
    monkeypatch.setattr("sif.web.public.servicio.stages_of", breaks)
    assert client.get(reverse("accesibilidad")).status_code == 503
    log = measured()
    assert [(each.modulo, each.peticiones, each.fallas) for each in log.minutos if each.fuente == "paginas"] == [
        ("general", 2, 1)
    ]
    (failure,) = log.fallas
    assert (failure.operacion, failure.estado, failure.persona) == ("accesibilidad", 503, 0)
    assert len(failure.pedido) == 26


@pytest.mark.parametrize(
    ("desde", "hasta"), [("01/01/0001", "01/01/0001"), ("31/12/9999", "31/12/9999"), ("01/12/2026", "31/12/9999")]
)
def test_days_of_no_calendar_of_ours_are_refused_in_words(scene: Any, enter: Any, desde: str, hasta: str) -> None:
    page = enter(scene.alicia).get(reverse("party:constancia"), {"desde": desde, "hasta": hasta, "formato": "json"})
    assert page.status_code == 422
