"""Show the progress of the review against its calendar, and share work out."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.audit.models import Corrida, Reparto
from sif.audit.review import distribute, end_distribution
from sif.audit.review_progress import (
    SUBJECT,
    Advance,
    advance_by,
    days_left,
    review_counts,
    whole,
)
from sif.audit.review_selectors import auditors, distributions_of
from sif.audit.review_totals import PERSON, RULE, totals_of
from sif.audit.selectors import last_run
from sif.audit.services import DecisionRefused
from sif.law.calendar import Milestone
from sif.proceedings.courses import calendars_in_course
from sif.proceedings.progress import review_steps
from sif.proceedings.terms import review_in_course
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.registry.stage_days import calendar_of
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.medir.avance_pictures import by_day, by_person
from sif.web.auditor.queue import UNASSIGNED
from sif.web.authority_seat import article_of, end_of, milestone_words, person, stage_at_hand
from sif.web.clocks import Clock
from sif.web.columns import Column, panel
from sif.web.course_words import provisional_act
from sif.web.formats import short_day, whole_number
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, Thing
from sif.web.typed import typed_number


def pace(many: int, days: int) -> str:
    """Return a count per day with one decimal, truncated and not rounded: 7 in 2 days is 3.5."""
    whole_part, tenth = divmod(many * 10 // days, 10)
    return f"{whole_number(whole_part)}.{tenth}" if tenth else whole_number(whole_part)


def per_day(many: int, days: int) -> str:
    """Return the same in words."""
    return _("%(n)s al día") % {"n": pace(many, days)}


def verdict_look(verdict: str) -> tuple[str, str]:
    """Return a verdict of sif.audit.review_progress as a state with its words."""
    return {
        "cumplido": ("cumplido", _("Terminado")),
        "en_plazo": ("en_plazo", _("Alcanza")),
        "no_alcanza": ("por_vencer", _("No alcanza")),
        "sin_ritmo": ("incompleta", _("Nadie decide")),
        "vencido": ("vencido", _("Plazo vencido")),
    }[verdict]


def _table(title: str, head: str, lines: list[Advance], things: Mapping[str, Thing], due: date) -> Table:
    """Return one line for each rule, subject or person, the largest open amount first, and their sum."""
    today = clock.today()

    def needed(line: Advance) -> str:
        many = line.needed(days_left(due, today))
        return "0" if not line.pendientes else _("sin días") if many is None else pace(many, 1)

    def ends(line: Advance) -> str:
        day = line.ends_on(today)
        return _("hoy") if day == today else short_day(day, year=True) if day else _("sin fecha")

    columns = (
        Column("que", head, "cosa", show=lambda line: things.get(line.clave, Thing(line.clave))),
        Column("hallazgos", _("Hallazgos"), "numero", phone="third"),
        Column("decididos", _("Decididos"), "numero", phone="third"),
        Column("propuestos", _("Por confirmar"), "numero", phone="third"),
        Column("pendientes", _("Por revisar"), "numero", phone="third"),
        Column("monto", _("Monto por revisar"), "dinero", "monto_pendiente", phone="half"),
        Column("ritmo", _("Paso al día"), "numero", show=lambda line: pace(line.hechos, line.dias), phone="third"),
        Column("falta", _("Hacen falta"), "numero", show=needed, phone="third"),
        Column("termina", _("Terminaría"), show=ends, phone="half"),
        Column(
            "veredicto", _("Plazo"), "estado", show=lambda line: verdict_look(line.verdict(due, today)), phone="half"
        ),
    )
    total = whole(lines)
    counted = {each.key: each.value(total) for each in columns[1:6]}
    return panel(
        title, lines, columns, totales=counted, palabra_total=_("Suma"), vacia=Empty(_("Nada por revisar."), "")
    )


def _people(lines: list[Advance]) -> dict[str, Thing]:
    names = {str(row.pk): row.nombre for row in Usuario.objects.filter(pk__in=[int(line.clave) for line in lines])}
    queue = reverse("auditor:hallazgos")
    found = {key: Thing(name, f"{queue}?asignado={key}") for key, name in names.items()}
    return found | {"0": Thing(_("Sin asignar"), f"{queue}?asignado={UNASSIGNED}")}


def _rules(lines: list[Advance]) -> dict[str, Thing]:
    queue = reverse("auditor:hallazgos")
    return {line.clave: Thing(law.rule_title(line.clave), f"{queue}?regla={line.clave}", line.clave) for line in lines}


def _subjects(lines: list[Advance]) -> dict[str, Thing]:
    rows = SujetoObligado.objects.in_bulk([int(line.clave) for line in lines])
    queue = reverse("auditor:hallazgos")
    return {str(pk): Thing(row.nombre, f"{queue}?sujeto={pk}", row.siglas) for pk, row in rows.items()}


def _steps(etapa: Etapa) -> Table:
    """Return each milestone of the review with its last day, what is done of it, and whether it was met.

    The days of each subject follow from what happened in its review: the last of all is that of the milestone.
    """
    days, today, done = _last_days(etapa), clock.today(), review_steps(etapa)
    pages = {"oficio": "auditor:oficios", "respuesta": "auditor:respuestas", "dictamen": "auditor:dictamenes"}

    def made(hito: str) -> str:
        done_of, total = done.get(hito, (0, 0))
        return _("%(done)s de %(total)s") % {"done": done_of, "total": total} if total else _("por empezar")

    def name(hito: str) -> Thing:
        words = provisional_act(milestone_words(hito), days[hito])
        return Thing(words, reverse(pages[hito]) if hito in pages else "")

    def state(hito: str) -> tuple[str, str]:
        return _step_look(*done.get(hito, (0, 0)), days[hito].fecha, today)

    columns = (
        Column("hito", _("Hito"), "cosa", show=name),
        Column("vence", _("Vence"), show=lambda hito: short_day(days[hito].fecha, year=True), phone="half"),
        Column("base", _("Fundamento"), "articulo", show=lambda hito: article_of(days[hito].base), phone="half"),
        Column("hecho", _("Avance"), show=made, phone="half"),
        Column("estado", _("Estado"), "estado", show=state, phone="half"),
    )
    return panel(_("El calendario"), days, columns)


def _last_days(etapa: Etapa) -> dict[str, Milestone]:
    every = calendars_in_course(etapa)
    happen = [hito for hito in calendar_of(etapa) if any(hito in days for days in every)]
    return {hito: max((days[hito] for days in every if hito in days), key=lambda day: day.fecha) for hito in happen}


def _step_look(made: int, total: int, due: date, today: date) -> tuple[str, str]:
    if total and made == total:
        return "cumplido", _("Completo")
    if today > due:
        return "vencido", _("Vencido con pendientes") if total else _("Vencido sin empezar")
    return ("en_curso", _("En curso")) if made else ("por_venir", _("Por venir"))


def _sentence(total: Advance, due: date) -> str:
    """Return the sentence that compares the pace of the review with its due date."""
    today = clock.today()
    verdict, ends = total.verdict(due, today), total.ends_on(today)
    told = {
        "pace": per_day(total.hechos, total.dias),
        "n": total.pendientes,
        "due": short_day(due, year=True),
        "needed": per_day(total.needed(days_left(due, today)) or 0, 1),
        "ends": short_day(ends, year=True) if ends else "",
    }
    if verdict == "cumplido":
        return _("No queda nada por revisar.")
    if verdict == "vencido":
        words = ngettext(
            "El plazo venció el %(due)s y queda %(n)s hallazgo por revisar.",
            "El plazo venció el %(due)s y quedan %(n)s hallazgos por revisar.",
            total.pendientes,
        )
        return words % told
    if verdict == "sin_ritmo":
        return _("Nadie ha decidido en los últimos días. Para llegar al %(due)s hacen falta %(needed)s.") % told
    if verdict == "en_plazo":
        return _("Al paso de %(pace)s se termina el %(ends)s, dentro del plazo que vence el %(due)s.") % told
    return _("Al paso de %(pace)s se termina el %(ends)s y el plazo vence el %(due)s. Hacen falta %(needed)s.") % told


@require_safe
@seated_at("auditor")
def progress(request: HttpRequest) -> HttpResponse:
    """Return the whole review: its figures, its calendar, and the advance by person, rule and subject."""
    etapa = stage_at_hand(request)
    corrida = last_run(etapa)
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "avance")})
    return render(request, "auditor/avance.html", _context(request, etapa, corrida))


def _context(request: HttpRequest, etapa: Etapa, corrida: Corrida) -> dict[str, object]:
    oficio = review_in_course(etapa, late=False)[1]["oficio"]
    totals = totals_of(corrida)
    people, rules, subjects = (advance_by(corrida, field, totals) for field in (PERSON, RULE, SUBJECT))
    total, named = whole(rules), _people(people)
    return {
        "frame": auditor_frame(etapa, "avance", totals=totals),
        "cuentas": review_counts(totals),
        "reloj": Clock(
            _("Para decidir los hallazgos"),
            end_of(oficio),
            clock.now(),
            None,
            article_of(oficio.base),
            _("Lo que no se adopte antes del oficio no se notifica en él."),
            hecho="" if total.pendientes else _("no queda nada por revisar"),
        ),
        "frase": _sentence(total, oficio.fecha),
        "tono": "bien" if total.verdict(oficio.fecha, clock.today()) in ("cumplido", "en_plazo") else "aviso",
        "pasos": _steps(etapa),
        "personas": _table(_("Por persona"), _("Persona"), people, named, oficio.fecha),
        "graficas": (by_person(people, named), by_day(corrida, totals)),
        "reglas": _table(_("Por regla"), _("Regla"), rules, _rules(rules), oficio.fecha),
        "sujetos": _table(_("Por sujeto"), _("Sujeto"), subjects, _subjects(subjects), oficio.fecha),
        "repartos": [(row, law.rule_title(row.regla) if row.regla else "") for row in distributions_of(etapa)],
        "audita": may(person(request), "auditar"),
        "auditores": auditors(),
        "reglas_de": [(key, f"{key} {law.rule_title(key)}") for key in totals.keys(RULE)],
        "sujetos_de": SujetoObligado.objects.filter(pk__in={each.sujeto for each in totals.whose.values()}).order_by(
            "nombre"
        ),
    }


@require_POST
@seated_at("auditor")
def share_out(request: HttpRequest) -> HttpResponse:
    """Give everything of a rule, of a subject or of both to one person, also what later runs find."""
    etapa = stage_at_hand(request)
    sujeto = SujetoObligado.objects.filter(pk=typed_number(request.POST.get("sujeto", ""))).first()
    who = get_object_or_404(Usuario, pk=typed_number(request.POST.get("usuario", "")))
    rule = request.POST.get("regla", "")
    if rule and rule not in law.rulebook():
        raise Http404("No hay esa regla.")
    try:
        distribute(etapa, rule, sujeto, who, person(request))
        messages.success(request, _("Reparto guardado: lo revisa %(name)s.") % {"name": who.nombre})
    except DecisionRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(f"{reverse('auditor:avance')}#reparto")


@require_POST
@seated_at("auditor")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a distribution; twice is the same as once."""
    reparto = get_object_or_404(Reparto, pk=pk)
    try:
        end_distribution(reparto, person(request))
        messages.success(request, _("Reparto terminado."))
    except DecisionRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(f"{reverse('auditor:avance')}#reparto")
