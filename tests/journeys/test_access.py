"""Masked keys, who saw them whole, the part of an oficio and the page of access, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site
from rfcs import new_rfc

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with a donor of three keys and a person."""
    from scene import make_scene
    from sif.catalogs.services import NewAportante, NewPersona, save_aportante, save_persona
    from sif.registry import clock
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    keys = {"rfc": "GOMC800101AB4", "curp": "GOMC800101MDFXXX08", "clave_elector": "GMMCCR80010109M400"}
    with everything():
        save_aportante(NewAportante(made.partido.pk, "Carmen Gómez", **keys), made.alicia)
        save_persona(NewPersona(made.partido.pk, "Rosa Zepeda", "caja", clock.today(), **keys), made.alicia)
    yield made


def test_keys_are_seen_whole_once_and_told(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/miradas/")
    page.get_by_text("Nadie ha visto datos completos").wait_for()
    look(page, "miradas-vacia")
    page.goto(f"{shared_site}/partido/aportaciones/aportantes/")
    look(page, "aportantes-cubiertos")
    page.locator("#id_clave_completa").fill("GOMC800101MDFXXX08")
    page.get_by_role("button", name="Buscar por clave").click()
    page.get_by_role("heading", name="Carmen Gómez").wait_for()
    assert "GOMC" not in page.url
    look(page, "aportante-cubierto")
    page.locator("#id_finalidad").select_option("recibo")
    page.locator("#id_para_que").fill("x")
    page.get_by_role("button", name="Ver completo").click()
    page.get_by_text("no dice para qué los ve").wait_for()
    look(page, "aportante-sin-motivo")
    page.locator("#id_para_que").fill("Cotejar su credencial antes de firmar el recibo")
    page.get_by_role("button", name="Ver completo").click()
    page.get_by_text("GOMC800101MDFXXX08").wait_for()
    look(page, "aportante-completo")
    page.goto(f"{shared_site}/partido/gente/")
    look(page, "gente-cubierta")
    page.goto(f"{shared_site}/partido/miradas/")
    page.get_by_text("Cotejar su credencial").wait_for()
    look(page, "miradas")
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()


def test_the_page_of_access(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock, events, services, trail
    from sif.registry.trail import Clase

    person = services.create_usuario(f"hugo{scene.partido.pk}", "Hugo Lara", "")
    services.appoint(person, "administrador", desde=clock.today() - timedelta(days=1))
    with events.context(direccion="203.0.113.0/24", pedido=events.new_pedido()):
        trail.write(Clase.ENTRADA, "rechazada", None)
        trail.write(Clase.ENTRADA, "aceptada", scene.alicia, via="password", factor=True)
        trail.write(Clase.RECHAZO, "party:polizas", scene.dario)
        trail.act("presentar", scene.alicia, scene.etapa)
        trail.write(Clase.EXPORTACION, "party:aportantes", scene.alicia)
    context = open_context(chromium)
    enter(context, person, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/accesos/")
    page.get_by_role("heading", name="Accesos").wait_for()
    look(page, "accesos")
    page.goto(f"{shared_site}/cuenta/accesos/?hasta=2020-01-01")
    look(page, "accesos-vacia")
    seen.assert_quiet()
    context.close()


def test_the_page_of_people_and_what_waits_for_another(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock, invitations, proposals, services

    people = []
    for name in ("Hugo", "Inés"):
        person = services.create_usuario(f"{name.lower()}{scene.partido.pk}", f"{name} Lara", "", rfc=new_rfc())
        services.appoint(person, "administrador", desde=clock.today() - timedelta(days=1))
        people.append(person)
    proposals.propose_invitation(invitations.Invited("revisor", "Eva Mora", "eva.mora", new_rfc()), people[0])
    proposals.propose_link(scene.dario, people[1])
    context = open_context(chromium)
    enter(context, people[1], shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/personas/")
    look(page, "personas")
    page.locator("details.confirm summary").first.click()
    page.get_by_role("button", name="Rechazar lo propuesto para Eva Mora").wait_for()
    look(page, "personas-rechazar")
    page.get_by_role("button", name="Aprobar Eva Mora").click()
    page.get_by_text("Copie ahora el enlace").wait_for()
    look(page, "personas-aprobada")
    seen.assert_quiet()
    context.close()


def test_the_page_of_the_rfc_of_an_account(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/rfc/")
    page.get_by_text("RFC sin probar").wait_for()
    look(page, "rfc-de-mi-cuenta")
    page.get_by_role("button", name="Probar mi RFC").click()
    page.get_by_text("Falta el sello").first.wait_for()
    look(page, "rfc-de-mi-cuenta-rechazo")
    assert [error for error in seen.errors if "422" not in error] == []
    context.close()
