"""Indicios and samples in a real browser: accessible, narrow enough for a phone, and asked with the keyboard alone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.council_campaign import campaign, visit
from journeys.shared import enter, shared_site
from journeys.test_lotes import work
from sif.audit.lens.indicio import Indicio
from sif.web.auditor.medir import indicios as indicios_page
from web.audit_scene import Scene
from web.test_auditor_indicios import frozen_again

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def shared(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """A campaign in which two parties posted the same file."""
    return campaign(settings, tmp_path, frozen_again)


def test_on_a_desk_and_on_a_phone(chromium: Browser, shared_site: str, shared: Scene) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        context = open_context(chromium, width, theme)
        enter(context, shared.world.dario, shared_site)
        seen = watch(context)
        visit(seen.page, f"{shared_site}/auditoria/indicios/", f"indicios-{width}")
        seen.page.goto(f"{shared_site}/auditoria/muestras/")
        seen.page.get_by_label("Semilla").fill("sorteo 48213")
        seen.page.keyboard.press("Enter")
        seen.page.get_by_role("heading", name="Pólizas elegidas").wait_for()
        visit(seen.page, seen.page.url, f"muestreo-{width}")
        assert not seen.errors
        assert not seen.strangers
        context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_the_first_look_is_prepared_apart_and_leads_to_what_was_asked(
    chromium: Browser, shared_site: str, shared: Scene, settings: Any, width: str, theme: str
) -> None:
    settings.TRABAJOS_EN_LINEA = False
    context = open_context(chromium, width, theme)
    enter(context, shared.world.dario, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/auditoria/muestras/?semilla=sorteo&tamano=7")
    expect(seen.page.get_by_text("Se está preparando lo que verá.")).to_be_visible()
    check(seen.page, f"indicios-espera-{width}")
    work()
    expect(seen.page.get_by_role("heading", name="Pólizas elegidas")).to_be_visible()
    seen.page.goto(f"{shared_site}/auditoria/indicios/")
    expect(seen.page.get_by_role("heading", name="Indicios", exact=True)).to_be_visible()
    seen.assert_quiet()
    context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "dark"), ("360", "light")])
def test_the_first_digits_are_drawn(
    chromium: Browser, shared_site: str, shared: Scene, monkeypatch: pytest.MonkeyPatch, width: str, theme: str
) -> None:
    book = shared.world.contabilidades[0].pk
    seen = [
        Indicio(
            "benford", f"{n}", (book,), (), 300, 1, 312 + n, 150, "De 300…", (), (120, 60, 40, 30, 20, 10, 10, 5, 5)
        )
        for n in (0, 1)
    ]
    monkeypatch.setattr(indicios_page, "kept", lambda *_folders: seen)
    context = open_context(chromium, width, theme)
    enter(context, shared.world.dario, shared_site)
    page = context.new_page()
    visit(page, f"{shared_site}/auditoria/indicios/", f"indicios-digitos-{width}")
    expect(page.get_by_role("img", name="¿Con qué dígito empiezan los gastos")).to_have_count(2)
    context.close()
