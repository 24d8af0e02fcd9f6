"""The council desk in a real browser: every page in every dress, on paper, and a vote from the agenda to the roll."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import check, chromium, open_context, shoot, watch
from journeys.council_campaign import DRESSES, campaign, visit
from journeys.shared import enter, shared_site
from sif.proceedings.models import Resolucion, Voto
from sif.proceedings.resolving import vote
from sif.rulebook.citations import every_citation
from sif.statutes.confirming import NewBase, propose
from sif.statutes.loading import load_text
from sif.statutes.models import ArticuloDeLey, BasePropuesta, TextoDeLey
from statutes.texts import as_text
from web.audit_scene import Scene

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


def _act(scene: Scene) -> None:
    scene.adopted("EV001")
    scene.adopted("CF001")
    scene.adopted("RE001")
    scene.notified()
    matter = scene.discussed()
    load_text("RF", as_text().encode(), date(2023, 8, 22), scene.gabriela, archivo="RF.txt")
    cited = next(each for each in every_citation("mx") if each.clave == "regla EV002 RF 127.1")
    words = ArticuloDeLey.objects.get(numero="127")
    propose([NewBase(cited.clave, cited.huella, words, words.contenido)], scene.gabriela)
    for person, sense in zip(scene.world.consejo[1:4], ("a_favor", "en_contra", "a_favor"), strict=True):
        reasons = "La muestra obra en el expediente." if sense == "en_contra" else ""
        vote(matter, person, sense, reasons)


@pytest.fixture
def review(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """A resolución with three sanctions under discussion; three of five have voted, Félix has not."""
    return campaign(settings, tmp_path, _act)


@pytest.mark.parametrize(("width", "theme", "language"), DRESSES)
def test_every_page_is_accessible_and_fits(
    chromium: Browser, shared_site: str, review: Scene, width: str, theme: str, language: str
) -> None:
    matter = Resolucion.objects.get().pk
    pages = {
        "sesion": "",
        "etapas": "etapas/",
        "dictamenes": "dictamenes/",
        "resoluciones": "resoluciones/",
        "resolucion": f"resoluciones/{matter}/",
        "votar": f"resoluciones/{matter}/votar/?sentido=en_contra",
        "criterios": "criterios/",
    }
    context = open_context(chromium, width, theme)
    enter(context, review.world.consejo[0], shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/{language}/?volver=/consejo/")
    for name, address in pages.items():
        visit(seen.page, f"{shared_site}/consejo/{address}", f"council-{name}-{width}-{theme}-{language}")
    seen.assert_quiet()
    context.close()


@pytest.mark.parametrize(("width", "theme", "language"), DRESSES)
def test_laws_and_bases_are_accessible_and_fit(
    chromium: Browser, shared_site: str, review: Scene, width: str, theme: str, language: str
) -> None:
    confirmed = BasePropuesta.objects.filter(resuelta__isnull=False).order_by("pk")[0]
    pages = {
        "leyes": "?ley=RF",
        "espera": "espera/",
        "textos": "textos/",
        "texto": f"textos/{TextoDeLey.objects.get().pk}/",
        "base": f"bases/{BasePropuesta.objects.get(resuelta=None).huella}/",
        "confirmada": f"bases/{confirmed.huella}/",
    }
    context = open_context(chromium, width, theme)
    enter(context, review.sofia, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/{language}/?volver=/consejo/")
    for name, address in pages.items():
        visit(seen.page, f"{shared_site}/consejo/leyes/{address}", f"council-leyes-{name}-{width}-{theme}-{language}")
    seen.page.emulate_media(media="print")
    shoot(seen.page, f"council-leyes-papel-{width}")
    seen.assert_quiet()
    context.close()


def test_paper_keeps_the_sanctions_and_the_roll(chromium: Browser, shared_site: str, review: Scene) -> None:
    context = open_context(chromium)
    enter(context, review.world.consejo[0], shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}/consejo/resoluciones/{Resolucion.objects.get().pk}/")
    page.emulate_media(media="print")
    shoot(page, "council-resolucion-print")
    expect(page.get_by_role("heading", name="Votación")).to_be_visible()
    expect(page.get_by_role("link", name="A favor")).to_be_hidden()
    context.close()


def test_both_options_measure_the_same_and_the_vote_is_cast_after_its_review(
    chromium: Browser, shared_site: str, review: Scene
) -> None:
    felix = review.world.consejo[0]
    context = open_context(chromium)
    enter(context, felix, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/consejo/")
    page.get_by_role("link", name="Partido de la Arboleda").first.click()
    options = [page.get_by_role("link", name=name, exact=True) for name in ("En contra", "A favor")]
    boxes = [option.bounding_box() for option in options]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
    assert boxes[0]["height"] == boxes[1]["height"]
    look = "getComputedStyle(arguments[0]).backgroundColor + getComputedStyle(arguments[0]).fontWeight"
    looks = [option.evaluate(f"node => ((...arguments) => {look})(node)") for option in options]
    assert looks[0] == looks[1]
    page.locator("main details summary").first.click()
    check(page, "council-resolucion-trabajo-1280")
    options[1].click()
    page.get_by_role("heading", name="Revise su voto").wait_for()
    assert not Voto.objects.filter(consejero=felix).exists()
    page.get_by_role("button", name="Emitir mi voto a favor").click()
    page.get_by_text("Su voto quedó emitido").wait_for()
    check(page, "council-votada-1280")
    assert Voto.objects.get(consejero=felix).sentido == "a_favor"
    seen.assert_quiet()
    context.close()
