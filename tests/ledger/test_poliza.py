"""What makes a póliza sound: every problem at once, each at its place; and what a reversal is."""

from dataclasses import replace
from datetime import date

import pytest

from sif.law.chart import load_chart
from sif.ledger import NewLine, NewPoliza, check_poliza, reversal_of, trial_balance
from sif.values import Money
from sif.values.money import MOST

CHART = load_chart("mx")
PESOS = Money.parse("100.00")
SUPPLIER = {"auxiliar_tipo": "proveedor", "auxiliar_id": 7}
EXPENSE = NewLine("5-5-01-03-0000", cargo=PESOS, **SUPPLIER)  # type: ignore[arg-type]
DEBT = NewLine("2-1-01-01-0000", abono=PESOS, **SUPPLIER)  # type: ignore[arg-type]
SOUND = NewPoliza(8802, 1, "normal", "DR", date(2024, 4, 10), "Volantes", (EXPENSE, DEBT))


def seen(poliza: NewPoliza) -> list[tuple[str, str]]:
    return [(problem.codigo, problem.donde) for problem in check_poliza(poliza, CHART)]


def test_a_sound_one_has_no_problem() -> None:
    assert check_poliza(SOUND, CHART) == []


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((EXPENSE, replace(DEBT, abono=Money(9_999))), ("no_cuadra", "sumas")),
        ((EXPENSE, replace(DEBT, cuenta="9-9-99-99-9999")), ("cuenta_desconocida", "línea 2, cuenta")),
        ((EXPENSE, replace(DEBT, cuenta="2-1-01-00-0000")), ("cuenta_de_mayor", "línea 2, cuenta")),
        ((EXPENSE, replace(DEBT, auxiliar_tipo="", auxiliar_id=None)), ("auxiliar", "línea 2, auxiliar")),
        ((EXPENSE, replace(DEBT, auxiliar_id=None)), ("auxiliar", "línea 2, auxiliar")),
        ((EXPENSE, DEBT, NewLine("2-1-04-00-0000")), ("sin_importe", "línea 3")),
        ((replace(EXPENSE, abono=PESOS), replace(DEBT, cargo=PESOS)), ("cargo_y_abono", "línea 1")),
        ((replace(EXPENSE, cargo=-PESOS), replace(DEBT, abono=-PESOS)), ("negativo", "línea 2, abono")),
        ((replace(EXPENSE, cargo=Money(MOST + 1)), DEBT), ("importe", "línea 1, cargo")),
        ((EXPENSE,), ("partida_doble", "líneas")),
    ],
)
def test_each_fault_is_told_at_its_place(lines: tuple[NewLine, ...], wanted: tuple[str, str]) -> None:
    assert wanted in seen(replace(SOUND, lineas=lines))


def test_all_faults_are_told_at_once() -> None:
    bad = replace(SOUND, tipo="otra", subtipo="ZZ", concepto=" ", lineas=(replace(EXPENSE, cuenta="x"), DEBT, DEBT))
    assert [code for code, _ in seen(bad)] == ["tipo", "subtipo", "concepto", "cuenta_desconocida", "no_cuadra"]


def test_the_cure_of_an_unbalanced_one_says_what_is_short() -> None:
    problem = check_poliza(replace(SOUND, lineas=(EXPENSE, replace(DEBT, abono=Money(9_950)))), CHART)[-1]
    assert problem.cura == "Falta un abono de 0.50."


def test_one_of_zero_pesos_may_carry_evidence() -> None:
    assert check_poliza(replace(SOUND, lineas=()), CHART) == []


def test_a_reversal_keeps_accounts_and_sides_and_changes_the_sign() -> None:
    reversal = reversal_of(SOUND, 31, 2, "correccion", "Reversión de PN1/DR-1")
    assert reversal.lineas == (replace(EXPENSE, cargo=-PESOS), replace(DEBT, abono=-PESOS))
    assert (reversal.revierte_a, reversal.periodo_id, reversal.tipo) == (31, 2, "correccion")
    assert check_poliza(reversal, CHART) == []


def test_the_trial_balance_speaks_by_nature_and_in_order() -> None:
    rows = trial_balance([("5-5-01-03-0000", 300, 0), ("1-1-02-00-0000", 0, 500), ("5-5-01-03-0000", 200, 0)], CHART)
    assert [(row.cuenta, row.saldo.centavos, row.is_contrary) for row in rows] == [
        ("1-1-02-00-0000", -500, True),
        ("5-5-01-03-0000", 500, False),
    ]


def test_the_auxiliary_that_lacks_is_told_by_its_word_and_not_by_its_key() -> None:
    told = check_poliza(replace(SOUND, lineas=(EXPENSE, replace(DEBT, cuenta="1-1-02-00-0000"))), CHART)
    assert [each.mensaje for each in told] == [
        "La cuenta «Bancos» pide un auxiliar de «cuenta bancaria» y la línea trae «proveedor»."
    ]
