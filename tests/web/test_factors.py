"""Second factors by role, sessions that end, and what a change of credential ends."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from sif.batch.claves import create_key, key_of
from sif.registry.models import Nombramiento, Suceso, Usuario
from sif.registry.scope import registering
from sif.registry.services import appoint, create_usuario
from sif.web.accounts.factors import FactorSealed, drop_sealed_factors, sealed_factors
from web.codes import code_now

RIGHT = "gis-trueno-maceta-olmo"
OWN = "/cuenta/sessions/"  # a page that anybody who entered may open
Rol = Nombramiento.Rol


@pytest.fixture
def dario(db: None) -> Usuario:
    person = create_usuario("dario", "Darío Luna", RIGHT)
    appoint(person, Rol.AUDITOR)
    return person


def entered(user: Usuario) -> Client:
    client = Client(headers={"accept-language": "es-MX"})
    assert client.post("/cuenta/login/", {"login": user.username, "password": RIGHT}).status_code == 302
    return client


def test_a_role_that_needs_a_factor_opens_nothing_until_it_has_one(dario: Usuario, settings: Any) -> None:
    settings.MFA_ROLES = frozenset({Rol.AUDITOR})
    client = entered(dario)
    for address in ("/auditoria/", "/mesa/", OWN, "/cuenta/password/change/"):
        assert client.get(address)["Location"] == "/cuenta/2fa/"
    assert client.get("/auditoria/", headers={"HX-Request": "true"})["HX-Redirect"] == "/cuenta/2fa/"
    page = client.get("/cuenta/2fa/").text
    assert "/cuenta/2fa/totp/activate/" in page and "no se exige" not in page
    with registering():
        Authenticator.objects.create(user=dario, type="totp", data={"secret": "x"})
    assert client.get(OWN).status_code == 200
    other = create_usuario("alicia", "Alicia", RIGHT)
    assert entered(other).get("/mesa/").status_code == 200


def test_where_no_role_is_bound_its_page_says_that_none_is(dario: Usuario, settings: Any) -> None:
    settings.MFA_ROLES = frozenset()
    client = entered(dario)
    assert client.get("/auditoria/").get("Location") != "/cuenta/2fa/"
    assert "En esta instalación de ensayo no se exige" in " ".join(client.get("/cuenta/2fa/").text.split())


def test_the_key_of_a_person_without_the_factor_is_refused(dario: Usuario, settings: Any) -> None:
    key = {"Authorization": f"Bearer {create_key(dario, 'programa').texto}"}
    assert Client().get("/api/v1/contabilidades", headers=key).status_code == 200
    settings.MFA_ROLES = frozenset({Rol.AUDITOR})
    refused = Client().get("/api/v1/contabilidades", headers=key)
    assert refused.status_code == 403
    assert "segundo factor" in refused.json()["detail"]


def test_a_code_is_asked_at_the_entry_and_works_once(dario: Usuario) -> None:
    client = entered(dario)
    client.post("/cuenta/reauthenticate/", {"password": RIGHT})
    form = client.get("/cuenta/2fa/totp/activate/")
    secret = form.context["form"].secret
    assert client.post("/cuenta/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    kept = Authenticator.objects.get(user=dario, type="totp").data["secret"]
    assert secret not in kept
    assert kept.startswith("gAAAA")
    first, second = Client(), Client()
    for each in (first, second):
        asked = each.post("/cuenta/login/", {"login": "dario", "password": RIGHT})
        assert asked["Location"] == "/cuenta/2fa/authenticate/"
    code = code_now(secret)
    answers = [each.post("/cuenta/2fa/authenticate/", {"code": code}).status_code for each in (first, second)]
    assert answers.count(302) <= 1  # one code enters once, in whichever process it arrives
    assert answers[1] == 200


def test_whose_factor_is_taken_away_while_the_code_is_asked_enters_anew(dario: Usuario) -> None:
    with registering():
        totp.TOTP.activate(dario, totp.generate_totp_secret())
    client = Client(headers={"accept-language": "es-MX"})
    asked = client.post("/cuenta/login/", {"login": "dario", "password": RIGHT})
    assert asked["Location"] == "/cuenta/2fa/authenticate/"
    with registering():
        Authenticator.objects.filter(user=dario).delete()
    page = client.get("/cuenta/login/", follow=True)
    assert page.redirect_chain == [("/cuenta/2fa/authenticate/", 302), ("/cuenta/login/", 302)]
    assert page.status_code == 200 and "Su cuenta ya no pide un código." in page.text
    assert client.post("/cuenta/login/", {"login": "dario", "password": RIGHT}).status_code == 302
    assert client.get("/mesa/", follow=True).redirect_chain == [("/auditoria/", 302)]


def test_a_secret_opens_with_an_older_key_and_not_with_another(dario: Usuario, settings: Any) -> None:
    from allauth.mfa.adapter import get_adapter

    settings.FACTOR_KEYS = ["antigua"]
    kept = get_adapter().encrypt("secreto")
    settings.FACTOR_KEYS = ["nueva", "antigua"]
    assert get_adapter().decrypt(kept) == "secreto"
    settings.FACTOR_KEYS = ["nueva"]
    with pytest.raises(FactorSealed, match="SIF_LLAVE_MFA"):
        get_adapter().decrypt(kept)


@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_a_code_under_another_key_is_refused_in_words_and_works_again_with_its_key(
    dario: Usuario, settings: Any, kind: str
) -> None:
    settings.FACTOR_KEYS = ["antigua"]
    secret = totp.generate_totp_secret()
    with registering():
        totp.TOTP.activate(dario, secret)
        recovery = RecoveryCodes.activate(dario)
    code = code_now(secret) if kind == "totp" else recovery.get_unused_codes()[0]
    settings.FACTOR_KEYS = ["nueva"]
    client = Client(raise_request_exception=False, headers={"accept-language": "es-MX"})
    client.post("/cuenta/login/", {"login": "dario", "password": RIGHT})
    refused = client.post("/cuenta/2fa/authenticate/", {"code": code})
    assert refused.status_code == 503
    assert "Su segundo factor no se puede comprobar" in refused.content.decode()
    settings.FACTOR_KEYS = ["nueva", "antigua"]
    assert client.post("/cuenta/2fa/authenticate/", {"code": code}).status_code == 302


@pytest.mark.parametrize("after", [0, 20, 40])
def test_a_code_serves_once_however_long_its_phone_would_take_it(dario: Usuario, after: int) -> None:
    """The library forgets in 30 seconds that a code was used, and takes it for up to 90."""
    secret = totp.generate_totp_secret()
    with registering():
        totp.TOTP.activate(dario, secret)
    start = datetime.fromtimestamp(int(time()) // 30 * 30 + 29, UTC)
    with time_machine.travel(start, tick=False) as clock:
        early = totp.format_hotp_value(totp.hotp_value(secret, int(start.timestamp()) // 30 - 1))
        code = totp.format_hotp_value(totp.hotp_value(secret, int(start.timestamp()) // 30 + 1))
        assert _at_the_code(code).status_code == 302
        clock.shift(after)
        for spent in (code, early):
            again = _at_the_code(spent)
            assert again.status_code == 200 and "csrfmiddlewaretoken" in again.text
    assert Authenticator.objects.get(user=dario).last_used_at == start


def _at_the_code(code: str) -> Any:
    client = Client()
    client.post("/cuenta/login/", {"login": "dario", "password": RIGHT})
    return client.post("/cuenta/2fa/authenticate/", {"code": code})


def test_a_recovery_code_serves_once_at_the_door(dario: Usuario) -> None:
    with registering():
        totp.TOTP.activate(dario, totp.generate_totp_secret())
        codes = RecoveryCodes.activate(dario).get_unused_codes()
    assert [_at_the_code(each).status_code for each in (codes[0], codes[0], codes[1])] == [302, 200, 302]


def test_factors_under_a_lost_key_are_named_and_erased_and_the_others_stay(dario: Usuario, settings: Any) -> None:
    settings.FACTOR_KEYS = ["perdida"]
    with registering():
        totp.TOTP.activate(dario, totp.generate_totp_secret())
        RecoveryCodes.activate(dario)
    other = create_usuario("elena", "Elena Reyes", RIGHT)
    settings.FACTOR_KEYS = ["nueva"]
    with registering():
        kept = totp.TOTP.activate(other, totp.generate_totp_secret())
        Authenticator.objects.create(user=other, type="webauthn", data={"credential": {}})
    assert {each.user_id for each in sealed_factors()} == {dario.pk}
    assert drop_sealed_factors() == 2
    assert sealed_factors() == []
    assert Authenticator.objects.filter(user=other).count() == 2 and kept.instance.pk
    assert Suceso.objects.filter(persona=dario, verbo="borrar_factor_ilegible").count() == 2


@pytest.mark.parametrize(("kept", "seconds"), [("visto_el", 1801), ("entrada_el", 12 * 3600 + 1)])
def test_a_session_ends_by_idleness_and_by_its_length(dario: Usuario, kept: str, seconds: int) -> None:
    client = entered(dario)
    assert client.get(OWN).status_code == 200
    session = client.session
    session[kept] = time() - seconds
    session.save()
    assert client.get(OWN)["Location"].startswith("/cuenta/login/")
    assert "Sus borradores quedan guardados" in client.get("/cuenta/login/").text
    assert client.post("/cuenta/sigo/").status_code == 401


def test_the_warning_of_idleness_is_a_dialog_that_holds_its_form(dario: Usuario) -> None:
    page = entered(dario).get(OWN).text
    (tag,) = re.findall(r'<(\w+)[^>]*role="alertdialog"', page)
    assert tag == "div"  # a form has no such role
    assert re.search(r'<div id="inactividad"[^>]*data-segundos="1800".*?<form[^>]*action="/cuenta/sigo/"', page, re.S)


def test_typing_keeps_a_session_and_a_page_that_reads_by_itself_does_not(dario: Usuario) -> None:
    client = entered(dario)
    client.get(OWN)
    session = client.session
    long_ago = session["visto_el"] = time() - 1000
    session.save()
    client.get(OWN, headers={"HX-Request": "true"})
    assert client.session["visto_el"] == long_ago
    assert client.post("/cuenta/sigo/").status_code == 204
    assert client.session["visto_el"] > long_ago


def test_a_changed_password_ends_the_other_sessions_and_every_key(dario: Usuario) -> None:
    here, there = entered(dario), entered(dario)
    key = create_key(dario, "programa").texto
    listed = here.get("/cuenta/sessions/").text
    assert listed[listed.index("<main") :].count("<li>") == 2
    new = "nube-fagot-tenaza-lirio"
    given = {"oldpassword": RIGHT, "password1": new, "password2": new}
    assert here.post("/cuenta/password/change/", given).status_code == 302
    assert here.get(OWN).status_code == 200
    assert there.get(OWN).status_code == 302
    assert key_of(key) is None


def test_a_new_factor_ends_the_other_sessions_and_every_key(
    dario: Usuario, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = entered(dario), entered(dario)
    key = create_key(dario, "programa").texto
    here.post("/cuenta/reauthenticate/", {"password": RIGHT})
    secret = here.get("/cuenta/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/cuenta/2fa/totp/activate/", {"code": code_now(secret)})
    assert here.get(OWN).status_code == 200
    assert there.get(OWN).status_code == 302
    assert key_of(key) is None


def test_every_session_is_in_sight_with_its_browser(dario: Usuario) -> None:
    here, there = entered(dario), entered(dario)
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert there.get(OWN).status_code == 200
    page = here.get(OWN, headers={"user-agent": agent}).text
    listed = page[page.index("<main") : page.index("</main>")]
    assert listed.count("<li>") == 2
    assert " hidden" not in listed.replace('type="hidden"', "")
    assert "Cerrar las otras sesiones" in listed


def test_a_recent_entry_proves_who_changes_a_factor_and_an_old_one_is_asked_again(
    dario: Usuario, settings: Any
) -> None:
    client = entered(dario)
    assert client.get("/cuenta/2fa/totp/activate/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    assert "/cuenta/reauthenticate/" in client.get("/cuenta/2fa/totp/activate/")["Location"]


def test_a_factor_is_switched_off_by_a_button_in_sight(dario: Usuario) -> None:
    client = entered(dario)
    with registering():
        totp.TOTP.activate(dario, totp.generate_totp_secret())
    for address in ("/cuenta/2fa/totp/deactivate/", "/cuenta/2fa/recovery-codes/generate/"):
        page = client.get(address).text
        sheet = page[page.index("<main") : page.index("</main>")]
        assert 'type="submit"' in sheet
        assert " hidden" not in sheet.replace('type="hidden"', "")
    assert client.post("/cuenta/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=dario, type="totp").exists()


def test_a_factor_is_added_and_its_recovery_codes_are_shown_once(dario: Usuario) -> None:
    client = entered(dario)
    page = client.get("/cuenta/2fa/totp/activate/")
    secret = page.context["form"].secret
    added = client.post("/cuenta/2fa/totp/activate/", {"code": code_now(secret)})
    shown = client.get(added["Location"])
    assert (added["Location"], shown.status_code) == ("/cuenta/2fa/recovery-codes/", 200)
    codes = re.findall(r'<li><span class="key">([0-9]{8})</span></li>', shown.text)
    assert len(codes) == 10
    whole = "\n".join(codes)
    assert f'data-copy="{whole}"' in shown.text and "data-print" in shown.text and "<textarea" not in shown.text
    kept = unquote(re.findall(r'href="data:text/plain;charset=utf-8,([^"]+)"', shown.text)[0]).splitlines()
    assert "Darío Luna (dario)" in kept[0] and [line for line in kept if line.isdecimal()] == codes
    again = client.get(added["Location"])
    assert again.status_code == 200 and codes[0] not in again.text


def test_other_sessions_are_ended_from_the_list(dario: Usuario) -> None:
    here, there = entered(dario), entered(dario)
    assert here.post("/cuenta/sessions/").status_code == 302
    assert there.get(OWN).status_code == 302
    assert here.get(OWN).status_code == 200


def _others(client: Client) -> list[int]:
    """The sessions that the page of a person offers to end."""
    return [int(each) for each in re.findall(r"/cuenta/sessions/(\d+)/cerrar/", client.get(OWN).text)]


def test_one_session_is_ended_and_the_rest_go_on(dario: Usuario) -> None:
    here, there, third = entered(dario), entered(dario), entered(dario)
    first, _second = _others(here)
    assert first not in _others(there)  # nobody is offered to end the session they are in
    done = here.post(f"{OWN}{first}/cerrar/", follow=True)
    assert "La sesión quedó cerrada" in done.text
    assert [each.get(OWN).status_code for each in (here, there, third)] == [200, 302, 200]
    kept = Suceso.objects.get(verbo="cerrar_sesion")
    assert (kept.persona, kept.objeto, kept.clase) == (dario, first, "credencial")
    assert here.post(f"{OWN}{first}/cerrar/").status_code == 404
    assert here.post(OWN).status_code == 302
    assert third.get(OWN).status_code == 302
    assert Suceso.objects.filter(verbo="cerrar_sesion").count() == 2


def test_nobody_ends_the_session_of_another_nor_their_own_by_the_list(dario: Usuario) -> None:
    stranger = create_usuario("alicia", "Alicia", RIGHT)
    here, there, theirs = entered(dario), entered(dario), entered(stranger)
    (number,) = _others(here)
    assert theirs.post(f"{OWN}{number}/cerrar/").status_code == 404
    (own,) = _others(there)
    assert here.post(f"{OWN}{own}/cerrar/").status_code == 404
    assert here.get(f"{OWN}{number}/cerrar/").status_code == 405
    assert "/cuenta/login/" in Client().post(f"{OWN}{number}/cerrar/")["Location"]
    assert [each.get(OWN).status_code for each in (here, there, theirs)] == [200, 200, 200]
    assert not Suceso.objects.filter(verbo="cerrar_sesion").exists()


@pytest.mark.parametrize(("role", "address"), [(Rol.ADMINISTRADOR, "/administracion/"), (Rol.AUDITOR, "/auditoria/")])
def test_the_first_page_leads_whose_role_asks_for_it_to_a_second_factor(scene: Any, role: str, address: str) -> None:
    person = create_usuario("hugo", "Hugo Salas", RIGHT)
    appoint(person, role)
    client = entered(person)
    page = client.get(address).text
    assert "Su cuenta no tiene segundo factor." in page and 'href="/cuenta/2fa/"' in page
    assert bool(re.search(r"\d personas? con una función que pide segundo factor", page)) is (role == Rol.ADMINISTRADOR)
    with registering():
        totp.TOTP.activate(person, totp.generate_totp_secret())
    assert "Su cuenta no tiene segundo factor." not in client.get(address).text


def test_who_captures_is_not_told_to_add_a_factor_and_who_signs_is(scene: Any, enter: Callable[[Any], Client]) -> None:
    assert "no tiene segundo factor" in enter(scene.alicia).get("/partido/").text
    assert "no tiene segundo factor" not in enter(scene.bruno).get("/partido/").text


def test_a_passkey_is_offered_at_the_entry_and_a_page_warns_of_idleness(
    scene: Any, enter: Callable[[Any], Client]
) -> None:
    assert 'id="passkey_login"' in Client().get("/cuenta/login/").text
    assert 'data-segundos="1800"' in enter(scene.alicia).get("/partido/").text


@pytest.mark.parametrize("page", ["totp/activate/", "webauthn/keys/1/edit/", "webauthn/add/"])
def test_a_factor_changed_long_after_the_entry_asks_who_it_is_and_a_stranger_enters_first(
    dario: Usuario, page: str
) -> None:
    """The page runs in an act, and what the login library asks from within it is answered as anywhere else."""
    assert "/cuenta/login/" in Client(raise_request_exception=False).post(f"/cuenta/2fa/{page}").get("Location", "")
    client = entered(dario)
    client.raise_request_exception = False
    client.get(OWN)
    session = client.session
    session["entrada_el"] = time() - 3600
    session.save()
    answer = client.post(f"/cuenta/2fa/{page}", {"code": "000000"})
    assert answer.status_code == 302 and "/cuenta/reauthenticate/" in answer["Location"]
