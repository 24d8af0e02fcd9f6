"""Propose a póliza from an invoice: accounts, supplier, amounts, and what is left to complete."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.conf import settings

from sif.books.accounts import account_for_role
from sif.books.checks import is_believed
from sif.books.models import Comprobante, ConceptoComprobante, Recepcion
from sif.books.services.soporte import NewEvidencia, NewPago, Support
from sif.law.chart import evidence_for, load_evidence_classes
from sif.law.sources import data_path, read_data
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.candidaturas import plain
from sif.registry.models import Contabilidad, CuentaBancaria, Proveedor, Ventana
from sif.registry.selectors import windows_open
from sif.registry.services import register_proveedor
from sif.values import Money, Problem, Rfc, Span
from sif.values.keys import GENERIC_RFC


@dataclass(frozen=True, slots=True)
class Proposal:
    """A póliza as the invoice suggests it, what supports it, why that account, and what a person must complete."""

    poliza: NewPoliza
    soporte: Support
    razon: str
    faltantes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    desde: date
    hasta: date | None
    palabras: tuple[tuple[str, re.Pattern[str], str], ...]
    claves: tuple[tuple[str, str], ...]


@cache
def _tables(jurisdiction: str) -> tuple[_Table, ...]:
    content = read_data(data_path(jurisdiction, "law", "proposal.yaml"))
    return tuple(
        _Table(
            row["desde"],
            row.get("hasta"),
            tuple((word, _whole_words(word), account) for word, account in row["palabras"].items()),
            tuple(sorted(row["claves"].items(), key=lambda pair: -len(pair[0]))),
        )
        for row in content["tablas"]
    )


def _whole_words(words: str) -> re.Pattern[str]:
    """Return the words of the table in singular or plural, whole: `valla` is not in Vallarta."""
    return re.compile(r"\b" + r"\s+".join(rf"{re.escape(plain(word))}(?:E?S)?" for word in words.split()) + r"\b")


def account_for(descripcion: str, clave_producto: str, fecha: date) -> tuple[str, str]:
    """The expense account that a line of an invoice suggests on a day, and why; ('', why not) when nothing does."""
    said = plain(descripcion)
    for table in _tables(settings.JURISDICTION):
        if fecha not in Span(table.desde, table.hasta):
            continue
        for word, pattern, account in table.palabras:
            if pattern.search(said):
                return account, f"el concepto dice «{word}»"
        for prefix, account in table.claves:
            if clave_producto.startswith(prefix):
                return account, f"la clave del producto {clave_producto} empieza con {prefix}"
    return "", "ni el concepto ni la clave del producto están en la tabla de propuestas"


@dataclass(frozen=True, slots=True)
class Known:
    """The context of proposals: open windows and bank accounts of their books, and suppliers by RFC."""

    ventanas: dict[int, list[Ventana]]
    bancos: dict[int, list[int]]
    proveedores: dict[str, int]

    def bank_of(self, contabilidad: Contabilidad) -> tuple[str, int | None]:
        """Return the one bank account of some books; ('', None) when a person must choose."""
        accounts = self.bancos.get(contabilidad.pk, [])
        return ("cuenta_bancaria", accounts[0]) if len(accounts) == 1 else ("", None)

    def supplier_of(self, comprobante: Comprobante) -> int | None:
        """Return the supplier of the issuer's RFC; None for a generic or unreadable RFC."""
        return self.proveedores.get(comprobante.emisor_rfc)

    def period_of(self, contabilidad: Contabilidad, day: date) -> tuple[int, str]:
        """Return the period open now in which a day falls, and its kind of window; (0, 'normal') when none is."""
        windows = (w for w in self.ventanas[contabilidad.pk] if w.periodo.desde <= day <= w.periodo.hasta)
        first = next(windows, None)
        return (first.periodo_id, first.tipo) if first else (0, "normal")


def known_of(recepciones: Sequence[Recepcion]) -> Known:
    """Load the context of the proposals of some receptions in a few queries, and register new issuers as suppliers.

    Only a believed invoice (`is_believed`) registers its issuer: the name of a supplier is the same for every subject,
    and a forged invoice must not set it.
    """
    books = {row.contabilidad_id: row.contabilidad for row in recepciones}
    banks: dict[int, list[int]] = {}
    accounts = CuentaBancaria.objects.filter(contabilidad__in=list(books), cancelacion=None).order_by("pk")
    for number, account in accounts.values_list("contabilidad_id", "pk"):
        banks.setdefault(number, []).append(account)
    named = [
        row
        for row in recepciones
        if Rfc.maybe(row.comprobante.emisor_rfc) is not None and row.comprobante.emisor_rfc not in GENERIC_RFC
    ]
    issuers = {row.comprobante.emisor_rfc for row in named}
    believed = {row.comprobante.emisor_rfc: row.comprobante.emisor_nombre for row in named if is_believed(row)}
    there = Proveedor.objects.filter(rfc__in=list(issuers))
    suppliers: dict[str, int] = dict(there.values_list("rfc", "pk"))
    for rfc, name in believed.items():
        if rfc not in suppliers:
            suppliers[rfc] = register_proveedor(rfc, name).pk
    return Known({number: windows_open(each) for number, each in books.items()}, banks, suppliers)


