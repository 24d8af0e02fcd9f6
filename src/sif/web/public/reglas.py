"""«Las reglas»: what the audit asks of every account, in words, with its law, its figures and its sanctions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import PublicRule
from sif.law.parameters import Override, load_parameters
from sif.law.sanctions import Criterion, load_criteria
from sif.rulebook.lawyer import (
    EVERYBODY,
    STAGES,
    Change,
    Precedent,
    bound_by,
    changes_of,
    is_money,
    judgements_of,
    precedents_of,
    tables_of,
    unread_days,
)
from sif.rulebook.rule import ENGINE_OUTCOMES, Rows, Rule, RuleParameter
from sif.values import Money
from sif.values.span import OPEN_END
from sif.web.columns import Column, panel
from sif.web.formats import percent, short_day
from sif.web.law import case_words
from sif.web.lazy import law_words
from sif.web.outcomes import outcome_words
from sif.web.public.listas import articles_html
from sif.web.public.rulebook import known_rules
from sif.web.public.stage import Stages, nothing_yet, public_page, stages_of
from sif.web.public.words import figure_words
from sif.web.tables import Table, Thing

OPEN_ROWS = 3
"""Rows of each table of the worked example that stand open."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """The sanction that the council imposes for a conduct: the criterion in words, its basis and its status."""

    conducta: str
    medida: str
    base: SafeString
    estatus: str


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return every rule; with the conclusions that were sanctioned by it where the council decided."""
    stages = stages_of(request)
    voted = {row.regla: row for row in catalog.reglas(stages.clave)} if stages.clave else {}
    rules = known_rules(settings.JURISDICTION)
    names = {key: _(rule.title) for key, rule in rules.items()} | {key: _(row.titulo) for key, row in voted.items()}
    fined = sum(row.sancionadas for row in voted.values())
    context = {
        "table": _list(stages, names, voted),
        "count": len(names),
        "sanctioned": fined,
        "nothing": nothing_yet(),
    }
    return public_page(request, "reglas", "reglas", stages, context)


@require_safe
def page(request: HttpRequest, clave: str) -> HttpResponse:
    """Return a rule in words. 404 for one that neither the rulebook nor the stage has."""
    stages = stages_of(request)
    voted = {row.regla: row for row in catalog.reglas(stages.clave)} if stages.clave else {}
    rule, published = known_rules(settings.JURISDICTION).get(clave), voted.get(clave)
    if rule is None and published is None:
        raise Http404(f"No hay regla «{clave}».")
    says = published.texto.splitlines() if published else _says(rule)
    context = {
        "rule": rule,
        "published": published,
        "clave": clave,
        "title": _(published.titulo) if published else _(rule.title) if rule else "",
        "basis": published.fundamento if published else _basis(rule),
        "says": says,
        "unnamed": any("…" in line for line in says),
        "figures": [_figures(parameter) for parameter in rule.parameters] if rule else [],
        "consequences": _consequences(rule, stages.actual.termina_el if stages.actual else None),
        "lawyer": _lawyer(rule),
    }
    return public_page(request, "regla", "reglas", stages, context)


def _list(stages: Stages, names: dict[str, str], voted: dict[str, PublicRule]) -> Table:
    tail = f"?{urlencode(stages.query)}" if stages.query else ""

    def name(key: str) -> Thing:
        return Thing(names[key], reverse("public:regla", args=[key]) + tail, clave_debajo=key)

    columns = [Column("regla", _("Regla"), "cosa", show=name)]
    if voted:
        fined = {key: row.sancionadas for key, row in voted.items()}
        words = _("Conclusiones sancionadas")
        columns.append(Column("sancionadas", words, "numero", show=lambda key: fined.get(key, 0), phone="third"))
    return panel(_("Reglas"), sorted(names), columns)


def _basis(rule: Rule | None) -> Sequence[tuple[str, str, str, tuple[str, ...]]]:
    return [(each.article, each.says, each.status, each.outcomes) for each in rule.basis] if rule else []


