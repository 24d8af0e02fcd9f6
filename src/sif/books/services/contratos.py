"""Contracts with suppliers."""

from datetime import date

from sif.books.models import Contrato
from sif.registry import clock
from sif.registry.models import Contabilidad, Proveedor
from sif.values import Money


def register_contrato(
    contabilidad: Contabilidad, proveedor: Proveedor, objeto: str, suscrito_el: date, monto: Money
) -> Contrato:
    """Register a contract signed on a day; `monto` with VAT."""
    return Contrato.objects.create(
        contabilidad=contabilidad, proveedor=proveedor, objeto=objeto, suscrito_el=suscrito_el, monto=monto.centavos,
        registrado_el=clock.now(),
    )  # fmt: skip
