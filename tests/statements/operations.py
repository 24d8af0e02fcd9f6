"""Operations of a small election, each posted in one line."""

from datetime import date
from typing import Any

from sif.books.services import post_poliza
from sif.ledger import NewLine
from sif.values import Money
from small_world import BANKS, GIFT, World


def auxiliary(world: World, cuenta: str) -> dict[str, Any]:
    kinds = {BANKS: ("cuenta_bancaria", world.bank.pk), GIFT: ("aportante", world.donor.pk)}
    kind, number = kinds.get(cuenta, ("proveedor", world.supplier.pk))
    return {"auxiliar_tipo": kind, "auxiliar_id": number}


def post(world: World, debit: str, credit: str, centavos: int, day: date = date(2024, 4, 10)) -> Any:
    money = Money(centavos)
    lines = (
        NewLine(debit, cargo=money, **auxiliary(world, debit)),
        NewLine(credit, abono=money, **auxiliary(world, credit)),
    )
    return post_poliza(world.expense(lineas=lines, fecha_operacion=day), world.clerk)
