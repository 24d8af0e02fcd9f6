"""What the door must hold whatever the library beneath it does: passwords, factors, sessions, exits."""

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

import config.settings
from rfcs import new_rfc
from scene import PASSWORD
from sif.batch.claves import create_key
from sif.registry import invitations, passwords, proposals
from sif.registry.models import Nombramiento, Usuario
from sif.registry.scope import registering
from sif.registry.services import appoint, create_usuario
from sif.web.fields import text_field
from web.codes import code_now

RIGHT = "gis-trueno-maceta-olmo"
LONG = "una frase larga de muchas palabras que alguien recuerda sin escribirla en un papel de su escritorio"


@pytest.fixture
def eva(db: None) -> Usuario:
    person = create_usuario("eva", "Eva Mora", RIGHT)
    appoint(person, Nombramiento.Rol.AUDITOR)
    return person


def enter(user: Usuario, password: str = RIGHT) -> tuple[Client, Any]:
    client = Client(headers={"accept-language": "es-MX"})
    return client, client.post("/cuenta/login/", {"login": user.username, "password": password})


def with_codes(user: Usuario) -> str:
    secret = totp.generate_totp_secret()
    with registering():
        totp.TOTP.activate(user, secret)
    return str(secret)


def test_the_old_password_is_asked_before_a_new_one(eva: Usuario) -> None:
    client, _ = enter(eva)
    form = {"oldpassword": "otra", "password1": LONG, "password2": LONG}
    assert client.post("/cuenta/password/change/", form).status_code in (200, 422)
    eva.refresh_from_db()
    assert eva.check_password(RIGHT)
    assert client.post("/cuenta/password/change/", {**form, "oldpassword": RIGHT}).status_code == 302
    eva.refresh_from_db()
    assert eva.check_password(LONG)


def test_the_list_of_published_passwords_holds_more_than_the_most_used() -> None:
    assert len(passwords._common()) // passwords.WIDTH >= 3000
    assert all(passwords.is_breached(each) for each in ("password1234", "qwertyuiop12", "123456789012"))


def test_fields_of_passwords_are_masked_and_let_managers_fill_them(db: None) -> None:
    page = Client().get("/cuenta/login/").text
    field = page[page.index('name="password"') - 200 : page.index('name="password"') + 200]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page
    assert 'autocomplete="off"' not in page


def test_a_password_is_taken_to_its_last_letter(db: None) -> None:
    person = create_usuario("larga", "Lara Gaos", LONG)
    assert enter(person, LONG[:-1])[1].status_code != 302
    assert enter(person, LONG.upper())[1].status_code != 302
    assert enter(person, LONG)[1].status_code == 302


def test_a_password_does_not_expire(eva: Usuario) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365)):
        assert enter(eva)[1].status_code == 302


def test_passwords_are_kept_by_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = importlib.reload(config.settings).PASSWORD_HASHERS
    assert make_password(RIGHT).startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")


def test_a_new_password_by_link_keeps_the_factor(eva: Usuario) -> None:
    one, two = (create_usuario(name, name, RIGHT, rfc=new_rfc()) for name in ("hugo", "olga"))
    for administrator in (one, two):
        appoint(administrator, Nombramiento.Rol.ADMINISTRADOR)
    with_codes(eva)
    invitations.accept(proposals.approve(proposals.propose_link(eva, one), two), LONG)
    assert Authenticator.objects.filter(user=eva, type="totp").exists()
    assert enter(eva, LONG)[1]["Location"].startswith("/cuenta/2fa/authenticate/")


def test_a_code_of_an_earlier_minute_does_not_serve(eva: Usuario) -> None:
    secret = with_codes(eva)
    now = timezone.now()
    with time_machine.travel(now - timedelta(minutes=2), tick=False):
        old = code_now(secret)
    client, _ = enter(eva)
    assert client.post("/cuenta/2fa/authenticate/", {"code": old}).status_code != 302


def test_recovery_codes_are_ten_long_random_and_each_serves_once(eva: Usuario) -> None:
    with_codes(eva)
    with registering():
        codes = RecoveryCodes.activate(eva)
    every = codes.get_unused_codes()
    assert len(set(every)) == 10
    assert all(len(code) >= 8 for code in every)
    with registering():
        assert codes.validate_code(every[0])
        assert not codes.validate_code(every[0])


def test_a_session_is_new_at_entry_random_and_long(eva: Usuario) -> None:
    client = Client()
    client.get("/cuenta/login/")
    before = client.session.session_key
    client.post("/cuenta/login/", {"login": "eva", "password": RIGHT})
    after = client.session.session_key
    assert after is not None and after != before
    assert len(client.cookies["sessionid"].value) == 32
    assert not Session.objects.filter(session_key=before or "").exists()


