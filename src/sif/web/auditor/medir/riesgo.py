"""Show the amounts at risk by contabilidad, state and rule."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.audit.review_progress import STATE, SUBJECT, Risk, risk_by
from sif.audit.review_totals import BOOKS, RULE, Totals, totals_of
from sif.audit.selectors import last_run
from sif.books.selectors import spent_against_cap
from sif.registry.models import Contabilidad, Etapa, SujetoObligado
from sif.values import Money
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import AT_RISK, WHOLE_COUNTRY
from sif.web.authority_seat import books_words, stage_at_hand
from sif.web.columns import Column, panel, sums
from sif.web.formats import whole_number
from sif.web.gauges import Bar
from sif.web.seats import seated_at
from sif.web.states_map import StateAmount, state_names, tile_map
from sif.web.tables import Empty, Spending, Table, Thing, page_of

CHART = 20


def _address(name: str, value: str) -> str:
    """Return the rows behind a figure: hallazgos adopted or not decided, under that key."""
    return f"{reverse('auditor:hallazgos')}?decision={AT_RISK}&{name}={value}"


def _books(rows: Sequence[Risk], query: QueryDict) -> Table:
    """Return a page of contabilidades by amount at risk, with what each spends of its cap."""
    page, pager = page_of(rows, query)
    known = Contabilidad.objects.select_related("sujeto", "candidatura__persona").in_bulk([int(r.clave) for r in page])
    spent = spent_against_cap(list(known.values()))

    def gauge(row: Risk) -> object:
        figures = spent.get(int(row.clave))
        return Spending(figures.egresos, figures.tope) if figures and figures.tope else _("sin tope propio")

    def name(row: Risk) -> Thing:
        return Thing(books_words(known[int(row.clave)]), _address("contabilidad", row.clave), row.clave)

    columns = (
        Column("contabilidad", _("Contabilidad"), "cosa", show=name),
        Column("sujeto", _("Sujeto"), show=lambda row: known[int(row.clave)].sujeto.siglas, phone="half"),
        Column("hallazgos", _("Hallazgos"), "numero", total=True, phone="half"),
        Column("por_decidir", _("Por decidir"), "dinero", total=True, phone="half"),
        Column("adoptado", _("Adoptado"), "dinero", total=True, phone="half"),
        Column("monto", _("En riesgo"), "dinero", total=True, phone="half"),
        Column("tope", _("Gasto y tope"), "tope", show=gauge),
    )
    words = ngettext("Suma de %(n)d contabilidad", "Suma de %(n)d contabilidades", len(rows)) % {"n": len(rows)}
    return panel(
        _("Contabilidades por monto en riesgo"),
        page,
        columns,
        totales=sums(columns, rows),
        palabra_total=words,
        pagina=pager,
        vacia=Empty(_("Ninguna contabilidad tiene monto en riesgo."), ""),
    )


def _states(rows: Sequence[Risk]) -> dict[str, StateAmount]:
    names = state_names() | {"": _("Todo el país")}
    return {
        row.clave: StateAmount(
            row.clave,
            names.get(row.clave, row.clave),
            row.monto,
            ngettext("%(n)s hallazgo", "%(n)s hallazgos", row.hallazgos) % {"n": whole_number(row.hallazgos)},
            _address("entidad", row.clave or WHOLE_COUNTRY),
        )
        for row in rows
    }


def _state_table(rows: Sequence[Risk], states: Mapping[str, StateAmount]) -> Table:
    """Return the map as a table, for who does not see it."""
    columns = (
        Column(
            "entidad",
            _("Entidad"),
            "cosa",
            show=lambda each: Thing(states[each.clave].nombre, states[each.clave].url, each.clave),
        ),
        Column("hallazgos", _("Hallazgos"), "numero", total=True, phone="half"),
        Column("monto", _("En riesgo"), "dinero", total=True, phone="half"),
    )
    return panel(
        _("Monto en riesgo por entidad"), rows, columns, palabra_total=_("Suma"), vacia=Empty(_("Sin hallazgos."), "")
    )


def _bars(rows: Sequence[Risk], names: Mapping[str, str], field: str) -> list[Bar]:
    """Return the largest, and the rest in one bar that opens where all are listed."""
    shown = [Bar(names.get(row.clave, row.clave), Money(row.monto), _address(field, row.clave)) for row in rows[:CHART]]
    rest = sum(row.monto for row in rows[CHART:])
    return [*shown, Bar(_("Las demás"), Money(rest), reverse("auditor:avance"))] if rest else shown


@require_safe
@seated_at("auditor")
def risk(request: HttpRequest) -> HttpResponse:
    """Render the amounts at risk in the last run: by contabilidad, state, subject, rule and kind of fault."""
    etapa = stage_at_hand(request)
    corrida = last_run(etapa)
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "riesgo")})
    return render(request, "auditor/riesgo.html", _context(etapa, totals_of(corrida), request.GET))


def _context(etapa: Etapa, totals: Totals, query: QueryDict) -> dict[str, object]:
    rules, subjects = risk_by(totals, RULE), risk_by(totals, SUBJECT)
    by_state = risk_by(totals, STATE)
    states = _states(by_state)
    book = law.rulebook()
    faults = [
        Bar(
            words,
            Money(sum(row.monto for row in rules if row.clave in book and book[row.clave].severity == key)),
            _address("falta", key),
        )
        for key, words in law.severities()
    ]
    names = {str(row.pk): row.nombre for row in SujetoObligado.objects.filter(pk__in=[int(r.clave) for r in subjects])}
    titles = {row.clave: f"{law.rule_title(row.clave)} ({row.clave})" for row in rules}
    return {
        "frame": auditor_frame(etapa, "riesgo", totals=totals),
        "total": Money(sum(row.monto for row in rules)),
        "por_decidir": Money(sum(row.por_decidir for row in rules)),
        "adoptado": Money(sum(row.adoptado for row in rules)),
        "hallazgos": sum(row.hallazgos for row in rules),
        "libros": _books(risk_by(totals, BOOKS), query),
        "mapa": tile_map(states, _("Mapa por entidad: monto en riesgo")),
        "entidades": _state_table(by_state, states),
        "sujetos": _bars(subjects, names, "sujeto"),
        "reglas": _bars(rules, titles, "regla"),
        "faltas": [each for each in faults if each.valor.centavos],
    }
