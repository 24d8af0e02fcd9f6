"""OFX 1.x (SGML) and 2.x (XML): the tree is ofxtools'; amounts and days are taken as the bank wrote them."""

import io
from datetime import date
from xml.etree.ElementTree import Element

from ofxtools.header import OFXHeaderError
from ofxtools.Parser import OFXTree, ParseError

from sif.banks.readers.walls import day_of
from sif.banks.statement import Statement, StatementLine, amount_of, join, refused, total
from sif.values import Money

_CURE = "Descargue el archivo de nuevo, completo, desde la banca en línea."


def read_ofx(data: bytes) -> Statement:
    """The statement of an OFX file. OFX gives no opening balance: it is the closing one less the movements.

    Days are the first eight figures as written: a bank's day is not moved by the time zone of its server.
    """
    root = _tree(data)
    found = [*root.iter("STMTRS"), *root.iter("CCSTMTRS")]
    if not found:
        status = root.findtext(".//STATUS/MESSAGE") or root.findtext(".//STATUS/CODE") or ""
        raise refused(
            "sin_estado", "STMTRS", f"El OFX no trae un estado de cuenta bancario (STMTRS). {status}".strip(), _CURE
        )
    return join([_statement(element, place) for place, element in enumerate(found, 1)])


def _tree(data: bytes) -> Element:
    tree = OFXTree()
    if b"</OFX>" not in data[-400:].upper():  # the parser forgives what is left open
        raise refused("ofx_danado", "fin del archivo", "El OFX está cortado: no llega a su cierre </OFX>.", _CURE)
    try:
        return tree.parse(io.BytesIO(data.lstrip(b"\xef\xbb\xbf \t\r\n")))
    except (ParseError, OFXHeaderError, AssertionError, ValueError, LookupError, TypeError) as error:
        words = str(error).split(" in ")[0][:120]
        raise refused(
            "ofx_danado", "archivo", f"El OFX está dañado o cortado: {words or 'faltan etiquetas de cierre'}.", _CURE
        ) from error


def _statement(element: Element, place: int) -> Statement:
    where = f"STMTRS {place}"
    currency = (element.findtext("CURDEF") or "").strip().upper()
    if currency != "MXN":
        raise refused(
            "moneda", f"{where}, CURDEF",
            f"El estado está en «{currency or 'sin moneda'}»; los libros se llevan en MXN.",
            "Cargue el estado de la cuenta en pesos.",
        )  # fmt: skip
    movements = element.find("BANKTRANLIST")
    if movements is None:
        raise refused("sin_movimientos", f"{where}, BANKTRANLIST", "Falta la lista de movimientos.", _CURE)
    lines = tuple(_line(each, f"STMTTRN {n}") for n, each in enumerate(movements.iter("STMTTRN"), 1))
    balance = element.find("LEDGERBAL")
    if balance is None:
        raise refused("sin_saldo", f"{where}, LEDGERBAL", "Falta el saldo del libro del banco.", _CURE)
    closing = _amount(balance, "BALAMT", f"{where}, LEDGERBAL")
    cuenta = (element.findtext("BANKACCTFROM/ACCTID") or element.findtext("CCACCTFROM/ACCTID") or "").strip()
    return Statement(
        "ofx", cuenta, _day(movements, "DTSTART", where), _day(movements, "DTEND", where),
        closing - total(lines), closing, lines,
    )  # fmt: skip


def _line(each: Element, where: str) -> StatementLine:
    number = (each.findtext("CHECKNUM") or each.findtext("REFNUM") or "").strip()
    name = (each.findtext("NAME") or each.findtext("PAYEE/NAME") or "").strip()
    memo = (each.findtext("MEMO") or "").strip()
    words = name if not memo or memo == name else f"{name} {memo}".strip()
    return StatementLine(
        _day(each, "DTPOSTED", where), _amount(each, "TRNAMT", where), number, words,
        (each.findtext("FITID") or "").strip(), donde=where,
    )  # fmt: skip


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
        raise refused(
            "fecha", f"{where}, {name}", f"«{element.findtext(name)}» no es un día del calendario.", _CURE
        ) from error
