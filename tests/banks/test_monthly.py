"""Accounts month by month: both balances, what is matched or on one side alone, and few queries."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from banks.books import paid
from banks.samples import line, statement
from banks.test_reconciling import APRIL, april
from sif.banks.monthly import AccountMonth, account_months, bank_balances
from sif.banks.selectors import months_of
from sif.banks.services import accept_all, load_statement
from sif.banks.write import write_ofx
from sif.registry import clock
from sif.values import Money
from small_world import MOMENT, World

__all__ = ["april"]
pytestmark = pytest.mark.django_db


def test_a_month_says_both_balances_and_what_is_on_one_side_alone(april: World) -> None:
    begun = AccountMonth(APRIL, Money(328_200), Money(326_300), 0, 4, 5)
    assert account_months(april.bank) == [begun]
    accept_all(april.bank, april.clerk, nivel=60)
    (done,) = account_months(april.bank)
    assert done.conciliadas + done.banco_sin_libros == 4
    assert done.banco_sin_libros == 1  # the fee
    assert done.libros_sin_banco == 1  # the cheque not cashed


def test_the_last_statement_of_a_month_rules_and_a_month_without_one_says_none(april: World) -> None:
    with clock.at(MOMENT):
        paid(april, "10.00", 11)
    assert bank_balances([april.bank.pk]) == [(april.bank.pk, APRIL, 328_200)]
    june = statement((line(3, "-82.00", "COMISION", "", "K9"),))
    june = replace(
        june,
        desde=date(2024, 6, 1),
        hasta=date(2024, 6, 30),
        saldo_inicial=Money(328_200),
        saldo_final=Money(320_000),
        lines=tuple(replace(each, fecha=date(2024, 6, 3)) for each in june.lines),
    )
    load_statement(april.bank, ("junio.ofx", write_ofx(june)), april.clerk)
    months = account_months(april.bank)
    assert [each.mes for each in months] == [APRIL, date(2024, 5, 1), date(2024, 6, 1)]
    assert [each.banco for each in months] == [Money(328_200), None, Money(320_000)]
    assert [each.libros for each in months] == [Money(325_300)] * 3
    assert [each.banco_sin_libros for each in months] == [4, 0, 1]


def test_many_operations_ask_as_little_as_few(april: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        account_months(april.bank)
    with clock.at(MOMENT):
        for day in range(1, 13):
            paid(april, f"{day}.00", day)
    with django_assert_num_queries(7):
        account_months(april.bank)


def test_the_months_between_two_are_all_of_them() -> None:
    assert months_of([date(2026, 2, 27), date(2025, 11, 3)]) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months_of([]) == []
