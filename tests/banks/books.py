"""Pólizas that touch the bank account of the small world."""

from datetime import date

from sif.books.models import Poliza
from sif.books.services import post_poliza
from sif.ledger import NewLine
from sif.values import Money
from small_world import BANKS, GIFT, LEAFLETS, World


def paid(world: World, pesos: str, day: int, words: str = "Pago a Impresos del Prado") -> Poliza:
    """Leaflets paid from the bank."""
    amount = Money.parse(pesos)
    supplier = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    lines = (NewLine(LEAFLETS, cargo=amount, **supplier), _bank(world, abono=amount))
    new = world.expense(pesos, subtipo="EG", fecha_operacion=date(2024, 4, day), concepto=words, lineas=lines)
    return post_poliza(new, world.clerk)


def received(world: World, pesos: str, day: int, words: str = "Aportación") -> Poliza:
    """A donation in the bank."""
    amount = Money.parse(pesos)
    donor = {"auxiliar_tipo": "aportante", "auxiliar_id": world.donor.pk}
    lines = (_bank(world, cargo=amount), NewLine(GIFT, abono=amount, **donor))
    new = world.expense(pesos, subtipo="IG", fecha_operacion=date(2024, 4, day), concepto=words, lineas=lines)
    return post_poliza(new, world.clerk)


def _bank(world: World, *, cargo: Money = Money(0), abono: Money = Money(0)) -> NewLine:  # noqa: B008
    return NewLine(BANKS, cargo, abono, "", "cuenta_bancaria", world.bank.pk)
