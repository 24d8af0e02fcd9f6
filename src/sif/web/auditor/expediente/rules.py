"""Show the coverage of the rulebook and the page of each rule."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.audit.models import Corrida
from sif.audit.review_totals import totals_of
from sif.audit.selectors import coverage_of, last_run
from sif.law.sanctions import load_criteria
from sif.rulebook.printing import print_rule
from sif.rulebook.survivors import explained_survivors
from sif.statutes.selectors import confirmed_articles
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.reading import figures_of, undecided_reasons
from sif.web.authority_seat import jurisdiction, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.outcomes import outcome_words
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, Thing


def _coverage(corrida: Corrida) -> Table:
    rows = coverage_of(corrida)
    parts = {
        "juzgadas": _("Juzgadas"),
        "hallazgo": _("Hallazgo"),
        "cumple": _("Cumple"),
        "no_aplica": _("No aplica"),
        "sin_dato": _("Sin dato"),
    }
    columns = (
        Column("regla", _("Regla"), "cosa", show=lambda row: _rule(row.regla, law.severity_words(row.regla))),
        *(Column(key, words, "numero", total=True, phone="half") for key, words in parts.items()),
        Column("monto", _("Monto en hallazgo"), "dinero", total=True, phone="half"),
    )
    words = ngettext("Suma de %(n)s regla", "Suma de %(n)s reglas", len(rows)) % {"n": len(rows)}
    return panel(_("Reglas y cobertura"), rows, columns, palabra_total=words)


def _rule(rule: str, below: str) -> Thing:
    return Thing(law.rule_title(rule), reverse("auditor:regla", args=[rule]), rule, below)


def _undecided(corrida: Corrida) -> Table:
    queue = reverse("auditor:hallazgos")
    columns = (
        Column("regla", _("Regla"), "cosa", show=lambda row: _waits(row["regla"], queue)),
        Column("motivo", _("Por qué"), show=lambda row: outcome_words(row["resultado"]), phone="half"),
        Column("cuantos", _("Renglones"), "numero", total=True),
    )
    empty = Empty(_("Ningún renglón quedó sin juzgar por falta de dato."))
    return panel(_("Sin dato"), undecided_reasons(corrida), columns, palabra_total=_("Suma"), vacia=empty)


def _waits(rule: str, queue: str) -> Thing:
    return Thing(law.rule_title(rule), f"{queue}?estado=sin_dato&regla={rule}", rule)


@require_safe
@seated_at("auditor")
def coverage(request: HttpRequest) -> HttpResponse:
    """Return every rule with what it judged, and beside it what no rule could judge."""
    etapa = stage_at_hand(request)
    corrida = last_run(etapa)
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "cobertura")})
    totals = totals_of(corrida)
    context = {
        "frame": auditor_frame(etapa, "cobertura", totals=totals),
        "corrida": corrida,
        "cifras": figures_of(corrida, totals),
        "tabla": _coverage(corrida),
        "sin_dato": _undecided(corrida),
    }
    return render(request, "auditor/reglas.html", context)


@require_safe
@seated_at("auditor")
def rule(request: HttpRequest, clave: str) -> HttpResponse:
    """Return the page of a rule: basis, figures by date, what it says, its coverage here, cases and query."""
    etapa, found = stage_at_hand(request), law.rulebook().get(clave.upper())
    if found is None:
        raise Http404("No hay esa regla.")
    corrida = last_run(etapa)
    criteria = load_criteria(jurisdiction())
    results = [
        (outcome, criteria[outcome.sanction][-1] if outcome.sanction in criteria else None)
        for outcome in found.outcomes
    ]
    context = {
        "frame": auditor_frame(etapa, "cobertura", Crumb(_("Reglas"), reverse("auditor:cobertura")), Crumb(found.id)),
        "regla": found,
        "falta": law.severity_words(found.id),
        "resultados": results,
        "confirmadas": confirmed_articles(found),
        "cobertura": next(iter(coverage_of(corrida, found.id)), None) if corrida else None,
    }
    return render(request, "auditor/regla.html", context)


@require_safe
@seated_at("auditor")
def printed_rule(request: HttpRequest, clave: str) -> HttpResponse:
    """Return the rule as a text that a lawyer can read, to keep or to send."""
    found = law.rulebook().get(clave.upper())
    if found is None:
        raise Http404("No hay esa regla.")
    text = print_rule(found, explained_survivors(found.id, jurisdiction()), jurisdiction())
    header = {"Content-Disposition": f'attachment; filename="{found.id}.md"'}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=header)
