"""The authority's desk in Chromium, from an empty database: a process from the law, and who must report."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.browser import assert_axe_clean, assert_fits_a_phone, check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from sif.registry.models import Nombramiento
from sif.registry.services import appoint, create_usuario

__all__ = ["chromium", "shared_site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def seen(page: Page, name: str) -> None:
    """Look at a page at both widths: axe finds nothing and it does not scroll sideways."""
    check(page, name)
    assert_axe_clean(page)
    assert_fits_a_phone(page, name)


def administrator(name: str) -> Any:
    person = create_usuario(name, name.title(), None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def test_an_election_is_opened_from_nothing(shared_site: str, chromium: Browser) -> None:
    ana, luis = administrator("ana"), administrator("luis")
    context = open_context(chromium)
    enter(context, ana, shared_site)
    watched = watch(context)
    page = watched.page
    _process(page, shared_site)
    other = open_context(chromium)
    enter(other, luis, shared_site)
    _open(other, page.url)
    _subjects(page, shared_site)
    assert not [error for error in watched.errors if "422" not in error]
    assert not watched.strangers


def _process(page: Page, site: str) -> None:
    page.goto(f"{site}/administracion/procesos/")
    seen(page, "admin-vacia")
    page.get_by_role("link", name="Proceso nuevo").click()
    page.get_by_label("Clase").select_option("local_intermedia")
    page.get_by_label("Entidad").select_option("DUR")
    page.get_by_label("Año").fill("2027")
    seen(page, "admin-proceso-nuevo")
    page.get_by_role("button", name="Ver el calendario de la ley").click()
    seen(page, "admin-calendario")
    page.get_by_label("Precampaña: hay esta etapa").uncheck()
    page.get_by_label("Apoyo ciudadano: hay esta etapa").uncheck()
    page.get_by_role("button", name="Proponer este calendario").click()
    expect(page.get_by_role("alert").first).to_contain_text("Escriba el acuerdo")
    page.locator("#id_campana_acuerdo").fill("IEPC/CG1/2027")
    page.get_by_role("button", name="Ver cómo queda").click()
    page.get_by_role("button", name="Proponer este calendario").click()
    expect(page.get_by_text("lo abre otra persona")).to_be_visible()
    seen(page, "admin-propuesta")


def _open(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Abrir el proceso").click()
    expect(page.get_by_text("El proceso quedó abierto")).to_be_visible()
    seen(page, "admin-proceso")


def _subjects(page: Page, site: str) -> None:
    for tipo, siglas in (("partido", "PJ"), ("partido_local", "PD")):
        page.goto(f"{site}/administracion/sujetos/nuevo/")
        page.get_by_label("Tipo").select_option(tipo)
        page.get_by_label("Nombre completo").fill(f"Partido {siglas}")
        page.get_by_label("Siglas").fill(siglas)
        page.get_by_role("button", name="Registrar").click()
    page.get_by_role("link", name="Sujeto nuevo").click()
    page.get_by_label("Tipo").select_option("coalicion")
    page.get_by_label("Nombre completo").fill("Juntas por Durango")
    page.get_by_label("Siglas").fill("JXD")
    seen(page, "admin-sujeto-nuevo")
    page.get_by_role("button", name="Registrar").click()
    page.get_by_label("Desde").fill("10/01/2027")
    page.get_by_label("Partido PJ").fill("60")
    page.get_by_label("Partido PD").fill("39")
    page.get_by_role("button", name="Registrar").click()
    expect(page.get_by_role("alert").first).to_contain_text("suman 99.00 %")
    seen(page, "admin-integrantes")
    page.get_by_label("Partido PD").fill("40")
    page.get_by_role("button", name="Registrar").click()
    expect(page.get_by_text("Integrantes registrados.")).to_be_visible()
    seen(page, "admin-sujetos")
