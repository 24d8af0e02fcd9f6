"""Load what every page of the party desk needs: person, books, running term, counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.books.models import Poliza
from sif.books.selectors import accounts_of, count_of, inbox
from sif.filing.selectors import Obligation, obligations
from sif.law.chart import Account
from sif.notices.selectors import unread_count
from sif.proceedings.current import current_stage
from sif.proceedings.parts import notices_naming
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, SujetoObligado, Usuario, Ventana
from sif.registry.selectors import Reach, contabilidades_of, may, reach_of, roles_of, sujetos_of, windows_open
from sif.web.clocks import Clock
from sif.web.frame import Crumb, Frame
from sif.web.labels import BOOKS
from sif.web.party.terms import next_term
from sif.web.rails import address
from sif.web.seats import SEATS, to_login


@dataclass
class Mesa:
    """The desk of one person of a bound subject; everything is read once and only when a page asks."""

    usuario: Usuario
    _charts: dict[int, dict[str, Account]] = field(default_factory=dict)
    _windows: dict[tuple[int, int], list[Ventana]] = field(default_factory=dict)

    @cached_property
    def ahora(self) -> datetime:
        """The instant all figures of the page are of."""
        return clock.now()

    @cached_property
    def libros(self) -> dict[int, Contabilidad]:
        """The books the person may consult, by number."""
        return {books.pk: books for books in contabilidades_of(self.usuario)}

    @cached_property
    def sujetos(self) -> list[SujetoObligado]:
        """The subjects the person acts for."""
        return list(sujetos_of(self.usuario))

    @cached_property
    def alcance(self) -> Reach:
        """Return the reach of the person: whole subjects, or the records that the person's own books use."""
        return reach_of(self.usuario)

    @cached_property
    def avisos(self) -> frozenset[int]:
        """The notifications that name the books of a person who sees only some of a subject."""
        return notices_naming(self.alcance)

    @cached_property
    def etapas(self) -> list[Etapa]:
        """The stages of those books, the last to end first."""
        found = {books.etapa_id: books.etapa for books in self.libros.values()}
        return sorted(found.values(), key=lambda etapa: (etapa.termina_el, etapa.pk), reverse=True)

    @cached_property
    def etapa(self) -> Etapa | None:
        """The current stage, of those of the books: what «hoy» is about."""
        return current_stage(self.etapas)

    @cached_property
    def actuales(self) -> list[Contabilidad]:
        """The books of that stage."""
        return self.books_of(self.etapa) if self.etapa else []

    def books_of(self, etapa: Etapa) -> list[Contabilidad]:
        """Return the person's books at one stage."""
        return [books for books in self.libros.values() if books.etapa_id == etapa.pk]

    @cached_property
    def debidos(self) -> list[Obligation]:
        """The reports that the books of that stage owe."""
        return obligations(self.actuales)

    def owed_by(self, books: Contabilidad) -> list[Obligation]:
        """Return the reports that some books owe: those of the current stage are read once, for the clock too."""
        if self.etapa is None or books.etapa_id != self.etapa.pk:
            return obligations(books)
        return [each for each in self.debidos if each.contabilidad_id == books.pk]

    def owed_at(self, etapa: Etapa) -> list[Obligation]:
        """Return the reports that the person's books owe at one stage; those of the current one are read once."""
        return self.debidos if etapa == self.etapa else obligations(self.books_of(etapa))

    @cached_property
    def reloj(self) -> Clock | None:
        """The next term that runs for these subjects, or None."""
        return next_term(self.debidos, self.alcance, self.ahora)

    def chart(self, books: Contabilidad) -> dict[str, Account]:
        """Return the accounts of some books by code, read once."""
        if books.pk not in self._charts:
            self._charts[books.pk] = accounts_of(books)
        return self._charts[books.pk]

    def windows(self, books: Contabilidad) -> list[Ventana]:
        """Return the windows in which some books may record now, read once for all those of a subject at a stage."""
        shared = (books.etapa_id, books.sujeto_id)
        if shared not in self._windows:
            self._windows[shared] = windows_open(books, self.ahora)
        return self._windows[shared]

    def can(self, act: str, books: Contabilidad) -> bool:
        """Return whether the person may do an act on some books."""
        return may(self.usuario, act, contabilidad=books)

    def books(self, number: int) -> Contabilidad:
        """Return those books, if they are of this person. Raises Http404, PermissionDenied with what to do."""
        return self._theirs(number, self.libros.get(number))

    def alone(self, number: int) -> Contabilidad:
        """Return those books read by themselves, for an act that shows no frame. Raises as `books`."""
        own = contabilidades_of(self.usuario).select_related(None).prefetch_related(None)
        own = own.select_related("etapa", "sujeto")
        return self._theirs(number, own.filter(pk=number).first())

    def _theirs(self, number: int, found: Contabilidad | None) -> Contabilidad:
        if found is not None:
            return found
        if not Contabilidad.objects.filter(pk=number).exists():
            raise Http404(_("No hay una contabilidad con el número %(number)d.") % {"number": number})
        raise PermissionDenied(strangers_words())

    def frame(self, actual: str, *crumbs: Crumb, etapa: Etapa | None = None) -> Frame:
        """The frame of a page of this desk; `etapa`: the stage of the thing shown, if it is not the current one."""
        shown = etapa or self.etapa
        unread = unread_count(self.usuario, lambda: self.avisos)
        counts = {"polizas": count_of(self.libros), "cfdi": inbox(self.libros).count(), "buzon": unread}
        base = []
        if self.sujetos:
            base.append(Crumb(", ".join(each.nombre for each in self.sujetos), address("party:home")))
        if shown:
            base.append(Crumb(shown.proceso.nombre, address("party:contabilidades")))
        return Frame(
            "party",
            actual,
            (*base, *crumbs),
            self.reloj,
            {key: n for key, n in counts.items() if n},
            unread,
            self.ahora,
        )


def strangers_words() -> str:
    """Return the message for a person of another subject."""
    return _("Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas.")


def party_page[**P](
    view: Callable[Concatenate[HttpRequest, Mesa, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page of this desk: whoever did not sign in goes to sign in; whoever acts for no subject is told so (403)."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        if not SEATS["party"] & roles_of(request.user):
            raise PermissionDenied(_("La mesa del partido es de quienes actúan por un sujeto obligado."))
        return view(request, Mesa(request.user), *args, **kwargs)

    return seen


def books_crumb(books: Contabilidad) -> Crumb:
    """Return the step of the context bar that names some books."""
    return Crumb(books_name(books), reverse("party:contabilidad", args=[books.pk]), str(books.pk))


def poliza_url(poliza: Poliza) -> str:
    """Return the permanent address of a posted póliza: its books and its link in their chain."""
    return reverse("party:poliza", args=[poliza.contabilidad_id, poliza.eslabon])


def books_name(books: Contabilidad) -> str:
    """Return the holder of some books: the name of the person who contends, or the kind of books in words."""
    return books.titular if books.candidatura_id else str(BOOKS[books.clase])


def numbered(books: Iterable[Contabilidad]) -> list[tuple[str, str]]:
    """Return choices of some books: the number of each, and that number with whose they are."""
    return [(str(each.pk), f"{each.pk} {books_name(each)}") for each in books]


def books_office(books: Contabilidad) -> str:
    """Return the office and place contested, or what the books are for."""
    if books.candidatura is None:
        return _("Recibe, compra y prorratea") if books.clase == "concentradora" else _("Operación ordinaria")
    return f"{books.candidatura.cargo.nombre}, {books.candidatura.territorio.lugar}"
