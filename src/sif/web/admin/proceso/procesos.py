"""Procesos: those open, a new one drawn from the law, its calendar as it is dated, and the act that opens it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.disclosure.history import standing
from sif.law.calendar import period_calendars
from sif.law.processes import PlannedPeriod, ProposedStage
from sif.registry.calendar_order import shorter_terms
from sif.registry.calendars import (
    closing_of,
    is_last,
    refuse_calendar,
    waiting,
    waits_for_another,
    withdraw_calendar,
)
from sif.registry.elections import lacks, processes
from sif.registry.folding import Folded
from sif.registry.models import CalendarioPropuesto, Proceso
from sif.registry.procesos import (
    NewProceso,
    PlannedStage,
    draft,
    following,
    kinds,
    legal_terms,
    open_proceso,
    periods_of,
    problems_of,
    propose_proceso,
    stages_of,
    term_base,
)
from sif.values import Refused
from sif.web.admin.desk import AdminListing, AdminRecord, Seat, admin_page, decided
from sif.web.admin.proceso.moved import closing_words, movements_table
from sif.web.admin.words import AMBITS, KINDS, STAGES, entity_choices
from sif.web.authority_seat import milestone_words
from sif.web.columns import Column, Link, panel
from sif.web.fields import day_field, text_field
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.record import RecordForm
from sif.web.tables import Empty, Table, Thing
from sif.web.tables import Link as To
from sif.web.typed import DayField, typed_number, typed_terms

TERMS = 6
PAST = 20  # past processes shown beside those of here; their own page has all
UNDRAWN = frozenset({"dias", "plazos", "orden"})  # what keeps a calendar from being drawn, or draws it wrong


class Processes(AdminListing):
    """Every process, the last to be voted first; above, the calendars that wait to be opened."""

    page, title, file_name = "procesos", _("Procesos"), "procesos"
    filters = {
        "q": words(_("Clave o nombre"), "clave", "nombre"),
        "ambito": choice(_("Ámbito"), "ambito", AMBITS.items()),
    }
    order = "-anio"
    columns = (
        Column("nombre", _("Proceso"), "cosa", sort=Folded("nombre"), link=Link("administration:proceso")),
        Column("clave", _("Clave"), "clave", under="nombre"),
        Column("ambito", _("Ámbito"), words=AMBITS),
        Column("anio", _("Año"), "texto", sort=True),
        Column("jornada_el", _("Jornada"), "dia", sort=True, nullable=True),
        Column("candidaturas", _("Candidaturas"), "numero", sort=True),
        Column("libros", _("Contabilidades"), "numero", sort=True),
    )
    empty = Empty(_("Todavía no hay procesos."), _("Empiece por su clase: la ley propone etapas, periodos y plazos."))
    create = To(_("Proceso nuevo"), "administration:proceso_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select every process."""
        return processes()

    def context(self) -> dict[str, object]:
        """Add the calendars that wait, and the past processes, which have no books here."""
        return {**super().context(), "esperan": waiting(), "historicos": standing()[:PAST]}


def _before(request: HttpRequest) -> CalendarioPropuesto | None:
    """Return the calendar from which another begins, as `de` of the address says; None where it says none."""
    number = typed_number(request.GET.get("de", ""))
    return CalendarioPropuesto.objects.filter(pk=number).first() if number else None


class StartForm(RecordForm):
    """The data of a new process: kind, entidad, year and day of the jornada."""

    clase = forms.ChoiceField(label=_("Clase"), choices=KINDS.items())
    entidad = forms.ChoiceField(label=_("Entidad"), required=False, choices=entity_choices)
    anio = forms.IntegerField(label=_("Año"), help_text=_("El de la jornada, o el del ejercicio."))
    jornada_el = day_field(_("Jornada"), _("Vacío: el día que fija la ley."), required=False)
    layout = ("clase:grow", "entidad:medium anio:short jornada_el:short")


