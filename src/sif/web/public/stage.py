"""Resolve the published stage of a page, or what stands in the place of what was withdrawn or lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.disclosure import catalog
from sif.disclosure.catalog import Process, Withdrawal
from sif.disclosure.history import standing
from sif.disclosure.stored import FileLost
from sif.registry import events

_FRESH = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages published and the one asked for; actual is None while nothing is published."""

    todas: tuple[Process, ...]
    actual: Process | None

    @property
    def clave(self) -> str:
        """Key of the stage at hand, or ''."""
        return self.actual.clave if self.actual else ""

    @property
    def query(self) -> dict[str, str]:
        """Return the query that keeps a link in this stage, empty for the main stage."""
        return {"proceso": self.clave} if self.actual != main_stage(self.todas) else {}


class Withdrawn(Http404):
    """A request for data published and then withdrawn: the notice of the withdrawal stands in its place."""

    def __init__(self, notice: Withdrawal) -> None:
        super().__init__(notice.nombre)
        self.notice = notice


def absent(part: str, key: str | int, words: str) -> Http404:
    """Return the refusal of what is not published, to raise: its notice if it was withdrawn, otherwise those words."""
    notice = catalog.withdrawn(part, key)
    return Withdrawn(notice) if notice else Http404(words)


def noticed[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Answer with the notice (410) a page about what was withdrawn, and in words (503) a file whose bytes are lost."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Withdrawn as gone:
            every = tuple(catalog.processes())
            page = public_page(request, "retirado", "datos", Stages(every, None), {"notice": gone.notice})
            page.status_code = 410
            return page
        except FileLost as lost:
            events.log_exception(lost, huella=lost.sha256)
            every = tuple(catalog.processes())
            page = public_page(request, "perdido", "datos", Stages(every, None), {"sha256": lost.sha256})
            page.status_code = 503
            return page

    return seen


def stages_of(request: HttpRequest) -> Stages:
    """Return the stage named in ?proceso=, otherwise the main one. Raises Http404 for one that is not published."""
    every = tuple(catalog.processes())
    asked = request.GET.get("proceso", "")
    return Stages(every, found_stage(every, asked) if asked else main_stage(every))


def main_stage(every: tuple[Process, ...]) -> Process | None:
    """The one with most accounts of those that ended in the last year or have not ended, counted from the newest data.

    So an extraordinary election of one town does not hide the election of its year, and a new election takes its place.
    """
    if not every:
        return None
    limit = max(row.datos_al for row in every).date() - _FRESH
    fresh = [row for row in every if row.termina_el >= limit]
    return max(fresh or every, key=lambda row: (row.contabilidades, row.termina_el, row.clave))


def last_decided(every: tuple[Process, ...]) -> Process | None:
    """Return the last stage in which the council imposed a sanction, or None."""
    return next((row for row in every if row.sanciones), None)


def found_stage(every: tuple[Process, ...], clave: str) -> Process:
    """Return the stage of that key. Raises Http404 for one that is not published."""
    found = next((row for row in every if row.clave == clave), None)
    if found is None:
        raise absent("proceso", clave, f"«{clave}» no es un proceso publicado.")
    return found


def public_page(
    request: HttpRequest, template: str, section: str, stages: Stages, context: Mapping[str, object]
) -> HttpResponse:
    """Draw a public page: its section in the masthead, the stage under the motto, the instant of its data."""
    return render(request, f"public/{template}.html", {**public_context(section, stages), **context})


def public_context(section: str, stages: Stages, past: int = 0) -> dict[str, object]:
    """Return the context common to the public pages.

    past: the number of the past process at hand.
    """
    actual = stages.actual
    return {
        "public_page": section,
        "public_subject": actual.nombre if actual else "",
        "published_at": actual.datos_al if actual else None,
        "stages": stages,
        "process": actual,
        "stage_tabs": _tabs(stages, past),
        "withdrawn": {row.proceso: row for row in reversed(catalog.withdrawals()) if row.vigente}.values(),
    }


def _tabs(stages: Stages, past: int) -> list[tuple[str, str, None, bool]]:
    """Return the stages published and, marked, the past processes; nothing where a published stage is alone."""
    home = reverse("public:home")
    tabs = [
        (row.nombre, f"{home if past else ''}?proceso={row.clave}", None, row == stages.actual) for row in stages.todas
    ]
    for row in standing():
        words = _("%(name)s (histórico)") % {"name": row.nombre}
        tabs.append((words, reverse("public:historico", args=[row.pk]), None, row.pk == past))
    return tabs if len(tabs) > 1 or not stages.todas else []


def nothing_yet() -> str:
    """The words of a page while no stage is published."""
    return _("Todavía no se publica ningún proceso. Las cuentas aparecen aquí cuando la autoridad las publica.")
