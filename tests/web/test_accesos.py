"""The trail of access and its page: entries, refusals, credentials, accounts, acts and downloads, by numbers alone."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from scene import PASSWORD
from sif.batch.claves import create_key, revoke_key
from sif.registry import clock, invitations, services, trail
from sif.registry.invited import Invited
from sif.registry.models import Suceso
from sif.registry.scope import EVERYTHING, everything, registering, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.trail import Clase, network_of
from sif.web import messages
from sif.web.accounts import trail_words

PAGE = "/cuenta/accesos/"
SOURCE, LOGIN = Path(trail.__file__).parents[1], Path(allauth.__file__).parent
KEY = re.compile(r"\w_\w|\w:\w")


@pytest.fixture
def hugo(scene: Any, enter: Any) -> Client:
    """Who administers the installation."""
    person = services.create_usuario(f"hugo{scene.partido.pk}", "Hugo Lara", PASSWORD)
    services.appoint(person, "administrador", desde=clock.today() - timedelta(days=1))
    client: Client = enter(person)
    return client


def kept(clase: str, **asked: Any) -> list[Suceso]:
    with everything():
        return list(Suceso.objects.filter(clase=clase, **asked).order_by("pk"))


def test_an_address_is_kept_as_its_network() -> None:
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:abcd:12:3:4:5:6") == "2001:db8:abcd::/48"
    assert network_of("x") == ""


def test_entries_are_kept_with_their_way_factor_and_network(scene: Any) -> None:
    client = Client(REMOTE_ADDR="203.0.113.77")
    for word in ("otra-clave", PASSWORD):
        client.post("/cuenta/login/", {"login": scene.alicia.username, "password": word})
    client.post("/cuenta/logout/")
    rows = kept("entrada", direccion="203.0.113.0/24")
    assert (rows[0].tipo, rows[0].objeto) == ("Usuario", scene.alicia.pk)
    assert [(row.verbo, row.persona_id) for row in rows] == [
        ("rechazada", None),
        ("aceptada", scene.alicia.pk),
        ("salida", scene.alicia.pk),
    ]
    assert (rows[1].via, rows[1].factor, len(rows[1].pedido)) == ("password", False, 26)


def test_what_a_known_person_is_refused_is_kept_by_its_route(scene: Any, enter: Any) -> None:
    enter(scene.dario).get("/partido/polizas/")
    Client().get("/partido/polizas/")
    assert [(row.verbo, row.persona_id) for row in kept("rechazo")] == [("party:polizas", scene.dario.pk)]


def test_a_download_is_kept(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    client.get(reverse("party:aportantes"))
    client.get(reverse("party:aportantes"), {"formato": "csv"})
    assert [(row.verbo, row.persona_id) for row in kept("exportacion")] == [("party:aportantes", scene.alicia.pk)]
    client.get(
        reverse("party:libro", args=["balanza"]), {"formato": "pdf"}
    )  # shown in the browser, and kept from there
    assert [row.verbo for row in kept("exportacion")] == ["party:aportantes", "party:libro"]


def test_accounts_and_credentials_are_kept(scene: Any) -> None:
    with everything():
        before = Suceso.objects.count()
        key = create_key(scene.alicia, "Contabilidad").clave
        revoke_key(key, scene.alicia)
        invited = Invited("capturista", "Nora Paz", "nora.paz", sujeto=scene.partido, contabilidades=[scene.libros])
        invitations.invite(invited, scene.alicia)
        invitations.withdraw(invitations.pending(scene.alicia)[0], scene.alicia)
        services.appoint(scene.bruno, "consulta", scene.partido, by=scene.alicia)
        invitations.disable(scene.bruno, scene.alicia)
        rows = list(Suceso.objects.order_by("pk"))[before:]
    assert [(row.clase, row.verbo) for row in rows] == [
        ("credencial", "hacer_clave"),
        ("credencial", "revocar_clave"),
        ("cuenta", "invitar"),
        ("cuenta", "retirar_invitacion"),
        ("cuenta", "nombrar"),
        ("cuenta", "deshabilitar"),
    ]
    assert {row.persona_id for row in rows} == {scene.alicia.pk}
    assert (rows[-1].tipo, rows[-1].objeto) == ("Usuario", scene.bruno.pk)


def test_what_is_undone_leaves_no_event(scene: Any) -> None:
    with everything(), transaction.atomic():
        trail.act("presentar", scene.alicia, scene.etapa)
        transaction.set_rollback(True)
    assert kept("acto") == []


def test_an_event_is_never_changed(scene: Any) -> None:
    with everything():
        trail.act("presentar", scene.alicia, scene.etapa)
        for change in (lambda: Suceso.objects.update(verbo="otro"), lambda: Suceso.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_page_works_filters_and_exports(scene: Any, hugo: Client, enter: Any) -> None:
    enter(scene.dario).get("/partido/polizas/")
    told = hugo.get(PAGE).text
    assert scene.dario.username in told and "Se le negó una página" in told and "/partido/polizas/" in told
    assert "party:polizas" not in told
    only = hugo.get(PAGE, {"clase": "rechazo", "usuario": scene.dario.username}).text
    assert "/partido/polizas/" in only and "Hugo Lara" not in only.partition("<table")[2].partition("</table")[0]
    assert "Ningún suceso responde" in hugo.get(PAGE, {"hasta": "2020-01-01"}).text
    assert "/partido/polizas/" in hugo.get(PAGE, {"desde": "2020-01-01", "clase": "x", "antes": "x"}).text
    lines = hugo.get(PAGE, {"clase": "rechazo", "formato": "csv"}).content.decode().strip().splitlines()
    assert len(lines) == 2 and "party:polizas" in lines[1]
    assert hugo.post(PAGE).status_code == 405


def test_each_kind_act_thing_and_way_has_its_words_in_both_languages() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SOURCE.rglob("*.py")))
    verbs = set(re.findall(r'trail\.act\(\s*"(\w+)"', code))
    verbs |= set(re.findall(r'trail\.act\(\s*"\w+" if [^,]+? else "(\w+)"', code))
    verbs |= set(re.findall(r'trail\.write\(\s*(?:trail\.)?Clase\.\w+,\s*"(\w+)"', code))
    verbs |= set(re.findall(r'\bverb(?:: str)? ?= ?"(\w+)"', code))
    things = set(re.findall(r'trail\.write\([^)]*tipo="(\w+)"', code))
    allauth_code = "\n".join(file.read_text(encoding="utf-8") for file in sorted(LOGIN.rglob("*.py")))
    ways = set(re.findall(r'record_authentication\([^)]*?method="(\w+)"', allauth_code))
    assert len(verbs) > 15 and len(things) > 3 and len(ways) > 1
    assert verbs == set(trail_words.ACTS)
    assert things <= set(trail_words.THINGS) <= {model.__name__ for model in apps.get_models()}
    assert ways <= set(trail_words.WAYS)
    assert set(trail_words.KINDS) == set(Clase.values)
    assert set(trail_words.FACTORS) == set(Authenticator.Type.values)
    catalogue = messages.catalogue()
    for words in (
        trail_words.KINDS,
        trail_words.ACTS,
        trail_words.ROUTES,
        trail_words.THINGS,
        trail_words.FACTORS,
        trail_words.WAYS,
    ):
        for key, said in words.items():
            english = catalogue.get(str(said)).string
            assert english and not KEY.search(english) and not KEY.search(str(said)), key


def test_an_event_of_another_version_is_told_by_its_kind() -> None:
    row = Suceso(clase="acto", verbo="de_antes", tipo="TablaDeAntes", objeto=7)
    assert trail_words.told(row) == trail_words.Told("Acto", "Registro", "7")


def test_the_page_goes_on_by_the_number_of_the_last_event(scene: Any, hugo: Client) -> None:
    with everything():
        for _each in range(60):
            trail.write(Clase.ACTO, "presentar", scene.alicia, tipo="Presentacion", objeto=7)
    first = hugo.get(PAGE, {"clase": "acto"})
    assert first.text.count("Presentó un informe") == 50
    further = hugo.get(PAGE + first.context["siguientes"])
    assert further.text.count("Presentó un informe") == 10 and "clase=acto" in first.context["siguientes"]
    assert further.context["siguientes"] == "" and further.context["primeros"]


def test_the_page_refuses_a_stranger(scene: Any, enter: Any) -> None:
    assert Client().get(PAGE)["Location"].startswith("/cuenta/login/")
    for person in (scene.alicia, scene.bruno, scene.dario):
        assert enter(person).get(PAGE).status_code == 403


OWN = "/cuenta/mis-accesos/"


def tried(username: str, word: str = "otra-clave", times: int = 1) -> None:
    client = Client(REMOTE_ADDR="203.0.113.77")
    for _each in range(times):
        client.post("/cuenta/login/", {"login": username, "password": word})


def test_each_person_reads_how_their_account_was_entered_and_what_was_refused(scene: Any, enter: Any) -> None:
    tried(scene.alicia.username)
    tried(scene.alicia.username.upper(), PASSWORD)
    tried("nadie-se-llama-asi")
    tried(scene.bruno.username)
    told = enter(scene.alicia).get(OWN)
    rows = told.text.partition("<table")[2].partition("</table")[0]
    assert rows.count("No pudo entrar") == 1 and "203.0.113.0/24" in rows and "203.0.113.77" not in told.text
    assert "Con contraseña" in rows and "Nada de esto se borra" in told.text
    lines = enter(scene.alicia).get(OWN, {"formato": "csv"}).content.decode().strip().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("ocurrido_el,clase,verbo,usuario")
    assert sum("rechazada" in line for line in lines) == 1
    assert "Ningún acceso en estos días" in enter(scene.alicia).get(OWN, {"hasta": "2020-01-01"}).text
    assert Client().get(OWN)["Location"].startswith("/cuenta/login/")


def test_too_many_attempts_are_told_once_to_the_account(scene: Any) -> None:
    tried(scene.alicia.username, times=9)
    found = [row.verbo for row in kept("entrada", objeto=scene.alicia.pk)]
    assert found == ["rechazada"] * 5 + ["rechazada_limite"]


def test_a_wrong_second_factor_is_told_to_the_account(scene: Any) -> None:
    with registering():
        TOTP.activate(scene.alicia, generate_totp_secret())
    client = Client()
    client.post("/cuenta/login/", {"login": scene.alicia.username, "password": PASSWORD})
    client.get("/cuenta/2fa/authenticate/")
    assert client.post("/cuenta/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert [(row.verbo, row.objeto) for row in kept("entrada")] == [("rechazada_factor", scene.alicia.pk)]


def test_who_manages_an_account_reads_its_accesses_and_nobody_else(scene: Any, hugo: Client, enter: Any) -> None:
    tried(scene.bruno.username)
    page = reverse("persona_accesos", args=[scene.bruno.pk])
    for client in (hugo, enter(scene.alicia)):
        told = client.get(page)
        assert "No pudo entrar" in told.text and scene.bruno.nombre in told.text
    assert enter(scene.bruno).get(page).status_code == 403
    assert enter(scene.dario).get(page).status_code in (403, 404)
    assert enter(scene.alicia).get(reverse("persona_accesos", args=[scene.dario.pk])).status_code == 404


def test_the_database_shows_the_events_of_an_account_to_its_person_and_who_manages_it(scene: Any) -> None:
    tried(scene.bruno.username)
    tried(scene.dario.username)
    with everything():
        trail.write(Clase.ACTO, "presentar", scene.bruno, tipo="Presentacion", objeto=7)

    def seen(person: Any) -> list[tuple[str, str, int | None]]:
        set_scope(scope_of_user(person), person.pk)
        rows = list(Suceso.objects.order_by("pk").values_list("clase", "verbo", "objeto"))
        set_scope(EVERYTHING)
        return rows

    bruno, dario = ("entrada", "rechazada", scene.bruno.pk), ("entrada", "rechazada", scene.dario.pk)
    assert seen(scene.bruno) == [bruno, ("acto", "presentar", 7)]
    assert bruno in seen(scene.alicia) and dario not in seen(scene.alicia)
    assert ("acto", "presentar", 7) not in seen(scene.alicia)
