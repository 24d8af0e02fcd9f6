"""Read bank accounts month by month: the balance of each side, and what of it was matched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from sif.banks.models import EstadoDeCuenta, LineaBancaria, counted
from sif.banks.selectors import bank_movements, months, open_lines, open_movements
from sif.registry.models import CuentaBancaria
from sif.values import Money


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """A month of an account: what each side held, and how many operations are matched, or on one side alone.

    banco: as the last statement that ends in the month says, None without one; libros: at the end of the month.
    """

    mes: date
    banco: Money | None
    libros: Money
    conciliadas: int
    banco_sin_libros: int
    libros_sin_banco: int


def account_months(cuenta: CuentaBancaria) -> list[AccountMonth]:
    """Return every month that statements or books of an account touch, the first one first."""
    span = months(cuenta)[::-1]
    ends = {mes: saldo for _cuenta, mes, saldo in bank_balances([cuenta.pk])}
    moved = dict(_by_month(bank_movements(cuenta), "poliza__fecha_operacion", Sum("cargo") - Sum("abono")))
    lines = dict(_by_month(counted(LineaBancaria.objects.filter(cuenta=cuenta)), "dia", Count("pk")))
    alone = dict(_by_month(counted(open_lines(cuenta)), "dia", Count("pk")))
    booked = dict(_by_month(open_movements(cuenta), "poliza__fecha_operacion", Count("pk")))
    held = accumulate(moved.get(mes, 0) for mes in span)
    return [
        AccountMonth(
            mes,
            Money(ends[mes]) if mes in ends else None,
            Money(balance),
            lines.get(mes, 0) - alone.get(mes, 0),
            alone.get(mes, 0),
            booked.get(mes, 0),
        )
        for mes, balance in zip(span, held, strict=True)
    ]


def bank_balances(cuentas: Iterable[int]) -> list[tuple[int, date, int]]:
    """Account, first day of the month and centavos that the last statement that ends in it says were left."""
    rows = EstadoDeCuenta.objects.filter(cuenta__in=list(cuentas)).annotate(mes=TruncMonth("hasta"))
    last = rows.order_by("cuenta", "mes", "-hasta", "-pk").distinct("cuenta", "mes")
    return list(last.values_list("cuenta", "mes", "saldo_final"))


def _by_month(rows: QuerySet[Any], day: str, what: object) -> list[tuple[date, int]]:
    grouped = rows.select_related(None).order_by().annotate(mes=TruncMonth(day)).values("mes").annotate(cuanto=what)
    return list(grouped.values_list("mes", "cuanto"))
