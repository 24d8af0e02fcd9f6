"""A forgotten password by mail: the same answer to anybody, one link for an hour, and the second factor as ever."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, transaction
from django.test import Client

from mailed import Office, text_of
from scene import PASSWORD
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.sending import send_due
from sif.registry import clock, invitations
from sif.registry.models import Invitacion
from sif.registry.scope import acting, registering

PAGE = "/cuenta/password/reset/"
NEW = "gis-trueno-maceta-olmo"
Enter = Callable[[Any], Client]


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(headers={"accept-language": "es-MX"})


def said(client: Client, username: str) -> str:
    answer = client.post(PAGE, {"usuario": username})
    assert answer.status_code == 200
    return re.sub(r"csrfmiddlewaretoken[^>]*|nonce=.[^ >]*", "", answer.text)


def links(office: Office) -> list[str]:
    send_due()
    path = re.compile(r"https://sif\.instituto\.mx(/cuenta/invitacion/[\w-]{43}/)")
    found = [path.search(text_of(message)) for _to, message in office.taken]
    return [each[1] for each in found if each]


def test_the_link_of_an_hour_writes_another_password_once(scene: Any, visitor: Client, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    within = Client()
    within.post("/cuenta/login/", {"login": scene.bruno.username, "password": PASSWORD})
    assert "una hora" in said(visitor, scene.bruno.username.upper())
    (link,) = links(office)
    assert "su contraseña sigue siendo la misma" in text_of(office.taken[-1][1])
    assert visitor.post(link, {"password1": NEW, "password2": NEW})["Location"] == "/cuenta/login/"
    assert visitor.get(link).status_code == 404
    assert within.get("/partido/").status_code == 302  # other sessions end
    assert visitor.post("/cuenta/login/", {"login": scene.bruno.username, "password": PASSWORD}).status_code == 200
    assert visitor.post("/cuenta/login/", {"login": scene.bruno.username, "password": NEW}).status_code == 302
    assert visitor.get("/partido/").status_code == 200


def test_anybody_is_answered_the_same(scene: Any, visitor: Client, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    keep_address(scene.dario, "dario@instituto.mx", "es-mx")
    send_due()
    told = {said(visitor, name) for name in (scene.bruno.username, scene.dario.username, "nadie", scene.carla.username)}
    assert len(told) == 1
    assert [to for to, _m in office.taken if _m["subject"].startswith("Enlace")] == []
    assert len(links(office)) == 1  # neither of the authority nor of who gave no address
    assert set(Invitacion.objects.values_list("usuario", flat=True)) == {scene.bruno.pk}


def test_a_second_link_ends_the_first_and_an_hour_ends_both(scene: Any, visitor: Client, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    for _ in range(2):
        said(visitor, scene.bruno.username)
    first, second = links(office)
    assert visitor.get(first).status_code == 404 and visitor.get(second).status_code == 200
    with clock.at(clock.now() + timedelta(hours=1)):
        assert visitor.get(second).status_code == 404


@pytest.mark.parametrize("cure", ["address", "password", "link"])
def test_the_link_ends_with_what_its_person_changes(
    scene: Any, enter: Enter, visitor: Client, office: Office, cure: str
) -> None:
    keep_address(scene.bruno, "viejo@ejemplo.mx", "es-mx")
    said(visitor, scene.bruno.username)
    (link,) = links(office)
    if cure == "address":
        assert enter(scene.bruno).post("/cuenta/correo/", {"correo": "nuevo@ejemplo.mx"}).status_code == 302
    elif cure == "password":
        within = Client()
        within.post("/cuenta/login/", {"login": scene.bruno.username, "password": PASSWORD})
        changed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        assert within.post("/cuenta/password/change/", changed).status_code == 302
    else:
        with registering(scene.alicia.pk):
            other = invitations.renew(scene.bruno, scene.alicia)
        assert visitor.post(f"/cuenta/invitacion/{other}/", {"password1": NEW, "password2": NEW}).status_code == 302
    assert visitor.get(link).status_code == 404


def test_blanks_around_a_name_are_no_other_account(scene: Any, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    for n in range(8):
        typed = scene.bruno.username + "\t" * n + " " * 150 + "x"
        Client(REMOTE_ADDR=f"10.0.{n}.1").post(PAGE, {"usuario": typed})
    assert Invitacion.objects.count() == 3


def test_attempts_are_bounded_by_account_and_by_network(scene: Any, visitor: Client, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    for _ in range(5):
        said(visitor, scene.bruno.username)
    assert Invitacion.objects.count() == 3
    answer = visitor.post(PAGE, {"usuario": scene.bruno.username})
    assert answer.status_code == 429 and "Vuelva en una hora" in answer.text


def test_the_second_factor_is_asked_all_the_same(scene: Any, visitor: Client, office: Office) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    with registering():
        Authenticator.objects.create(user=scene.bruno, type="totp", data={"secret": "x"})
    said(visitor, scene.bruno.username)
    (link,) = links(office)
    visitor.post(link, {"password1": NEW, "password2": NEW})
    entered = visitor.post("/cuenta/login/", {"login": scene.bruno.username, "password": NEW})
    assert "/2fa/" in entered["Location"] and visitor.get("/partido/").status_code == 302


def test_a_disabled_account_is_not_opened_by_its_own_link(
    scene: Any, enter: Enter, visitor: Client, office: Office
) -> None:
    keep_address(scene.bruno, "bruno@ejemplo.mx", "es-mx")
    said(visitor, scene.bruno.username)
    (link,) = links(office)
    with registering():
        type(scene.bruno).objects.filter(pk=scene.bruno.pk).update(is_active=False)
    assert visitor.post(link, {"password1": NEW, "password2": NEW}).status_code == 404
    said(visitor, scene.bruno.username)
    assert Invitacion.objects.count() == 1


def test_the_database_takes_no_own_link_of_the_authority_nor_one_for_another(scene: Any, as_served: None) -> None:
    for maker, person in ((scene.dario, scene.dario), (scene.bruno, scene.carla)):
        with pytest.raises(DatabaseError, match="enlace"), transaction.atomic(), acting():
            invitations.make_link(maker, usuario=person)


def test_who_gives_links_sees_no_link_that_another_asked_for_themself(
    scene: Any, enter: Enter, visitor: Client, office: Office
) -> None:
    keep_address(scene.alicia, "alicia@ejemplo.mx", "es-mx")
    said(visitor, scene.alicia.username)
    assert "contraseña nueva" not in enter(scene.alicia).get("/cuenta/personas/").text
    assert Mensaje.objects.filter(clase="enlace").count() == 1