class NewProcess(AdminRecord):
    """Begin a process: its kind, place and year; nothing is written yet."""

    page, back, form_class = "procesos", "administration:procesos", StartForm
    title, button = _("Proceso nuevo"), _("Ver el calendario propuesto")
    intro = _("De la ley salen etapas, periodos y plazos; en la página siguiente se escriben los que fije un acuerdo.")

    def get_initial(self) -> dict[str, object]:
        """Begin with what follows the process of a calendar of before, or with nothing."""
        before = _before(self.request)
        if before is None:
            return {}
        kind, year = following(before)
        return {"clase": kind, "entidad": before.entidad, "anio": year}

    def save(self, form: StartForm) -> NewProceso:
        """Draw it, to say here what it lacks."""
        data = form.cleaned_data
        return draft(data["clase"], data["entidad"], data["anio"], data["jornada_el"])

    def saved_url(self, saved: NewProceso) -> str:
        """Go to the calendar drawn."""
        asked = {
            "clase": saved.clase,
            "entidad": saved.entidad,
            "anio": saved.anio,
            "jornada": saved.jornada_el.isoformat() if saved.jornada_el else "",
        }
        if before := _before(self.request):
            asked["de"] = before.pk
        return f"{reverse('administration:calendario')}?{urlencode(asked)}"


class CalendarForm(RecordForm):
    """A process with the days, terms and accord of each stage, first as the law proposes them."""

    clave = text_field(_("Clave"), required=True)
    nombre = text_field(_("Nombre"), required=True)
    jornada_el = day_field(_("Jornada"))

    def __init__(
        self, *args: object, draft: NewProceso, before: CalendarioPropuesto | None = None, **options: object
    ) -> None:
        self.draft, self.before = draft, before
        super().__init__(*args, **options)

    @property
    def before_same(self) -> CalendarioPropuesto | None:
        """Return the calendar of before where it is of this very process, which is proposed again."""
        last, now = self.before, self.draft
        is_it = last and (last.clase, last.entidad, last.anio) == (now.clase, now.entidad, now.anio)
        return last if is_it else None

    def offer(self, seat: object) -> None:
        """Ask for each stage that the kind of process may have."""
        named = self.before_same or self.draft
        self.fields["clave"].initial, self.fields["nombre"].initial = named.clave, named.nombre
        self.fields["jornada_el"].initial = self.draft.jornada_el
        if self.draft.jornada_el is None:
            del self.fields["jornada_el"]
        lines = ["clave:medium nombre:grow", "jornada_el:short"]
        for stage in self.draft.etapas:
            self._ask(stage)
            tipo = stage.tipo
            lines += [
                f"{tipo}_hay",
                f"{tipo}_inicia:short {tipo}_termina:short {tipo}_plazos:medium",
                f"{tipo}_acuerdo:grow",
            ]
        self.layout = lines

    def _ask(self, stage: PlannedStage) -> None:
        tipo, name = stage.tipo, STAGES[stage.tipo]
        fields: dict[str, forms.Field] = {
            "hay": forms.BooleanField(label=_("%(stage)s: hay esta etapa") % {"stage": name}, required=False),
            "inicia": day_field(_("%(stage)s, primer día") % {"stage": name}),
            "termina": day_field(_("%(stage)s, último día") % {"stage": name}),
            "plazos": text_field(
                _("%(stage)s, plazos en días") % {"stage": name},
                _("Informe, oficio, respuesta, dictamen, Comisión y Consejo."),
                required=True,
            ),
            "acuerdo": text_field(
                _("%(stage)s, acuerdo que los fija") % {"stage": name},
                _unsaid(self.law(tipo)),
                required=self.law(tipo).estatus != "confirmado",
            ),
        }
        first = self._first(stage)
        for part, field in fields.items():
            field.initial = first[part]
            self.fields[f"{tipo}_{part}"] = field

    def _begun(self, stage: PlannedStage) -> PlannedStage | None:
        """Return what a stage begins with: the law, and of the calendar of before what does not go with its year.

        None where the calendar of before has no such stage.
        """
        if self.before is None:
            return stage
        said = {each.tipo: each for each in stages_of(self.before)}.get(stage.tipo)
        return said if said is None or self.before_same else replace(stage, plazos=said.plazos)

    def begun(self) -> NewProceso:
        """Return the process as the form begins."""
        return replace(self.draft, etapas=tuple(filter(None, map(self._begun, self.draft.etapas))))

    def _first(self, stage: PlannedStage) -> dict[str, object]:
        begun = self._begun(stage)
        shown = begun or stage
        return {
            "hay": begun is not None,
            "inicia": shown.inicia_el,
            "termina": shown.termina_el,
            "acuerdo": shown.acuerdo,
            "plazos": ", ".join(map(str, shown.plazos)),
        }

    def law(self, tipo: str) -> ProposedStage:
        """Return what the law says of a stage."""
        return kinds()[self.draft.clase].etapas[tipo]

    def full_clean(self) -> None:
        """Validate, and ask nothing of a stage that there is not."""
        super().full_clean()
        for stage in self.draft.etapas if self.is_bound else ():
            if not self.cleaned_data.get(f"{stage.tipo}_hay"):
                for name in [each for each in self.errors if each.startswith(f"{stage.tipo}_")]:
                    del self.errors[name]

    def proceso(self) -> NewProceso:
        """Make the process typed."""
        data, stages = self.cleaned_data, []
        for stage in self.draft.etapas:
            if data.get(f"{stage.tipo}_hay"):
                days = (data[f"{stage.tipo}_inicia"], data[f"{stage.tipo}_termina"])
                terms = typed_terms(self.text(f"{stage.tipo}_plazos"))
                stages.append(PlannedStage(stage.tipo, *days, terms, self.text(f"{stage.tipo}_acuerdo")))
        return replace(
            self.draft,
            clave=self.text("clave").upper(),
            nombre=self.text("nombre"),
            jornada_el=data.get("jornada_el"),
            etapas=tuple(stages),
        )


