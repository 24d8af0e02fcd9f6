"""Show «Hoy»: the running term, missing amounts, and each set of books against its cap."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.audit.preflight import covers_subject
from sif.books.board import BoardRow, LimitUsed, board, limits_used
from sif.books.checks import checks_of
from sif.books.models import Recepcion
from sif.books.selectors import borradores, inbox
from sif.filing.selectors import half_signed, ready_informes
from sif.filing.signers import ACTS
from sif.registry.emblems import emblem_on
from sif.registry.models import Contabilidad, Ventana
from sif.registry.selectors import contabilidades_of
from sif.values import Money
from sif.web.columns import Column, Values, panel
from sif.web.formats import due_short
from sif.web.lazy import law_words
from sif.web.party.gifts import UNSURE_LIMIT
from sif.web.party.hoy.contabilidades_table import accounts_file, accounts_table
from sif.web.party.hoy.missing import evidence_rows, missing_columns
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.report_states import current_period, report_states, report_words
from sif.web.party.signer_words import lacking_words
from sif.web.tables import Empty, Link, Spending, Table, Thing

CHECKED = 100
"""Invoices in the inbox that «Hoy» checks: some tenths of a second; of more, the inbox says."""


@require_safe
@party_page
def today(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the page each person of a subject opens on; ?formato= gives its table of books as a file."""
    period = current_period(mesa.etapa, mesa.ahora)
    states = report_states(mesa.actuales, period)
    figures = board(mesa.actuales)
    if file := accounts_file(request, mesa.actuales, figures, {mesa.etapa.pk: period} if mesa.etapa else {}):
        return file
    writes = contabilidades_of(mesa.usuario, "capturar").exists()
    context = {
        "frame": mesa.frame("home"),
        "mesa": mesa,
        "captura": writes,
        "emblema": emblem_on(mesa.sujetos[0], mesa.ahora.date()) if mesa.sujetos else None,
        "periodo": period,
        "accion": _action(mesa, states),
        "omisos": sum(owed.estado == "omiso" for owed in mesa.debidos),
        "faltantes": _missing(mesa, figures.values()),
        "limites": _limits(mesa),
        "tabla": accounts_table(request.GET, mesa.actuales, period, figures, states=states),
    }
    return render(request, "party/hoy.html", context)


def _action(mesa: Mesa, states: Mapping[int, str]) -> Link:
    """Return what follows of the term that runs: the act it answers or appeals, otherwise the reports."""
    reports = reverse("party:informes")
    if mesa.reloj is not None and mesa.reloj.accion:
        return Link(mesa.reloj.accion, mesa.reloj.url)
    told = {"done": sum(state in ("presentado", "extemporaneo") for state in states.values()), "all": len(states)}
    if any(mesa.can(act, books) for books in mesa.actuales for act in ("preparar", "presentar")):
        return Link(_("Preparar informes: %(done)d de %(all)d presentados") % told, reports)
    return Link(_("Ver informes: %(done)d de %(all)d presentados") % told, reports)


def _missing(mesa: Mesa, figures: Iterable[BoardRow]) -> Table:
    """Return the table of the items that wait for the person, the largest amounts first."""
    rows = sorted((*evidence_rows(figures), *_waiting(mesa)), key=lambda row: -_centavos(row))
    rows = [*_omitted(mesa), *_correctable(mesa), *_signatures(mesa), *rows]
    nothing = Empty(
        _("Nada espera su mano."), _("Las pólizas tienen sus evidencias, la bandeja está vacía y no hay borradores.")
    )
    return panel(_("Lo que falta"), rows, missing_columns(), vacia=nothing)


def _omitted(mesa: Mesa) -> list[Values]:
    """Return the reports whose term ended without them, of each kind and period: before all else that waits."""
    found = [owed for owed in mesa.debidos if owed.estado == "omiso"]
    rows = []
    for words, many in Counter(map(report_words, found)).items():
        told = ngettext("Informe omitido", "Informes omitidos", many)
        below = _("%(report)s: su plazo venció sin que se presentara.") % {"report": words}
        rows.append(_row(told, below, many, None, Link(_("Ver informes"), "party:informes")))
    return rows


def _correctable(mesa: Mesa) -> list[Values]:
    """Return the reports presented that may be presented again: one row for each correction that an oficio opened."""
    opened = {window.pk: window for books in mesa.actuales for window in mesa.windows(books)}
    rows = []
    for window in opened.values():
        many = sum(owed.recibida_el is not None and owed.periodo.pk == window.periodo_id for owed in mesa.debidos)
        if window.tipo == Ventana.Tipo.CORRECCION and many:
            told = ngettext("Informe que puede corregirse", "Informes que pueden corregirse", many)
            below = _("Del periodo %(n)d; su corrección cierra %(when)s.") % {
                "n": window.periodo.numero,
                "when": due_short(window.cierra_el),
            }
            rows.append(_row(told, below, many, None, Link(_("Ver informes"), "party:informes")))
    return rows


