"""Build the frame of a page and the context of every template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from sif.registry import clock
from sif.web.clocks import Clock
from sif.web.rails import DESKS, Rail, address, pages

THEMES = {"claro": "light", "oscuro": "dark"}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the context bar: subject, process, contabilidad or thing; clave goes in mono before the text."""

    texto: str | Promise
    url: str = ""
    clave: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a page: its desk, its place in the rail, its crumbs, its clock and the counts of pending items.

    mesa: key in rails.DESKS; actual: page of the rail; cuentas: pending items by page; etapa: the stage that the page
    shows, carried by its forms (`piezas/stage_shown.html`).
    """

    mesa: str
    actual: str = ""
    migas: tuple[Crumb, ...] = ()
    reloj: Clock | None = None
    cuentas: Mapping[str, int] = field(default_factory=dict)
    buzon: int = 0
    datos_al: datetime | None = None
    de_muestra: bool = False
    etapa: int = 0

    @property
    def desk(self) -> Rail:
        """The desk's pages."""
        return DESKS[self.mesa]

    @property
    def title(self) -> str | Promise:
        """The name of the page of the rail at hand, or '' if it is not in it."""
        return next((page.titulo for page in pages(self.desk) if page.clave == self.actual), "")

    @property
    def home_url(self) -> str:
        """Return the address of the wordmark: the home of the desk."""
        return address(f"{self.mesa}:home") or "/"

    @property
    def mailbox_url(self) -> str:
        """The desk's mailbox, or '' if it has none yet."""
        return address(f"{self.mesa}:buzon")

    @property
    def shortcuts(self) -> list[tuple[str, str | Promise, str]]:
        """Letter after G, page and address, for the dialog of keys."""
        return [(p.atajo, p.titulo, url) for p in pages(self.desk) if p.atajo and (url := address(p.direccion))]


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor: theme, environment words, the instant data are read, other language, where to return."""
    theme = THEMES.get(request.COOKIES.get(settings.THEME_COOKIE_NAME, ""), "")
    return {
        "theme": theme,
        "environment": _environment(),
        "most_body": settings.MOST_BODY,
        "now": clock.now(),
        "idle_seconds": settings.IDLE_SECONDS,
        "exige_factor": bool(settings.MFA_ROLES),
        "return_to": request.get_full_path(),
        "go_to_query": request.GET.get("q", ""),
    }


def _environment() -> str:
    """Return what a page says of its data: nothing in production; invented where a demonstration built them."""
    if settings.PRODUCTION:
        return ""
    return "demostracion" if (settings.DATOS / "demo" / "personas.json").exists() else "ensayo"