def _unsaid(law: ProposedStage) -> str:
    """Return whether the accord of a stage may be left out: only where the law that was read fixes its days."""
    if law.estatus == "confirmado":
        return translated("Vacío si los fija la ley: %(base)s.") % {"base": law.base}
    return translated("El acuerdo, la convocatoria o la ley local: sin él no se propone.")


class Calendar(AdminRecord):
    """Date a process: what the law proposes, changed by the accords that say so, seen as a calendar and proposed."""

    page, back, form_class = "procesos", "administration:proceso_nuevo", CalendarForm
    template_name = "admin/calendario.html"
    title, button, done = _("Calendario del proceso"), _("Proponer este calendario"), _("Calendario propuesto.")

    @cached_property
    def drawn(self) -> NewProceso:
        """Draw the process asked in the address. Raises Refused."""
        asked: QueryDict = self.request.GET
        day = DayField(required=False).clean(asked.get("jornada") or None)
        return draft(asked.get("clase", ""), asked.get("entidad", ""), typed_number(asked.get("anio", "")) or 0, day)

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Go back to the first page where the address draws no process."""
        self.request = request
        try:
            assert self.drawn
        except (Refused, forms.ValidationError):
            return HttpResponseRedirect(reverse("administration:proceso_nuevo"))
        return super().dispatch(request, seat, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        """Pass the process drawn to the form."""
        return {**super().get_form_kwargs(), "draft": self.drawn, "before": _before(self.request)}

    def form_valid(self, form: CalendarForm) -> HttpResponse:  # type: ignore[override]
        """Draw the calendar again, or propose it."""
        if self.request.POST.get("acto") == "calcular":
            form.refuse([each for each in problems_of(form.proceso()) if each.codigo in UNDRAWN])
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def save(self, form: CalendarForm) -> CalendarioPropuesto:
        """Propose it."""
        return propose_proceso(form.proceso(), self.seat.usuario)

    def saved_url(self, saved: CalendarioPropuesto) -> str:
        """Go to what was proposed."""
        return reverse("administration:propuesta", args=[saved.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the calendar of what is typed, or of what the form begins with while something typed is wrong."""
        context = super().get_context_data(**kwargs)
        form: CalendarForm = context["form"]
        shown = form.proceso() if form.is_bound and form.is_valid() and not form.problems else form.begun()
        good = all(len(stage.plazos) == TERMS and stage.inicia_el <= stage.termina_el for stage in shown.etapas)
        context["tabla"] = calendar_table(shown.clase, shown.etapas) if good else None
        context["cortos"] = shorter_words(shown.clase, shown.etapas) if good else []
        context["antes"] = _before(self.request)
        context["dos"] = settings.TWO_PEOPLE_OPEN
        context["notas"] = [
            (STAGES[each.tipo], form.law(each.tipo)) for each in shown.etapas if form.law(each.tipo).nota
        ]
        return context


