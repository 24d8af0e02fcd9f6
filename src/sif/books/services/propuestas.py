"""From an invoice to a proposed póliza: accounts, supplier and amounts, and what a person must still complete."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings

from sif.books.models import Comprobante, Recepcion
from sif.books.services.soporte import NewEvidencia, NewPago, Support
from sif.law.chart import evidence_for, load_evidence_classes
from sif.law.sources import data_path, read_data
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.candidaturas import plain
from sif.registry.models import Contabilidad
from sif.registry.selectors import windows_open
from sif.registry.services import register_proveedor
from sif.values import Money, Problem, Rfc, Span
from sif.values.keys import GENERIC_RFC

PAYABLE, BANKS = "2-1-01-01-0000", "1-1-02-00-0000"


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
            row["desde"], row.get("hasta"),
            tuple((word, _whole_words(word), account) for word, account in row["palabras"].items()),
            tuple(sorted(row["claves"].items(), key=lambda pair: -len(pair[0]))),
        )
        for row in content["tablas"]
    )  # fmt: skip


def _whole_words(words: str) -> re.Pattern[str]:
    """The words of the table in singular or plural, whole: `valla` is not in Vallarta."""
    return re.compile(r"\b" + r"\s+".join(rf"{re.escape(plain(word))}(?:E?S)?" for word in words.split()) + r"\b")


def account_for(descripcion: str, clave_producto: str, fecha: date) -> tuple[str, str]:
    """The expense account that a line of an invoice suggests on a day, and why; ('', why not) when nothing does."""
    for table in _tables(settings.JURISDICTION):
        if fecha not in Span(table.desde, table.hasta):
            continue
        for word, pattern, account in table.palabras:
            if pattern.search(plain(descripcion)):
                return account, f"el concepto dice «{word}»"
        for prefix, account in table.claves:
            if clave_producto.startswith(prefix):
                return account, f"la clave del producto {clave_producto} empieza con {prefix}"
    return "", "ni el concepto ni la clave del producto están en la tabla de propuestas"


def period_of(contabilidad: Contabilidad, day: date) -> tuple[int, str]:
    """The period open now in which a day falls, and its kind of window; (0, 'normal') when none is."""
    windows = [w for w in windows_open(contabilidad) if w.periodo.desde <= day <= w.periodo.hasta]
    return (windows[0].periodo_id, windows[0].tipo) if windows else (0, "normal")


def propose_purchase(recepcion: Recepcion) -> Proposal:
    """The póliza that an invoice of a purchase suggests, with the supplier of its RFC, registered if it was not.

    Each line goes to its account. VAT is expense for a subject that does not credit it, so the lines add up to the
    total. Nothing is invented: what cannot be told is left empty and stands in `faltantes`.
    """
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    total = Money(comprobante.total)
    operated: date = comprobante.fecha.astimezone(clock.legal_zone()).date()
    supplier = supplier_of(comprobante)
    expenses, reasons = _expenses(comprobante, supplier, operated)
    period, kind = period_of(contabilidad, operated)
    paid = _paid(comprobante, contabilidad)
    poliza = NewPoliza(
        contabilidad.pk, period, kind, "EG" if paid else "DR", operated,
        f"{comprobante.emisor_nombre}: {_concept(comprobante)}"[:500],
        (*expenses, _credit(contabilidad, supplier, total, paid=paid)),
    )  # fmt: skip
    support = Support(
        comprobantes=((comprobante.pk, total),) if total else (),
        pagos=(NewPago(supplier, "transferencia" if comprobante.forma_pago == "03" else "cheque", operated, total),)
        if paid and total
        else (),
        evidencias=(NewEvidencia("xml", recepcion.archivo, comprobante.xml_sha256),),
    )
    missing = (*unfinished(recepcion, poliza), *unproven(poliza), *_ask_payment(paid=paid))
    return Proposal(poliza, support, "; ".join(dict.fromkeys(reasons)), missing)


def supplier_of(comprobante: Comprobante) -> int | None:
    """The supplier of the issuer's RFC, registered if it was not; None for a generic or unreadable RFC."""
    if Rfc.maybe(comprobante.emisor_rfc) is None or comprobante.emisor_rfc in GENERIC_RFC:
        return None
    return register_proveedor(comprobante.emisor_rfc, comprobante.emisor_nombre).pk


