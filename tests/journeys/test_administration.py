"""The authority's desk in Chromium, from an empty database: a process from the law, and who must report."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site
from registry.test_procesos import local
from rfcs import new_rfc
from sif.registry.models import Nombramiento
from sif.registry.procesos import open_proceso, propose_proceso
from sif.registry.services import appoint, create_usuario
from sif.registry.sujetos import NewSujeto, register_subject

__all__ = ["chromium", "shared_site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def administrator(name: str) -> Any:
    person = create_usuario(name, name.title(), None, rfc=new_rfc())
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def test_an_election_is_opened_from_nothing(shared_site: str, chromium: Browser, settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
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
    _emblem(page)
    assert not [error for error in watched.errors if "422" not in error]
    assert not watched.strangers


def _process(page: Page, site: str) -> None:
    page.goto(f"{site}/administracion/procesos/")
    look(page, "admin-vacia")
    page.get_by_role("link", name="Proceso nuevo").first.click()
    page.get_by_label("Clase").select_option("local_intermedia")
    page.get_by_label("Entidad").select_option("DUR")
    page.get_by_label("Año").fill("2027")
    look(page, "admin-proceso-nuevo")
    page.get_by_role("button", name="Ver el calendario propuesto").click()
    look(page, "admin-calendario")
    parts = [page.locator(f"#id_precampana_{part}") for part in ("inicia", "termina", "plazos", "acuerdo")]
    for part in parts:
        expect(part).to_be_visible()
    page.get_by_label("Precampaña: hay esta etapa").uncheck()
    page.get_by_label("Apoyo ciudadano: hay esta etapa").uncheck()
    for part in parts:
        expect(part).to_be_hidden()
    expect(page.locator("#id_campana_inicia")).to_be_visible()
    look(page, "admin-calendario-sin-etapas")
    page.get_by_role("button", name="Proponer este calendario").click()
    expect(page.get_by_role("alert").first).to_contain_text("Escriba el acuerdo")
    page.locator("#id_campana_acuerdo").fill("IEPC/CG1/2027")
    page.get_by_role("button", name="Ver cómo queda").click()
    page.get_by_role("button", name="Proponer este calendario").click()
    expect(page.get_by_text("lo abre otra persona")).to_be_visible()
    look(page, "admin-propuesta")


def _open(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Abrir el proceso").click()
    expect(page.get_by_text("El proceso quedó abierto")).to_be_visible()
    look(page, "admin-proceso")


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
    look(page, "admin-sujeto-nuevo")
    page.get_by_role("button", name="Registrar").click()
    page.get_by_label("Acuerdo o resolución").fill("INE/CG5/2026")
    page.get_by_label("Aprobado el").fill("10/01/2026")
    page.get_by_label("Rige desde").fill("10/01/2026")
    page.get_by_label("Partido PJ").fill("60")
    page.get_by_label("Partido PD").fill("39")
    page.get_by_role("button", name="Registrar").click()
    expect(page.get_by_role("alert").first).to_contain_text("suman 99.00 %")
    look(page, "admin-integrantes")
    page.get_by_label("Partido PD").fill("40")
    page.get_by_role("button", name="Registrar").click()
    expect(page.get_by_text("Convenio registrado.")).to_be_visible()
    look(page, "admin-convenio")
    page.get_by_role("link", name="Sujetos obligados").first.click()
    look(page, "admin-sujetos")


def _emblem(page: Page) -> None:
    """An SVG is refused at its field; a PNG is drawn on the sheet of its party, with its accord and first day."""
    page.get_by_role("link", name="Partido PJ").first.click()
    page.get_by_role("link", name="Registrar el emblema").click()
    look(page, "admin-emblema-nuevo")
    drawn = io.BytesIO()
    Image.new("RGB", (900, 300), "purple").save(drawn, "PNG")
    for name, data in (
        ("emblema.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("emblema.png", drawn.getvalue()),
    ):
        page.get_by_label("Acuerdo o documento").fill("INE/CG5/2026")
        page.get_by_label("Rige desde").fill("10/01/2026")
        page.get_by_label("Archivo").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        page.get_by_role("button", name="Registrar").click()
        if name == "emblema.svg":
            expect(page.get_by_role("alert").first).to_contain_text("puede llevar programas")
            look(page, "admin-emblema-rehusado")
    expect(page.get_by_text("Emblema registrado.")).to_be_visible()
    picture = page.get_by_role("img", name="Emblema del Partido PJ")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 512
    look(page, "admin-emblema")


CANDIDACIES = """PARTIDO_COALICION,CARGO,ENTIDAD,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO
Partido Jacaranda,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,10,ANA LUNA
CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,11,EVA RÍO
Partido Jacaranda,PRESIDENCIA MUNICIPAL,DURANGO,No aplica,12,IRIS MAR
"""
CAPS = "CARGO,ENTIDAD,MUNICIPIO,TOPE\nPRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,600000\n"


def _csv(page: Page, text: str) -> None:
    page.get_by_label("Archivo").set_input_files(
        {"name": "archivo.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )


def test_candidacies_and_caps_enter_and_nothing_owed_is_silent(
    shared_site: str, chromium: Browser, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    ana, luis = administrator("ana"), administrator("luis")
    open_proceso(propose_proceso(local(), ana), luis)
    register_subject(NewSujeto("partido_local", "PJ", "Jacaranda de Durango"), ana)
    context = open_context(chromium)
    enter(context, ana, shared_site)
    watched = watch(context)
    page = watched.page
    page.goto(f"{shared_site}/mesa/")
    look(page, "admin-hoy")
    page.get_by_role("link", name="Cargar las candidaturas").click()
    page.get_by_role("link", name="Cargar un archivo").first.click()
    page.get_by_label("Etapa", exact=True).select_option(label="Proceso electoral local 2026-2027, Durango: Campaña")
    _csv(page, CANDIDACIES)
    look(page, "admin-subir")
    page.get_by_role("button", name="Ver qué trae").click()
    page.get_by_role("button", name="Aprobar 2 candidaturas").click()
    expect(page.get_by_role("alert").first).to_contain_text("Falta decir quién es")
    look(page, "admin-carga")
    page.get_by_label("Partido Jacaranda").select_option(label="Jacaranda de Durango (PJ)")
    page.get_by_role("button", name="Aprobar 2 candidaturas").click()
    expect(page.get_by_text("Entraron 2 candidaturas")).to_be_visible()
    page.goto(f"{shared_site}/administracion/topes/")
    page.get_by_label("Etapa", exact=True).select_option(label="Proceso electoral local 2026-2027, Durango: Campaña")
    _csv(page, CAPS)
    page.get_by_role("button", name="Ver qué trae").click()
    look(page, "admin-topes")
    page.get_by_label("Acuerdo que los fija").fill("IEPC/CG20/2027")
    page.get_by_role("button", name="Fijar estos topes").click()
    expect(page.get_by_text("2 contabilidades tienen su tope.")).to_be_visible()
    look(page, "admin-candidaturas")
    page.goto(f"{shared_site}/administracion/")
    page.get_by_role("link", name="Proceso electoral local").click()
    expect(page.get_by_text("Sujetos sin Responsable de Finanzas: 2")).to_be_visible()
    look(page, "admin-faltantes")
    page.goto(f"{shared_site}/administracion/candidaturas/nueva/")
    look(page, "admin-candidatura-nueva")
    assert not [error for error in watched.errors if "422" not in error]
    assert not watched.strangers
