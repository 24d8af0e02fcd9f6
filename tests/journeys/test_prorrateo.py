"""A responsable de finanzas shares an expense, sees what it does to each cap, undoes it, and transfers money."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from election import Election, make_election
from journeys.browser import WIDTHS, assert_axe_clean, assert_fits, chromium, shoot
from journeys.shared import enter, shared_site
from sif.apportionment.models import Prorrateo
from sif.books.models import LadoTransferencia
from sif.registry import clock
from sif.registry.scope import EVERYTHING, everything, set_scope
from small_world import MOMENT

__all__ = ["chromium", "shared_site"]
pytestmark = [pytest.mark.browser]


@pytest.fixture
def election(shared_site: str, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Election:
    """An election on a day that the server, in its own thread, also lives in."""
    settings.DATOS = tmp_path
    monkeypatch.setattr(clock, "now", lambda: MOMENT)
    with everything():
        return make_election()


def _says(page: Any, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_expense_is_shared_seen_and_undone(election: Election, shared_site: str, chromium: Any, width: str) -> None:
    with everything():
        many = [election.candidate("L", cap) for cap in ("300", "100", "100")]
        expense = election.expense("400.01", concepto="Lonas del puente")
    context = chromium.new_context(viewport=WIDTHS[width], locale="es-MX")
    enter(context, election.world.clerk, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}{reverse('party:prorrateo')}")
    page.get_by_role("link", name="Prorratear un gasto").first.click()
    page.get_by_role("link", name="Prorratear", exact=True).click()
    page.get_by_label("Personalizado.").check()
    page.get_by_label("Criterio de beneficio").select_option("imagen")
    page.get_by_label("Cómo se sabe").fill("La lona muestra a las dos")
    page.get_by_role("button", name="Ver qué le toca a cada una").click()
    _says(page, "una sola candidatura es directo y no se prorratea")
    for each in many[:2]:
        page.locator(f"#b_{each.pk}").check()
    page.get_by_role("button", name="Ver qué le toca a cada una").click()
    for words in ("300.00", "100.00", "0.01", "$400.01", "Registrar 3 pólizas y la cédula"):
        _says(page, words)
    expect(page.locator("svg.tope")).to_have_count(4)
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, f"prorrateo-previa-{width}")
    page.get_by_role("button", name="Registrar 3 pólizas y la cédula").click()
    expect(page.locator("body")).to_contain_text("Se registró el prorrateo")
    expect(page.get_by_role("img", name="¿Cuánto del gasto tocó a cada campaña?")).to_be_visible()
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, f"prorrateo-partes-{width}")
    with page.expect_download() as cedula:
        page.get_by_role("link", name="Descargar la cédula").click()
    assert cedula.value.suggested_filename.startswith("cedula-PR-")
    page.get_by_label("Motivo").fill("Faltó una campaña")
    page.get_by_role("button", name="Revertir todas sus pólizas").click()
    _says(page, "Este prorrateo se revirtió completo.")
    set_scope(EVERYTHING)
    row = Prorrateo.objects.get()
    assert row.gasto_id == expense.pk and hasattr(row.poliza, "reversion")
    context.close()


def test_money_is_transferred_in_both_books(election: Election, shared_site: str, chromium: Any) -> None:
    context = chromium.new_context(viewport=WIDTHS["1280"], locale="es-MX")
    enter(context, election.world.clerk, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}{reverse('party:traspasos')}")
    page.get_by_role("link", name="Traspasar").first.click()
    page.get_by_label("Entra a").select_option(str(election.world.other_books.pk))
    page.get_by_label("Importe").fill("1,500.50")
    page.get_by_label("Fecha de operación").fill("2024-04-11")
    page.get_by_role("button", name="Ver las dos pólizas").click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Registrar las dos pólizas").click()
    _says(page, "Las dos pólizas")
    _says(page, "1,500.50")
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, "traspasos-1280")
    set_scope(EVERYTHING)
    assert sorted(LadoTransferencia.objects.values_list("lado", "monto")) == [("entrada", 150_050), ("salida", 150_050)]
    context.close()
