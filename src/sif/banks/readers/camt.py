"""Parse CAMT.053 (ISO 20022), any version from 001.02, by local names and without external entities."""

import re
from datetime import date

from lxml import etree

from sif.banks.readers.walls import day_of
from sif.banks.statement import Statement, StatementLine, amount_of, join, opening_day, refused
from sif.values import Money

_NAMESPACE = re.compile(r"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})$")
_CURE = "Pida a su banco el CAMT.053 de nuevo y súbalo sin abrirlo."
_OPENINGS, _CLOSINGS = ("OPBD", "PRCD"), ("CLBD",)
_OLDEST = 2
Node = etree._Element


def read_camt(data: bytes) -> Statement:
    """The statement of a CAMT.053 document: only booked entries count, pending ones wait for their own statement."""
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise refused(
            "xml_danado", f"línea {line}" if line else "archivo", "El XML está mal formado o cortado.", _CURE
        ) from error
    match = _NAMESPACE.match(etree.QName(root).namespace or "")
    if match is None or int(match[1]) < _OLDEST:
        raise refused(
            "camt_version", "Document",
            f"El espacio de nombres es «{etree.QName(root).namespace}»; se espera camt.053.001.02 o posterior.",
            _CURE,
        )  # fmt: skip
    return join([_statement(each, place) for place, each in enumerate(root.iter("{*}Stmt"), 1)])


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip


def _statement(element: Node, place: int) -> Statement:
    where = f"Stmt {place}"
    cuenta = _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id")
    opened, opening = _balance(element, _OPENINGS, where)
    closed, closing = _balance(element, _CLOSINGS, where)
    entries = [each for each in element.findall("{*}Ntry") if _status(each) == "BOOK"]
    lines = tuple(_line(each, f"{where}, Ntry {n}") for n, each in enumerate(entries, 1))
    since = _text(element, "FrToDt/FrDtTm") or _text(element, "FrToDt/FrDt")
    until = _text(element, "FrToDt/ToDtTm") or _text(element, "FrToDt/ToDt")
    last = _day(until, f"{where}, FrToDt") if until else closed
    first = _day(since, f"{where}, FrToDt") if since else opening_day(opened, last, lines)
    return Statement("camt", cuenta, first, last, opening, closing, lines)


def _text(element: Node, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def _status(entry: Node) -> str:
    """BOOK, PDNG or INFO; its place changed between versions."""
    return _text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK"


def _balance(element: Node, kinds: tuple[str, ...], where: str) -> tuple[date, Money]:
    for kind in kinds:
        for balance in element.findall("{*}Bal"):
            if _text(balance, "Tp/CdOrPrtry/Cd") == kind:
                day = _text(balance, "Dt/Dt") or _text(balance, "Dt/DtTm")
                return _day(day, f"{where}, Bal {kind}"), _signed(balance, f"{where}, Bal {kind}")
    raise refused("sin_saldo", f"{where}, Bal", f"Falta el saldo {' o '.join(kinds)}.", _CURE)


def _signed(element: Node, where: str) -> Money:
    amount = element.find("{*}Amt")
    if amount is None:
        raise refused("importe", f"{where}, Amt", "Falta el importe.", _CURE)
    currency = amount.get("Ccy", "")
    if currency != "MXN":
        raise refused(
            "moneda", f"{where}, Amt", f"El importe está en «{currency or 'sin moneda'}»; los libros se llevan en MXN.",
            "Cargue el estado de la cuenta en pesos.",
        )  # fmt: skip
    value = amount_of(amount.text or "", f"{where}, Amt")
    side = _text(element, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise refused("signo", f"{where}, CdtDbtInd", f"«{side}» no dice si es abono (CRDT) o cargo (DBIT).", _CURE)
    return value if side == "CRDT" else -value


def _line(entry: Node, where: str) -> StatementLine:
    booked = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")
    day = booked or _text(entry, "ValDt/Dt") or _text(entry, "ValDt/DtTm")
    details = next(iter(entry.findall("{*}NtryDtls/{*}TxDtls")), None)
    words = [_text(entry, "AddtlNtryInf")]
    reference = _text(entry, "NtryRef")
    if details is not None:
        side = "Dbtr" if _text(entry, "CdtDbtInd") == "CRDT" else "Cdtr"
        party = _text(details, f"RltdPties/{side}/Pty/Nm") or _text(details, f"RltdPties/{side}/Nm")
        words += [party, *(each.text or "" for each in details.findall("{*}RmtInf/{*}Ustrd"))]
        reference = _text(details, "Refs/ChqNb") or _text(details, "Refs/EndToEndId") or reference
    return StatementLine(
        _day(day, f"{where}, BookgDt"), _signed(entry, where), "" if reference == "NOTPROVIDED" else reference,
        " ".join(dict.fromkeys(each.strip() for each in words if each.strip())), _text(entry, "AcctSvcrRef"),
        donde=where,
    )  # fmt: skip


def _day(text: str, where: str) -> date:
    year, month, number = day_of(text, where)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise refused("fecha", where, f"«{text}» no es un día del calendario.", _CURE) from error
