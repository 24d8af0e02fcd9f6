"""Parse MT940 (SWIFT) with the mt940 library, and refuse the errors that it would ignore."""

import io
import logging
import re
from datetime import date
from functools import partial
from typing import Any

import mt940

from sif.banks.readers.walls import decode
from sif.banks.statement import Reading, Statement, StatementLine, gather, opening_day
from sif.values import InvalidMoney, Money, refusal

_CURE = "Pida a su banco el MT940 de nuevo, completo."
logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it logs what we already tell the person


# ASN writes a whole IBAN where the standard has room for sixteen letters; read as the standard says, it would be cut
_LONG = re.compile(r"(?m)^:61:\d{6}(?:\d{4}|\s{4})?[A-Z]?[DC][A-Z]?[\d,]{1,15}[A-Z][A-Z0-9 ]{3}(?:(?!//)[^\n]){17,34}$")
_ASN: dict[int | str, mt940.tags.Tag] = {mt940.tags.StatementASNB.id: mt940.tags.StatementASNB()}


def read_mt940(data: bytes) -> Reading:
    """Return the statement of each account of an MT940 file; consecutive ones of one are joined. Raises Refused."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    blocks = [block for block in re.split(r"(?m)^(?=:20:)", text) if block.startswith(":20:")]
    return gather("mt940", [(_account(each), partial(_statement, each, n)) for n, each in enumerate(blocks, 1)])


def _account(block: str) -> str:
    told = re.search(r"(?m)^:25P?:(.*)$", block)
    return told[1].split("/")[-1].strip() if told else ""


def _statement(block: str, place: int) -> Statement:
    where = f"estado {place}"
    dialect = _ASN if _LONG.search(block) else None
    try:
        # from a stream: a text that happened to name a file of the server would be opened
        parsed = mt940.parse_statements(io.StringIO(block), tags=dialect, options=mt940.Options.all())[0]
    except (RuntimeError, ValueError, ArithmeticError, TypeError, IndexError) as error:
        value = str(error.args[-1])[:60] if error.args else ""
        raise refusal(
            "mt940_danado", f"{where}, {_line_of(block, value)}", f"No se entiende «{value}».", _CURE
        ) from error
    opening = _balance(parsed.data, "final_opening_balance", "intermediate_opening_balance", f"{where}, :60F:")
    closing = _balance(parsed.data, "final_closing_balance", "intermediate_closing_balance", f"{where}, :62F:")
    told, found = len(re.findall(r"(?m)^:61:", block)), list(parsed.transactions)
    if told != sum("amount" in each.data for each in found):
        raise refusal(
            "mt940_danado", f"{where}, :61:", f"El archivo trae {told} movimientos y no todos se leen.", _CURE
        )
    currency = str(opening.amount.currency or "")
    lines = tuple(_line(each.data, f"{where}, :61: {n}", currency) for n, each in enumerate(found, 1))
    first, last = _day(opening.date), _day(closing.date)
    return Statement(
        "mt940",
        _account(block),
        opening_day(first, last, lines),
        last,
        _money(opening.amount, f"{where}, :60F:", currency),
        _money(closing.amount, f"{where}, :62F:", currency),
        lines,
        currency,
    )


def _line_of(block: str, value: str) -> str:
    first = value.split("\n")[0]
    number = next((n for n, line in enumerate(block.split("\n"), 1) if first and first in line), 0)
    return f"línea {number}" if number else "archivo"


def _balance(data: dict[str, object], name: str, other: str, where: str) -> Any:
    balance = data.get(name) or data.get(other)
    if balance is None:
        raise refusal("sin_saldo", where, "Falta el saldo; el archivo está incompleto o cortado.", _CURE)
    return balance


def _money(amount: Any, where: str, currency: str) -> Money:
    if amount.currency != currency:
        raise refusal(
            "moneda",
            where,
            f"El importe está en «{amount.currency}» y la cuenta en «{currency}».",
            "Cargue el estado de una cuenta en una sola moneda.",
        )
    try:
        return Money.of(amount.amount)
    except InvalidMoney as error:
        raise refusal("centavos", where, error.seen, _CURE) from error


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _line(data: dict[str, Any], where: str, currency: str) -> StatementLine:
    customer = str(data.get("customer_reference") or "").strip()
    words = [
        data.get("transaction_details"),
        data.get("purpose"),
        data.get("applicant_name"),
        data.get("extra_details"),
    ]
    kept = dict.fromkeys(" ".join(str(each).split()) for each in words if each)
    day = data.get("guessed_entry_date") or data["date"]
    return StatementLine(
        _day(day),
        _money(data["amount"], where, currency),
        "" if customer == "NONREF" else customer,
        " ".join(kept),
        str(data.get("bank_reference") or "").strip(),
        donde=where,
    )
