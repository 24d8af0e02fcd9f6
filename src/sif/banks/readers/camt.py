"""Parse CAMT.053 (ISO 20022), any version from 001.02, by local names and without external entities."""

import re
from datetime import date
from functools import partial

from lxml import etree

from sif.banks.readers.walls import day_of
from sif.banks.statement import Reading, Statement, StatementLine, amount_of, gather, opening_day
from sif.values import Money, refusal

_NAMESPACE = re.compile(r"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})$")
_CURE = "Pida a su banco el CAMT.053 de nuevo y súbalo sin abrirlo."
_OPENINGS, _CLOSINGS = ("OPBD", "PRCD"), ("CLBD",)
_OLDEST = 2
Node = etree._Element


def read_camt(data: bytes) -> Reading:
    """The statement of each account of a CAMT.053 document; entries that are pending wait for their own statement."""
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise refusal(
            "xml_danado", f"línea {line}" if line else "archivo", "El XML está mal formado o cortado.", _CURE
        ) from error
    match = _NAMESPACE.match(etree.QName(root).namespace or "")
    if match is None or int(match[1]) < _OLDEST:
        raise refusal(
            "camt_version",
            "Document",
            f"El espacio de nombres es «{etree.QName(root).namespace}»; se espera camt.053.001.02 o posterior.",
            _CURE,
        )
    found = enumerate(root.iter("{*}Stmt"), 1)
    return gather("camt", [(_account(each), partial(_statement, each, place)) for place, each in found])


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _account(element: Node) -> str:
    return _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id")


def _statement(element: Node, place: int) -> Statement:
    where = f"Stmt {place}"
    opened, opening, currency = _balance(element, _OPENINGS, where)
    closed, closing, _currency = _balance(element, _CLOSINGS, where, currency)
    entries = [each for each in element.findall("{*}Ntry") if _status(each) == "BOOK"]
    lines = tuple(_line(each, f"{where}, Ntry {n}", currency) for n, each in enumerate(entries, 1))
    since = _text(element, "FrToDt/FrDtTm") or _text(element, "FrToDt/FrDt")
    until = _text(element, "FrToDt/ToDtTm") or _text(element, "FrToDt/ToDt")
    last = _day(until, f"{where}, FrToDt") if until else closed
    first = _day(since, f"{where}, FrToDt") if since else opening_day(opened, last, lines)
    return Statement("camt", _account(element), first, last, opening, closing, lines, currency)


def _text(element: Node, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def _status(entry: Node) -> str:
    """BOOK, PDNG or INFO; its place changed between versions."""
    return _text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK"


def _balance(element: Node, kinds: tuple[str, ...], where: str, currency: str = "") -> tuple[date, Money, str]:
    """Read the first balance of those kinds: its day, amount and currency."""
    for kind in kinds:
        for balance in element.findall("{*}Bal"):
            if _text(balance, "Tp/CdOrPrtry/Cd") == kind:
                day, place = _text(balance, "Dt/Dt") or _text(balance, "Dt/DtTm"), f"{where}, Bal {kind}"
                seen = _currency(balance)
                return _day(day, place), _signed(balance, place, currency or seen), seen
    raise refusal("sin_saldo", f"{where}, Bal", f"Falta el saldo {' o '.join(kinds)}.", _CURE)


def _currency(element: Node) -> str:
    amount = element.find("{*}Amt")
    return "" if amount is None else amount.get("Ccy", "")


def _signed(element: Node, where: str, currency: str) -> Money:
    amount = element.find("{*}Amt")
    if amount is None:
        raise refusal("importe", f"{where}, Amt", "Falta el importe.", _CURE)
    seen = amount.get("Ccy", "")
    if seen != currency:
        raise refusal(
            "moneda",
            f"{where}, Amt",
            f"El importe está en «{seen or 'sin moneda'}» y la cuenta en «{currency}».",
            "Cargue el estado de una cuenta en una sola moneda.",
        )
    value = amount_of(amount.text or "", f"{where}, Amt")
    side = _text(element, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise refusal("signo", f"{where}, CdtDbtInd", f"«{side}» no dice si es abono (CRDT) o cargo (DBIT).", _CURE)
    return value if side == "CRDT" else -value


def _line(entry: Node, where: str, currency: str) -> StatementLine:
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
    reference = "" if reference == "NOTPROVIDED" else reference
    return StatementLine(
        _day(day, f"{where}, BookgDt"),
        _signed(entry, where, currency),
        reference,
        " ".join(dict.fromkeys(each.strip() for each in words if each.strip())),
        _text(entry, "AcctSvcrRef"),
        donde=where,
    )


def _day(text: str, where: str) -> date:
    year, month, number = day_of(text, where)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise refusal("fecha", where, f"«{text}» no es un día del calendario.", _CURE) from error
