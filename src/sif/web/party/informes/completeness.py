"""Say what is missing of a report before it is signed: nothing here keeps anybody from presenting it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.banks.models import EstadoDeCuenta
from sif.banks.selectors import month_end, open_lines, open_movements, with_anything
from sif.books.board import missing_within
from sif.books.models import Poliza
from sif.books.selectors import borradores, inbox
from sif.catalogs.selectors.people import accounts_on, term_of
from sif.filing.figures import Sums, outside_form
from sif.filing.owed import ReportOwed
from sif.filing.signers import ACTS
from sif.law.duties import load_duties
from sif.registry import clock
from sif.registry.models import Contabilidad, CuentaBancaria
from sif.values import Money
from sif.web.columns import Column, Values, panel
from sif.web.formats import short_day
from sif.web.party.mesa import Mesa
from sif.web.party.poliza_filters import late
from sif.web.tables import Empty, Link, Table, Thing

WHERE = {
    "situacion_patrimonial": ("party:libro", ("situacion",)),
    "inmuebles": ("party:inventario", ()),
    "estados_de_cuenta": ("party:bancos", ()),
}
"""Where this system has what the law wants beside a report, by the key of the part."""


def completeness(mesa: Mesa, books: Contabilidad, report: ReportOwed, sums: Sums) -> Table:
    """Return the table of the items that a report lacks or that wait to enter its books, each with its next step."""
    columns = (
        Column("que", _("Qué falta"), "cosa"),
        Column("cuantas", _("Cuántas"), "numero"),
        Column("monto", _("Monto"), "dinero"),
        Column("sigue", _("Qué sigue"), "accion"),
    )
    writes = mesa.can("capturar", books)
    rows = [
        *_outside(mesa, books, report, sums),
        *_lacking(books, report),
        *_waiting(books, writes=writes),
        *_statements(books, report, mesa.ahora.date(), writes=writes),
        *_unmatched(books, report, writes=writes),
        *_untold(mesa, books, report, writes=writes),
        *_late(books, report),
        *_parts(report),
    ]
    nothing = Empty(
        _("No falta nada."),
        _(
            "Evidencias, facturas, borradores, avisos y estados de las cuentas, su conciliación y los plazos de "
            "registro están al día."
        ),
    )
    return panel(_("Antes de firmar"), rows, columns, vacia=nothing)


def _row(what: Thing, count: int | str, amount: Money | None, link: Link | str) -> Values:
    return {"que": what, "cuantas": count, "monto": amount, "sigue": link}


def _outside(mesa: Mesa, books: Contabilidad, report: ReportOwed, sums: Sums) -> Iterator[Values]:
    names = mesa.chart(books)
    for code, amount in outside_form(books, report, sums).items():
        what = _("El formato no tiene línea para la cuenta %(code)s, %(name)s") % {
            "code": code,
            "name": names[code].nombre if code in names else code,
        }
        below = _("Sus movimientos no entran en el informe: revise si son de otra cuenta.")
        url = f"{reverse('party:polizas')}?contabilidad={books.pk}&cuenta={code}"
        yield _row(Thing(what, debajo=below), "", Money(amount), Link(_("Ver las pólizas"), url))


def _lacking(books: Contabilidad, report: ReportOwed) -> Iterator[Values]:
    """Yield the evidence that the pólizas of the days of the report lack."""
    count, amount = missing_within(books.pk, report.desde, report.hasta)
    if count:
        words = ngettext("Póliza sin toda su evidencia", "Pólizas sin toda su evidencia", count)
        url = f"{reverse('party:libro', args=['evidencias'])}?contabilidad={books.pk}"
        below = _("La pide una cuenta que la póliza mueve.")
        link = Link(_("Ver qué falta"), url)
        yield _row(Thing(words, debajo=below), count, amount, link)


def _waiting(books: Contabilidad, *, writes: bool) -> Iterator[Values]:
    received = list(inbox([books.pk]).values_list("comprobante__total", flat=True))
    drafts = borradores([books.pk]).count()
    if received:
        what = Thing(ngettext("CFDI sin póliza", "CFDI sin póliza", len(received)))
        yield _row(what, len(received), Money(sum(received)), Link(_("Abrir la bandeja"), reverse("party:cfdi")))
    if drafts:
        words = ngettext("Borrador sin registrar", "Borradores sin registrar", drafts)
        below = _("Nada de un borrador cuenta hasta que se registra.")
        act = _("Seguir escribiendo") if writes else _("Ver borradores")
        yield _row(Thing(words, debajo=below), drafts, None, Link(act, reverse("party:borradores")))


def _statements(books: Contabilidad, report: ReportOwed, today: date, *, writes: bool) -> Iterator[Values]:
    """Yield the months that ended of each bank account in the days of the report and that no statement covers whole."""
    accounts = CuentaBancaria.objects.filter(contabilidad=books.pk).select_related("cancelacion").order_by("pk")
    statements: dict[int, list[tuple[date, date]]] = {}
    for number, *days in EstadoDeCuenta.objects.filter(cuenta__contabilidad=books.pk).values_list(
        "cuenta_id", "desde", "hasta"
    ):
        statements.setdefault(number, []).append((days[0], days[1]))
    for account in accounts:
        closing = getattr(account, "cancelacion", None)
        first = max(report.desde, account.apertura_el)
        last = min(report.hasta, closing.fecha) if closing else report.hasta
        loaded = statements.get(account.pk, [])
        lacking = [
            month for month, end in _months(first, last) if not _covered(max(month, first), min(end, last), loaded)
        ]
        if lacking:
            words = _("Estados de cuenta de %(bank)s, CLABE que termina en %(end)s") % {
                "bank": account.banco,
                "end": account.clabe[-4:],
            }
            months = ", ".join(f"{month:%m/%Y}" for month in lacking)
            link = Link(_("Cargar el estado") if writes else _("Ver bancos"), reverse("party:bancos"))
            yield _row(Thing(words, debajo=_("Meses: %(months)s") % {"months": months}), len(lacking), None, link)


def _unmatched(books: Contabilidad, report: ReportOwed, *, writes: bool) -> Iterator[Values]:
    """Yield the bank lines and movements of the books until the last day of the report that have no counterpart."""
    for account in with_anything(books):
        lines = open_lines(account, hasta=report.hasta).count()
        movements = open_movements(account, hasta=report.hasta).count()
        if lines or movements:
            words = _("Por conciliar en %(bank)s, CLABE que termina en %(end)s") % {
                "bank": account.banco,
                "end": account.clabe[-4:],
            }
            below = _("Del banco: %(lines)d. De los libros: %(movements)d.") % {"lines": lines, "movements": movements}
            link = Link(_("Conciliar") if writes else _("Ver la cuenta"), reverse("party:banco", args=[account.pk]))
            yield _row(Thing(words, debajo=below), lines + movements, None, link)


def _untold(mesa: Mesa, books: Contabilidad, report: ReportOwed, *, writes: bool) -> Iterator[Values]:
    """Yield the bank accounts opened until the last day of the report whose notice to the authority is not recorded."""
    accounts = accounts_on([books.pk], mesa.ahora).filter(aviso=None, cancelacion=None, apertura_el__lte=report.hasta)
    for account in accounts.select_related("contabilidad__etapa", "aviso", "cancelacion").order_by("pk"):
        last = clock.legal_day(term_of(account, mesa.ahora).vence_el - timedelta(seconds=1))
        words = _("Aviso de la cuenta de %(bank)s, CLABE que termina en %(end)s") % {
            "bank": account.banco,
            "end": account.clabe[-4:],
        }
        below = _("Último día para avisar: %(day)s.") % {"day": short_day(last, year=True)}
        act = _("Registrar el aviso") if writes else _("Ver la cuenta")
        link = Link(act, reverse("party:cuenta", args=[account.pk]))
        yield _row(Thing(words, debajo=below, articulo="RF 54.1"), 1, None, link)


def _late(books: Contabilidad, report: ReportOwed) -> Iterator[Values]:
    """Yield the pólizas of the days of the report that were registered after their term, which nothing mends."""
    days = {"fecha_operacion__gte": report.desde, "fecha_operacion__lte": report.hasta}
    amounts = list(late(Poliza.objects.filter(contabilidad=books.pk, **days)).values_list("total", flat=True))
    if amounts:
        words = ngettext("Póliza registrada tarde", "Pólizas registradas tarde", len(amounts))
        below = _("Ya no se corrige; puede explicarlo al contestar el oficio.")
        url = f"{reverse('party:polizas')}?contabilidad={books.pk}&estado=tarde"
        thing = Thing(words, debajo=below, articulo="RF 38.1")
        yield _row(thing, len(amounts), Money(sum(amounts)), Link(_("Ver las pólizas"), url))


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    month = first.replace(day=1)
    while month <= last:
        yield month, month_end(month)
        month = month_end(month) + timedelta(days=1)


def _covered(first: date, last: date, loaded: list[tuple[date, date]]) -> bool:
    """Return whether some statements, in any order, leave no day without one."""
    day = first
    for begins, ends in sorted(loaded):
        if begins <= day <= ends:
            day = ends + timedelta(days=1)
    return day > last


def _parts(report: ReportOwed) -> Iterator[Values]:
    """Yield a row for each document that the law asks beside the report, with the place where it is."""
    for part in load_duties(settings.JURISDICTION)[report.tipo].parts:
        known = WHERE.get(part.clave)
        link: Link | str = _("Se entrega aparte")
        if part.clave in ACTS:
            link = _("Firma aquí con su e.firma")
        if known:
            link = Link(_("Verlo aquí"), reverse(known[0], args=known[1]))
        yield _row(
            Thing(_(part.que), debajo=_("La ley lo pide con el informe."), articulo=part.basis.articulo), "", None, link
        )
