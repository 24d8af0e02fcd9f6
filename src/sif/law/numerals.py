"""Check whether a text of law states a figure, in digits or in Spanish words: 3 is «tres», 150 basis points «1.5 %»."""

import re

from sif.law.articles import normalise
from sif.values import Money

_UNITS = re.findall(
    r"\w+",
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve",
)
_TENS = re.findall(r"\w+", "treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = re.findall(
    r"\w+",
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
)
_WORDS = frozenset((*_UNITS, *_TENS, *_HUNDREDS, "cien", "mil"))
_ASKED = {
    "dias": r"días?",
    "horas": r"horas?",
    "anios": r"años?",
    "puntos base": r"(?:%|por ciento)",
    "uma": r"(?:uma|unidad(?:es)? de medida|veces|días de salario|dsmgv)",
    "metros cuadrados": r"(?:metros cuadrados|m2)",
    "unidades": r"",
    "centavos": r"",
}
_READ = {"dias": "días", "anios": "años", "uma": "UMA"}
_SHARES = {10_000: "un tanto igual", 20_000: "el doble"}
_BETWEEN = 40
"""Characters that a law may write between a figure and its unit: «3 (tres) días naturales»."""


def in_words(number: int) -> str:
    """Return a whole number from 0 to 999,999 as a law writes it, in masculine: 1500 is «mil quinientos»."""
    thousands, rest = divmod(number, 1000)
    if thousands:
        head = "mil" if thousands == 1 else f"{in_words(thousands)} mil"
        return f"{head} {in_words(rest)}" if rest else head
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return "cien" if number == 100 else f"{_HUNDREDS[hundreds - 1]} {in_words(rest) if rest else ''}".strip()
    if number < len(_UNITS):
        return f"{_UNITS[number]}"
    tens, units = divmod(number, 10)
    return f"{_TENS[tens - 3]} y {_UNITS[units]}" if units else f"{_TENS[tens - 3]}"


def in_unit(valor: int, unidad: str) -> str:
    """Return a figure as people read it: $108.57, 2.5 %, 10 UMA, 3 días."""
    if unidad == "centavos":
        return Money(valor).in_pesos()
    if unidad == "puntos base":
        return f"{valor // 100}.{valor % 100:02}".rstrip("0").rstrip(".") + " %"
    return f"{valor:,} {_READ.get(unidad, unidad)}"


def says_figure(text: str, valor: int, unidad: str) -> bool:
    """Return whether a text says a figure with its unit, one of those of `parameters.UNITS`."""
    there = _masculine(normalise(text).casefold())
    if unidad == "puntos base" and _SHARES.get(valor, "\0") in there:
        return True
    if unidad == "dias" and valor and says_figure(text, valor * 24, "horas"):
        return True
    numbers = "|".join(re.escape(each) for each in _written(valor, unidad))
    near = rf"(?=.{{0,{_BETWEEN}}}?{_ASKED[unidad]})" if _ASKED[unidad] else ""
    found = re.finditer(rf"(?<![\w.,])(?:{numbers})(?![\w]|[.,]\d){near}", there)
    return any(_is_whole(each[0], there[: each.start()].split(), there[each.end() :].split()) for each in found)


def _is_whole(number: str, before: list[str], after: list[str]) -> bool:
    """Return whether a number in words is no part of a longer one: «mil quinientos» says neither mil nor quinientos.

    «Un» before it is an article.
    """
    last, first = before[-2:], after[:2]
    parts = _WORDS if number.startswith("mil") else {"mil", *_HUNDREDS}
    follows = last[-1:] and (last[-1] in parts or (last[-1] == "y" and last[0] in _TENS))
    goes_on = first and (first[0] in _WORDS or (first[0] == "y" and first[-1] in _UNITS))
    return not follows and not goes_on


def _written(valor: int, unidad: str) -> list[str]:
    """Return the ways in which a law writes a figure."""
    if unidad == "centavos":
        pesos, cents = divmod(valor, 100)
        return [f"{pesos:,}.{cents:02}", f"{pesos}.{cents:02}", *([] if cents else [f"{pesos:,}", str(pesos)])]
    if unidad == "puntos base":
        whole, part = divmod(valor, 100)
        if part:
            return [f"{whole}.{part:02}".rstrip("0")]
        valor = whole
    return [str(valor), f"{valor:,}", *([_masculine(in_words(valor))] if valor < 1_000_000 else [])]


def _masculine(text: str) -> str:
    """Write the numbers of a text in masculine: «quinientas una» as «quinientos un»."""
    text = re.sub(r"(\w+)cientas\b|quinientas\b", lambda m: f"{m[1]}cientos" if m[1] else "quinientos", text)
    return re.sub(r"\b(veinti)?(?:una|uno|ún)\b", r"\1un", text)
