"""Compute the bank reconciliation as a book, account by account."""

from collections.abc import Iterator
from datetime import date

from sif.banks.cut import BankCut
from sif.banks.selectors import MonthReconciliation, Partida, conciliacion, conciliacion_al, months
from sif.books.models import Poliza
from sif.registry.models import CuentaBancaria
from sif.statements.asked import Asked
from sif.statements.report import Drill, Line, ListRows
from sif.values import Money


def conciliaciones(asked: Asked) -> ListRows:
    """Return each bank account of these books, at the month of the last day asked for or the last with something.

    Of what was recorded up to a link, and done about the bank until an hour, at that day: an annex says the same
    whichever day it is written.
    """
    accounts = CuentaBancaria.objects.filter(contabilidad__in=asked.contabilidades).order_by("contabilidad_id", "pk")
    lines: list[Line] = []
    for account in accounts:
        if asked.hasta and asked.eslabon is not None:
            found = conciliacion_al(account, asked.hasta, BankCut(asked.eslabon, asked.al))
            lines += _lines(account, found, f"{asked.hasta:%Y-%m}, al día {asked.hasta.day}")
            continue
        month = _month(account, asked)
        if month is not None:
            lines += _lines(account, conciliacion(account, month), f"{month:%Y-%m}")
    return ListRows(lines)


def _month(account: CuentaBancaria, asked: Asked) -> date | None:
    if asked.hasta:
        return asked.hasta.replace(day=1)
    found = months(account)
    return found[0].replace(day=1) if found else None


def _lines(account: CuentaBancaria, found: MonthReconciliation, month: str) -> Iterator[Line]:
    base = {
        "contabilidad": str(account.contabilidad_id),
        "cuenta": account.clabe,
        "banco": account.banco,
        "mes": month,
    }
    asientos = dict(
        Poliza.objects.filter(pk__in=[each.poliza_id for each in found.libros_no_banco]).values_list("pk", "eslabon")
    )
    of_month = {"cuenta": str(account.pk), "anio": str(found.mes.year), "mes": str(found.mes.month)}
    opened = {"monto": Drill("mes_bancario", of_month)}
    yield Line({**base, "partida": "Saldo en libros", "monto": found.saldo_libros}, opened, "suma")
    for each in found.libros_no_banco:
        yield _item(base, "En libros y no en el banco", each, -each.monto, asientos)
    for each in found.banco_no_libros:
        yield _item(base, "En el banco y no en libros", each, each.monto, asientos)
    if found.saldo_previo:
        yield _sum(base, "Saldo anterior al primer estado de cuenta", found.saldo_previo)
    if found.diferencia:
        yield _sum(base, "Diferencia sin explicar", found.diferencia)
    if found.saldo_banco is None:
        yield Line({**base, "partida": "Sin estado de cuenta del banco"}, clase="suma")
    else:
        yield _sum(base, "Saldo según el banco", found.saldo_banco)


def _sum(base: dict[str, str], words: str, amount: Money) -> Line:
    return Line({**base, "partida": words, "monto": amount}, clase="suma")


def _item(base: dict[str, str], words: str, each: Partida, amount: Money, asientos: dict[int, int]) -> Line:
    links = {}
    if each.poliza_id in asientos:
        filters = {"contabilidad": base["contabilidad"], "asiento": str(asientos[each.poliza_id])}
        links = {"referencia": Drill("poliza", filters)}
    cells = {
        **base,
        "partida": words,
        "fecha": each.fecha,
        "referencia": each.referencia,
        "concepto": each.concepto,
        "dias": each.dias,
        "explicacion": each.explicacion,
        "monto": amount,
    }
    return Line(cells, links)