def shorter_words(clase: str, stages: Sequence[PlannedStage]) -> list[str]:
    """Say each term of some stages that is shorter than the law's."""
    said = translated("%(stage)s, %(act)s: %(n)d en vez de los %(law)d días de la ley.")
    return [
        said % {"stage": STAGES[stage.tipo], "act": milestone_words(each.hito), "n": each.dias, "law": each.ley}
        for stage in stages
        for each in shorter_terms(kinds()[clase].etapas[stage.tipo].revision, stage.plazos)
    ]


def calendar_table(clase: str, stages: Sequence[PlannedStage]) -> Table:
    """Draw the periods of some stages with the last day of each report, and the days of each review."""
    columns = (
        Column("que", _("Qué"), "cosa"),
        Column("desde", _("Desde"), "dia"),
        Column("hasta", _("Hasta"), "dia"),
        Column("vence", _("Vence"), "dia"),
        Column("base", _("Lo fija")),
    )
    keys = [each.key for each in columns]
    rows: list[tuple[object, ...]] = []
    for stage in stages:
        name = STAGES[stage.tipo]
        for period in periods_of(clase, stage):
            what = translated("%(stage)s, periodo %(n)d") % {"stage": name, "n": period.numero}
            rows.append((what, period.desde, period.hasta, period.vence, _fixed_by(clase, stage, period)))
        rows += [(f"{name}: {what}", "", "", day, base) for what, day, base in _review_days(clase, stage)]
    return panel(_("Calendario"), [dict(zip(keys, row, strict=True)) for row in rows], columns)


def _review_days(clase: str, stage: PlannedStage) -> Iterator[tuple[str, date, str]]:
    """Say each day of the reviews of a stage and what fixes it; the report of the last quarter among them."""
    periods = periods_of(clase, stage)
    plain = None if stage.plazos == legal_terms(clase, stage.tipo) else stage.plazos
    accord = "" if plain is None else stage.acuerdo
    quarter = periods[-1].trimestral
    if quarter is not None and quarter.fecha is not None:
        yield translated("informe del cuarto trimestre"), quarter.fecha, quarter.base
    reviews = period_calendars(
        kinds()[clase].etapas[stage.tipo].revision,
        [each.hasta for each in periods],
        plain,
        jurisdiction=settings.JURISDICTION,
    )
    apart = len(reviews) > 1 and len(reviews[0]) > 1
    for period, days in zip(periods, reviews, strict=True):
        for day in days[1:]:
            what = milestone_words(day.hito)
            if apart and day.hito in ("oficio", "respuesta"):
                what = translated("%(act)s, periodo %(n)d") % {"act": what, "n": period.numero}
            yield what, day.fecha, accord or day.base.rpartition("(")[2].rstrip(")")