def _says(rule: Rule | None) -> list[str]:
    if rule is None:
        return []
    found = [outcome.says for outcome in rule.outcomes if outcome.state == "hallazgo" and outcome.says]
    return [case_words(text) for text in found]


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers to what a lawyer asks of a rule beside its law and its figures, in the words of the page."""

    stages: list[str]
    bound: list[tuple[str, str, str]]
    unread: list[tuple[str, date, date]]
    left_out: list[str]
    example: list[tuple[Table, Table | None]]
    precedents: list[Precedent]
    judgements: list[Override]
    changes: list[Change]


def _lawyer(rule: Rule | None) -> Reading | None:
    if rule is None:
        return None
    known = settings.JURISDICTION
    return Reading(
        stages=[law_words(STAGES[each]) for each in rule.applies_to],
        bound=[
            (
                b.article,
                ", ".join(map(law_words, bound_by(b, known))) or law_words(EVERYBODY),
                ", ".join(law_words(outcome_words(each)) for each in b.outcomes),
            )
            for b in rule.basis
        ],
        unread=[(b.article, *days) for b in rule.basis for days in unread_days(rule, b, known)],
        left_out=[
            case_words(each.says)
            for each in (*rule.outcomes, *ENGINE_OUTCOMES)
            if each.state in ("no_aplica", "sin_dato") and each.says
        ],
        example=[_drawn(title, rows) for title, rows in tables_of(rule)],
        precedents=precedents_of(rule, known),
        judgements=judgements_of(rule, known),
        changes=changes_of(rule, known),
    )


def _drawn(title: str, rows: Rows) -> tuple[Table, Table | None]:
    """Draw a table of the worked example: its first rows, and those that the page folds away, if there are more."""
    money = [is_money(rows, place) for place in range(len(rows.columns))]
    title = law_words(title)
    columns = [
        Column(str(place), law_words(words), "dinero" if money[place] else "texto", phone="half")
        for place, words in enumerate(rows.columns)
    ]
    told = [
        {str(place): _amount(str(cell)) if money[place] else _as_written(str(cell)) for place, cell in enumerate(row)}
        for row in rows.rows
    ]
    rest = panel(title, told[OPEN_ROWS:], columns) if told[OPEN_ROWS:] else None
    return panel(title, told[:OPEN_ROWS], columns), rest


def _as_written(text: str) -> SafeString:
    return format_html('<span lang="es-MX" translate="no">{}</span>', text) if text else SafeString()


def _amount(text: str) -> Money | None:
    return Money.parse(text) if text else None


def _figures(parameter: RuleParameter) -> Table:
    """Return a figure of the law with its dates."""
    columns = (
        Column("desde", _("Desde"), "dia", phone="third"),
        Column(
            "hasta",
            _("Hasta"),
            "texto",
            show=lambda value: _("hoy") if value.hasta == OPEN_END else short_day(value.hasta, year=True),
            phone="third",
        ),
        Column(
            "valor", _("Valor"), "texto", show=lambda value: figure_words(parameter.unit, value.valor), phone="third"
        ),
        Column("base", _("Fundamento"), "texto", show=lambda value: articles_html(parameter.basis), phone="row"),
    )
    known = load_parameters(settings.JURISDICTION).get(parameter.source.rpartition("/")[2])
    title = law_words(known.nombre) if known else parameter.name.replace("_", " ").capitalize()
    return panel(title, parameter.values, columns)


def _consequences(rule: Rule | None, day: date | None) -> list[Consequence]:
    """The criteria that the outcomes of the rule name, those in force at the end of the stage or the last known."""
    if rule is None:
        return []
    criteria = load_criteria(settings.JURISDICTION)
    named = dict.fromkeys(outcome.sanction for outcome in rule.outcomes if outcome.sanction)
    found = []
    for key in named:
        spans = criteria.get(key, [])
        inside = [span for span in spans if day and span.desde <= day and (span.hasta is None or day < span.hasta)]
        for span in (inside or list(spans))[-1:]:
            base = articles_html(span.base, told=span.estatus == "por confirmar")
            found.append(Consequence(law_words(span.conducta), _measure(span), base, span.estatus))
    return found


def _measure(criterion: Criterion) -> str:
    if criterion.modo == "porcentaje":
        return _("%(share)s del monto involucrado") % {"share": percent(criterion.valor)}
    return _("%(units)s UMA por cada caso") % {"units": criterion.valor}
