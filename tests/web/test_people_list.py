"""The list of people is read a page at a time, found by its filters, and holds nobody that one does not manage."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flat import flat
from rfcs import new_rfc
from sif.registry import clock, invitations
from sif.registry.appointments import end_nombramiento
from sif.registry.invited import Invited
from sif.registry.models import Nombramiento, Usuario
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.web.accounts import people_list

PAGE = "/cuenta/personas/"
Enter = Callable[[Any], Client]
Rol = Nombramiento.Rol


def names(client: Client, query: str = "") -> list[str]:
    return [row[0].nombre for row in client.get(PAGE + query).context["gente"]]


@pytest.fixture
def hugo(scene: Any) -> Usuario:
    person = create_usuario(f"hugo{scene.partido.pk}", "Hugo Lara", None, rfc=new_rfc())
    appoint(person, Rol.ADMINISTRADOR)
    return person


def made(scene: Any, many: int) -> list[Usuario]:
    people = [create_usuario(f"cap{n:03}", f"Zoé Paz u{n:03}", None, rfc=new_rfc()) for n in range(many)]
    for each in people:
        appoint(each, Rol.CAPTURISTA, scene.partido)
    return people


def test_pages_follow_one_another_and_hold_everybody_once(
    scene: Any, enter: Enter, hugo: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_list, "PAGE", 3)
    with everything():
        made(scene, 7)
        wanted = [each.nombre for each in Usuario.objects.exclude(pk=hugo.pk).order_by("nombre", "pk")]
    client, seen, query = enter(hugo), [], ""
    while True:
        page = client.get(PAGE + query)
        seen += [row[0].nombre for row in page.context["gente"]]
        query = page.context["pagina_gente"].siguientes
        if not query:
            break
        assert len(page.context["gente"]) == 3
    assert seen == wanted
    assert client.get(f"{PAGE}?despues=999999999").status_code == client.get(f"{PAGE}?despues=x").status_code == 200


def test_what_ends_an_appointment_names_its_subject(scene: Any, enter: Enter, hugo: Usuario) -> None:
    with everything():
        (two,) = made(scene, 1)
        appoint(two, Rol.CAPTURISTA, scene.ajenos.sujeto)
    page = flat(enter(hugo).get(PAGE + "?" + urlencode({"q": two.nombre})).text)
    for subject in (scene.partido, scene.ajenos.sujeto):
        assert f"de {two.nombre}</span>, {subject.nombre}" in page


def test_filters_stay_in_the_address_and_narrow(scene: Any, enter: Enter, hugo: Usuario) -> None:
    with everything():
        first, second, third = made(scene, 3)
        end_nombramiento(Nombramiento.objects.get(usuario=second), "Se fue", hugo)
        invitations.disable(third, hugo)
    client = enter(hugo)
    assert names(client, "?q=zoe+paz+u001") == [second.nombre]
    assert names(client, "?q=CAP002") == [third.nombre]
    assert names(client, "?rol=capturista&q=Zoé") == [first.nombre, third.nombre]
    assert names(client, f"?sujeto={scene.partido.siglas.lower()}&rol=capturista&q=Zoé") == [first.nombre, third.nombre]
    assert names(client, "?sujeto=NADIE") == []
    assert names(client, "?estado=deshabilitada") == [third.nombre]
    assert second.nombre in names(client, "?estado=sin_funcion")
    assert names(client, "?rol=emperador&q=Zoé+Paz+u000") == [first.nombre]
    page = client.get(PAGE + "?q=nadie+así")
    assert "Ninguna cuenta responde a este filtro." in page.text
    typed = {"content_type": "application/x-www-form-urlencoded"}
    assert client.post(PAGE, urlencode({"_buscar": "1", "q": "Zoé"}), **typed)["Location"] == f"{PAGE}?q=Zo%C3%A9"
    hidden = client.post(PAGE, urlencode({"_buscar": "1", "q": first.rfc}), **typed)["Location"]
    assert first.rfc not in hidden and names(client, hidden.removeprefix(PAGE)) == [first.nombre]


def test_a_responsable_finds_only_the_people_of_their_subject(scene: Any, enter: Enter, hugo: Usuario) -> None:
    with everything():
        mine = made(scene, 2)
        both = create_usuario("doble", "Zoé Doble", None, rfc=new_rfc())
        appoint(both, Rol.CAPTURISTA, scene.partido)
        rival = Nombramiento.objects.exclude(sujeto=scene.partido).filter(rol=Rol.RESPONSABLE).first().sujeto
        appoint(both, Rol.CAPTURISTA, rival, desde=clock.today())
    client = enter(scene.alicia)
    assert names(client, "?q=Zoé") == [each.nombre for each in mine]
    assert names(client, "?q=Hugo") == names(client, f"?sujeto={rival.siglas}") == []


def test_what_a_page_costs_does_not_grow_with_the_people(scene: Any, enter: Enter, hugo: Usuario) -> None:
    client = enter(hugo)
    with everything():
        made(scene, 2)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE)
    with everything():
        for n in range(30):
            person = create_usuario(f"mas{n}", f"Zulema {n}", None, rfc=new_rfc())
            appoint(person, Rol.CAPTURISTA, scene.partido)
            invitations.invite(Invited(Rol.CAPTURISTA, "Otra", f"otra{n}", "", scene.partido), hugo)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) <= len(few) + 1


def test_open_invitations_are_read_a_page_at_a_time(
    scene: Any, enter: Enter, hugo: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_list, "PAGE", 2)
    with everything():
        for n in range(3):
            invitations.invite(Invited(Rol.CAPTURISTA, f"Otra {n}", f"otra{n}", "", scene.partido), hugo)
    client = enter(hugo)
    page = client.get(PAGE)
    assert [each.nombre for each, _sent in page.context["invitaciones"]] == ["Otra 2", "Otra 1"]
    rest = client.get(PAGE + page.context["pagina_invitaciones"].siguientes)
    assert [each.nombre for each, _sent in rest.context["invitaciones"]] == ["Otra 0"]
    assert "Otra 0" in flat(rest.text)
