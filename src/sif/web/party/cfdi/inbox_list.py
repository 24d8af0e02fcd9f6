"""The inbox of invoices as a list: which are asked for, what was checked of each, and what each proposes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.books.checks import NAMES, Checked, checks_of, sorted_by_state
from sif.books.models import Comprobante, Recepcion, UsoComprobante
from sif.books.receptor import is_donation
from sif.books.selectors import inbox, reference_of
from sif.books.services.propuestas import account_for
from sif.law.chart import load_chart
from sif.registry import clock
from sif.values import Cell, Money
from sif.web.columns import Column, panel
from sif.web.marks import folio_html
from sif.web.party.mesa import Mesa, poliza_url
from sif.web.tables import Empty, Link, Pager, Table, Thing, file_links, page_of, query_with
from sif.web.typed import typed_day, typed_number

MOST = 1_000
"""How many invoices the inbox checks at once, the last received first: some three tenths of a second."""
VIEWS = ("todos", "listos", "avisos", "rechazados", "registrados", "apartados")
STATE_OF = {"listos": "bien", "avisos": "aviso", "rechazados": "grave"}
HEAD = (
    "contabilidad",
    "emisor_rfc",
    "emisor",
    "folio_fiscal",
    "tipo",
    "fecha",
    "total",
    "comprobaciones",
    "que_se_vio",
)


def check_names() -> dict[str, str]:
    """Return the seven checks in words, in their order."""
    words = (
        _("Sello"),
        _("Vigencia en el SAT"),
        _("Receptor"),
        _("Complemento INE"),
        _("Folio único"),
        _("Lista 69-B"),
        _("Fecha"),
    )
    return dict(zip(NAMES, words, strict=True))


@dataclass(frozen=True)
class Inbox:
    """The inbox as asked: the receptions of the view, a page of them with their checks, and the number in each view."""

    query: QueryDict
    view: str
    rows: list[Recepcion] | QuerySet[Recepcion]
    """A query where no check decides which they are: of those that no longer wait."""
    shown: list[Recepcion]
    page: Pager
    total: Money
    checked: dict[int, Checked]
    """Of the receptions that wait and of those shown."""
    counts: dict[str, int]
    mas: int
    """The number of older receptions that wait and were not checked."""
    undecided: frozenset[int]
    """The receptions without problems whose account a person must choose."""

    @property
    def ready(self) -> list[Recepcion]:
        """Return the receptions of the view that have no problems and whose póliza can be proposed whole."""
        if not self.accepts:
            return []
        return [row for row in self.rows if self.checked[row.pk].estado == "bien" and row.pk not in self.undecided]

    @property
    def accepts(self) -> bool:
        """Return whether the view holds invoices that wait for a póliza."""
        return self.view in ("todos", "listos", "avisos", "rechazados")


def read_inbox(query: QueryDict, mesa: Mesa) -> Inbox:
    """Return the inbox that an address asks for: ?vista= ?q= ?contabilidad= ?desde= ?hasta= ?comprobacion=.

    The last MOST that wait are checked, and no more. Those that no longer wait are paged and added up by the database.
    """
    view, failing = query.get("vista", "todos"), query.get("comprobacion", "")
    view = view if view in VIEWS else "todos"
    pending = _narrow(inbox(mesa.libros), query)
    waiting = with_books(pending.select_related(None).select_related("comprobante")[:MOST], mesa)
    beyond = pending.count() - MOST if len(waiting) == MOST else 0
    kept = {"registrados": _narrow(_registered(mesa), query), "apartados": _narrow(_aside(mesa), query)}
    counts = {name: rows.count() for name, rows in kept.items()}
    checked = checks_of(waiting)
    if failing in NAMES:
        waiting = [row for row in waiting if _fails(checked[row.pk], failing)]
    by_state = sorted_by_state(waiting, checked)
    undecided = _without_account(by_state["bien"])
    by_state["aviso"] += [row for row in by_state["bien"] if row.pk in undecided]
    by_state["bien"] = [row for row in by_state["bien"] if row.pk not in undecided]
    counts |= {"todos": len(waiting), **{name: len(by_state[state]) for name, state in STATE_OF.items()}}
    if view in kept and failing not in NAMES:
        some, page = page_of(kept[view], query)
        total = kept[view].order_by().aggregate(total=Sum("comprobante__total", default=0))["total"]
        checked |= checks_of(shown := with_books(some, mesa))
        return Inbox(query, view, kept[view], shown, page, Money(total), checked, counts, beyond, undecided)
    rows = by_state[STATE_OF[view]] if view in STATE_OF else waiting
    if view in kept:
        checked |= checks_of(rows := with_books(kept[view][:MOST], mesa))
        rows = [row for row in rows if _fails(checked[row.pk], failing)]
    total = sum(row.comprobante.total for row in rows)
    return Inbox(query, view, rows, *page_of(rows, query), Money(total), checked, counts, beyond, undecided)


def with_books(rows: Iterable[Recepcion], mesa: Mesa) -> list[Recepcion]:
    """Give to receptions the books that the desk holds: one object for each, and not one for each invoice."""
    found = list(rows)
    for row in found:
        row.contabilidad = mesa.libros[row.contabilidad_id]
    return found


def _without_account(rows: Sequence[Recepcion]) -> frozenset[int]:
    """Return the receptions whose invoice suggests no account."""
    invoices = {row.comprobante_id: row.comprobante for row in rows}
    prefetch_related_objects(list(invoices.values()), "conceptos")
    lacking = {each.pk for each in invoices.values() if not _suggests(each)}
    return frozenset(row.pk for row in rows if row.comprobante_id in lacking)


def _fails(checked: Checked, clave: str) -> bool:
    return any(check.clave == clave and check.estado in ("aviso", "grave") for check in checked.checks)


def _registered(mesa: Mesa) -> QuerySet[Recepcion]:
    used = UsoComprobante.objects.filter(comprobante=OuterRef("comprobante"), contabilidad=OuterRef("contabilidad"))
    return _rows(mesa).filter(Exists(used))


def _aside(mesa: Mesa) -> QuerySet[Recepcion]:
    return _rows(mesa).filter(descartada_el__isnull=False)


def _rows(mesa: Mesa) -> QuerySet[Recepcion]:
    rows = Recepcion.objects.filter(contabilidad__in=list(mesa.libros))
    return rows.select_related("comprobante").order_by("-recibida_el", "-pk")


def _narrow(rows: QuerySet[Recepcion], query: QueryDict) -> QuerySet[Recepcion]:
    asked, books = query.get("q", "").strip(), query.get("contabilidad", "")
    if asked:
        rows = rows.filter(
            Q(comprobante__emisor_nombre__icontains=asked)
            | Q(comprobante__emisor_rfc__iexact=asked)
            | Q(comprobante__uuid__istartswith=asked)
        )
    if number := typed_number(books):
        rows = rows.filter(contabilidad=number)
    if since := typed_day(query.get("desde", "")):
        rows = rows.filter(comprobante__fecha__date__gte=since)
    until = typed_day(query.get("hasta", ""))
    return rows.filter(comprobante__fecha__date__lte=until) if until else rows


def view_tabs(found: Inbox) -> list[tuple[str, str, int, bool]]:
    """The tabs of the inbox with how many each has under the same filters."""
    words = {
        "todos": _("Todos"),
        "listos": _("Listos"),
        "avisos": _("Con aviso"),
        "rechazados": _("Rechazados"),
        "registrados": _("Ya en póliza"),
        "apartados": _("Apartados"),
    }
    address = reverse("party:cfdi")
    return [
        (
            words[view],
            address + query_with(found.query, vista="" if view == "todos" else view, pagina=""),
            found.counts[view],
            view == found.view,
        )
        for view in VIEWS
    ]


def inbox_table(found: Inbox, mesa: Mesa) -> Table:
    """Return the view as a table; those that may be accepted or brought back carry a check box."""
    shown, done = found.shown, found.view == "registrados"

    def look(each: Recepcion) -> dict[str, str]:
        if done:
            return {}
        may = mesa.can("capturar", each.contabilidad)
        return {"elegible": str(each.pk)} if may else {"por_que_no": _("No registra en estos libros.")}

    count = found.page.total
    return panel(
        _("Comprobantes"),
        shown,
        _inbox_columns(found, mesa, places_of(shown) if done else {}),
        look,
        totales={"total": found.total},
        palabra_total=ngettext("Suma de %(n)d comprobante", "Suma de %(n)d comprobantes", count) % {"n": count},
        pagina=found.page,
        vacia=Empty(
            _("No hay comprobantes en esta vista."),
            _("Suelte las facturas; el sistema las comprueba y propone la póliza."),
        ),
        exportar=file_links(found.query) if shown else (),
        formulario="" if done else "masa",
    )


def _inbox_columns(found: Inbox, mesa: Mesa, places: Mapping[int, Link]) -> tuple[Column, ...]:
    """Return the columns of the view. places: the address of what was posted, by reception."""
    shown = found.shown
    read = Comprobante.objects.filter(pk__in=[each.comprobante_id for each in shown]).prefetch_related("conceptos")
    invoices = {row.pk: row for row in read}

    def proposed(each: Recepcion) -> str:
        grave = found.checked[each.pk].estado == "grave" and found.accepts
        return _("Sin propuesta") if grave else proposal_words(invoices[each.comprobante_id])

    def opened(each: Recepcion) -> object:
        may = mesa.can("capturar", each.contabilidad)
        return places.get(each.pk) or (_next_step(found, each, found.checked[each.pk]) if may else "")

    return (
        Column("emisor", _("Emisor y folio"), "cosa", show=lambda each: _issuer(each, invoices[each.comprobante_id])),
        Column("contabilidad", _("Contabilidad"), "clave", show=lambda each: str(each.contabilidad_id), phone="half"),
        Column("total", _("Total"), "dinero", "comprobante__total", total=True, phone="half"),
        Column(
            "comprobaciones",
            _("Comprobaciones"),
            "estado",
            show=lambda each: _said(found, each, found.checked[each.pk]),
            phone="wide",
        ),
        Column("propuesta", _("Propuesta"), show=proposed),
        Column("abrir", _("Qué sigue"), "accion", show=opened),
    )


def _issuer(each: Recepcion, invoice: Comprobante) -> Thing:
    return Thing(
        invoice.emisor_nombre,
        reverse("party:cfdi_ficha", args=[each.contabilidad_id, each.pk]),
        debajo=f"{clock.legal_day(invoice.fecha):%d/%m/%Y}",
        clave_debajo=format_html("{} {}", invoice.emisor_rfc, folio_html(invoice.uuid)),
    )


def _said(found: Inbox, each: Recepcion, checked: Checked) -> object:
    if found.view == "apartados":
        return ("sin_efectos", each.motivo)
    worst = checked.first
    if worst is None and each.pk in found.undecided:
        return ("incompleta", _("Nada está mal; falta que elija la cuenta."))
    if worst is None:
        return ("completa", _("%(n)d de %(all)d") % {"n": checked.passed, "all": len(checked.checks)})
    rest = sum(check.estado in ("aviso", "grave") for check in checked.checks) - 1
    more = ngettext("Y %(n)d aviso más.", "Y %(n)d avisos más.", rest) % {"n": rest} if rest else ""
    words = " ".join(filter(None, (worst.mensaje, worst.cura, more)))
    return ("invalido" if worst.estado == "grave" else "incompleta", words)


def _next_step(found: Inbox, each: Recepcion, checked: Checked) -> object:
    if found.view == "apartados":
        return ""
    several = any(
        c.clave == "complemento" and c.estado == "aviso" and "prorratear" in c.mensaje for c in checked.checks
    )
    if several:
        return Link(_("Prorratear"), reverse("party:prorrateo"))
    resolved = checked.estado == "bien" and each.pk not in found.undecided
    return _open_button(each, _("Abrir") if resolved else _("Resolver"))


def _open_button(each: Recepcion, words: str) -> SafeString:
    return format_html(
        '<button class="button compact" type="submit" form="masa" formaction="{}" formnovalidate>{}'
        '<span class="visually-hidden"> {}</span></button>',
        reverse("party:proponer", args=[each.contabilidad_id, each.pk]),
        words,
        each.comprobante.emisor_nombre,
    )


def places_of(rows: Sequence[Recepcion]) -> dict[int, Link]:
    """Return the póliza that uses each of them."""
    uses = UsoComprobante.objects.filter(
        comprobante__in=[row.comprobante_id for row in rows], contabilidad__in={row.contabilidad_id for row in rows}
    ).select_related("poliza__periodo")
    by_pair = {(use.comprobante_id, use.contabilidad_id): use.poliza for use in uses.order_by("poliza_id")}
    found = {}
    for row in rows:
        poliza = by_pair.get((row.comprobante_id, row.contabilidad_id))
        if poliza is not None:
            found[row.pk] = Link(reference_of(poliza).split(";")[0], poliza_url(poliza))
    return found


def proposal_words(invoice: Comprobante) -> str:
    """Return a short description of the póliza that an invoice would record, or the request to choose its account."""
    return _suggests(invoice) or _("Elija la cuenta")


def _suggests(invoice: Comprobante) -> str:
    """Return the kind of its póliza or the account of its greatest line, in words; empty where a person must choose."""
    if is_donation(invoice.complementos.split(", ")):
        return _("Donativo recibido")
    kinds = {"P": _("Paga facturas"), "E": _("Nota de crédito"), "N": _("Nómina")}
    if invoice.tipo in kinds:
        return kinds[invoice.tipo]
    lines = sorted(invoice.conceptos.all(), key=lambda line: -line.importe)
    day = clock.legal_day(invoice.fecha)
    code = account_for(lines[0].descripcion, lines[0].clave_producto, day)[0] if lines else ""
    account = load_chart(settings.JURISDICTION).get(code)
    return f"{account.prefix.rstrip('-')} {account.nombre}" if account else ""


def export_rows(found: Inbox, mesa: Mesa) -> Iterator[tuple[Cell, ...]]:
    """Yield the view as rows of a file, whole; what no longer waits is checked MOST at a time."""
    if not isinstance(found.rows, QuerySet):
        yield from (_export_row(row, found.checked[row.pk]) for row in found.rows)
        return
    for batch in batched(found.rows.iterator(MOST), MOST):
        checked = checks_of(rows := with_books(batch, mesa))
        yield from (_export_row(row, checked[row.pk]) for row in rows)


def _export_row(row: Recepcion, checked: Checked) -> tuple[Cell, ...]:
    return (
        row.contabilidad_id,
        row.comprobante.emisor_rfc,
        row.comprobante.emisor_nombre,
        row.comprobante.uuid,
        row.comprobante.tipo,
        clock.legal_day(row.comprobante.fecha),
        Money(row.comprobante.total),
        checked.passed,
        "; ".join(c.mensaje for c in checked.checks if c.estado in ("aviso", "grave")),
    )
