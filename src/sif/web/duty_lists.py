"""Draw lists of duties alike for who owes them and for who reviews: tabs by state, filter, table and files."""

from collections.abc import Callable, Mapping
from datetime import date

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.duties.drafts import Common, Drafts
from sif.duties.generating import Obligacion
from sif.duties.urgency import LATE, REMINDERS, step_of
from sif.law.calendar import CONFIRMED
from sif.law.duties import STATES, load_duties
from sif.registry import clock
from sif.registry.folding import fold
from sif.registry.models import SujetoObligado
from sif.web.columns import Column, file_asked, panel
from sif.web.duty_details import detail_words, proof_words
from sif.web.formats import NO_BREAK, short_day
from sif.web.icalendar import CalendarEvent, icalendar_response
from sif.web.lazy import law_words
from sif.web.states import state_look
from sif.web.tables import Empty, Table, Thing, file_links, pager_asked
from sif.web.terms_line import Term, terms_line

SIZE = 50
SHOWN = 12
"""Terms that the line of dates draws: the first to come."""
PENDING = ("abierta", "programada", "vencida", "omitida")
type Address = Callable[[Obligacion], str]


def duty_words(clave: str) -> str:
    """Return the name of a duty, as the catalogue of law says it."""
    return law_words(load_duties(settings.JURISDICTION)[clave].que)


def what_words(row: Obligacion) -> str:
    """Return the name of a duty and its detail in the language of the page, with names as its books write them."""
    name = load_duties(settings.JURISDICTION)[row.tipo].que
    return (
        f"{law_words(name)}{detail_words(row.que.removeprefix(name))}"
        if row.que.startswith(name)
        else law_words(row.que)
    )


class DutyFilter(forms.Form):
    """The kind of duty and the words that narrow a list; how near its last day is, in a list of what is urgent."""

    tipo = forms.ChoiceField(required=False)
    q = forms.CharField(required=False, max_length=200)

    def __init__(self, request: HttpRequest, rows: Drafts[Obligacion], *, urgent: bool) -> None:
        super().__init__(request.GET)
        kinds = sorted(rows.kinds())
        choices = [("", _("Todas")), *((kind, duty_words(kind)) for kind in kinds)]
        self.fields["tipo"] = forms.ChoiceField(label=_("Obligación"), required=False, choices=choices)
        self.fields["q"] = forms.CharField(label=_("Contiene"), required=False, max_length=200)
        if urgent:
            steps = [(str(step), step_words(step)) for step in (LATE, *reversed(REMINDERS))]
            self.fields["plazo"] = forms.ChoiceField(
                label=_("Plazo"), required=False, choices=[("", _("Todos")), *steps]
            )

    def narrowed(self, rows: Drafts[Obligacion], today: date) -> Drafts[Obligacion]:
        """Keep the rows of the kind, at the step and with every word asked."""
        self.is_valid()
        kind, words = self.cleaned_data.get("tipo", ""), fold(self.cleaned_data.get("q", "")).split()
        step = self.cleaned_data.get("plazo", "")

        def asked(common: Common) -> bool:
            if kind not in ("", common.tipo):
                return False
            return not step or (common.vence_el is not None and step == str(step_of(common.vence_el, today)))

        return rows.where(asked).with_words(words, fold)


def step_words(step: int) -> str:
    """Return the words for a step towards the last day of a duty."""
    if step == LATE:
        return _("Ya venció")
    return ngettext("%(n)d día o menos", "%(n)d días o menos", step) % {"n": step} if step else _("24 horas o menos")