def _centavos(row: Values) -> int:
    amount = row["monto"]
    return amount.centavos if isinstance(amount, Money) else 0


def _limits(mesa: Mesa) -> Table | None:
    """Return the table of the use of each limit of contributions, or None for a person who sees only some books."""
    if not mesa.etapa or not mesa.sujetos or not covers_subject(mesa.etapa, mesa.actuales):
        return None
    columns = (
        Column(
            "limite",
            _("Límite"),
            "cosa",
            show=lambda used: Thing(
                law_words(used.nombre), articulo=used.base, debajo="" if used.obliga else _unsure()
            ),
        ),
        Column("usado", _("Usado"), "dinero", phone="half"),
        Column(
            "queda",
            _("Queda"),
            "dinero",
            show=lambda used: _left(used) if used.limite else _("sin cifra publicada"),
            phone="half",
        ),
        Column(
            "parte",
            _("Usado del límite"),
            "tope",
            show=lambda used: Spending(used.usado, used.limite) if used.limite else _("sin cifra publicada"),
        ),
    )
    rows = limits_used(mesa.sujetos[0], mesa.ahora.date())
    return panel(_("Límites de aportaciones"), rows, columns) if rows else None


def _unsure() -> str:
    return f"{_('Por confirmar')}. {UNSURE_LIMIT}"


def _left(used: LimitUsed) -> Money:
    return Money((used.limite.centavos if used.limite else 0) - used.usado.centavos)


def _waiting(mesa: Mesa) -> list[Values]:
    numbers = [books.pk for books in mesa.actuales]
    waiting = inbox(numbers)
    received = list(waiting.values_list("comprobante__total", flat=True))
    drafts = borradores(numbers).count()
    rows = []
    if received:
        words = ngettext("CFDI sin póliza", "CFDI sin póliza", len(received))
        below = _proposed(waiting) if len(received) <= CHECKED else _("La bandeja dice cuáles traen su propuesta.")
        rows.append(_row(words, below, len(received), Money(sum(received)), Link(_("Abrir la bandeja"), "party:cfdi")))
    if drafts:
        words = ngettext("Borrador sin registrar", "Borradores sin registrar", drafts)
        writes = contabilidades_of(mesa.usuario, "capturar").exists()
        link = Link(_("Seguir escribiendo") if writes else _("Ver borradores"), "party:borradores")
        rows.append(_row(words, _("Nada de un borrador cuenta hasta que se registra."), drafts, None, link))
    return rows


def _signatures(mesa: Mesa) -> list[Values]:
    """Return what waits for the person's own signature, and the reports that wait for that of another."""
    books = [each for each in mesa.libros.values() if each.clase == Contabilidad.Clase.ORDINARIA]
    rows, theirs = [], 0
    for capacity, act in ACTS.items():
        mine = [each for each in books if mesa.can(act, each) and not mesa.can("presentar", each)]
        theirs += len(ready_informes(mine, capacity)) if mine else 0
    if theirs:
        words = ngettext("Informe que espera su firma", "Informes que esperan su firma", theirs)
        below = _("La ley la pide además de la de quien lo presenta.")
        rows.append(_row(words, below, theirs, None, Link(_("Firmar"), "party:firmar")))
    if not theirs and (others := half_signed(books)):
        words = ngettext("Informe en espera de la otra firma", "Informes en espera de la otra firma", len(others))
        below = _("Falta la firma de %(who)s") % {"who": lacking_words(next(iter(others.values())))}
        rows.append(_row(words, below, len(others), None, Link(_("Ver quién falta"), "party:informes")))
    return rows


def _proposed(waiting: QuerySet[Recepcion]) -> str:
    """Return the number of waiting invoices with a proposal and the number that fail their checks, in words."""
    refused = sum(checked.estado == "grave" for checked in checks_of(waiting).values())
    ready = len(waiting) - refused
    bring = ngettext("%(n)d trae su propuesta", "%(n)d traen su propuesta", ready) % {"n": ready}
    fail = ngettext("%(n)d no pasa sus comprobaciones", "%(n)d no pasan sus comprobaciones", refused) % {"n": refused}
    return "; ".join(words for words, many in ((bring, ready), (fail, refused)) if many) + "."


def _row(words: str, below: str, how_many: int, amount: Money | None, link: Link) -> Values:
    cells = {"que": Thing(words, debajo=below), "cuantas": how_many, "sigue": Link(link.texto, reverse(link.url))}
    return {**cells, "monto": amount if amount is not None else _("no aplica")}