def _expenses(comprobante: Comprobante, supplier: int | None, operated: date) -> tuple[list[NewLine], list[str]]:
    """One debit for each account, in order; what is over their sum (taxes, less discounts) is shared."""
    sums: dict[str, int] = {}
    words: dict[str, str] = {}
    reasons = []
    for line in comprobante.conceptos.order_by("linea"):
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
    first = comprobante.conceptos.order_by("linea").first()
    return (first.descripcion if first else "")[:300]


def _paid(comprobante: Comprobante, contabilidad: Contabilidad) -> bool:
    """Whether the invoice says it was paid by cheque or transfer and there is one bank account it can be of."""
    return comprobante.forma_pago in ("02", "03") and contabilidad.cuentas_bancarias.count() == 1


def _credit(contabilidad: Contabilidad, supplier: int | None, total: Money, *, paid: bool) -> NewLine:
    if paid:
        bank = contabilidad.cuentas_bancarias.get()
        return NewLine(BANKS, abono=total, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk)
    return NewLine(PAYABLE, abono=total, auxiliar_tipo="proveedor" if supplier else "", auxiliar_id=supplier)


def _ask_payment(*, paid: bool) -> list[Problem]:
    if not paid:
        return []
    return [
        Problem(
            "pago", "pago 1", "El CFDI no dice qué día se pagó; se propone el de su emisión.",
            "Confírmelo con el estado de cuenta.",
        )
    ]  # fmt: skip


def unproven(poliza: NewPoliza) -> list[Problem]:
    """The classes of evidence that the accounts ask for, besides the XML that is already there."""
    accounts = frozenset(line.cuenta for line in poliza.lineas)
    wanted = evidence_for(accounts, poliza.fecha_operacion, settings.JURISDICTION)
    names = load_evidence_classes(settings.JURISDICTION)
    return [
        Problem("evidencia", "evidencias", f"Falta: {names[key].nombre}.", "Adjúntela aquí o después de registrar.")
        for key, must in wanted.items()
        if must and key != "xml"
    ]


def unfinished(recepcion: Recepcion, poliza: NewPoliza) -> Iterator[Problem]:
    """What a person must complete or look at before posting, each with its place."""
    comprobante = recepcion.comprobante
    for number, line in enumerate(poliza.lineas, 1):
        if not line.cuenta:
            yield Problem(
                "cuenta", f"línea {number}, cuenta", f"No se propone cuenta para «{line.concepto}».",
                "Elija la cuenta de gasto.",
            )  # fmt: skip
    if comprobante.tipo == "I" and poliza.lineas[0].auxiliar_id is None:
        yield Problem(
            "proveedor", "proveedor", f"El RFC del emisor, «{comprobante.emisor_rfc}», no identifica a un proveedor.",
            "Elija el proveedor de la lista o dé de alta uno.",
        )  # fmt: skip
    if not poliza.periodo_id:
        yield Problem(
            "periodo", "periodo", f"El CFDI es del {poliza.fecha_operacion:%d/%m/%Y} y ese periodo no está abierto.",
            "Elija el periodo en que ocurrió la operación.",
        )  # fmt: skip
    if comprobante.moneda != "MXN" and comprobante.tipo != "P":  # a payment has no currency of its own
        yield Problem(
            "moneda", "CFDI", f"El CFDI está en {comprobante.moneda}.", "Escriba el importe en pesos del día."
        )
    for seen in recepcion.problemas:
        yield Problem(seen["codigo"], f"CFDI, {seen['donde']}", seen["mensaje"], seen["cura"])
