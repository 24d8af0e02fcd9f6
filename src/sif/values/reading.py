"""Read days, amounts and quantities as people type them and as files and the API write them."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sif.values.money import InvalidMoney, Money
from sif.values.unread import Unread
from sif.values.words import MONTHS

_WRITTEN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_FIGURE = re.compile(r"(?=.{1,40}$)[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_TYPED = "Escriba día/mes/año, por ejemplo 18/05/2027."
_AS_ISO = "Escríbala como 2027-05-18."
_SHOWN = 40  # letters of what was seen that are told
YEARS = range(1900, 2200)
"""The years of a day that a person types: another is a slip, and from it terms cannot be counted."""


def read_day(text: str) -> date:
    """Read a day as people type it: 18/05/2027, 18-05-2027 or 2027-05-18. Raises Unread."""
    seen = text.strip()
    written, iso = _WRITTEN.fullmatch(seen), _ISO.fullmatch(seen)
    if written:
        number, month, year = map(int, written.groups())
    elif iso:
        year, month, number = map(int, iso.groups())
    else:
        raise Unread(f"«{seen[:_SHOWN]}» no es una fecha." if seen else "Falta la fecha.", _TYPED, "fecha")
    try:
        found = date(year, month, number)
    except ValueError as wrong:
        name = f"{number} de {MONTHS[month - 1]} de {year}" if 1 <= month <= 12 else f"mes {month}"
        raise Unread(f"El {name} no existe.", "Corrija el día; escríbalo día/mes/año.", "fecha") from wrong
    if found.year not in YEARS:
        raise Unread(f"«{seen}» es de un año fuera de {YEARS[0]} a {YEARS[-1]}.", "Corrija el año.", "fecha")
    return found


def read_iso_day(text: str) -> date:
    """Read a day as files, commands and the API write it, 2027-05-18 and no other way. Raises Unread."""
    seen = text.strip()
    try:
        found = date.fromisoformat(seen)
    except ValueError as wrong:
        raise Unread(f"«{seen[:_SHOWN]}» no es una fecha aaaa-mm-dd.", _AS_ISO, "fecha") from wrong
    if found.isoformat() != seen:  # Python reads 20270518 and 2027-W20-2 too
        raise Unread(f"«{seen[:_SHOWN]}» no es una fecha aaaa-mm-dd.", _AS_ISO, "fecha")
    return found


def read_day_as(text: str, patterns: Sequence[str]) -> date:
    """Read a day written by the first of these patterns of `strptime` that it keeps. Raises Unread."""
    return read_moment_as(text, patterns).date()


def read_moment_as(text: str, patterns: Sequence[str]) -> datetime:
    """Read a day and hour without zone, written by the first of these patterns that it keeps. Raises Unread."""
    seen = text.strip()
    for pattern in patterns:
        try:
            return datetime.strptime(seen, pattern)  # noqa: DTZ007 - as it is written
        except ValueError:
            continue
    raise Unread(f"«{seen[:_SHOWN]}» no es una fecha.", _TYPED, "fecha")


def read_amount(text: str) -> Money:
    """Read an amount in pesos; nothing is zero. Raises InvalidMoney."""
    return Money.parse(text) if text.strip() else Money(0)


def read_rounded(text: str) -> tuple[Money, bool]:
    """Read an amount with any decimals: rounded to the centavo, half away from zero, and whether it was.

    Raises InvalidMoney.
    """
    exact = read_exact(text)
    try:
        whole = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation as wrong:
        raise _no_amount(text) from wrong
    return Money.of(whole), whole != exact


def read_exact(text: str) -> Decimal:
    """Read a figure with its decimals, commas between thousands and the sign of pesos or not. Raises InvalidMoney."""
    clean = text.replace("$", "").replace(" ", "").replace("−", "-")
    if not _FIGURE.fullmatch(clean):  # 2,5 is no 25: a comma parts thousands or nothing
        raise _no_amount(text)
    return Decimal(clean.replace(",", ""))


def _no_amount(text: str) -> InvalidMoney:
    return InvalidMoney(f"«{text[:_SHOWN]}» no es un importe.", "Escriba pesos y centavos, por ejemplo 1234.50.")


def read_thousandths(text: str) -> int:
    """Read a quantity, «1,500.25» as 1500250. Raises Unread on anything else, or on a fourth decimal."""
    clean = text.strip()
    whole, _dot, part = clean.replace(",", "").partition(".")
    if not _FIGURE.fullmatch(clean) or not f"{whole}{part}".isdecimal() or len(part) > 3:
        raise Unread(f"«{text[:_SHOWN]}» no es una cantidad.", "Escríbala hasta con tres decimales.", "cantidad")
    return int(whole or "0") * 1000 + int(part.ljust(3, "0"))
