"""A statement of April that the tests write in each format and read back."""

from dataclasses import replace
from datetime import date

from sif.banks.statement import Statement, StatementLine
from sif.values import Money

CLABE = "002180000000000009"


def line(day: int, pesos: str, words: str = "", reference: str = "", key: str = "") -> StatementLine:
    """A line of April 2024."""
    return StatementLine(date(2024, 4, day), Money.parse(pesos), reference, words, key)


APRIL = (
    line(2, "5000.00", "SPEI RECIBIDO DONANTE UNO", "7781204", "K1"),
    line(10, "-1160.00", "PAGO IMPRESOS DEL PRADO", "4410", "K2"),
    line(10, "-1160.00", "PAGO IMPRESOS DEL PRADO", "4411", "K3"),
    line(30, "-58.00", "COMISION CHEQUES", "", "K4"),
)


def statement(
    lines: tuple[StatementLine, ...] = APRIL, first: int = 1, last: int = 30, opening: str = "0.00"
) -> Statement:
    """A statement of those lines."""
    start = Money.parse(opening)
    final = Money(start.centavos + sum(each.monto.centavos for each in lines))
    return Statement("", CLABE, date(2024, 4, first), date(2024, 4, last), start, final, lines)


def bare(found: Statement) -> Statement:
    """What was read, without what each format adds: its name, the place of each line, running balances."""
    lines = tuple(replace(each, donde="", saldo=None) for each in found.lines)
    return replace(found, formato="", lines=lines)
