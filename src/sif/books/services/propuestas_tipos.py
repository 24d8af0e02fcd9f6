"""Propose the lines for each type of comprobante: purchase, payment, credit note, payroll, donation."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import prefetch_related_objects

from sif.books.accounts import account_for_role
from sif.books.models import Comprobante, Movimiento, Recepcion, UsoComprobante
from sif.books.receptor import is_donation
from sif.books.services.propuestas import (
    Known,
    Proposal,
    known_of,
    propose_purchase,
    share_out,
    unfinished,
    unproven,
)
from sif.books.services.soporte import NewEvidencia, NewPago, Support
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.services import person_of
from sif.values import Money, Problem

CREDIT_NOTES = ("01", "03")
MEANS = {"01": "efectivo", "02": "cheque", "03": "transferencia"}
Maker = Callable[[Recepcion, Known], Proposal]


def propose_poliza(recepcion: Recepcion) -> Proposal:
    """Return the póliza that a received comprobante suggests; see `propose_many`."""
    return propose_many([recepcion])[0]


def propose_many(recepciones: Sequence[Recepcion]) -> list[Proposal]:
    """Return the póliza that each received comprobante suggests, by its kind, in their order.

    P settles what these books owe for the invoices it pays; E takes back from the accounts of the invoice it corrects;
    N records wages, what was withheld and what is paid; one with the complement of donations is income; the rest are
    purchases, with the supplier of the issuer's RFC, registered if it was not. What cannot be told is left empty and
    stands in `faltantes`.
    """
    rows = list(recepciones)
    prefetch_related_objects([row.comprobante for row in rows], "conceptos")
    known = known_of(rows)
    return [_propose(row, known) for row in rows]


def _propose(recepcion: Recepcion, known: Known) -> Proposal:
    comprobante = recepcion.comprobante
    if is_donation(comprobante.complementos.split(", ")):
        return _donation(recepcion, known)
    makers: dict[str, Maker] = {"P": _payment, "E": _credit_note, "N": _payroll}
    return makers.get(comprobante.tipo, propose_purchase)(recepcion, known)


def _proposal(
    recepcion: Recepcion,
    known: Known,
    subtipo: str,
    day: date,
    lines: Sequence[NewLine],
    support: Support,
    reason: str,
    *asked: Problem,
) -> Proposal:
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    period, kind = known.period_of(contabilidad, day)
    words = f"{comprobante.emisor_nombre}: {reason}"[:500]
    poliza = NewPoliza(contabilidad.pk, period, kind, subtipo, day, words, tuple(lines))
    missing = (*asked, *unfinished(recepcion, poliza), *unproven(poliza))
    return Proposal(poliza, support, reason, missing)


def _day_of(comprobante: Comprobante) -> date:
    day: date = clock.legal_day(comprobante.fecha)
    return day


def _evidence(recepcion: Recepcion) -> tuple[NewEvidencia, ...]:
    return (NewEvidencia("xml", recepcion.archivo, recepcion.comprobante.xml_sha256),)


def _booked(contabilidad: Contabilidad, uuids: Sequence[str]) -> dict[str, int]:
    """Of those invoices, the ones that a póliza in force of these books uses, with the póliza of each."""
    uses = UsoComprobante.objects.filter(
        contabilidad=contabilidad,
        comprobante__uuid__in=uuids,
        poliza__revierte_a__isnull=True,
        poliza__reversion__isnull=True,
    )
    return dict(uses.order_by("poliza_id").values_list("comprobante__uuid", "poliza_id"))


def _payment(recepcion: Recepcion, known: Known) -> Proposal:
    """Debit what is owed to the supplier, credit the bank, for what it pays of invoices that are in these books."""
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    paid = list(comprobante.pagados.order_by("linea"))
    booked = _booked(contabilidad, [each.documento_uuid for each in paid])
    mine = [each for each in paid if each.documento_uuid in booked]
    amount = Money(sum(each.pagado for each in mine))
    day = next((each.pagado_el for each in mine or paid if each.pagado_el), _day_of(comprobante))
    supplier, means = known.supplier_of(comprobante), MEANS.get(paid[0].forma if paid else "", "transferencia")
    kind, bank = known.bank_of(contabilidad)
    asked = [] if mine else [_nothing_booked(len(paid))]
    if amount and bank is None:
        asked.append(_choose_bank(2))
    lines = (
        NewLine(
            account_for_role("proveedores"), amount, auxiliar_tipo="proveedor" if supplier else "", auxiliar_id=supplier
        ),
        NewLine(account_for_role("bancos"), abono=amount, auxiliar_tipo=kind, auxiliar_id=bank),
    )
    support = Support(
        comprobantes=((comprobante.pk, Money(comprobante.total)),),
        pagos=(NewPago(supplier, means, day, amount),) if amount else (),
        evidencias=_evidence(recepcion),
    )
    folios = ", ".join(each.documento_uuid for each in mine)
    return _proposal(
        recepcion, known, "EG", day, lines, support, f"paga {folios or 'facturas que no están aquí'}", *asked
    )


def _nothing_booked(count: int) -> Problem:
    return Problem(
        "documento",
        "CFDI, pago:DoctoRelacionado",
        f"Ninguna de las {count} facturas que paga está en estos libros.",
        "Registre antes la factura, o suelte el complemento en la contabilidad que la tiene.",
    )


def _choose_bank(line: int) -> Problem:
    return Problem(
        "banco",
        f"línea {line}, auxiliar",
        "Hay más de una cuenta bancaria, o ninguna.",
        "Elija la cuenta de la que se pagó.",
    )


def _credit_note(recepcion: Recepcion, known: Known) -> Proposal:
    """Debit the supplier and credit the accounts of the invoice that it corrects, by their weight in it."""
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    named = list(comprobante.relacionados.filter(tipo__in=CREDIT_NOTES).values_list("uuid", flat=True))
    booked = _booked(contabilidad, named)
    supplier, total = known.supplier_of(comprobante), comprobante.total
    own = {"auxiliar_tipo": "proveedor" if supplier else "", "auxiliar_id": supplier}
    debit = NewLine(account_for_role("proveedores"), Money(total), **own)  # type: ignore[arg-type]
    original = list(Movimiento.objects.filter(poliza__in=booked.values(), cargo__gt=0).order_by("poliza_id", "linea"))
    asked = []
    if original:
        parts = share_out(total, [line.cargo for line in original])
        credits = [
            NewLine(
                line.cuenta_id,
                abono=Money(part),
                concepto=line.concepto,
                auxiliar_tipo=line.auxiliar_tipo,
                auxiliar_id=line.auxiliar_id,
            )
            for line, part in zip(original, parts, strict=True)
            if part
        ]
        reason = f"nota de crédito de {', '.join(booked)}"
    else:
        credits = [NewLine("", abono=Money(total), concepto="Nota de crédito")]
        reason = "nota de crédito de una factura que no está aquí"
        asked.append(_nothing_booked(len(named)))
    support = Support(comprobantes=((comprobante.pk, Money(total)),) if total else (), evidencias=_evidence(recepcion))
    return _proposal(recepcion, known, "DR", _day_of(comprobante), (debit, *credits), support, reason, *asked)


def _payroll(recepcion: Recepcion, known: Known) -> Proposal:
    """Debit wages for what was earned; credit what was withheld, and the bank or what is owed for the rest."""
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    payroll = getattr(comprobante, "nomina", None)
    earned = payroll.percepciones if payroll else comprobante.subtotal
    withheld = payroll.deducciones if payroll else comprobante.subtotal - comprobante.total
    day = (payroll.pagada_el if payroll else None) or _day_of(comprobante)
    person = person_of(payroll.curp) if payroll else None
    own = {"auxiliar_tipo": "persona" if person else "", "auxiliar_id": person.pk if person else None}
    kind, bank = known.bank_of(contabilidad)
    net = Money(earned - withheld)
    rest = (
        NewLine(account_for_role("bancos"), abono=net, auxiliar_tipo=kind, auxiliar_id=bank)
        if bank
        else NewLine(account_for_role("por_pagar"), abono=net, **own)  # type: ignore[arg-type]
    )
    lines = [NewLine(account_for_role("sueldos"), Money(earned), concepto="Nómina", **own)]  # type: ignore[arg-type]
    if withheld:
        lines.append(NewLine(account_for_role("impuestos"), abono=Money(withheld), concepto="Retenciones de la nómina"))
    asked = []
    if person is None:
        asked.append(
            Problem(
                "persona",
                "línea 1, auxiliar",
                "La persona de la nómina no está en el catálogo de personas.",
                "Dela de alta con su CURP y vuelva a abrir la propuesta.",
            )
        )
    support = Support(
        comprobantes=((comprobante.pk, Money(comprobante.total)),) if comprobante.total else (),
        evidencias=_evidence(recepcion),
    )
    reason = f"nómina pagada el {day:%d/%m/%Y}"
    return _proposal(recepcion, known, "EG" if bank else "DR", day, (*lines, rest), support, reason, *asked)


def _donation(recepcion: Recepcion, known: Known) -> Proposal:
    """Debit the bank and credit contributions; whose it is and its receipt must be told by a person."""
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    total, (kind, bank) = Money(comprobante.total), known.bank_of(contabilidad)
    lines = (
        NewLine(account_for_role("bancos"), total, auxiliar_tipo=kind, auxiliar_id=bank),
        NewLine(account_for_role("donativos"), abono=total, concepto=f"Donativo de {comprobante.receptor_rfc}"),
    )
    asked = Problem(
        "aportante",
        "aportación",
        f"Es un donativo de {comprobante.receptor_rfc}: falta el aportante y su recibo.",
        "Elija al aportante y el folio del recibo, o regístrelo en Aportaciones.",
    )
    support = Support(comprobantes=((comprobante.pk, total),) if total else (), evidencias=_evidence(recepcion))
    return _proposal(recepcion, known, "IG", _day_of(comprobante), lines, support, "donativo recibido", asked)
