"""What people type and files say is read in one place, and refused with what was seen and what to do."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sif.values import (
    InvalidKey,
    InvalidMoney,
    Money,
    Rfc,
    Unread,
    read_amount,
    read_day,
    read_day_as,
    read_exact,
    read_iso_day,
    read_rounded,
    read_thousandths,
)

SOURCE = Path(__file__).parents[2] / "src"
DAY = date(2027, 5, 18)


@pytest.mark.parametrize("text", ["18/05/2027", "18-5-2027", " 2027-05-18 ", "2027-05-18T00:00:00"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "30/02/2027", "18/13/2027", "20270518", "2027-W20-2", "٢٧/05/2027", "18/05/27", "1/1/0001", "31/12/9999"],
)
def test_what_is_no_day_says_so(text: str) -> None:
    with pytest.raises(Unread) as told:
        read_day(text)
    problem = told.value.at("fila 3, fecha")
    assert (problem.codigo, problem.donde) == ("fecha", "fila 3, fecha")
    assert problem.mensaje and problem.cura


def test_files_and_commands_write_a_day_in_one_way() -> None:
    assert read_iso_day("2027-05-18") == DAY
    for text in ("18/05/2027", "20270518", "2027-W20-2", ""):
        with pytest.raises(Unread, match="aaaa-mm-dd"):
            read_iso_day(text)
    assert read_day_as("18.05.27", ("%d/%m/%Y", "%d.%m.%y")) == DAY
    with pytest.raises(Unread):
        read_day_as("18/05/2027", ("%Y-%m-%d",))


def test_amounts_are_exact_or_rounded_and_say_which() -> None:
    assert (read_amount(""), read_amount("1,234.5")) == (Money(0), Money(123_450))
    assert read_rounded("$ 1,234.565") == (Money(123_457), True)
    assert read_rounded("−10.5") == (Money(-1050), False)
    assert read_exact("1.5E2") == Decimal(150)


@pytest.mark.parametrize("text", ["2,5", "1,23,456", "NaN", "Infinity", "", "--1", "1" + "0" * 40])
def test_a_comma_parts_thousands_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidMoney):
        read_rounded(text)


def test_a_quantity_with_a_decimal_comma_is_not_ten_times_more() -> None:
    assert read_thousandths("1,500.25") == 1_500_250
    for text in ("1,5", "9" * 5_000):
        with pytest.raises(Unread, match="no es una cantidad"):
            read_thousandths(text)


def test_a_key_tells_what_was_seen_apart_from_what_to_do() -> None:
    with pytest.raises(InvalidKey) as told:
        Rfc("ABC")
    assert (told.value.codigo, told.value.cure) == ("rfc", "Cópielo de la constancia de situación fiscal.")
    assert told.value.seen.endswith("13.")


def test_no_other_module_reads_days_by_a_pattern() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "strptime" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr == "strptime"
    }
    assert found == {"sif/values/reading.py"}
