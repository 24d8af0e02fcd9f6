"""From an invoice to a proposed póliza: accounts, supplier and amounts, and what a person must still complete."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

import sif
from sif.books.models import Comprobante, Recepcion
from sif.books.services.soporte import NewEvidencia, Support
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.selectors import windows_open
from sif.registry.services import register_proveedor
from sif.values import Money, Problem

PAYABLE, BANKS = "2-1-01-01-0000", "1-1-02-00-0000"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A póliza as the invoice suggests it, what supports it, why that account, and what a person must complete."""

    poliza: NewPoliza
    soporte: Support
    razon: str
    faltantes: tuple[Problem, ...]


@cache
def _rules(jurisdiction: str) -> dict[str, Any]:
    path = Path(sif.__file__).parent / "jurisdictions" / jurisdiction / "law" / "proposal.yaml"
    rules: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rules


def account_for(comprobante: Comprobante) -> tuple[str, str]:
    """The expense account an invoice suggests and why; ('', why not) when nothing suggests one."""
    rules = _rules(settings.JURISDICTION)
    lines = list(comprobante.conceptos.order_by("-importe", "linea"))
    for line in lines:
        words = line.descripcion.lower()
        for word, account in rules["palabras"].items():
            if word in words:
                return account, f"el concepto dice «{word}»"
        for prefix, account in rules["claves"].items():
            if line.clave_producto.startswith(str(prefix)):
                return account, f"la clave del producto {line.clave_producto} empieza con {prefix}"
    return "", "ningún concepto coincide con la tabla de propuestas"


def propose_poliza(recepcion: Recepcion) -> Proposal:
    """The póliza that a received invoice suggests. VAT is expense for a subject that does not credit it, so the total.

    Nothing is invented: an account or period that cannot be told is left empty and stands in `faltantes`.
    """
    comprobante, contabilidad = recepcion.comprobante, recepcion.contabilidad
    supplier = register_proveedor(comprobante.emisor_rfc, comprobante.emisor_nombre)
    account, reason = account_for(comprobante)
    total = Money(comprobante.total)
    operated: date = comprobante.fecha.astimezone(clock.legal_zone()).date()
    windows = [w for w in windows_open(contabilidad) if w.periodo.desde <= operated <= w.periodo.hasta]
    period, kind = (windows[0].periodo_id, windows[0].tipo) if windows else (0, "normal")
    expense = NewLine(
        account, cargo=total, concepto=_concept(comprobante), auxiliar_tipo="proveedor", auxiliar_id=supplier.pk
    )
    poliza = NewPoliza(
        contabilidad.pk, period, kind, "EG" if _paid(comprobante, contabilidad) else "DR", operated,
        f"{comprobante.emisor_nombre}: {_concept(comprobante)}"[:500],
        (expense, _credit(comprobante, contabilidad, supplier.pk, total)),
    )  # fmt: skip
    support = Support(
        comprobantes=((comprobante.pk, total),),
        evidencias=(NewEvidencia("xml", recepcion.archivo, comprobante.xml_sha256),) if comprobante.xml_sha256 else (),
    )
    return Proposal(poliza, support, reason, tuple(_missing(comprobante, account, reason, period)))


def _concept(comprobante: Comprobante) -> str:
    first = comprobante.conceptos.order_by("linea").first()
    return (first.descripcion if first else "")[:300]


def _paid(comprobante: Comprobante, contabilidad: Contabilidad) -> bool:
    return comprobante.forma_pago in ("02", "03") and contabilidad.cuentas_bancarias.exists()


def _credit(comprobante: Comprobante, contabilidad: Contabilidad, supplier: int, total: Money) -> NewLine:
    if _paid(comprobante, contabilidad):
        bank = contabilidad.cuentas_bancarias.order_by("pk")[0]
        return NewLine(BANKS, abono=total, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk)
    return NewLine(PAYABLE, abono=total, auxiliar_tipo="proveedor", auxiliar_id=supplier)


def _missing(comprobante: Comprobante, account: str, reason: str, period: int) -> list[Problem]:
    missing = []
    if not account:
        missing.append(
            Problem("cuenta", "línea 1, cuenta", f"No se propone cuenta: {reason}.", "Elija la cuenta de gasto.")
        )
    if not period:
        missing.append(
            Problem(
                "periodo", "periodo", f"El CFDI es del {comprobante.fecha:%d/%m/%Y} y ese periodo no está abierto.",
                "Elija el periodo en que ocurrió la operación.",
            )
        )  # fmt: skip
    if comprobante.tipo != "I":
        missing.append(
            Problem("tipo", "CFDI", f"El CFDI es de tipo {comprobante.tipo} y no de ingreso.", "Revise qué registra.")
        )
    if comprobante.moneda != "MXN":
        missing.append(
            Problem("moneda", "CFDI", f"El CFDI está en {comprobante.moneda}.", "Escriba el importe en pesos del día.")
        )
    return missing
