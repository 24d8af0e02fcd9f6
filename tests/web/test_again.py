"""Acts of law ask again who acts when the entry is not recent; each proof serves for one act."""

from collections.abc import Callable
from io import BytesIO
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, resolve, reverse

from sif.batch.models import ClaveApi, RevocacionClave
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering
from sif.registry.services import create_usuario
from sif.web.accounts import again
from sif.web.accounts.sessions import end_sessions
from web.exempt import EXEMPT
from web.walk import every_page, plain_value

WRITE = {"POST", "PUT", "PATCH", "DELETE"}
WORDS = "gis-trueno-maceta-olmo"


MEANWHILE: list[Callable[[], None]] = []
"""What is done once, while the next act is being done."""


def act(request: HttpRequest, number: int) -> HttpResponse:
    """An act with its form, as those of the desks; without a motive it is refused."""
    if request.method != "POST":
        return HttpResponse("forma")
    if MEANWHILE:
        MEANWHILE.pop()()
    if request.POST.get("motivo") == "":
        return HttpResponse("falta el motivo", status=422)
    return HttpResponseRedirect("/hecho/")


@pytest.fixture
def client(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A person who entered an hour ago, before pages that hold acts."""
    from django.urls import clear_url_caches, include

    urls = type(
        "urls", (), {"urlpatterns": [path("", include("config.urls")), path("votar/<int:number>/", act, name="v")]}
    )
    settings.ROOT_URLCONF = urls
    clear_url_caches()
    monkeypatch.setitem(again.ACTS, "v", "")
    create_usuario("felix", "Félix Mora", WORDS)
    made = Client(headers={"accept-language": "es-MX"})
    assert made.post("/cuenta/login/", {"login": "felix", "password": WORDS}).status_code == 302
    assert made.get("/votar/1/").status_code == 200
    age(made)
    return made


def age(client: Client) -> None:
    session = client.session
    session["entrada_el"] = time() - 3600
    session.save()


def asked(answer: Any) -> str:
    url = answer["Location"]
    assert url.startswith("/cuenta/confirmar/?")
    return str(url)


def test_the_form_is_not_shown_nor_the_act_done_until_the_person_confirms(client: Client) -> None:
    where = asked(client.get("/votar/1/?sentido=favor"))
    assert parse_qs(urlsplit(where).query)["next"] == ["/votar/1/?sentido=favor"]
    asked(client.post("/votar/1/"))
    where = asked(client.get("/votar/1/?sentido=favor"))
    before = client.session.session_key
    assert client.post(where, {"password": "mala-contraseña"}).status_code == 422
    assert client.post(where, {"password": WORDS})["Location"] == "/votar/1/?sentido=favor"
    assert client.session.session_key != before
    assert client.get("/votar/1/").status_code == 200
    assert client.post("/votar/1/")["Location"] == "/hecho/"


def test_what_was_sent_before_confirming_is_sent_again_and_not_lost(client: Client) -> None:
    sent = {"sentido": "en_contra", "motivo": 'Falta el "contrato" & su anexo', "csrfmiddlewaretoken": "x"}
    where = asked(client.post("/votar/1/?b=1", sent))
    page = client.post(where, {"password": WORDS})
    assert page.status_code == 200 and 'action="/votar/1/?b=1"' in page.text
    assert "Falta el &quot;contrato&quot; &amp; su anexo" in page.text and "en_contra" in page.text
    assert page.context["kept"]["campos"] == [["sentido", "en_contra"], ["motivo", sent["motivo"]]]
    assert client.post("/votar/1/?b=1", sent)["Location"] == "/hecho/"


def test_what_was_left_unsent_does_not_come_back(client: Client) -> None:
    asked(client.post("/votar/1/", {"motivo": "de antes"}))
    where = asked(client.get("/votar/1/"))
    assert client.post(where, {"password": WORDS})["Location"] == "/votar/1/"
    asked(client.post("/votar/2/", {"motivo": "de otro acto"}))
    assert client.post(asked(client.get("/votar/3/")), {"password": WORDS})["Location"] == "/votar/3/"


def test_neither_files_nor_endless_forms_wait_in_the_session(client: Client) -> None:
    for sent in ({"motivo": "x" * again.KEPT_MOST}, {"archivo": BytesIO(b"MZ")}):
        assert client.post(asked(client.post("/votar/1/", sent)), {"password": WORDS})["Location"] == "/votar/1/"
        session = client.session
        session["actos_probados"] = {}
        session.save()


def test_a_proof_serves_for_one_act_and_for_no_other(client: Client) -> None:
    client.post(asked(client.get("/votar/1/")), {"password": WORDS})
    asked(client.get("/votar/2/"))
    asked(client.post("/votar/2/"))
    assert client.post("/votar/1/")["Location"] == "/hecho/"
    asked(client.post("/votar/1/"))


def test_of_two_presses_at_once_the_first_takes_the_proof(client: Client) -> None:
    client.post(asked(client.get("/votar/1/")), {"password": WORDS})
    other = Client(headers={"accept-language": "es-MX"})
    other.cookies = client.cookies
    answers: list[Any] = []
    MEANWHILE.append(lambda: answers.append(other.post("/votar/1/")))
    assert client.post("/votar/1/")["Location"] == "/hecho/"
    asked(answers[0])


def test_a_session_kept_by_an_earlier_request_brings_no_proof_back(client: Client) -> None:
    client.post(asked(client.get("/votar/1/")), {"password": WORDS})
    before = dict(client.session.items())
    assert client.post("/votar/1/")["Location"] == "/hecho/"
    session = client.session
    session.update(before)
    session.save()
    asked(client.get("/votar/1/"))
    asked(client.post("/votar/1/"))


def test_an_act_that_was_refused_is_sent_again_with_its_proof_and_done_once(client: Client) -> None:
    client.post(asked(client.get("/votar/1/")), {"password": WORDS})
    for _try in range(2):
        assert client.post("/votar/1/", {"motivo": ""}).status_code == 422
    assert client.post("/votar/1/", {"motivo": "sí"})["Location"] == "/hecho/"
    asked(client.post("/votar/1/", {"motivo": "sí"}))


def test_one_entry_with_a_passkey_proves_one_act_whichever_session_asks(client: Client) -> None:
    session = client.session
    session["account_authentication_methods"] = [{"type": "webauthn", "at": time(), "reauthenticated": True}]
    session.save()
    first, second = asked(client.get("/votar/1/")), asked(client.get("/votar/2/"))
    kept = dict(client.session.items())
    assert client.get(first)["Location"] == "/votar/1/"
    session = client.session
    for name in list(session.keys()):
        del session[name]
    session.update(kept)
    session.save()
    assert client.get(second).status_code == 200


def test_a_session_that_ends_while_it_confirms_gets_no_other_name(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, right = asked(client.get("/votar/1/")), again.PasswordForm.clean_password
    key = client.session.session_key

    def meanwhile(form: again.PasswordForm) -> str:
        given = right(form)
        with CaptureQueriesContext(connection) as asked_of_the_base:
            assert end_sessions(form.user, RevocacionClave.Motivo.CREDENCIAL, form.user) == 1
        listed = next(each["sql"] for each in asked_of_the_base if "usersessions_usersession" in each["sql"])
        assert listed.endswith("FOR UPDATE")  # one that is taking another name is waited for, and ended under it
        return given

    monkeypatch.setattr(again.PasswordForm, "clean_password", meanwhile)
    assert client.post(where, {"password": WORDS}).status_code == 400
    with acting():
        assert not Session.objects.filter(pk=key).exists() and not UserSession.objects.exists()
    assert client.get("/votar/1/").status_code == 200  # as to a stranger, whom no act is of


def test_a_proof_lasts_five_minutes(client: Client) -> None:
    client.post(asked(client.get("/votar/1/")), {"password": WORDS})
    session = client.session
    session["actos_probados"] = {key: (at - 301, n) for key, (at, n) in session["actos_probados"].items()}
    session.save()
    asked(client.post("/votar/1/"))


def test_who_has_just_entered_is_not_asked(client: Client) -> None:
    session = client.session
    session["entrada_el"] = time() - 60
    session.save()
    assert client.post("/votar/1/")["Location"] == "/hecho/"


def test_a_fragment_sends_the_whole_page_to_confirm(client: Client) -> None:
    answer = client.post("/votar/1/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/cuenta/confirmar/")


def test_only_our_own_acts_and_pages_are_confirmed(client: Client) -> None:
    assert client.get("/cuenta/confirmar/?acto=falso&next=/").status_code == 404
    assert Client().get("/cuenta/confirmar/")["Location"].startswith("/cuenta/login/")
    where = asked(client.get("/votar/1/")).split("&next=")[0]
    assert client.post(f"{where}&next=https://otro.ejemplo/", {"password": WORDS})["Location"] == "/"


def test_a_person_with_codes_is_asked_for_one(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    with registering():
        TOTP.activate(Usuario.objects.get(), generate_totp_secret())
    page = client.get(asked(client.get("/votar/1/"))).text
    assert 'name="code"' in page
    assert 'name="password"' not in page


def test_each_act_and_its_form_have_an_address(scene: Any, enter: Callable[[Any], Client]) -> None:
    from django.urls import get_resolver

    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for space in ("party", "auditor", "council", "administration"):
        resolver = get_resolver().namespace_dict[space][1]
        known |= {f"{space}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    assert set(again.ACTS) | {form for form in again.ACTS.values() if form} <= known
    client = enter(scene.alicia)
    client.get("/partido/")
    age(client)
    books = scene.alicia.nombramientos.first().sujeto.contabilidades.first()
    sent = asked(client.post(f"/partido/informes/{books.pk}/IC/1/1/firmar/"))
    assert parse_qs(urlsplit(sent).query)["next"][0].endswith(f"/{books.pk}/IC/1/")


def test_every_address_that_writes_asks_again_or_says_why_not() -> None:
    """An address that takes what is sent is an act of law, or says why it asks nothing again; a new one must choose."""
    writes = {name for name, page in every_page().items() if set(page.methods) & WRITE}
    told = [name for names in EXEMPT.values() for name in names.split()]
    assert len(told) == len(set(told)), "addresses exempted twice"
    assert not writes - set(told) - set(again.ACTS), "addresses that write and say not whether they ask again"
    assert not set(told) - writes, "exempt addresses that write nothing, or are no more"
    assert not set(told) & set(again.ACTS), "acts that ask again and are exempt"


def test_every_act_of_law_asks_again_who_sends_it(scene: Any, enter: Callable[[Any], Client]) -> None:
    client = enter(scene.alicia)
    client.get("/partido/")
    age(client)
    found = every_page()
    for name in again.ACTS:
        parts = {part: plain_value(part, converter) for part, converter in found[name].parts.items()}
        sent = asked(client.post(found[name].address(parts)))
        back = parse_qs(urlsplit(sent).query)["next"][0]
        assert resolve(back).view_name == (again.ACTS[name] or name)


def test_who_entered_a_short_while_ago_is_not_asked_before_any_act(scene: Any, enter: Callable[[Any], Client]) -> None:
    client, found = enter(scene.alicia), every_page()
    client.get("/partido/")
    for name in again.ACTS:
        parts = {part: plain_value(part, converter) for part, converter in found[name].parts.items()}
        with transaction.atomic():
            answer = client.post(found[name].address(parts))
            transaction.set_rollback(True)
        assert not answer.get("Location", "").startswith("/cuenta/confirmar/"), name


def test_a_notice_the_caps_and_the_proof_of_an_rfc_are_asked_again(scene: Any, enter: Callable[[Any], Client]) -> None:
    """Who finds a session open presents and cancels no notice, fixes no caps and proves no RFC, but may look."""
    client = enter(scene.alicia)
    client.get("/partido/")
    age(client)
    contract = reverse("party:contrato", args=[scene.libros.pk, 7])
    caps = reverse("administration:topes_vistos", args=[scene.etapa.pk, "a" * 64])
    for act, page in (
        (reverse("party:avisar", args=[scene.libros.pk, 7]), contract),
        (reverse("party:aviso_cancelar", args=[scene.libros.pk, 7]), contract),
        (caps, caps),
        (reverse("mi_rfc"), reverse("mi_rfc")),
    ):
        sent = asked(client.post(act, {"acuerdo": "INE/CG1/2026"}))
        assert parse_qs(urlsplit(sent).query)["next"] == [page]
        assert not client.get(page).get("Location", "").startswith("/cuenta/confirmar/")


def test_a_correction_and_a_basis_of_law_are_asked_again(scene: Any, enter: Callable[[Any], Client]) -> None:
    """Who finds a session open approves no correction of the registry and confirms no basis of a sanction."""
    client = enter(scene.alicia)
    client.get("/partido/")
    age(client)
    base = reverse("council:base", args=["a" * 64])
    for act, page in (
        (reverse("administration:correccion", args=[1]), reverse("administration:correccion", args=[1])),
        (reverse("council:base_resolver", args=["a" * 64]), base),
        (reverse("council:leyes_resolver"), reverse("council:leyes_espera")),
    ):
        sent = asked(client.post(act, {"acto": "aprobar"}))
        assert parse_qs(urlsplit(sent).query)["next"] == [page]


def test_a_key_of_programs_a_seal_of_a_receipt_and_the_end_of_a_function_are_asked_again(
    scene: Any, enter: Callable[[Any], Client]
) -> None:
    """Who finds a session open makes no key that outlives it, signs nothing and ends nobody's function."""
    client = enter(scene.alicia)
    assert client.get("/partido/lotes/claves/").status_code == 200
    age(client)
    assert client.get("/partido/lotes/claves/").status_code == 200
    asked(client.post("/partido/lotes/claves/", {"nombre": "De paso"}))
    assert not ClaveApi.objects.exists()
    for act in ("firmar", "firmar-aqui"):
        sent = asked(client.post(f"/partido/cep/{scene.libros.pk}/1/{act}/"))
        assert parse_qs(urlsplit(sent).query)["next"] == [f"/partido/cep/{scene.libros.pk}/1/"]
    sent = asked(client.post("/cuenta/nombramientos/1/terminar/"))
    assert parse_qs(urlsplit(sent).query)["next"] == ["/cuenta/personas/"]


def test_one_proof_makes_one_key_of_programs_which_is_shown_once(scene: Any, enter: Callable[[Any], Client]) -> None:
    scene.alicia.set_password(WORDS)
    with acting(), registering(scene.alicia.pk):
        scene.alicia.save(update_fields=["password"])
    client, page = enter(scene.alicia), "/partido/lotes/claves/"
    client.get(page)
    age(client)
    client.post(asked(client.post(page, {"nombre": "Uno", "alcance": "registro"})), {"password": WORDS})
    made = client.post(page, {"nombre": "Uno", "alcance": "registro"})
    assert made.status_code == 302
    told = client.get(page)
    assert "sif_" in told.text and "no-store" in told["Cache-Control"]
    assert "no se vuelve a mostrar" not in client.get(page).text
    asked(client.post(page, {"nombre": "Dos", "alcance": "registro"}))
    assert ClaveApi.objects.count() == 1


def test_an_answer_to_an_oficio_and_what_the_portal_shows_of_the_past_are_asked_again(
    scene: Any, enter: Callable[[Any], Client]
) -> None:
    """Who finds a session open answers nothing to the authority, and shows or withdraws nothing in the portal."""
    client = enter(scene.alicia)
    client.get("/partido/")
    age(client)
    for act, page in (
        (reverse("party:contestar", args=[7, 2]), reverse("party:oficio", args=[7])),
        (reverse("administration:historico_visto", args=["a" * 64]),) * 2,
        (reverse("administration:historico_retirar", args=[1]), reverse("administration:historico", args=[1])),
    ):
        sent = asked(client.post(act, {"texto": "Se aclara."}))
        assert parse_qs(urlsplit(sent).query)["next"] == [page]


def test_one_proof_serves_for_the_answers_to_one_oficio_while_it_lasts(client: Client) -> None:
    first, second, other = (reverse("party:contestar", args=each) for each in ([7, 1], [7, 2], [8, 1]))
    client.post(asked(client.post(first, {"texto": "Se aclara."})), {"password": WORDS})
    assert {client.post(each).status_code for each in (first, second, first)} == {403}  # who confirmed has no books
    asked(client.post(other))


def test_accounts_are_managed_after_one_confirmation(client: Client) -> None:
    where = asked(client.get("/cuenta/personas/"))
    asked(client.post("/cuenta/personas/7/enlace/"))
    assert parse_qs(urlsplit(asked(client.post("/cuenta/personas/7/enlace/"))).query)["next"] == ["/cuenta/personas/"]
    client.post(where, {"password": WORDS})
    assert client.get("/cuenta/personas/").status_code == 403  # who confirmed may still not manage accounts
    assert client.post("/cuenta/personas/7/enlace/").status_code == 403


def test_publishing_asks_when_the_act_is_sent_and_not_when_the_page_is_read(client: Client) -> None:
    assert client.get("/auditoria/publicacion/").status_code in (200, 403)
    asked(client.post("/auditoria/publicacion/", {"acto": "proponer"}))


def test_a_method_that_is_no_reading_is_asked_as_what_is_sent(client: Client) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        asked(client.generic(method, "/auditoria/publicacion/"))
