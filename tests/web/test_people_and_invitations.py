"""The page of people and permissions, and the page on which an invitation is accepted."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from flat import flat
from rfcs import new_rfc
from scene import PASSWORD, _minted
from sif.batch.claves import create_key, key_of
from sif.registry import proposals
from sif.registry.models import Invitacion, Nombramiento, Usuario
from sif.registry.proofs import record_proof, state_of
from sif.registry.scope import everything, registering
from sif.registry.selectors import may
from sif.registry.services import appoint, create_usuario, register_sujeto
from sif.signing.efirma import open_key, sign
from sif.web.accounts import inviting

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
    invited = stranger.get(link).text
    assert "nora.paz" in invited and "Capturista" in invited and sujeto.nombre in invited
    assert "Capturista, " + sujeto.nombre in flat(client.get(PAGE).text)
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
    record_proof(nora, nora.rfc, ("||1.0|CUENTA||", "c2VsbG8="), b"certificado", "1")
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


def administrator(name: str) -> Usuario:
    user = create_usuario(name, name.title(), WORDS, rfc=new_rfc())
    appoint(user, Nombramiento.Rol.ADMINISTRADOR)
    return user


def waiting_address(verb: str) -> str:
    with everything():
        return f"{PAGE}propuestas/{proposals.waiting().get().pk}/{verb}/"


EVA = {"nombre": "Eva Mora", "username": "eva", "rol": "auditor", "rfc": "MOEV800101AB5"}


def test_what_is_of_the_authority_is_proposed_and_another_approves_it(scene: Any, enter: Enter) -> None:
    first = enter(administrator("hugo"))
    assert "Nadie más administra" in first.get(PAGE).text
    second = enter(administrator("inés"))
    page = first.post(PAGE, EVA, follow=True).text
    approve = waiting_address("aprobar")
    assert "Quedó propuesto" in page
    today = second.get(reverse("administration:home")).text
    assert "1 propuesta de otra persona espera" in today and "Cuentas por aprobar" in today and "Eva Mora" in today
    assert "Nadie más administra" not in page
    assert approve not in page
    assert waiting_address("retirar") in page
    assert "lo propuso. Lo aprueba otra persona" in first.post(approve, follow=True).text
    page = second.get(PAGE).text
    assert approve in page
    assert "MOEV800101AB5" in page
    link = link_in(second.post(approve, follow=True).text)
    assert Client().post(link, {"password1": WORDS, "password2": WORDS}).status_code == 302
    assert may(Usuario.objects.get(username="eva"), "auditar")
    assert "ya se resolvió" in second.post(approve, follow=True).text


def test_proposals_are_of_who_administers(scene: Any, enter: Enter) -> None:
    enter(administrator("hugo")).post(PAGE, EVA)
    for verb in ("aprobar", "rechazar", "retirar"):
        address = waiting_address(verb)
        assert Client().post(address).status_code == 403
        for stranger in (scene.alicia, scene.bruno, scene.dario):
            assert enter(stranger).post(address).status_code == 403
        assert enter(administrator(verb)).get(address).status_code == 405
    assert "propuestas" not in enter(scene.alicia).get(PAGE).text
    waiting_address("aprobar")


def test_a_proposal_is_refused_or_withdrawn_after_asking(scene: Any, enter: Enter) -> None:
    first, second = enter(administrator("hugo")), enter(administrator("inés"))
    for client, verb in ((first, "retirar"), (second, "rechazar")):
        first.post(PAGE, EVA)
        address = waiting_address(verb)
        assert re.search(f'<details class="confirm">(?:(?!</details>).)*{address}', client.get(PAGE).text, re.S)
        assert "se cerró sin hacerse" in client.post(address, follow=True).text
    assert "No hay ninguna" in first.get(PAGE).text
    with everything():
        assert not proposals.waiting().exists()


def test_a_lost_factor_of_a_party_is_removed_by_one_and_of_the_authority_by_two(scene: Any, enter: Enter) -> None:
    theirs = Client()
    theirs.post("/cuenta/login/", {"login": scene.dario.username, "password": PASSWORD})
    with registering():
        for person in (scene.alicia, scene.dario):
            Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    first, second = enter(administrator("hugo")), enter(administrator("inés"))
    alone, both = (f"{PAGE}{each.pk}/factor/" for each in (scene.alicia, scene.dario))
    assert "se quitó" in first.post(alone, follow=True).text
    assert "Quedó propuesto" in first.post(both, follow=True).text
    assert [each.user for each in Authenticator.objects.all()] == [scene.dario]
    assert theirs.get("/auditoria/").status_code == 200
    assert "Aprobado y hecho" in second.post(waiting_address("aprobar"), follow=True).text
    assert not Authenticator.objects.exists()
    assert theirs.get("/auditoria/").status_code == 302
    assert "no tiene segundo factor" in first.post(both, follow=True).text


def test_disabling_and_withdrawing_ask_first(scene: Any, enter: Enter) -> None:
    nora = create_usuario("nora", "Nora Paz", WORDS)
    appoint(nora, Nombramiento.Rol.CAPTURISTA, scene.partido)
    client = enter(scene.alicia)
    client.post(PAGE, {"nombre": "Luz", "username": "luz", "rol": "consulta", "sujeto": scene.partido.pk})
    page = client.get(PAGE).text
    for address in (f"{PAGE}{nora.pk}/deshabilitar/", "/cuenta/invitaciones/[0-9]+/retirar/"):
        assert re.search(f'<details class="confirm">(?:(?!</details>).)*{address}', page, re.S)


def test_a_stranger_is_refused(scene: Any, enter: Enter) -> None:
    assert Client().get(PAGE)["Location"].startswith("/cuenta/login/")
    person = Usuario.objects.exclude(pk=scene.alicia.pk).first()
    assert person
    for address in (f"{PAGE}{person.pk}/{verb}/" for verb in ("enlace", "factor", "deshabilitar")):
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
    assert key_of(key) is None
    entry = Client().post("/cuenta/login/", {"login": "nora", "password": WORDS})
    assert entry.status_code == 200 or "inactive" in entry["Location"]
    link = link_in(enter(scene.alicia).post(f"{PAGE}{nora.pk}/enlace/", follow=True).text)
    assert Client().post(link, {"password1": WORDS, "password2": WORDS}).status_code == 302
    assert Client().post("/cuenta/login/", {"login": "nora", "password": WORDS})["Location"] == "/mesa/"


def test_a_person_proves_the_rfc_of_the_account_with_the_e_firma(scene: Any, enter: Enter) -> None:
    page, fiel = "/cuenta/rfc/", _minted()[1]
    assert Client().get(page)["Location"].startswith("/cuenta/login/")
    assert Client().post(f"{page}cadena/").status_code == 403
    client = enter(scene.alicia)
    assert "RFC sin probar" in client.get(page).text
    assert "Falta el sello" in client.post(page, {"sello": ""}).text
    given = client.post(f"{page}cadena/", {"certificado": ContentFile(fiel.cer, "mia.cer")})
    sello = sign(given.text.strip(), open_key(fiel.key, fiel.password))
    answer = client.post(page, {"sello": "AAAA", "certificado": ContentFile(fiel.cer, "mia.cer")})
    assert answer.status_code == 422
    done = client.post(page, {"sello": sello, "certificado": ContentFile(fiel.cer, "mia.cer")}, follow=True)
    assert "RFC probado" in done.text
    assert state_of(scene.alicia) == "probado"


def test_the_only_subject_is_chosen_and_no_one_forgets_it(scene: Any, enter: Enter) -> None:
    page = enter(scene.alicia).get(PAGE).text
    choice = page[page.index('name="sujeto"') : page.index("</select>", page.index('name="sujeto"'))]
    assert re.findall(r"<option value=\"(\d*)\"", choice) == [str(scene.partido.pk)]
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "capturista", "sujeto": ""}
    refused = enter(scene.alicia).post(PAGE, given)
    assert refused.status_code == 422 and "Elija el sujeto." in refused.text
    hugo = enter(administrator("hugo"))
    refused = hugo.post(PAGE, given)
    assert refused.status_code == 422 and "Elija el sujeto." in refused.text
    refused = hugo.post(PAGE, {**EVA, "sujeto": scene.partido.pk})
    assert refused.status_code == 422 and "Deje «Ninguno»: es de la autoridad." in refused.text


def test_the_books_of_who_captures_are_ticked_by_their_name(scene: Any, enter: Enter) -> None:
    client = enter(scene.alicia)
    page = client.get(PAGE).text
    named = f"{scene.libros.pk} {scene.libros.titular}"
    assert named in page and str(scene.ajenos.pk) not in page
    assert f"({scene.libros.sujeto.siglas})" in page[page.index(named) :].partition("</label>")[0]
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "capturista", "sujeto": scene.partido.pk}
    wrong = client.post(PAGE, {**given, "contabilidades": [scene.ajenos.pk]})
    assert wrong.status_code == 422 and "es de otro sujeto" in wrong.text
    assert client.post(PAGE, {**given, "contabilidades": [scene.libros.pk]}).status_code == 302
    with everything():
        made = Invitacion.objects.get(username="nora.paz")
        assert made.contabilidades == [scene.libros.pk]


def test_many_books_are_looked_for_and_those_ticked_stay(
    scene: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "OFFERED", 1)
    client, boxes = enter(scene.alicia), r'name="contabilidades" value="(\d+)"'
    assert not re.findall(boxes, client.get(PAGE).text) and 'name="libros"' in client.get(PAGE).text
    typed = {"nombre": "Nora Paz", "rol": "capturista", "sujeto": scene.partido.pk, "buscar": "1"}
    page = client.post(PAGE, {**typed, "libros": scene.libros.titular.upper()})
    assert page.status_code == 200 and re.findall(boxes, page.text) == [str(scene.libros.pk)]
    assert 'value="Nora Paz"' in page.text and "Falta" not in page.text
    page = client.post(PAGE, {**typed, "libros": str(scene.otros.pk), "contabilidades": [scene.libros.pk]}).text
    assert sorted(re.findall(boxes, page)) == sorted([str(scene.libros.pk), str(scene.otros.pk)])
    assert re.search(rf'value="{scene.libros.pk}"[^>]* checked', page)
    page = client.post(PAGE, {**typed, "libros": str(scene.ajenos.pk)}).text
    assert not re.findall(boxes, page)


def test_of_many_subjects_one_is_typed_and_those_alike_are_told(
    scene: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "OFFERED", 0)
    hugo = create_usuario("hugo", "Hugo Lara", None, rfc=new_rfc())
    appoint(hugo, Nombramiento.Rol.ADMINISTRADOR)
    client = enter(hugo)
    assert f'<option value="{scene.partido.siglas}">' in client.get(PAGE).text
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "consulta", "sujeto": scene.partido.nombre[:6]}
    wrong = client.post(PAGE, given)
    assert wrong.status_code == 422
    assert f"Se parecen: {scene.partido.siglas} ({scene.partido.nombre})" in str(wrong.context["form"].errors["sujeto"])
    assert client.post(PAGE, given | {"sujeto": scene.partido.siglas.lower()}).status_code == 302
    assert Invitacion.objects.get().sujeto == scene.partido


def test_who_only_reads_a_subject_is_not_offered_it(scene: Any, enter: Enter) -> None:
    with everything():
        other = register_sujeto("partido", "77", "OTRO", "Partido Otro")
        appoint(scene.alicia, Nombramiento.Rol.CONSULTA, other)
    page = enter(scene.alicia).get(PAGE)
    assert [each.nombre for each in page.context["form"].fields["sujeto"].queryset] == [scene.partido.nombre]
