"""What the outbox of a browser sends is received once, with its own hour beside that of the server."""

import base64
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.filing.models import Compromiso, Presentacion
from sif.filing.presenting import complete_waiting
from sif.registry import clock
from sif.registry.scope import everything
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD
from sif.web.load import FULL, GATE, Weight
from sif.web.party.informes import salida
from sif.web.signing import MOST_SIGNED

SAID = "2024-05-03T05:59:12.345Z"


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    scene.post(scene.expense("1,500.25"))
    client: Client = enter(scene.alicia)
    client.post(reverse("party:generar", args=[scene.libros.pk, "IC", 1]))
    return client


@pytest.fixture
def sent(scene: Any, alicia: Client, settings: Any) -> dict[str, str]:
    """What the page keeps: certificate, folio, seal and the hour of its computer."""
    folder = settings.DATOS / "certificados" / "efirmas"
    cer, key = ((folder / f"{scene.alicia.rfc}.{end}").read_bytes() for end in ("cer", "key"))
    given = {"certificado": base64.b64encode(cer).decode()}
    asked = alicia.post(
        reverse("party:cadena", args=[scene.libros.pk, "IC", 1, 1]), given, headers={"accept": "application/json"}
    )
    (cadena,) = asked.json()["cadenas"]
    seal = sign(cadena["cadena"], open_key(key, DEMO_PASSWORD))
    return {**given, "folio": cadena["folio"], "sello": seal, "firmado_el": SAID}


def test_a_signature_kept_in_a_browser_is_presented_once_with_both_hours(
    scene: Any, alicia: Client, sent: dict[str, str]
) -> None:
    first, again = (alicia.post(reverse("party:firmas_enviadas"), sent) for _ in range(2))
    acuse = reverse("party:acuse", args=[scene.libros.pk, "IC", 1, 1])
    assert first.json() == again.json() == {"problemas": [], "hechos": [sent["folio"]], "ir": acuse}
    with everything():
        kept, made = Compromiso.objects.get(), Presentacion.objects.get()
    assert kept.firmado_el == datetime.fromisoformat(SAID) and made.recibida_el == kept.recibido_el <= clock.now()
    page = alicia.get(acuse).text
    assert "Hora según la computadora de quien firmó" in page and "2 de mayo de 2024, 23:59:12" in page


def test_who_entered_long_ago_presents_with_a_seal_at_once(
    scene: Any, alicia: Client, sent: dict[str, str], settings: Any
) -> None:
    settings.ACT_SECONDS = 0  # every entry is old
    answer = alicia.post(reverse("party:presentar", args=[scene.libros.pk, "IC", 1, 1]), sent)
    assert answer["Location"] == reverse("party:acuse", args=[scene.libros.pk, "IC", 1, 1])
    with everything():
        assert Presentacion.objects.get().recibida_el <= clock.now()


def test_an_hour_that_nobody_reads_is_none_and_stops_nothing(alicia: Client, sent: dict[str, str]) -> None:
    assert alicia.post(reverse("party:firmas_enviadas"), {**sent, "firmado_el": "mañana"}).status_code == 200
    with everything():
        assert Compromiso.objects.get().firmado_el is None


def test_what_does_not_hold_or_is_of_others_is_answered_and_not_kept(
    scene: Any, enter: Any, alicia: Client, sent: dict[str, str]
) -> None:
    seal, place = sent["sello"], reverse("party:firmas_enviadas")
    spoilt = alicia.post(place, {**sent, "sello": f"{'B' if seal[0] == 'A' else 'A'}{seal[1:]}"})
    empty = alicia.post(place, {"folio": sent["folio"], "sello": seal})
    other = enter(scene.carla).post(place, sent)
    for answer, said in (
        (spoilt, "no corresponde a su contenido"),
        (empty, "No eligió su certificado"),
        (other, "no es de sus contabilidades"),
    ):
        assert answer.status_code == 422 and said in answer.json()["problemas"][0]
    with everything():
        assert not Compromiso.objects.exists()


def test_of_several_it_is_said_which_were_done_and_why_the_rest_were_not(alicia: Client, sent: dict[str, str]) -> None:
    both = {**sent, "folio": [sent["folio"], "IC-AJENO"], "sello": [sent["sello"]] * 2}
    answer = alicia.post(reverse("party:firmas_enviadas"), both)
    told = answer.json()
    assert answer.status_code == 422 and told["hechos"] == [sent["folio"]]
    assert len(told["problemas"]) == 1 and "IC-AJENO no es de sus contabilidades" in told["problemas"][0]
    with everything():
        assert Presentacion.objects.count() == 1


def test_once_the_books_of_one_are_busy_the_rest_are_left_to_the_worker(
    alicia: Client, sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with everything():
        alicia.post(reverse("party:firmas_enviadas"), sent)
        made = Presentacion.objects.get()
        one = Compromiso.objects.get()
    asked: list[bool] = []

    def is_busy(one: Presentacion | Compromiso, *, later: bool) -> Presentacion | Compromiso:
        if isinstance(one, Compromiso):
            asked.append(later)
        return one

    monkeypatch.setattr(salida, "present_kept", is_busy)
    done, _halves, waiting, problems = salida._presented([made, one, one])
    assert (len(done), waiting, problems, asked) == (3, 2, [], [False, True])


@pytest.mark.parametrize(
    ("folios", "seals", "said"),
    [
        (MOST_SIGNED + 1, MOST_SIGNED + 1, "Eligió 151 informes; en un acto se firman 150"),
        (2, 1, "Llegaron 2 folios y 1 sellos"),
    ],
)
def test_what_would_lose_a_signature_is_refused_whole(
    alicia: Client, sent: dict[str, str], folios: int, seals: int, said: str
) -> None:
    many = {**sent, "folio": [sent["folio"]] * folios, "sello": [sent["sello"]] * seals}
    answer = alicia.post(reverse("party:firmas_enviadas"), many)
    assert answer.status_code == 422 and answer.json()["hechos"] == [] and said in answer.json()["problemas"][0]
    with everything():
        assert not Compromiso.objects.exists()


def test_the_authority_and_the_person_see_what_arrived_until_its_acuse_is_made(
    scene: Any, enter: Any, alicia: Client, sent: dict[str, str]
) -> None:
    dario, page = enter(scene.dario), reverse("auditor:firmas")
    assert "Ninguna firma de esta etapa" in dario.get(page).text
    with ExitStack() as inside:
        for _ in range(FULL):
            inside.enter_context(GATE.within(Weight.SIGNS))
        report = alicia.post(reverse("party:firmas_enviadas"), sent).json()["ir"]
    assert sent["folio"] in dario.get(page).text and "Espera su acuse" in alicia.get(report).text
    assert enter(scene.carla).get(page).status_code == 403
    with everything():
        assert complete_waiting() == 1
    assert sent["folio"] not in dario.get(page).text and "Espera su acuse" not in alicia.get(report).text


def test_what_came_too_late_stays_in_sight_with_its_reason(
    scene: Any, enter: Any, alicia: Client, sent: dict[str, str]
) -> None:
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert "más de 30 minutos" in alicia.post(reverse("party:firmas_enviadas"), sent).json()["problemas"][0]
    for client, page in (
        (enter(scene.dario), reverse("auditor:firmas")),
        (alicia, reverse("party:informe", args=[scene.libros.pk, "IC", 1])),
    ):
        assert "más de 30 minutos" in client.get(page).text
