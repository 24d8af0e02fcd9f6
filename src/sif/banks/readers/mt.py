"""Parse MT940 (SWIFT) with the mt940 library, and refuse the errors that it would ignore."""

import io
import logging
import re
from datetime import date
from typing import Any

import mt940

from sif.banks.readers.walls import decode
from sif.banks.statement import Statement, StatementLine, join, opening_day, refused
from sif.values import InvalidMoney, Money

_CURE = "Pida a su banco el MT940 de nuevo, completo."
logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it logs what we already tell the person


def read_mt940(data: bytes) -> Statement:
    """The statement of an MT940 file; several consecutive ones of an account are joined. Raises StatementRefused."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    blocks = [block for block in re.split(r"(?m)^(?=:20:)", text) if block.startswith(":20:")]
    return join([_statement(block, place) for place, block in enumerate(blocks, 1)])


def _statement(block: str, place: int) -> Statement:
    where = f"estado {place}"
    try:
        # from a stream: a text that happened to name a file of the server would be opened
        parsed = mt940.parse_statements(io.StringIO(block), options=mt940.Options.all())[0]
    except (RuntimeError, ValueError, ArithmeticError, TypeError, IndexError) as error:
        value = str(error.args[-1])[:60] if error.args else ""
        raise refused(
            "mt940_danado", f"{where}, {_line_of(block, value)}", f"No se entiende «{value}».", _CURE
        ) from error
    opening = _balance(parsed.data, "final_opening_balance", "intermediate_opening_balance", f"{where}, :60F:")
    closing = _balance(parsed.data, "final_closing_balance", "intermediate_closing_balance", f"{where}, :62F:")
    told, found = len(re.findall(r"(?m)^:61:", block)), list(parsed.transactions)
    if told != sum("amount" in each.data for each in found):
        raise refused(
            "mt940_danado", f"{where}, :61:", f"El archivo trae {told} movimientos y no todos se leen.", _CURE
        )
    lines = tuple(_line(each.data, f"{where}, :61: {n}") for n, each in enumerate(found, 1))
    cuenta = str(parsed.data.get("account_identification") or "").split("/")[-1].strip()
    last = closing[0]
    return Statement(
        "mt940", cuenta, opening_day(opening[0], last, lines), last, opening[1], closing[1], lines,
    )  # fmt: skip


def _line_of(block: str, value: str) -> str:
    first = value.split("\n")[0]
    number = next((n for n, line in enumerate(block.split("\n"), 1) if first and first in line), 0)
    return f"línea {number}" if number else "archivo"


def _balance(data: dict[str, Any], name: str, other: str, where: str) -> tuple[date, Money]:
    balance = data.get(name) or data.get(other)
    if balance is None:
        raise refused("sin_saldo", where, "Falta el saldo; el archivo está incompleto o cortado.", _CURE)
    return _day(balance.date), _money(balance.amount, where)


def _money(amount: Any, where: str) -> Money:
    if amount.currency != "MXN":
        raise refused(
            "moneda", where, f"El importe está en «{amount.currency}»; los libros se llevan en MXN.",
            "Cargue el estado de la cuenta en pesos.",
        )  # fmt: skip
    try:
        return Money.of(amount.amount)
    except InvalidMoney as error:
        raise refused("centavos", where, str(error), _CURE) from error


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _line(data: dict[str, Any], where: str) -> StatementLine:
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
        _day(day), _money(data["amount"], where), "" if customer == "NONREF" else customer, " ".join(kept),
        str(data.get("bank_reference") or "").strip(), donde=where,
    )  # fmt: skip
