"""Parse OFX 1.x (SGML) and 2.x (XML) into a tree of tags, with amounts and days as written."""

import html
import re
from datetime import date
from functools import partial
from xml.etree.ElementTree import Element, SubElement

from sif.banks.readers.walls import day_of, decode
from sif.banks.statement import Reading, Statement, StatementLine, amount_of, gather, total
from sif.values import Money, refusal

_CURE = "Descargue el archivo de nuevo, completo, desde la banca en línea."
_TOKEN = re.compile(r"<(/?)([A-Za-z0-9][A-Za-z0-9._-]*) *(/?)>|<!\[CDATA\[(.*?)\]\]>|([^<]+)|<", re.DOTALL)
_DEEPEST = 32  # a statement has its movements at the eighth level
# SGML leaves its leaves unclosed: one of these without text is empty, any other opens what is inside
_LEAVES = frozenset({"NAME", "MEMO", "FITID", "REFNUM", "CHECKNUM", "ACCTID", "BANKID", "BRANCHID", "MESSAGE", "SIC"})


def read_ofx(data: bytes) -> Reading:
    """Return the statement of each account of an OFX file, whose opening balance is the closing one less the movements.

    Days are the first eight figures as written: a bank's day is not moved by the time zone of its server.
    """
    root = _tree(data)
    found = [*root.iter("STMTRS"), *root.iter("CCSTMTRS")]
    if not found:
        status = root.findtext(".//STATUS/MESSAGE") or root.findtext(".//STATUS/CODE") or ""
        raise refusal(
            "sin_estado", "STMTRS", f"El OFX no trae un estado de cuenta bancario (STMTRS). {status}".strip(), _CURE
        )
    parts = [(_account(each), partial(_statement, each, place)) for place, each in enumerate(found, 1)]
    return gather("ofx", parts)


def _tree(data: bytes) -> Element:
    """Parse the elements from <OFX> to its closing tag. Raises Refused at the line that breaks them."""
    text = decode(data)
    start = re.search(r"<OFX>", text, re.IGNORECASE)
    if start is None:
        raise refusal("ofx_danado", "archivo", "El OFX no tiene su etiqueta <OFX>.", _CURE)
    builder = _Builder()
    for token in _TOKEN.finditer(text, start.start()):
        wrong = builder.take(token)
        if wrong:
            line = text.count("\n", 0, token.start()) + 1
            raise refusal("ofx_danado", f"línea {line}", f"El OFX está dañado o cortado: {wrong}.", _CURE)
    if not builder.is_whole:
        raise refusal("ofx_danado", "fin del archivo", "El OFX está cortado: no llega a su cierre </OFX>.", _CURE)
    return builder.root


class _Builder:
    """Build a tree from tags and texts; an element with text is a leaf, and its closing tag may be missing."""

    def __init__(self) -> None:
        self.root = Element("")
        self.open: list[Element] = []
        self.is_whole = False
        self._leaf: Element | None = None  # the last opened, while it may still have text or its closing tag

    def take(self, token: re.Match[str]) -> str:
        """Add a token and return the error of it in words, or ''."""
        closing, name, empty, cdata, words = token.groups()
        if name is None:
            return self._text(cdata if cdata is not None else html.unescape(words or "<"))
        if self.is_whole:
            return f"sigue <{name[:40]}> después de </OFX>"
        return self._close(name.upper()) if closing else self._start(name.upper(), is_empty=bool(empty))

    def _text(self, words: str) -> str:
        if not words.strip():
            return ""
        if self._leaf is None:
            return f"«{words.strip()[:40]}» no está dentro de una etiqueta"
        self._leaf.text = (self._leaf.text or "") + words
        return ""

    def _start(self, name: str, *, is_empty: bool) -> str:
        self._end_leaf()
        if len(self.open) >= _DEEPEST:
            return f"tiene más de {_DEEPEST} etiquetas una dentro de otra"
        if self.open:
            self._leaf = SubElement(self.open[-1], name)
        elif self.root.tag:
            return f"<{name[:40]}> está fuera de <OFX>"
        else:
            self._leaf = self.root = Element(name)
        self.open.append(self._leaf)
        if is_empty:
            self._leaf.text = ""
            self._end_leaf()
        return ""

    def _close(self, name: str) -> str:
        if self._leaf is None or self._leaf.tag != name:
            self._end_leaf()
        if not self.open or self.open[-1].tag != name:
            return f"</{name[:40]}> cierra lo que no está abierto"
        self.open.pop()
        self._leaf = None
        self.is_whole = not self.open
        return ""

    def _end_leaf(self) -> None:
        """Close the last opened element where it can only be a leaf."""
        leaf, self._leaf = self._leaf, None
        if leaf is not None and (leaf.text is not None or leaf.tag in _LEAVES):
            self.open.pop()


def _account(element: Element) -> str:
    return (element.findtext("BANKACCTFROM/ACCTID") or element.findtext("CCACCTFROM/ACCTID") or "").strip()


def _statement(element: Element, place: int) -> Statement:
    where = f"STMTRS {place}"
    currency = (element.findtext("CURDEF") or "").strip().upper()
    balance = element.find("LEDGERBAL")
    if balance is None:
        raise refusal("sin_saldo", f"{where}, LEDGERBAL", "Falta el saldo del libro del banco.", _CURE)
    closing = _amount(balance, "BALAMT", f"{where}, LEDGERBAL")
    movements = element.find("BANKTRANLIST")
    if movements is None:
        raise refusal("sin_movimientos", f"{where}, BANKTRANLIST", "Falta la lista de movimientos.", _CURE)
    named = "STMTTRN" if place == 1 else f"{where}, STMTTRN"
    lines = tuple(_line(each, f"{named} {n}") for n, each in enumerate(movements.iter("STMTTRN"), 1))
    return Statement(
        "ofx",
        _account(element),
        _day(movements, "DTSTART", where),
        _day(movements, "DTEND", where),
        closing - total(lines),
        closing,
        lines,
        currency,
    )


def _line(each: Element, where: str) -> StatementLine:
    number = (each.findtext("CHECKNUM") or each.findtext("REFNUM") or "").strip()
    name = (each.findtext("NAME") or each.findtext("PAYEE/NAME") or "").strip()
    memo = (each.findtext("MEMO") or "").strip()
    words = name if not memo or memo == name else f"{name} {memo}".strip()
    return StatementLine(
        _day(each, "DTPOSTED", where),
        _amount(each, "TRNAMT", where),
        number,
        words,
        (each.findtext("FITID") or "").strip(),
        donde=where,
    )


def _amount(element: Element, name: str, where: str) -> Money:
    text = (element.findtext(name) or "").strip()
    # the standard allows either mark and groups nothing: what comes last is the decimal one
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    return amount_of(text, f"{where}, {name}", decimal)


def _day(element: Element, name: str, where: str) -> date:
    year, month, number = day_of(element.findtext(name) or "", f"{where}, {name}")
    try:
        return date(year, month, number)
    except ValueError as error:
        raise refusal(
            "fecha", f"{where}, {name}", f"«{element.findtext(name)}» no es un día del calendario.", _CURE
        ) from error
