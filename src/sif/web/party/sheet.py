"""Sheets of things of some books: facts, state and papers of one, and the act that ends it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.registry.models import Contabilidad
from sif.web.fields import text_field
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.party.campaign_page import ended_facts, facts
from sif.web.party.catalog_form import found_or_404
from sif.web.party.desk import PartyRecord, only_consults
from sif.web.party.mesa import books_crumb, books_name
from sif.web.record import RecordForm
from sif.web.tables import Link


class ReasonForm(RecordForm):
    """The reason of a cancellation."""

    motivo = text_field(_("Motivo"), required=True)
    layout = ("motivo:grow",)


class BooksRecord(PartyRecord):
    """A form about something of the books of the address, for who captures in those books."""

    shows = False
    """Whether who only consults sees it."""
    books: Contabilidad

    def find(self) -> None:
        """Find in those books what the address names, or raise Http404."""

    def crumbs(self) -> Sequence[Crumb]:
        """Return its steps in the context bar, after its books."""
        return (Crumb(self.crumb()),)

    def must(self) -> None:
        """Find it in the person's books; raise PermissionDenied for an act of who captures in none of them."""
        self.books = self.seat.books(self.kwargs["number"])
        self.find()
        acts = self.request.method == "POST" or not self.shows
        if acts and not self.seat.can("capturar", self.books):
            raise PermissionDenied(only_consults())

    def around(self) -> Mapping[str, object]:
        """Return the frame of its books and its stage."""
        return {"frame": self.seat.frame(self.page, books_crumb(self.books), *self.crumbs(), etapa=self.books.etapa)}


class BooksSheet(BooksRecord):
    """The sheet of one thing of some books; its form is the act that ends it, for who captures in those books."""

    template_name = "party/campana_ficha.html"
    form_class: type[RecordForm] = ReasonForm
    shows = True
    model: ClassVar[type[Any]]
    related: ClassVar[tuple[str, ...]] = ()
    """What is read with it."""
    label: Words = ""
    """Head of its facts."""
    act: Words = ""
    """Head of the form of its act."""
    ending, ended_by, ended_on = "cancelacion", _("Canceló"), _("Cancelado el")
    """The act that ended it, and the words of who did it and when."""

    thing: Any

    # Declare ----------------------------------------------------------------------------------------------------------

    def name(self) -> str:
        """Return the title of the sheet."""
        raise NotImplementedError

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return what is known of it, but its books and its end; empty values are not drawn."""
        raise NotImplementedError

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return the states at its head."""
        raise NotImplementedError

    def papers(self) -> Sequence[Link]:
        """Return the links to its papers."""
        return ()

    def extra(self) -> Mapping[str, object]:
        """Return what else the template shows: relojes, tablas."""
        return {}

    def may_act(self) -> bool:
        """Return whether the person may end it."""
        return self.seat.can("capturar", self.books) and self.end is None

    # Serve ------------------------------------------------------------------------------------------------------------

    def find(self) -> None:
        """Find it with what is read with it."""
        rows = self.model.objects.select_related(*self.related, f"{self.ending}__hecho_por")
        self.thing = found_or_404(rows.filter(pk=self.kwargs["pk"], contabilidad=self.books).first())
        self.thing.contabilidad = self.books

    @property
    def end(self) -> Any:
        """Return the act that ended it, or None."""
        return getattr(self.thing, self.ending, None)

    def saved_url(self, saved: Model) -> str:
        """Return to the sheet."""
        return reverse(self.back, args=[self.books.pk, self.thing.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        """Return the context of the template."""
        form = kwargs.get("form") or self.get_form()
        known = facts(
            (_("Contabilidad"), f"{self.books.pk} {books_name(self.books)}"),
            *self.facts(),
            *ended_facts(self.end, self.ended_by, self.ended_on),
        )
        return {
            **self.around(),
            "titulo": self.name(),
            "rotulo": self.label,
            "datos": known,
            "estados": self.states(),
            "enlaces": self.papers(),
            "actos": self.acts(form),
            "form": form if form.is_bound else None,
            **self.extra(),
        }

    def crumb(self) -> str:
        """Return its step in the context bar."""
        return self.name()

    def acts(self, form: RecordForm) -> list[Mapping[str, object]]:
        """Return the acts that may be done on it now."""
        if not self.may_act():
            return []
        return [
            {"titulo": self.act, "form": form, "boton": self.button, "alto": True, "url": self.saved_url(self.thing)}
        ]