def _fixed_by(clase: str, stage: PlannedStage, period: PlannedPeriod) -> str:
    """Say what fixes the days of a period and what its term: an accord of days leaves the term to the law."""
    law = kinds()[clase].etapas[stage.tipo]
    days = stage.acuerdo or law.base
    if not stage.acuerdo and law.estatus != "confirmado":
        days = translated("%(base)s (por confirmar)") % {"base": days}
    return "; ".join(dict.fromkeys((days, term_base(clase, stage, period))))


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def proposal(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Return a calendar proposed: who did it, its days, and the acts that open it, refuse it or withdraw it."""
    found = get_object_or_404(CalendarioPropuesto.objects.select_related("propuesto_por", "cierre__hecho_por"), pk=pk)
    done = decided(request, lambda: _acted(request, seat, found))
    if isinstance(done, HttpResponse):
        return done
    problems, status = (done.problems, done.status) if done else ((), 200)
    mine = found.propuesto_por_id == seat.usuario.pk
    context = {
        "frame": seat.frame("procesos", Crumb(_("Procesos"), reverse("administration:procesos")), Crumb(found.nombre)),
        "propuesta": found,
        "clase": KINDS.get(found.clase, found.clase),
        "tabla": calendar_table(found.clase, stages_of(found)),
        "cortos": shorter_words(found.clase, stages_of(found)),
        "otro": _again(found),
        "abierto": Proceso.objects.filter(apertura__propuesta=found).first(),
        "cierre": closing_of(found),
        "ultima": is_last(found),
        "mia": mine,
        "espera": waits_for_another(found, seat.usuario),
        "dos": settings.TWO_PEOPLE_OPEN,
        "problemas": problems,
        "error": next((each for each in problems if each.donde == "motivo"), None),
        "motivo": request.POST.get("motivo", ""),
    }
    return render(request, "admin/propuesta.html", context, status=status)


def _again(found: CalendarioPropuesto) -> str:
    """Return the address of the calendar that begins with what one said, to propose it mended."""
    voting = found.jornada_el.isoformat() if found.jornada_el else ""
    asked = {"clase": found.clase, "entidad": found.entidad, "anio": found.anio, "jornada": voting, "de": found.pk}
    return f"{reverse('administration:calendario')}?{urlencode(asked)}"


def _acted(request: HttpRequest, seat: Seat, found: CalendarioPropuesto) -> HttpResponse:
    """Open, refuse or withdraw a calendar, and go on. Raises Refused, PermissionError and Http404."""
    act, by = request.POST.get("acto", "abrir"), seat.usuario
    if act == "abrir":
        proceso = open_proceso(found, by)
        messages.success(request, translated("El proceso quedó abierto, con sus etapas y periodos."))
        return HttpResponseRedirect(reverse("administration:proceso", args=[proceso.pk]))
    if act == "rechazar":
        refuse_calendar(found, request.POST.get("motivo", ""), by)
        messages.success(request, translated("Calendario rechazado. Puede proponerse otro."))
    elif act == "retirar":
        withdraw_calendar(found, by)
        messages.success(request, translated("Calendario retirado. Puede proponer otro."))
    else:
        raise Http404(translated("No hay ese acto."))
    return HttpResponseRedirect(request.path)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def process(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Return a process open: its stages with their periods and terms, and what hangs from it."""
    found = get_object_or_404(processes().select_related("apertura__propuesta", "apertura__abierto_por"), pk=pk)
    opening = getattr(found, "apertura", None)
    columns = (
        Column("etapa", _("Etapa"), "cosa", show=lambda each: Thing(STAGES[each.tipo])),
        Column("desde", _("Desde"), "dia", "inicia_el"),
        Column("hasta", _("Hasta"), "dia", "termina_el"),
        Column("periodos", _("Periodos"), "numero", show=lambda each: each.periodos.count()),
        Column("acuerdo", _("Acuerdo")),
        Column(
            "fechas",
            _("Fechas"),
            show=lambda each: Thing(_("Mover por acuerdo"), reverse("administration:fechas_mover", args=[each.pk])),
        ),
        Column(
            "cierre",
            _("Cierre"),
            show=lambda each: Thing(closing_words(each), reverse("administration:cierre", args=[each.pk])),
        ),
    )
    context = {
        "frame": seat.frame("procesos", Crumb(_("Procesos"), reverse("administration:procesos")), Crumb(found.nombre)),
        "proceso": found,
        "apertura": opening,
        "etapas": panel(_("Etapas"), found.etapas.order_by("inicia_el"), columns),
        "tabla": calendar_table(opening.propuesta.clase, stages_of(opening.propuesta)) if opening else None,
        "movimientos": movements_table(found),
        "faltan": len(lacks(found)),
    }
    return render(request, "admin/proceso.html", context)