class DutyList:
    """A list of duties as a request asks it: those of its filter, and of them those of its state.

    The words of each are written for the page that is shown, or for the whole file.

    subjects: who owes each, in a list of what is urgent for several; it says the days left too.
    """

    def __init__(
        self, request: HttpRequest, rows: Drafts[Obligacion], subjects: Mapping[int, SujetoObligado] | None = None
    ) -> None:
        self.request, self.subjects, self.today = request, subjects, clock.today()
        self.filter = DutyFilter(request, rows, urgent=subjects is not None)
        self.narrowed = self.filter.narrowed(rows, self.today)
        asked = request.GET.get("estado", "")
        self.state = asked if asked in STATES else ""
        self.rows = self.narrowed.where(lambda common: self.state in ("", common.estado))

    def tabs(self) -> list[tuple[str, str, int, bool]]:
        """Return the states that there are, each with how many."""
        counted = self.narrowed.states()
        asked = self.request.GET.copy()
        asked.pop("pagina", None)
        found = []
        for state in ("", *(each for each in STATES if counted[each])):
            asked["estado"] = state
            words = str(state_look(state).palabra) if state else _("Todas")
            total = counted[state] if state else len(self.narrowed)
            found.append((words, f"?{asked.urlencode()}", total, state == self.state))
        return found

    def file(self) -> HttpResponseBase | None:
        """Write every row, by key, as the file that ?formato= asks for; None where it asks for none."""
        return file_asked(self.request, "obligaciones", self.rows, self.columns(lambda row: ""))

    def icalendar(self) -> HttpResponse:
        """Write what is still to come as an iCalendar."""
        coming = self.rows.where(
            lambda common: common.vence_el is not None and common.vence_el >= self.today and common.cumplida_el is None
        )
        events = (
            CalendarEvent(row.clave, row.vence_el, what_words(row), f"{row.articulo}. {row.base}")
            for row in coming
            if row.vence_el is not None
        )
        return icalendar_response(events, "Obligaciones", "obligaciones.ics")

    def table(self, address: Address) -> Table:
        """Draw the page asked: what waits first, by the day it is due."""
        pager = pager_asked(self.request.GET, len(self.rows), SIZE)
        first = max(0, pager.desde - 1)
        page = self.rows.between(first, pager.hasta, lambda common: common.estado not in PENDING)
        nothing = Empty(_("Nada que entregar con este filtro."))
        files = file_links(self.request.GET) if self.rows else ()
        return panel(_("Obligaciones"), page, self.columns(address), pagina=pager, vacia=nothing, exportar=files)

    def columns(self, address: Address) -> tuple[Column, ...]:
        """Declare the columns, with whose each is and the days left in a list of what is urgent."""
        known = self.subjects or {}
        whose = (Column("siglas", where="file", written=lambda row: known[row.sujeto].siglas),)
        urgent = (
            Column("sujeto", _("Sujeto"), show=lambda row: known[row.sujeto].siglas, where="screen", phone="half"),
            Column(
                "faltan",
                _("Plazo"),
                show=lambda row: left_words(row.vence_el, self.today),
                where="screen",
                phone="half",
            ),
        )
        return (
            *(whose if known else ()),
            Column("clave", where="file"),
            Column("tipo", where="file"),
            Column("que", _("Qué"), "cosa", show=lambda row: _what(row, address(row))),
            *(urgent if known else ()),
            Column("contabilidad", written=lambda row: row.contabilidad or "", where="file"),
            Column("vence_el", _("Vence"), show=_due),
            Column("articulo", where="file"),
            Column("fija", _("Lo fija"), show=_fixed, where="screen"),
            Column("estado", _("Estado"), "estado"),
            Column("lo_fija", source="base", where="file"),
            Column("estatus", where="file"),
            Column("cumplida_el", where="file"),
            Column("evidencia", _("Prueba"), show=_proof),
        )

    def line(self) -> SafeString | str:
        """Draw the first terms to come on their days."""
        coming = self.rows.where(
            lambda common: common.estado in ("abierta", "programada") and common.vence_el is not None
        )
        days = sorted({(group.common.vence_el or date.max, group.common.tipo) for group in coming.groups})[:SHOWN]
        firsts = coming.where(lambda common: (common.vence_el, common.tipo) in days).firsts(
            lambda common: (common.vence_el, common.tipo)
        )
        shown = [
            Term(
                row.clave,
                duty_words(row.tipo),
                min(row.abre_el, row.vence_el),
                row.vence_el,
                "",
                row.base,
                ours=True,
                from_first=True,
            )
            for row in firsts
            if row.vence_el is not None
        ]
        return terms_line(shown, clock.now()) if shown else ""


def left_words(vence_el: date | None, today: date) -> str:
    """Return the days left until a last day, or gone by since, in words; '' where there is no last day."""
    if vence_el is None:
        return ""
    left = (vence_el - today).days
    if left < 0:
        return ngettext("hace %(n)d día", "hace %(n)d días", -left) % {"n": -left}
    return ngettext("%(n)d día", "%(n)d días", left) % {"n": left} if left else _("hoy")


def _what(row: Obligacion, url: str) -> Thing:
    return Thing(what_words(row), url, debajo=law_words(row.nota), articulo=row.articulo)


def _due(row: Obligacion) -> str:
    if row.vence_el is None:
        return _("la ley no da día")
    return short_day(row.vence_el, weekday=True, year=True).replace(" ", NO_BREAK)


def _fixed(row: Obligacion) -> str:
    fixed = row.base or row.articulo
    if row.vence_el and row.estatus != CONFIRMED:
        return _("%(base)s (por confirmar)") % {"base": fixed}
    return fixed


def _proof(row: Obligacion) -> str:
    if not row.cumplida_el:
        return proof_words(row.evidencia)
    return _("%(proof)s, %(day)s") % {"proof": proof_words(row.evidencia), "day": short_day(row.cumplida_el, year=True)}
