"""Compute what stands beside the grid of capture: dates, required evidence, reach."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from sif.books.models import Borrador, ClaseEvidencia, Poliza
from sif.books.selectors import spent_against_cap
from sif.books.services.posting_checks import out_of_period
from sif.law.chart import Account, evidence_for
from sif.law.parameters import value_on
from sif.ledger import NewPoliza, reference
from sif.registry.models import Contabilidad, Ventana
from sif.values import Money, Problem, Unread
from sif.web.formats import due_short
from sif.web.labels import WINDOWS
from sif.web.lazy import law_words
from sif.web.party.draft_content import sums
from sif.web.party.draft_parser import Understood, account_of, day_of
from sif.web.party.mesa import Mesa


@dataclass(frozen=True, slots=True)
class Timing:
    """The timing of an operation: its day, its registration, the last day in time and the days late [RF 38.1]."""

    operacion: date
    registro: date
    limite: date
    tarde: int
    plazo: int


def aside(mesa: Mesa, row: Borrador, meant: Understood) -> dict[str, object]:
    """Return the context of the panels beside the grid of a draft, drawn again at each pause in typing."""
    names = {key: law_words(name) for key, name in ClaseEvidencia.objects.values_list("pk", "nombre")}
    chart = mesa.chart(row.contabilidad)
    asked = _evidence(row, chart)
    held = {evidence["clase"] for evidence in row.contenido["evidencias"]}
    debits, credits = sums(row.contenido)
    return {
        "borrador": row,
        "cargos": debits,
        "abonos": credits,
        "diferencia": Money(abs((debits - credits).centavos)),
        "por_abonar": debits > credits,
        "tiempo": timing(mesa, row),
        "fuera": misplaced(mesa, row),
        "tendra": _next_reference(mesa, row, meant),
        "evidencias": [(e, names.get(e["clase"], e["clase"])) for e in row.contenido["evidencias"]],
        "piden": [(names.get(key, key), asked[key][1]) for key in asked if asked[key][0] and key not in held],
        "admiten": [names.get(key, key) for key in asked if not asked[key][0] and key not in held],
        "clases": _offered(asked, names, held),
        "llega": _reach(row, meant, chart),
    }


def timing(mesa: Mesa, row: Borrador) -> Timing | None:
    """Return the dates of a draft if it were posted today; None without a date that can be read."""
    try:
        day = day_of(row.contenido["fecha"])
        limit = value_on("plazo_registro_dias", day, settings.JURISDICTION)
    except (LookupError, ValueError):
        return None
    today, last = mesa.ahora.date(), day + timedelta(days=limit)
    return Timing(day, today, last, max(0, (today - last).days), limit)


def misplaced(mesa: Mesa, row: Borrador) -> Problem | None:
    """Return that the day typed is not of the period chosen, or of none open while none is chosen; otherwise None."""
    windows = mesa.windows(row.contabilidad)
    chosen = [each for each in windows if f"{each.periodo_id}:{each.tipo}" == row.contenido["ventana"]]
    asked = list({each.periodo_id: each.periodo for each in chosen or windows}.values())
    try:
        day = day_of(row.contenido["fecha"])
    except Unread:
        return None
    if not asked or any(period.desde <= day <= period.hasta for period in asked):
        return None
    return out_of_period(day, asked, row.contabilidad.etapa.periodos.all(), windows)


def window_words(window: Ventana) -> str:
    """Return a window as offered: its period, its kind and when it closes."""
    return _("Periodo %(n)d, %(kind)s, cierra %(when)s") % {
        "n": window.periodo.numero,
        "kind": str(WINDOWS[window.tipo]).lower(),
        "when": due_short(window.cierra_el),
    }


def spans(windows: Iterable[Ventana]) -> str:
    """First and last day of the period of each window, as JSON, for the browser to choose the one a day falls in."""
    days = {f"{w.periodo_id}:{w.tipo}": (w.periodo.desde.isoformat(), w.periodo.hasta.isoformat()) for w in windows}
    return json.dumps(days)


def closed_words(windows: Iterable[Ventana]) -> str:
    """Return the message for the kinds of póliza closed now and the way to open them, or '' where all are open."""
    opened = {window.tipo for window in windows}
    closed = [str(label).lower() for value, label in WINDOWS.items() if value not in opened]
    if not closed:
        return ""
    return _("Cerradas ahora: %(kinds)s. La de corrección se abre con el oficio.") % {"kinds": ", ".join(closed)}


def _next_reference(mesa: Mesa, row: Borrador, meant: Understood) -> str:
    """Return the reference the póliza would take if it were posted now; '' while it does not say which."""
    new = meant.poliza
    window = next((w for w in mesa.windows(row.contabilidad) if new and w.periodo_id == new.periodo_id), None)
    if new is None or window is None:
        return ""
    same = Poliza.objects.filter(
        contabilidad=row.contabilidad, periodo=new.periodo_id, tipo=new.tipo, subtipo=new.subtipo
    )
    number = (same.aggregate(last=Max("numero"))["last"] or 0) + 1
    whole = reference(new.tipo, window.periodo.numero, new.subtipo, number, new.fecha_operacion, new.contabilidad_id)
    return whole.split(";")[0]


def touched(row: Borrador, chart: dict[str, Account]) -> list[str]:
    """Return the accounts that the lines name, in order."""
    found = []
    for line in row.contenido["lineas"]:
        try:
            found.append(account_of(line["cuenta"], chart).codigo)
        except Unread:
            continue
    return found


def _evidence(row: Borrador, chart: dict[str, Account]) -> dict[str, tuple[bool, str]]:
    """Each class that the accounts touched ask for or admit: whether it is obligatory, and the first that says so."""
    try:
        day = day_of(row.contenido["fecha"])
    except Unread:
        day = row.guardado_el.date()
    wanted: dict[str, tuple[bool, str]] = {}
    for code in touched(row, chart):
        for key, must in evidence_for(frozenset({code}), day, settings.JURISDICTION).items():
            if key not in wanted or (must and not wanted[key][0]):
                wanted[key] = (must, code)
    return dict(sorted(wanted.items(), key=lambda pair: not pair[1][0]))


def _offered(asked: dict[str, tuple[bool, str]], names: dict[str, str], held: set[str]) -> list[tuple[str, str]]:
    """Return the classes to attach under: what is missing first; every class while no account says."""
    keys = sorted(asked, key=lambda key: (not asked[key][0] or key in held, names.get(key, key)))
    keys = [*keys, *(key for key in ("otra",) if key not in asked)] if asked else sorted(names, key=names.__getitem__)
    return [(key, names.get(key, key)) for key in keys]


def _reach(row: Borrador, meant: Understood, chart: dict[str, Account]) -> tuple[Money, Money] | None:
    """(spent with this póliza, cap) of its books, when both are known."""
    if meant.poliza is None or row.contabilidad.tope is None:
        return None
    spent = spent_against_cap([row.contabilidad])[row.contabilidad_id]
    return (spent.egresos + _expense(meant.poliza, chart), spent.tope) if spent.tope else None


def _expense(poliza: NewPoliza, chart: dict[str, Account]) -> Money:
    lines = [line for line in poliza.lineas if line.cuenta in chart and chart[line.cuenta].es_gasto]
    return Money(sum(line.cargo.centavos - line.abono.centavos for line in lines))


def chart_data(books: Contabilidad, chart: dict[str, Account]) -> list[list[object]]:
    """The accounts that take movements, for the browser to search: code, name, group, kind of auxiliary, times used."""
    rows = books.movimientos.values("cuenta_id").annotate(n=Count("pk")).values_list("cuenta_id", "n")
    used, above, found = dict(rows), list[Account](), list[list[object]]()
    for each in chart.values():
        while above and not each.codigo.startswith(above[-1].prefix):
            above.pop()
        if each.capturable:
            group = above[-1].nombre if above else ""
            found.append([each.codigo, each.nombre, group, each.auxiliar, used.get(each.codigo, 0)])
        else:
            above.append(each)
    return found
