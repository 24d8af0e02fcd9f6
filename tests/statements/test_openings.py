"""What opened the books of a year stands in its balanza, statements and report as it was, and not as a movement."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from books.test_openings import EQUITY, PAYABLE, RENT, RESULT, net, post, years
from sif.books.services.aperturas import open_books
from sif.filing.figures import lines_of
from sif.filing.owed import ReportOwed
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.values import Money
from small_world import BANKS, ZONE, World, world

__all__ = ["world", "years"]


@pytest.fixture
def opened(years: tuple[World, Contabilidad, Contabilidad]) -> Iterator[tuple[World, Contabilidad, Contabilidad]]:
    """The next year open, with one expense of its own on credit."""
    world, old, new = years
    open_books(old, new, world.clerk)
    post(world, new, "2026-01-20", (RENT, "50.00", ""), (PAYABLE, "", "50.00"))
    with clock.at(datetime(2026, 2, 1, 9, tzinfo=ZONE)):
        yield world, old, new


@pytest.mark.parametrize("asked", [{}, {"periodo": 1}, {"desde": date(2026, 1, 1)}, {"hasta": date(2026, 1, 31)}])
def test_the_balanza_shows_what_opened_the_books_as_opening_balances(
    opened: tuple[World, Contabilidad, Contabilidad], asked: dict[str, object]
) -> None:
    _world, old, new = opened
    rows = {str(row.celdas["cuenta"]): row.celdas for row in REPORTS["balanza"].filas(Asked((new.pk,), **asked))}  # type: ignore[arg-type]
    before = {code: amount for code, amount in net(old).items() if code[0] not in "45"}
    for code, amount in before.items():
        side = "inicial_deudor" if amount > 0 else "inicial_acreedor"
        assert rows[code][side] == Money(abs(amount)), code
    assert rows[RESULT]["inicial_acreedor"] == Money(30_000_000 - 12_001)
    assert (rows[BANKS]["cargos"], rows[BANKS]["abonos"]) == (Money(0), Money(0))
    assert (rows[PAYABLE]["abonos"], rows[PAYABLE]["final_acreedor"]) == (Money(5_000), Money(9_001 + 5_000))
    assert (rows[RENT]["inicial_deudor"], rows[RENT]["cargos"]) == (None, Money(5_000))


def test_the_ledger_and_the_auxiliaries_start_from_it(opened: tuple[World, Contabilidad, Contabilidad]) -> None:
    _world, _old, new = opened
    asked = Asked((new.pk,))
    [line] = [row.celdas for row in REPORTS["mayor"].filas(asked) if row.celdas["cuenta"] == PAYABLE]
    assert (line["abono"], line["saldo"]) == (Money(5_000), Money(14_001))
    [owed] = [row.celdas for row in REPORTS["auxiliares"].filas(asked) if row.celdas["cuenta"] == PAYABLE]
    assert (owed["inicial"], owed["abonos"], owed["final"]) == (Money(9_001), Money(5_000), Money(14_001))


def test_the_statements_start_from_it(opened: tuple[World, Contabilidad, Contabilidad]) -> None:
    _world, old, new = opened
    asked = Asked((new.pk,))
    stood = {str(row.celdas["linea"]): row.celdas for row in REPORTS["situacion"].filas(asked)}
    ended = {str(row.celdas["linea"]): row.celdas for row in REPORTS["situacion"].filas(Asked((old.pk,)))}
    for line in ("A", "P", "C", "PC"):
        assert stood[line]["anterior"] == ended[line]["importe"], line
    assert "X" not in stood
    flow = {str(row.celdas["linea"]): row.celdas["importe"] for row in REPORTS["flujo"].filas(asked)}
    assert flow["S.1"] == flow["S"] == Money(net(old)[BANKS]) and flow["N"] == Money(0) and "X" not in flow


def test_the_report_of_the_year_begins_with_it(opened: tuple[World, Contabilidad, Contabilidad]) -> None:
    _world, old, new = opened
    period = new.etapa.periodos.order_by("numero").last()
    assert period is not None
    owed = ReportOwed("IA", period, date(2026, 1, 1), date(2026, 12, 31), clock.now(), "LGPP 78.1.b")
    lines = {line.linea: line.periodo for line in lines_of(new, owed)[0]}
    assert lines["SI"] == net(old)[BANKS] and lines["I"] == 0 and lines["G"] == 5_000
    assert EQUITY in net(new)
