"""The public desk in a real browser: every page clean for axe in each width, background and language; and on paper."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, expect

from acts import empty_database
from journeys.browser import assert_axe_clean, assert_fits, chromium, open_context, shoot, site, watch
from published_world import PDF, publish_files, publish_world
from sif.disclosure.models import ProcesoPublicado
from sif.filing.cuts import make_cut
from sif.registry.models import Usuario
from sif.registry.scope import everything
from small_world import make_world

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.browser

PAGES = {
    "inicio": "/",
    "candidaturas": "/candidaturas/?clase=todas",
    "candidatura": "/candidaturas/41207/",
    "coalicion": "/candidaturas/41208/",
    "sanciones": "/sanciones/",
    "reglas": "/reglas/",
    "regla": "/reglas/RE001/",
    "documentos": "/documentos/",
    "datos": "/datos-abiertos/",
    "verificar": "/verificar/",
    "codigo": "/verificar/codigo/",
    "sellado": "/verificar/documento/",
    "registro": "/registro/",
    "articulo": "/ley/LGPP-63.1.c/",
    "accesibilidad": "/accesibilidad/",
    "estado": "/estado/",
    "demostracion": "/demostracion/",
}
PERSON = {"usuario": "alicia", "nombre": "Alicia Robles Zepeda", "rol": "Auditora", "puede": "revisa hallazgos"}
HEAD = {
    "usuario": "carla",
    "nombre": "Carla Núñez Prado",
    "rol": "Responsable de Finanzas",
    "sujeto": "Unión Brújula",
    "puede": "captura, presenta informes y contesta el oficio",
}


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[ProcesoPublicado]:
    """A published stage that the server's own connections see, and a folder of data; all gone at the end."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("datos")
    patch.setattr(settings, "DATOS", folder)
    (folder / "demo").mkdir()
    (folder / "demo" / "personas.json").write_text(json.dumps([HEAD, PERSON]), encoding="utf-8")
    name = hashlib.sha256(PDF).hexdigest()
    (folder / "archivos" / name[:2]).mkdir(parents=True)
    (folder / "archivos" / name[:2] / name[2:]).write_bytes(PDF)
    with django_db_blocker.unblock():
        try:
            proceso = publish_world()
            publish_files(proceso)
            Usuario.objects.create_user("alicia", password="demostracion", nombre="Alicia Robles Zepeda")
            with everything():
                make_world()
                for _ in range(3):
                    make_cut()
            yield proceso
        finally:
            empty_database()
            connections.close_all()
    patch.undo()


@pytest.mark.parametrize(("width", "theme", "language"), [("1280", "light", "es-mx"), ("360", "dark", "en")])
def test_every_public_page_is_clean(
    chromium: Browser, site: str, published: ProcesoPublicado, width: str, theme: str, language: str
) -> None:
    context = open_context(chromium, width, theme)
    seen = watch(context)
    seen.page.goto(f"{site}/idioma/{language}/?volver=/accesibilidad/")
    for name, address in PAGES.items():
        seen.page.goto(f"{site}{address}", wait_until="load")
        shoot(seen.page, f"public-{name}-{width}-{theme}-{language[:2]}")
        expect(seen.page.locator("h1")).to_have_count(1)
        assert_axe_clean(seen.page)
        assert_fits(seen.page)
    seen.assert_quiet()
    context.close()


def test_a_visitor_goes_from_the_question_to_the_account(
    chromium: Browser, site: str, published: ProcesoPublicado
) -> None:
    context = open_context(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/")
    page.get_by_role("searchbox").fill("renteria")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_text("1 cuenta.")).to_be_visible()
    page.get_by_role("link", name="Mariela Ochoa Rentería").click()
    expect(page.get_by_text("95 centavos de cada peso")).to_be_visible()
    page.get_by_role("link", name="RF 38.1").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("RF 38.1")
    page.get_by_role("link", name="Registro extemporáneo de operaciones").first.click()
    expect(page.get_by_text("El Consejo sancionó 3 conclusiones por esta regla.")).to_be_visible()
    context.close()


def test_the_account_prints_with_its_gauge(chromium: Browser, site: str, published: ProcesoPublicado) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/candidaturas/41207/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    shoot(page, "public-candidatura-print")
    expect(page.locator("svg.tope.large")).to_be_visible()
    expect(page.get_by_role("navigation", name="Secciones")).to_be_hidden()
    expect(page.get_by_text("Datos publicados al")).to_be_visible()
    context.close()


def test_one_click_signs_in_as_an_invented_person(chromium: Browser, site: str, published: ProcesoPublicado) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/demostracion/")
    page.get_by_role("button", name="Entrar como Alicia Robles Zepeda").click()
    page.wait_for_url("**/mesa/")
    page.goto(f"{site}/demostracion/")
    expect(page.get_by_text("Usted entró como Alicia Robles Zepeda.")).to_be_visible()
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("button", name="Entrar como Alicia Robles Zepeda")).to_be_visible()
    context.close()
