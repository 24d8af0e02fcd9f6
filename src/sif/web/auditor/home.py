"""Show the first page of the auditor desk."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.audit.models import Corrida
from sif.audit.review_progress import SUBJECT, found_by
from sif.audit.review_selectors import NOBODY, open_proposals, with_review
from sif.audit.review_totals import Totals, totals_of
from sif.audit.selectors import current_observaciones, hallazgos_of, last_run
from sif.disclosure.two_people import ACTS_OF_TWO, awaited
from sif.proceedings.courses import course_for
from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.selectors import subjects_of, untold_results, waits_for_oficio, with_answers
from sif.proceedings.terms import (
    informing_article,
    last_second_day,
    review_in_course,
    second_term,
    unappraised,
)
from sif.registry import clock
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may
from sif.registry.stage_days import calendar_of
from sif.values import Money
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.hallazgos_words import where_words
from sif.web.auditor.looks import dictamen_look, parts_look
from sif.web.auditor.queue import OPEN, read_rows
from sif.web.auditor.reading import figures_of
from sif.web.authority_seat import (
    CHOSEN,
    article_of,
    end_of,
    oficio_words,
    person,
    stage_at_hand,
    stage_frame,
    stage_words,
    stages,
)
from sif.web.clocks import Clock
from sif.web.columns import Column, panel
from sif.web.course_words import late_words, without_words
from sif.web.seats import seated_at
from sif.web.tables import Empty, Link, Table, Thing, page_of
from sif.web.typed import typed_number

FIRST = 8


def _oficio_clock(etapa: Etapa) -> Clock | None:
    """The term to notify the oficios, from the end of that of reports; None once it ended with nothing to notify.

    Where an answer ended and nobody informed whether it cures what was observed, or its result where it is a second
    one, the term to inform it, which the dictamen waits for.
    """
    if (untold := untold_results(etapa).first()) is not None and (rule := second_term(etapa)) is not None:
        course = course_for(etapa, untold.sujeto)
        day = (course.days if course else calendar_of(etapa))["dictamen"]
        why = " ".join(filter(None, (_("El dictamen no se abre antes de que se informe."), late_words(course))))
        title = _("Informar el resultado de la segunda respuesta")
        return Clock(title, end_of(day), clock.now(), untold.vence_el, rule.base, why)
    if (first := unappraised(etapa).first()) is not None and (rule := second_term(etapa)) is not None:
        until = clock.midnight(last_second_day(first, rule) + timedelta(days=1))
        why = f"{_('El dictamen no se abre antes de que se informe.')} {without_words(first)}"
        title = _("Informar si las respuestas subsanan")
        return Clock(title, until, clock.now(), first.vence_el, informing_article(etapa), why)
    periodo, days = review_in_course(etapa)
    oficio = days["oficio"]
    if end_of(oficio) <= clock.now() and not waits_for_oficio(etapa, periodo):
        return None
    return Clock(
        oficio_words(periodo),
        end_of(oficio),
        clock.now(),
        end_of(days["informe"]),
        article_of(oficio.base),
        _("Después de ese día se notifica tarde, y el plazo para responder se recorre."),
    )


def _mine(corrida: Corrida, by: Usuario) -> Table:
    """Return the table of the first open hallazgos assigned to a person or to nobody, the largest amounts first."""
    found = with_review(hallazgos_of(corrida), corrida.instantanea.etapa).filter(OPEN)
    keys = found.filter(Q(asignado__in=(by.pk, NOBODY))).values_list("pk", flat=True)[:FIRST]
    rows = read_rows(corrida, keys)
    columns = (
        Column(
            "hallazgo",
            _("Hallazgo"),
            "cosa",
            show=lambda row: Thing(
                law.rule_title(row.regla), reverse("auditor:hallazgo", args=[row.pk]), row.regla, where_words(row)
            ),
        ),
        Column("sujeto", _("Sujeto"), source="contabilidad__sujeto__nombre", phone="half"),
        Column("monto", _("Monto"), "dinero"),
    )
    empty = Empty(_("Nada suyo ni sin asignar por revisar."))
    return panel(_("Lo primero por revisar"), rows, columns, vacia=empty)


def _by_subject(etapa: Etapa, totals: Totals | None, query: QueryDict) -> Table:
    """Return a page of the state of each subject: hallazgos, observaciones, each oficio, answers and dictamen."""
    sujetos, page = page_of(subjects_of(etapa), query)
    found = {int(each.clave): each.hallazgos for each in found_by(totals, SUBJECT)} if totals else {}
    observed = _counts(current_observaciones().filter(etapa=etapa).values_list("sujeto"))
    told: dict[int, list[Any]] = {}
    last = Oficio.objects.filter(etapa=etapa, sujeto__in=sujetos, segundo=None).select_related("periodo").order_by("pk")
    for row in with_answers(last):
        told.setdefault(row.sujeto_id, []).append(row)
    periods = list(etapa.periodos.order_by("numero"))
    opened = Dictamen.objects.filter(etapa=etapa, sujeto__in=sujetos).select_related("cierre")
    dictamenes = {row.sujeto_id: row for row in opened}
    queue, none = reverse("auditor:hallazgos"), (0, 0)
    columns = (
        Column("sujeto", _("Sujeto"), "cosa", show=lambda s: Thing(s.nombre, f"{queue}?sujeto={s.pk}", s.siglas)),
        Column("hallazgos", _("Hallazgos"), "numero", show=lambda s: found.get(s.pk, 0), phone="half"),
        Column("observaciones", _("Observaciones"), "numero", show=lambda s: observed.get(s.pk, none)[0], phone="half"),
        Column(
            "monto", _("Monto observado"), "dinero", show=lambda s: Money(observed.get(s.pk, none)[1]), phone="half"
        ),
        Column("oficio", _("Oficio"), "estado", show=lambda s: parts_look(told.get(s.pk, ()), periods), phone="wide"),
        Column("respuestas", _("Respuestas"), show=lambda s: _answered(told.get(s.pk, ())), phone="half"),
        Column("dictamen", _("Dictamen"), "estado", show=lambda s: dictamen_look(dictamenes.get(s.pk)), phone="half"),
    )
    sums = {
        "hallazgos": sum(found.values()),
        "observaciones": sum(n for n, _m in observed.values()),
        "monto": Money(sum(m for _n, m in observed.values())),
    }
    return panel(_("Estado de cada sujeto"), sujetos, columns, totales=sums, palabra_total=_("Suma"), pagina=page)


def _counts(rows: object) -> Mapping[int, tuple[int, int]]:
    """Number of rows and centavos by subject; rows is a query that names the subject first."""
    return {key: (many, amount or 0) for key, many, amount in rows.annotate(n=Count("pk"), m=Sum("monto"))}  # type: ignore[attr-defined]


def _answered(told: Sequence[object]) -> str:
    """Return how many observaciones of oficios read by `with_answers` were answered, out of the total, in words."""
    if not told:
        return _("sin oficio")
    done, total = (sum(getattr(each, name) for each in told) for name in ("contestadas", "observadas"))
    return _("%(done)s de %(total)s") % {"done": done, "total": total}


@require_safe
@seated_at("auditor")
def home(request: HttpRequest) -> HttpResponse:
    """Hoy: coverage, then the queue by money, then every subject."""
    etapa = stage_at_hand(request)
    corrida = last_run(etapa)
    totals = totals_of(corrida) if corrida else None
    context = {
        "frame": auditor_frame(etapa, "home", totals=totals),
        "etapa": etapa,
        "tipo": stage_words(etapa),
        "otras": len(stages()) > 1,
        "reloj": _oficio_clock(etapa),
        "boton": Link(_("Ver los oficios"), reverse("auditor:oficios"), "envelope-paper"),
        "corrida": corrida,
        "cifras": figures_of(corrida, totals) if corrida and totals else None,
        "por_confirmar": open_proposals(etapa).exclude(propuesta_por=person(request)).count(),
        "esperan": [
            (kind.que, reverse(kind.ruta), many)
            for kind, many in awaited(
                [each for each in ACTS_OF_TWO if each.ruta.startswith("auditor:") and may(person(request), each.acto)],
                person(request),
            )
        ],
        "mios": _mine(corrida, person(request)) if corrida else None,
        "sujetos": _by_subject(etapa, totals, request.GET),
    }
    return render(request, "auditor/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor", "council")
def choose_stage(request: HttpRequest, mesa: str = "auditor") -> HttpResponse:
    """The stages there are; choosing one keeps it for this session."""
    if request.method == "POST":
        etapa = get_object_or_404(Etapa, pk=typed_number(request.POST.get("etapa", "")))
        request.session[CHOSEN] = etapa.pk
        messages.success(request, _("Trabaja ahora en %(stage)s.") % {"stage": etapa.proceso.nombre})
        return HttpResponseRedirect(reverse(f"{mesa}:home"))
    here = stage_at_hand(request, mesa)
    context = {
        "frame": stage_frame(here, mesa, "home"),
        "etapas": [(row, stage_words(row)) for row in stages()],
        "actual": here,
        "mesa": mesa,
    }
    return render(request, "auditor/etapas.html", context)
