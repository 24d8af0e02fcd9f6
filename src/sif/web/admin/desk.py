"""Authorise the administration desk, and define its lists and forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, Concatenate

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from sif.registry.models import Contabilidad, Etapa, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.registry.sujetos import PARTIES
from sif.values import Problem, Refused
from sif.web.frame import Crumb, Frame
from sif.web.lazy import Words
from sif.web.listing import Desk, Listing
from sif.web.record import Record
from sif.web.seats import to_login


@dataclass(frozen=True, slots=True)
class Seat:
    """The seat of a person who administers, for the pages of the desk of administration."""

    usuario: Usuario

    def frame(self, page: str, *crumbs: Crumb) -> Frame:
        """Return the frame of a page."""
        return Frame("administration", page, crumbs)


@dataclass(frozen=True, slots=True)
class Need:
    """The rows that a form offers as choices, with the message, the cure and the page for when there are no rows."""

    rows: Callable[[], QuerySet[Model]]
    falta: Words
    cura: Words
    url: str


STAGE = Need(
    lambda: Etapa.objects.all(),
    _l("Todavía no hay ninguna etapa."),
    _l("Abra un proceso con su calendario."),
    "administration:procesos",
)
SUBJECT = Need(
    lambda: SujetoObligado.objects.all(),
    _l("Todavía no hay sujetos obligados."),
    _l("Regístrelos."),
    "administration:sujetos",
)
PARTY = Need(
    lambda: SujetoObligado.objects.filter(tipo__in=PARTIES),
    _l("Todavía no hay partidos."),
    _l("Regístrelos."),
    "administration:sujetos",
)
BOOKS = Need(
    lambda: Contabilidad.objects.filter(clase=Contabilidad.Clase.CANDIDATURA),
    _l("Todavía no hay candidaturas con contabilidad."),
    _l("Cárguelas o apruébelas."),
    "administration:candidaturas",
)


def admin_page[**P](
    view: Callable[Concatenate[HttpRequest, Seat, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page of this desk: whoever did not sign in goes to sign in; whoever does not administer is told so (403)."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        if not may(request.user, "administrar"):
            raise PermissionDenied(_("Esta mesa es de quien administra el sistema."))
        return view(request, Seat(request.user), *args, **kwargs)

    return seen


def decided(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse | Refused | None:
    """Do what a form asks of something proposed: give the answer, or what was refused; None where nothing is asked.

    Who may not is told on the page itself.
    """
    if request.method != "POST":
        return None
    try:
        return act()
    except PermissionError as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(request.path)
    except Refused as refused:
        return refused


def proposed[M](act: Callable[[], M]) -> M:
    """Propose, and say above the form who may not: an account without RFC is nobody's first eye. Raises Refused."""
    try:
        return act()
    except PermissionError as refused:
        raise Refused(Problem("permiso", "", str(refused), "")) from refused


def _around(_request: HttpRequest, seat: Seat, page: str, within: Words) -> Mapping[str, object]:
    return {"frame": seat.frame(page, *([Crumb(within)] if within else []))}


ADMIN: Desk[Seat] = Desk(admin_page, _around, "admin/lista.html", "admin/forma.html")


class AdminListing(Listing[Seat]):
    """A list of this desk; who sees it may register."""

    desk: ClassVar[Desk[Any]] = ADMIN

    def may_create(self) -> bool:
        """Return True: nobody else sees the list."""
        return True


class AdminRecord(Record[Seat]):
    """A form of this desk."""

    desk: ClassVar[Desk[Any]] = ADMIN
    needs: ClassVar[tuple[Need, ...]] = ()
    """What must be registered before the form can be filled."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Draw the form, or say what must be registered before, and where."""
        missing = [each for each in self.needs if not each.rows().exists()]
        if missing:
            context = {**self.around(), "titulo": self.title, "volver": self.back_url(), "faltan": missing}
            return render(request, "admin/falta_antes.html", context)
        return super().get(request, *args, **kwargs)
