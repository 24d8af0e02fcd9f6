"""The reports of an ordinary year in a real browser: accessible and whole on a phone, in both languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from filing.ordinary import Ordinary, filed_year
from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from sif.registry.scope import everything

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def ordinary(db: None, settings: Any, tmp_path: Path) -> Iterator[Ordinary]:
    """The year 2025 whole, its fourth quarter presented and its annual prepared."""
    settings.DATOS = tmp_path
    with everything():
        made = filed_year()
    yield made


@pytest.mark.parametrize(("width", "theme", "language"), [("1280", "light", "es-mx"), ("360", "dark", "en")])
def test_the_reports_of_a_year_are_accessible_and_fit(
    chromium: Browser, shared_site: str, ordinary: Ordinary, width: str, theme: str, language: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, ordinary.clerk, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/idioma/{language}/?volver=/partido/", wait_until="networkidle")
    books = ordinary.books.pk
    for name, address in {
        "lista": "informes/",
        "trimestral": f"informes/{books}/IT/2/",
        "anual": f"informes/{books}/IA/4/",
        "acuse": f"informes/{books}/IT/4/1/acuse/",
        "contabilidad": f"contabilidades/{books}/",
    }.items():
        page.goto(f"{shared_site}/partido/{address}", wait_until="networkidle")
        check(page, f"ordinario-{name}-{width}-{theme}-{language}")
    seen.assert_quiet()
    context.close()