@pytest.mark.parametrize("way", ["contraseña", "código", "código de recuperación"])
def test_each_proof_of_who_one_is_gives_the_session_a_new_name_and_ends_the_old(eva: Usuario, way: str) -> None:
    client, _ = enter(eva)
    address, given = "/cuenta/reauthenticate/", {"password": RIGHT}
    if way != "contraseña":
        secret, address = with_codes(eva), "/cuenta/2fa/reauthenticate/"
        given = {"code": code_now(secret)}
    if way == "código de recuperación":
        with registering():
            given = {"code": RecoveryCodes.activate(eva).get_unused_codes()[0]}
    old = client.cookies["sessionid"].value
    assert client.post(address, given).status_code == 302
    assert client.cookies["sessionid"].value != old
    assert client.get("/cuenta/sessions/").status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get("/cuenta/sessions/")["Location"].startswith("/cuenta/login/")
    assert list(UserSession.objects.values_list("session_key")) == list(Session.objects.values_list("session_key"))


def test_a_code_at_the_entry_gives_the_session_a_new_name(eva: Usuario) -> None:
    secret = with_codes(eva)
    client, _ = enter(eva)
    half = client.cookies["sessionid"].value
    assert client.post("/cuenta/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
    assert client.cookies["sessionid"].value != half


def test_the_exit_is_in_sight_on_every_desk_and_clears_the_browser(
    eva: Usuario, scene: Any, enter: Callable[[Any], Client]
) -> None:
    for person, address in ((eva, "/auditoria/"), (scene.alicia, "/partido/"), (eva, "/cuenta/sessions/")):
        client = enter(person)
        answer = client.get(address)
        assert 'action="/cuenta/logout/"' in answer.text, address
        assert "no-store" in answer["Cache-Control"], address
        assert "cache" in client.post("/cuenta/logout/")["Clear-Site-Data"]


def test_the_answer_to_a_key_of_programs_is_not_kept_on_the_way(scene: Any) -> None:
    key = create_key(scene.alicia, "Contpaq").texto
    answer = Client().get("/api/v1/contabilidades", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "no-store" in Client().get("/api/v1/contabilidades", headers={"authorization": "Bearer x"})["Cache-Control"]


@pytest.mark.parametrize("mark", ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\u202e", "\u2066", "\u2069"])
def test_what_is_no_text_or_turns_the_reading_is_refused_at_the_edge(
    mark: str, scene: Any, enter: Callable[[Any], Client]
) -> None:
    """A name that is read otherwise than it is written would stand in an oficio or in a file as another."""
    client = enter(scene.alicia)
    assert client.get("/partido/polizas/", {"q": f"a{mark}b"}).status_code == 400
    assert client.post("/partido/proveedores/nuevo/", {"nombre": f"Impresos{mark}xslx"}).status_code == 400
    assert client.post("/partido/proveedores/nuevo/", {"nombre": "Impresos del Valle\t1\r\n2"}).status_code == 422


@pytest.mark.parametrize("name", ["\u200e", " \u200b\u2060 ", "\u3164", "\u2800"])
def test_a_name_of_marks_that_are_not_seen_is_refused_at_the_edge(
    name: str, scene: Any, enter: Callable[[Any], Client]
) -> None:
    """Who is called by nothing would show as a blank where a person must be told from another."""
    client = enter(scene.alicia)
    assert client.post("/partido/proveedores/nuevo/", {"nombre": name}).status_code == 400
    for seen in ("  ", f"Ana{name}Luna"):
        assert client.post("/partido/proveedores/nuevo/", {"nombre": seen}).status_code == 422


def test_a_field_of_one_line_holds_one_line() -> None:
    """What no browser sends would go on into the name of a file and the heads of its answer."""
    assert text_field("Folio").clean("CEP\r\nX-Otro: 1") == "CEP X-Otro: 1"


def test_nothing_is_decoded_twice(eva: Usuario, scene: Any, enter: Callable[[Any], Client]) -> None:
    client = enter(scene.alicia)
    page = client.get("/partido/polizas/?q=%253Cb%253E").text
    assert "%3Cb%3E" in page
    assert "&lt;b&gt;" not in page


@pytest.mark.parametrize(
    "asked", ["javascript:alert(1)", "//otro.ejemplo.mx/", "https://otro.ejemplo.mx/", "data:text/html,x"]
)
def test_no_address_given_by_others_becomes_a_link_or_an_exit(
    scene: Any, enter: Callable[[Any], Client], asked: str
) -> None:
    client = enter(scene.alicia)
    for page in ("/idioma/en/", "/tema/oscuro/"):
        assert client.get(page, {"volver": asked})["Location"] == "/"
    entry = Client().get("/cuenta/login/", {"next": asked}).text
    assert f'href="{asked}' not in entry
    gone = Client().post(f"/cuenta/login/?next={asked}", {"login": scene.alicia.username, "password": PASSWORD})
    assert asked not in gone.get("Location", "")


def test_a_parameter_given_twice_is_no_failure_and_the_last_counts(scene: Any, enter: Callable[[Any], Client]) -> None:
    answer = enter(scene.alicia).get("/partido/polizas/?q=uno&q=dos")
    assert answer.status_code == 200
    assert 'value="dos"' in answer.text
    assert 'value="uno"' not in answer.text
