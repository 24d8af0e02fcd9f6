"""On the desk of administration what was registered is corrected by two people, and a stranger reaches nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.test_corrections import administrator, candidacy, typo
from registry.test_leaving import MOMENT, Scene, make
from rfcs import new_rfc
from sif.registry import clock
from sif.registry.corrections import Ground, propose_subject
from sif.registry.models import (
    Candidatura,
    CorreccionPropuesta,
    CorreccionResuelta,
    Nombramiento,
    SujetoObligado,
    Usuario,
)
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]
WHY = {"motivo": "La captura cambió una letra.", "documento": "INE/CG12/2024"}


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.DATOS = tmp_path
    with clock.at(MOMENT):
        scene = make()
        yield scene, administrator("carla"), administrator("beto")


People = tuple[Scene, Usuario, Usuario]


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def words(page: str) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_subject_is_corrected_from_its_list_to_its_history(people: People, enter: Enter) -> None:
    scene, carla, beto = people
    mine, other = enter(carla), enter(beto)
    sheet, form = address("sujeto", scene.party.pk), address("sujeto_corregir", scene.party.pk)
    assert sheet in mine.get(address("sujetos")).text
    assert form in mine.get(sheet).text and "Falta: sin él no se reconocen" in mine.get(sheet).text
    assert mine.get(form).text.count(f"Corregir {scene.party.nombre}") >= 2, "its title and its h1 say whom"
    asked = {"nombre": "Partido Ámbar Unido", "siglas": "PA", "rfc": "PAU200101AB3", "numero": "1", **WHY}
    refused = mine.post(form, {**asked, "siglas": "CI", "motivo": "no", "acto": "ver"})
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"siglas", "motivo"}
    seen = mine.post(form, {**asked, "acto": "ver"})
    assert "Nada se ha corregido todavía." in seen.text and "Partido Ámbar Unido" in words(seen.text)
    assert "Candidaturas: 0" in words(seen.text) and not CorreccionPropuesta.objects.exists()
    assert "El dígito verificador del RFC no es" in words(seen.text)
    sound = words(mine.post(form, {**asked, "rfc": "GOA800101LI3", "acto": "ver"}).text)
    assert "Nada se ha corregido" in sound and "El dígito verificador" not in sound
    page = mine.post(form, {**asked, "acto": "proponer"}, follow=True)
    where = page.redirect_chain[-1][0]
    assert "Usted la propuso" in page.text and "Aprobar la corrección" not in page.text
    today = other.get(address("home")).text
    assert "Partido Ámbar" in today and where in today
    assert (
        "1 propuesta de otra persona espera" in today and "de otra persona espera" not in mine.get(address("home")).text
    )
    assert where in other.get(address("sujetos")).text and where not in other.get(address("candidaturas")).text
    assert "Partido Ámbar Unido" not in words(other.get(address("sujetos")).text)
    shown = other.get(where).text + other.get(sheet).text
    assert "PAU200101AB3" not in shown and "PAU•••••••••" in shown and "RFC, como está en el documento" in shown
    assert "El dígito verificador del RFC no es" in words(shown)
    for read in ({}, {"leida_rfc": "PAU200101AB2"}):
        wrong = other.post(where, {"acto": "aprobar", **read})
        assert wrong.status_code == 422 and "No es la que se propuso." in wrong.text
    assert SujetoObligado.objects.get(pk=scene.party.pk).rfc == ""
    for who, act in ((other, {"acto": "rechazar", "motivo": "No se lee el documento."}), (mine, {"acto": "retirar"})):
        who.post(where, act)
        shown = who.get(where).text + who.get(sheet).text
        assert "PAU200101AB3" not in shown and "PAU•••••••••" in shown
        where = mine.post(form, {**asked, "acto": "proponer"}, follow=True).redirect_chain[-1][0]
    done = other.post(where, {"acto": "aprobar", "leida_rfc": "pau200101ab3"}, follow=True)
    assert "desde ahora se lee así" in done.text
    assert "Partido Ámbar Unido" in words(other.get(address("sujetos")).text)
    shown = words(other.get(sheet).text)
    assert "Nombre: de «Partido Ámbar» a «Partido Ámbar Unido»" in shown and "PAU200101AB3" in shown
    assert "La propuso Carla" in shown and "Aprobada: Beto" in shown and "por INE/CG12/2024" in shown
    assert "quedó aprobada" in other.post(where, {"acto": "rechazar", "motivo": "ya no procede"}).text


def test_a_candidacy_is_corrected_and_its_keys_are_read_again_by_the_other(people: People, enter: Enter) -> None:
    scene, carla, beto = people
    with everything():
        found = candidacy(scene, "Ana Lunna")
    mine, other = enter(carla), enter(beto)
    form = address("candidatura_corregir", found.pk)
    assert form in mine.get(address("candidatura", found.pk)).text
    asked = {
        "nombre": "Ana Luna",
        "curp": "LUAA800101MDGNNN04",
        "cargo": "DIPUTACION FEDERAL MR",
        "entidad": "DUR",
        "lugar": "Distrito 2",
        "folio": found.folio,
        "sexo": "mujer",
        **WHY,
    }
    stranger = mine.post(form, {**asked, "nombre": "Eva Ríos", "acto": "ver"})
    assert "registre el fin de la candidatura y sustitúyala" in stranger.text
    seen = words(mine.post(form, {**asked, "acto": "ver"}).text)
    assert "El tope no cambia con la corrección" in seen and "LUAA••••" in seen
    where = mine.post(form, {**asked, "acto": "proponer"})["Location"]
    shown = other.get(where).text
    assert "LUAA800101MDGNNN04" not in shown and "CURP, como está en el documento" in shown
    wrong = other.post(where, {"acto": "aprobar", "leida_curp": "RIEE800101MDGSVV02"})
    assert wrong.status_code == 422 and "No es la que se propuso." in wrong.text
    other.post(where, {"acto": "aprobar", "leida_curp": "LUAA800101MDGNNN04"})
    now = Candidatura.objects.get(pk=found.pk)
    assert (now.persona.nombre, now.territorio.nombre, now.persona.sexo) == ("Ana Luna", "2", "mujer")
    again = mine.get(form).text  # the mask that comes back untouched changes nothing
    assert "LUAA800101MDGNNN04" not in again and "LUAA" in again
    kept = {**asked, "curp": "LUAA••••••••••••04", "nombre": "Ana Luna Sol", "acto": "proponer"}
    mine.post(form, kept)
    assert CorreccionPropuesta.objects.latest("pk").pedido["curp"] == "LUAA800101MDGNNN04"


def test_a_correction_is_refused_or_withdrawn_and_says_so(people: People, enter: Enter) -> None:
    scene, carla, beto = people
    ground = Ground(**WHY)
    with everything():
        first = propose_subject(scene.party, typo(scene), ground, carla)
    page = address("correccion", first.pk)
    short = enter(beto).post(page, {"acto": "rechazar", "motivo": "no"})
    assert short.status_code == 422 and 'aria-describedby="motivo-error"' in short.text
    assert "Lo propuso otra persona" in enter(beto).post(page, {"acto": "retirar"}, follow=True).text
    assert "otra persona que administre" in enter(carla).post(page, {"acto": "aprobar"}, follow=True).text
    enter(beto).post(page, {"acto": "rechazar", "motivo": "No consta en el documento."})
    assert "Rechazada: Beto" in words(enter(carla).get(address("sujeto", scene.party.pk)).text)
    with everything():
        second = propose_subject(scene.party, typo(scene), ground, carla)
    done = enter(carla).post(address("correccion", second.pk), {"acto": "retirar"}, follow=True)
    assert "Corrección retirada." in done.text and enter(carla).post(page, {"acto": "otro"}).status_code == 404


def test_who_has_no_rfc_is_told_so(people: People, enter: Enter) -> None:
    scene, _carla, _beto = people
    bare = create_usuario("dora", "Dora", None)
    appoint(bare, Nombramiento.Rol.ADMINISTRADOR)
    asked = {"nombre": "Partido Ámbar Unido", "siglas": "PA", "rfc": "", "numero": "1", **WHY, "acto": "proponer"}
    told = enter(bare).post(address("sujeto_corregir", scene.party.pk), asked)
    assert told.status_code == 422 and "no tiene RFC" in told.text and not CorreccionPropuesta.objects.exists()


def test_a_stranger_reaches_nothing(people: People, enter: Enter) -> None:
    scene, carla, _beto = people
    with everything():
        found = scene.approved("Ana Luna")
        asked = propose_subject(scene.party, typo(scene), Ground(**WHY), carla)
    eva = create_usuario("eva", "Eva", None, rfc=new_rfc())
    appoint(eva, Nombramiento.Rol.AUDITOR)
    stranger = enter(eva)
    pages = (
        ("sujeto", scene.party.pk),
        ("sujeto_corregir", scene.party.pk),
        ("candidatura_corregir", found.pk),
        ("correccion", asked.pk),
    )
    for name, pk in pages:
        assert stranger.get(address(name, pk)).status_code == 403
        assert "/cuenta/login/" in Client().get(address(name, pk))["Location"]
        assert enter(carla).get(address(name, 999_999)).status_code == 404
    for act in ("aprobar", "rechazar", "retirar"):
        assert stranger.post(address("correccion", asked.pk), {"acto": act, "motivo": "porque sí"}).status_code == 403
    wanted = {"nombre": "Otro Nombre", "siglas": "PA", "numero": "1", **WHY, "acto": "proponer"}
    assert stranger.post(address("sujeto_corregir", scene.party.pk), wanted).status_code == 403
    assert not CorreccionResuelta.objects.exists() and CorreccionPropuesta.objects.count() == 1
