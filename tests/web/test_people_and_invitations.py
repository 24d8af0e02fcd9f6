"""The page of people and permissions, and the page on which an invitation is accepted."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from sif.batch.claves import create_key, person_of
from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import may
from sif.registry.services import appoint, create_usuario

PAGE = "/cuenta/personas/"
WORDS = "gis-trueno-maceta-olmo"
Enter = Callable[[Any], Client]


def link_in(page: str) -> str:
    found = re.search(r"/cuenta/invitacion/[\w-]{43}/", page)
    assert found
    return found[0]


def test_the_responsable_invites_and_the_person_enters(scene: Any, enter: Enter) -> None:
    client = enter(scene.alicia)
    sujeto = Nombramiento.objects.get(usuario=scene.alicia).sujeto
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "capturista", "sujeto": sujeto.pk}
    link = link_in(client.post(PAGE, given, follow=True).text)
    stranger = Client(headers={"accept-language": "es-MX"})
    assert "nora.paz" in stranger.get(link).text
    assert stranger.post(link, {"password1": "123456", "password2": "123456"}).status_code == 422
    assert stranger.post(link, {"password1": WORDS, "password2": WORDS + "x"}).status_code == 422
    assert stranger.post(link, {"password1": WORDS, "password2": WORDS})["Location"] == "/cuenta/login/"
    assert stranger.post("/cuenta/login/", {"login": "nora.paz", "password": WORDS}).status_code == 302
    assert stranger.get("/partido/").status_code == 200
    assert stranger.get(link).status_code == 404
    assert stranger.get(PAGE).status_code == 403
    assert "Nora Paz" in client.get(PAGE).text


def test_a_second_press_makes_no_second_link_and_the_link_is_shown_once(scene: Any, enter: Enter) -> None:
    client = enter(scene.alicia)
    sujeto = Nombramiento.objects.get(usuario=scene.alicia).sujeto
    page = client.get(PAGE).text
    assert "SujetoObligado object" not in page
    assert sujeto.nombre in page
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "capturista", "sujeto": sujeto.pk}
    assert client.post(PAGE, given).status_code == 302
    assert "sin usar" in client.post(PAGE, given).text
    link_in(client.get(PAGE).text)
    assert not re.search(r"/cuenta/invitacion/[\w-]{43}/", client.get(PAGE).text)


def test_a_person_with_an_account_gets_a_second_role_and_no_second_account(scene: Any, enter: Enter) -> None:
    nora = create_usuario("nora", "Nora Paz", WORDS, rfc="PANO800101AB5")
    appoint(nora, Nombramiento.Rol.CAPTURISTA, scene.rival)
    given = {
        "nombre": "Otra",
        "username": "otra",
        "rol": "consulta",
        "sujeto": scene.partido.pk,
        "rfc": "pano-800101ab5",
    }
    client = enter(scene.alicia)
    refused = client.post(PAGE, given)
    assert refused.status_code == 422
    assert 'name="dar"' in refused.text
    assert "Nora Paz" not in refused.text
    assert "Nora Paz tiene una función más" in client.post(PAGE, {**given, "dar": "1"}, follow=True).text
    assert may(nora, "consultar", sujeto=scene.partido)
    assert not Usuario.objects.filter(username="otra").exists()
    assert 'name="dar"' not in client.post(PAGE, {**given, "rfc": "PANO800101"}).text


def test_a_stranger_is_refused(scene: Any, enter: Enter) -> None:
    assert Client().get(PAGE)["Location"].startswith("/cuenta/login/")
    person = Usuario.objects.exclude(pk=scene.alicia.pk).first()
    assert person
    for address in (f"{PAGE}{person.pk}/enlace/", f"{PAGE}{person.pk}/deshabilitar/"):
        assert Client().post(address).status_code == 403
        assert enter(scene.alicia).get(address).status_code == 405
    carla = Nombramiento.objects.filter(rol="responsable_finanzas").exclude(usuario=scene.alicia).first()
    assert carla
    assert enter(scene.alicia).post(f"{PAGE}{carla.usuario_id}/deshabilitar/").status_code == 404


def test_a_role_that_one_cannot_give_is_refused(scene: Any, enter: Enter) -> None:
    answer = enter(scene.alicia).post(PAGE, {"nombre": "Nora", "username": "nora", "rol": "auditor"})
    assert answer.status_code == 422
    assert not Usuario.objects.filter(username="nora").exists()


def test_an_appointment_is_ended_with_its_reason_and_the_account_stays(scene: Any, enter: Enter) -> None:
    sujeto = Nombramiento.objects.get(usuario=scene.alicia).sujeto
    nora = create_usuario("nora", "Nora Paz", WORDS)
    theirs = appoint(nora, Nombramiento.Rol.CAPTURISTA, sujeto)
    end, client = f"/cuenta/nombramientos/{theirs.pk}/terminar/", enter(scene.alicia)
    assert end in client.get(PAGE).text
    assert client.get(end).status_code == 405
    assert Client().post(end, {"motivo": "x"}).status_code == 403
    assert enter(scene.carla).post(end, {"motivo": "x"}).status_code == 404
    own = Nombramiento.objects.get(usuario=scene.alicia)
    assert client.post(f"/cuenta/nombramientos/{own.pk}/terminar/", {"motivo": "x"}).status_code == 404
    assert "Escriba por qué termina" in client.post(end, {"motivo": " "}, follow=True).text
    assert may(nora, "capturar", sujeto=sujeto)
    done = client.post(end, {"motivo": "Terminó la campaña"}, follow=True).text
    assert "El nombramiento terminó" in done
    assert "Sin función hoy" in done
    assert not may(nora, "capturar", sujeto=sujeto)
    assert enter(nora).get("/partido/").status_code == 403
    nora.refresh_from_db()
    assert nora.is_active


def test_a_disabled_person_is_out_at_once_with_sessions_and_keys(scene: Any, enter: Enter) -> None:
    sujeto = Nombramiento.objects.get(usuario=scene.alicia).sujeto
    nora = create_usuario("nora", "Nora Paz", WORDS)
    appoint(nora, Nombramiento.Rol.CAPTURISTA, sujeto)
    theirs, key = enter(nora), create_key(nora, "programa").texto
    assert theirs.get("/partido/").status_code == 200
    assert enter(scene.alicia).post(f"{PAGE}{nora.pk}/deshabilitar/").status_code == 302
    assert theirs.get("/partido/").status_code == 302
    assert person_of(key) is None
    entry = Client().post("/cuenta/login/", {"login": "nora", "password": WORDS})
    assert entry.status_code == 200 or "inactive" in entry["Location"]
    link = link_in(enter(scene.alicia).post(f"{PAGE}{nora.pk}/enlace/", follow=True).text)
    assert Client().post(link, {"password1": WORDS, "password2": WORDS}).status_code == 302
    assert Client().post("/cuenta/login/", {"login": "nora", "password": WORDS})["Location"] == "/mesa/"
