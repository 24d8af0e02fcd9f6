"""Share between the pages of the campaign their books, refusals beside fields, and clocks of terms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sif.catalogs.selectors.campaign_terms import CampaignTerm
from sif.registry.models import Contabilidad
from sif.registry.versions import Act
from sif.values import Problem, Refused
from sif.web.clocks import Clock, duration_words
from sif.web.fields import ServiceForm
from sif.web.formats import moment_words
from sif.web.party.desk import captured, only_consults
from sif.web.party.mesa import Mesa, books_name, numbered
from sif.web.tables import Pager, Thing, page_number, pager_for

Words = str | Promise
SIZE = 50


class CampaignForm(ServiceForm):
    """A form of a record; the books are chosen among those in which the person captures, unless they are given."""

    contabilidad = forms.ChoiceField(label=gettext_lazy("Contabilidad"))
    rows: Sequence[Sequence[tuple[str, str]]] = ()
    """Its fields line by line, each with its width."""

    def __init__(self, data: Any, mesa: Mesa, books: Contabilidad | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.mesa, self.given = mesa, books
        self.problems: list[Problem] = []
        if books is not None:
            del self.fields["contabilidad"]
        else:
            field = self.fields["contabilidad"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = numbered(captured(mesa))

    @property
    def books(self) -> Contabilidad:
        """The books chosen or given."""
        return self.given or self.mesa.books(int(self.cleaned_data["contabilidad"]))

    @property
    def drawn(self) -> list[list[tuple[forms.BoundField, str]]]:
        """The fields line by line, as the template draws them."""
        return [[(self[name], width) for name, width in row if name in self.fields] for row in self.rows]


def must_capture_in(mesa: Mesa, books: Contabilidad) -> None:
    """Refuse an act on books in which the person does not capture."""
    if not mesa.can("capturar", books):
        raise PermissionDenied(only_consults())


def attempt[T](form: CampaignForm, act: Callable[[], T], places: Mapping[str, str] | None = None) -> T | None:
    """Do it if the form is understood; what the service refuses stands beside its field, and nothing was done."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as refused:
        form.problems = form.tell(refused.problems, places)
        return None


def hour_words(hour: time) -> str:
    """17:30 h."""
    return f"{hour:%H:%M}\u00a0h"


def clock_of(title: Words, term: CampaignTerm, now: datetime, *, note: Words = "", url: str = "") -> Clock:
    """A term as a clock; a figure that was not read in the text of the law says so."""
    words = note if term.confirmado else f"{note} {_('Cifra por confirmar.')}".strip()
    return Clock(title, term.vence_el, now, None, term.base, words, url)


def rows_of_page(request: HttpRequest, found: Any, total: int) -> tuple[list[Any], Pager]:
    """The rows of the page asked, of a QuerySet or list, and its pager."""
    page = pager_for(page_number(request.GET), total, SIZE)
    return list(found[max(0, page.desde - 1) : page.hasta]), page


def books_thing(books: Contabilidad) -> Thing:
    """Some books in a cell."""
    return Thing(str(books.pk), debajo=books_name(books))


def facts(*pairs: tuple[Words, object]) -> list[tuple[Words, object]]:
    """The facts of a sheet, without those that say nothing."""
    return [(label, value) for label, value in pairs if value not in ("", None)]


def ended_facts(act: Act | None, who: Words, when: Words) -> tuple[tuple[Words, object], ...]:
    """The facts of an act that left a thing without effect: who did it, when and why; none while it has effect."""
    if act is None:
        return ()
    by = act.hecho_por.named_at(act.hecho_el) if act.hecho_por else _("sin nombre guardado")
    return ((who, by), (when, moment_words(act.hecho_el)), (_("Motivo"), getattr(act, "motivo", "")))


def form_page(request: HttpRequest, form: CampaignForm, context: Mapping[str, Any]) -> HttpResponse:
    """A form alone in its page: frame, titulo, volver, boton; optional intro, reloj, avisos."""
    status = 422 if form.is_bound and (form.errors or form.problems) else 200
    return render(request, "party/campana_forma.html", {**context, "form": form}, status=status)


def term_words(term: CampaignTerm, now: datetime) -> str:
    """Quedan 2 días 14 h, or venció hace 3 h 20 min."""
    left = term.vence_el - now
    span = duration_words(abs(left))
    return _("quedan %(span)s") % {"span": span} if term.met_by(now) else _("venció hace %(span)s") % {"span": span}


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser, named when it is kept."""
    clean = "".join(char if char.isalnum() or char in "-." else "-" for char in name)
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{clean}.pdf"'}
    )
