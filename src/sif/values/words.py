"""Write an amount of pesos in Spanish words, and name the months."""

from sif.values.money import Money

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)

_ONES = (
    "", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiún", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
)
_MILLION = 1_000_000


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    tail = _ONES[rest] if rest < 30 else _TENS[tens] + (f" y {_ONES[ones]}" if ones else "")
    return " ".join(part for part in (_HUNDREDS[hundreds], tail) if part)


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    head = "mil" if thousands == 1 else f"{_below_thousand(thousands)} mil" if thousands else ""
    return " ".join(part for part in (head, _below_thousand(rest)) if part)


def _millions(number: int) -> str:
    """Whole number in words, agreeing with a masculine noun that follows (un, veintiún)."""
    billions, rest = divmod(number, _MILLION**2)
    millions, rest = divmod(rest, _MILLION)
    parts = [
        f"{_below_million(billions)} {'billón' if billions == 1 else 'billones'}" if billions else "",
        f"{_below_million(millions)} {'millón' if millions == 1 else 'millones'}" if millions else "",
        _below_million(rest),
    ]
    return " ".join(part for part in parts if part)


def in_words(amount: Money) -> str:
    """`Mil doscientos treinta y cuatro pesos 50/100 M.N.`; after a round million, «de pesos». Raises on a negative."""
    if amount.centavos < 0:
        raise ValueError(f"Un recibo no lleva un importe negativo; llegó {amount}.")
    pesos, cents = divmod(amount.centavos, 100)
    words = _millions(pesos) or "cero"
    noun = "peso" if pesos == 1 else "de pesos" if pesos and pesos % _MILLION == 0 else "pesos"
    return f"{words[0].upper()}{words[1:]} {noun} {cents:02d}/100 M.N."