def propose_purchase(recepcion: Recepcion, known: Known) -> Proposal:
    """Return the póliza that an invoice of a purchase suggests, with the supplier of its RFC.

    Each line goes to its account. VAT is expense for a subject that does not credit it, so the lines add up to the
    total. Nothing is invented: what cannot be told is left empty and stands in `faltantes`.
    """
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    total = Money(comprobante.total)
    operated: date = clock.legal_day(comprobante.fecha)
    supplier, (_kind, bank) = known.supplier_of(comprobante), known.bank_of(contabilidad)
    expenses, reasons = _expenses(comprobante, supplier, operated)
    period, kind = known.period_of(contabilidad, operated)
    paid = comprobante.forma_pago in ("02", "03") and bank is not None  # cheque or transfer, from the one account
    poliza = NewPoliza(
        contabilidad.pk,
        period,
        kind,
        "EG" if paid else "DR",
        operated,
        f"{comprobante.emisor_nombre}: {_concept(comprobante)}"[:500],
        (*expenses, _credit(bank if paid else None, supplier, total)),
    )
    support = Support(
        comprobantes=((comprobante.pk, total),) if total else (),
        pagos=(NewPago(supplier, "transferencia" if comprobante.forma_pago == "03" else "cheque", operated, total),)
        if paid and total
        else (),
        evidencias=(NewEvidencia("xml", recepcion.archivo, comprobante.xml_sha256),),
    )
    missing = (*unfinished(recepcion, poliza), *unproven(poliza), *_ask_payment(paid=paid))
    return Proposal(poliza, support, "; ".join(dict.fromkeys(reasons)), missing)


def _expenses(comprobante: Comprobante, supplier: int | None, operated: date) -> tuple[list[NewLine], list[str]]:
    """Return one debit for each account, in order; what is over their sum (taxes, less discounts) is shared."""
    sums: dict[str, int] = {}
    words: dict[str, str] = {}
    reasons = []
    for line in lines_of(comprobante):
        account, reason = account_for(line.descripcion, line.clave_producto, operated)
        reasons.append(reason)
        sums[account] = sums.get(account, 0) + line.importe
        words.setdefault(account, line.descripcion[:300])
    if not sums:
        sums[""] = comprobante.total
    shares = share_out(comprobante.total, list(sums.values()))
    kind = "proveedor" if supplier else ""
    return [
        NewLine(account, Money(amount), concepto=words.get(account, ""), auxiliar_tipo=kind, auxiliar_id=supplier)
        for account, amount in zip(sums, shares, strict=True)
        if amount or len(sums) == 1
    ], reasons


def share_out(total: int, weights: list[int]) -> list[int]:
    """`total` centavos by weight, whole: the last takes what rounding leaves."""
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights[:-1]]
    return [*parts, total - sum(parts)]


def _concept(comprobante: Comprobante) -> str:
    lines = lines_of(comprobante)
    return (lines[0].descripcion if lines else "")[:300]


def lines_of(comprobante: Comprobante) -> list[ConceptoComprobante]:
    """Its lines in order, from what was fetched with it if it was."""
    return sorted(comprobante.conceptos.all(), key=lambda line: line.linea)


def _credit(bank: int | None, supplier: int | None, total: Money) -> NewLine:
    if bank is not None:
        return NewLine(account_for_role("bancos"), abono=total, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank)
    kind = "proveedor" if supplier else ""
    return NewLine(account_for_role("proveedores"), abono=total, auxiliar_tipo=kind, auxiliar_id=supplier)


def _ask_payment(*, paid: bool) -> list[Problem]:
    if not paid:
        return []
    return [
        Problem(
            "pago",
            "pago 1",
            "El CFDI no dice qué día se pagó; se propone el de su emisión.",
            "Confírmelo con el estado de cuenta.",
        )
    ]


def unproven(poliza: NewPoliza) -> list[Problem]:
    """Return the classes of evidence that the accounts ask for, besides the XML that is already there."""
    accounts = frozenset(line.cuenta for line in poliza.lineas)
    return list(_unproven(accounts, poliza.fecha_operacion, settings.JURISDICTION))


@lru_cache(maxsize=512)  # hundreds of invoices touch the same few accounts on the same few days
def _unproven(accounts: frozenset[str], day: date, jurisdiction: str) -> tuple[Problem, ...]:
    names = load_evidence_classes(jurisdiction)
    return tuple(
        Problem("evidencia", "evidencias", f"Falta: {names[key].nombre}.", "Adjúntela aquí o después de registrar.")
        for key, must in evidence_for(accounts, day, jurisdiction).items()
        if must and key != "xml"
    )


def unfinished(recepcion: Recepcion, poliza: NewPoliza) -> Iterator[Problem]:
    """Yield each item that a person must complete or review before posting, with its place."""
    comprobante = recepcion.comprobante
    for number, line in enumerate(poliza.lineas, 1):
        if not line.cuenta:
            yield Problem(
                "cuenta",
                f"línea {number}, cuenta",
                f"No se propone cuenta para «{line.concepto}».",
                "Elija la cuenta de gasto.",
            )
    if comprobante.tipo == "I" and poliza.lineas[0].auxiliar_id is None:
        yield Problem(
            "proveedor",
            "proveedor",
            f"El RFC del emisor, «{comprobante.emisor_rfc}», no identifica a un proveedor.",
            "Elija el proveedor de la lista o dé de alta uno.",
        )
    if not poliza.periodo_id:
        yield Problem(
            "periodo",
            "periodo",
            f"El CFDI es del {poliza.fecha_operacion:%d/%m/%Y} y no cae en ningún periodo abierto.",
            "Ábralo y escriba el periodo y el día en que ocurrió la operación.",
        )
    if comprobante.moneda != "MXN" and comprobante.tipo != "P":  # a payment has no currency of its own
        yield Problem(
            "moneda", "CFDI", f"El CFDI está en {comprobante.moneda}.", "Escriba el importe en pesos del día."
        )
    for seen in recepcion.problemas:
        yield Problem(seen["codigo"], f"CFDI, {seen['donde']}", seen["mensaje"], seen["cura"])
