"""Identities of accounting, held on invented books: whatever is posted, the books agree with each other."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sif.books.models import Movimiento
from sif.books.services import post_poliza, reverse_poliza
from sif.catalogs.services import NewAportante, save_aportante
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.scope import everything
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.report import Line, Rows
from sif.values import Money
from small_world import BANKS, GIFT, LEAFLETS, MOMENT, PAYABLE, PETROL, ZONE, World, make_world
from statements.operations import post

SIDES = ("inicial_deudor", "inicial_acreedor", "cargos", "abonos", "final_deudor", "final_acreedor")


def rows_of(clave: str, asked: Asked) -> Rows:
    return REPORTS[clave].filas(asked)


def amount(rows: Rows, linea: str, column: str = "importe") -> int:
    found = [line.celdas[column] for line in rows if line.celdas["linea"] == linea]
    assert len(found) == 1 and isinstance(found[0], Money)
    return found[0].centavos


def has_line(rows: Rows, linea: str) -> bool:
    return any(line.celdas["linea"] == linea for line in rows)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from([(BANKS, GIFT), (LEAFLETS, PAYABLE), (PETROL, BANKS), (PAYABLE, BANKS), (PETROL, PAYABLE)]),
        st.integers(1, 10**9),
        st.integers(1, 14),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def invented(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One small election for the whole module, undone at its end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic(), everything(), clock.at(MOMENT):
        yield make_world()
        transaction.set_rollback(True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS, since=st.integers(1, 15), until=st.integers(1, 15))
def test_books_agree_whatever_was_posted(
    invented: World, operations: list[tuple[tuple[str, str], int, int, bool]], since: int, until: int
) -> None:
    from django.db import transaction

    with transaction.atomic():
        for (debit, credit), centavos, day, undone in operations:
            poliza = post(invented, debit, credit, centavos, date(2024, 4, day))
            if undone:
                reverse_poliza(poliza, invented.clerk, concepto="Se repite mal")
        days = {"desde": date(2024, 4, min(since, until)), "hasta": date(2024, 4, max(since, until))}
        for asked in (Asked((invented.books.pk,)), Asked((invented.books.pk,), **days), Asked((invented.books.pk,), 1)):
            assert_identities(asked)
        transaction.set_rollback(True)


def assert_identities(asked: Asked) -> None:
    totals = rows_of("balanza", asked).totals()
    assert totals["cargos"] == totals["abonos"]
    assert totals["inicial_deudor"] == totals["inicial_acreedor"]
    assert totals["final_deudor"] == totals["final_acreedor"]
    diario = rows_of("diario", asked)
    assert diario.totals() == rows_of("mayor", asked).totals() == {"cargo": totals["cargos"], "abono": totals["abonos"]}
    assert added(list(diario), "cargo") == diario.totals()["cargo"]
    situation = rows_of("situacion", asked)
    for column in ("anterior", "importe"):
        assert amount(situation, "A", column) == amount(situation, "P", column) + amount(situation, "C", column)
    assert not has_line(situation, "X")
    activities = rows_of("actividades", asked)
    assert amount(activities, "R", "acumulado") == amount(situation, "C.3")
    assert amount(activities, "R") == amount(situation, "C.3") - amount(situation, "C.3", "anterior")
    cash = rows_of("flujo", asked)
    assert not has_line(cash, "X")
    assert amount(cash, "S") == amount(situation, "A.1.1") + amount(situation, "A.1.2")
    assert amount(cash, "S.1") + amount(cash, "N") == amount(cash, "S")
    assert_ledger_ends_where_the_balance_does(asked)


def assert_ledger_ends_where_the_balance_does(asked: Asked) -> None:
    """The last running balance of each account is its closing balance; and the first less its movement, the opening."""
    last: dict[object, Any] = {}
    for line in rows_of("mayor", asked):
        last[line.celdas["cuenta"]] = line.celdas["saldo"]
    for line in rows_of("balanza", asked):
        code, closing = line.celdas["cuenta"], net(line, "final")
        if code in last:
            assert abs(last[code].centavos) == abs(closing)
            assert last[code].centavos == (closing if str(code)[0] in "156" else -closing)
        else:
            assert closing == net(line, "inicial")


def net(line: Line, which: str) -> int:
    """Debit less credit; the side without balance is empty."""
    debit, credit = (line.celdas[f"{which}_{side}"] for side in ("deudor", "acreedor"))
    return (debit.centavos if isinstance(debit, Money) else 0) - (credit.centavos if isinstance(credit, Money) else 0)


def added(lines: list[Line], column: str) -> Money:
    return Money(sum(line.celdas[column].centavos for line in lines))  # type: ignore[attr-defined]


def test_a_summary_level_adds_what_is_below(world: World) -> None:
    post(world, LEAFLETS, PAYABLE, 5000)
    post(world, PETROL, PAYABLE, 700)
    top = list(rows_of("balanza", Asked((world.books.pk,), nivel=1)))
    assert [(line.celdas["cuenta"], line.celdas["nombre"]) for line in top] == [
        ("2-0-00-00-0000", "PASIVO"),
        ("5-0-00-00-0000", "GASTOS"),
    ]
    assert top[1].celdas["cargos"] == Money(5700)
    assert rows_of("balanza", Asked((world.books.pk,), nivel=3)).totals()["cargos"] == Money(5700)


def test_the_balanza_is_one_query(world: World, django_assert_num_queries: Any) -> None:
    post(world, LEAFLETS, PAYABLE, 5000)
    asked = Asked((world.books.pk, world.other_books.pk), desde=date(2024, 4, 5), hasta=date(2024, 4, 30))
    with django_assert_num_queries(3):  # what opened the books, the grouped sums, and the names of the accounts
        rows_of("balanza", asked)


def test_a_ledger_page_starts_from_all_that_is_earlier(world: World) -> None:
    for day in range(1, 9):
        post(world, LEAFLETS, PAYABLE, 1000, date(2024, 4, day))
    rows = rows_of("mayor", Asked((world.books.pk,), desde=date(2024, 4, 4), cuentas=(LEAFLETS,)))
    assert rows.count() == 5
    assert [line.celdas["saldo"] for line in rows.page(2, 5)] == [Money(6000), Money(7000), Money(8000)]


def test_each_auxiliary_adds_up_to_its_accounts(world: World) -> None:
    post(world, BANKS, GIFT, 90_000)
    post(world, LEAFLETS, PAYABLE, 5000)
    found = {
        (line.celdas["clave"], line.celdas["cuenta"]): line for line in rows_of("auxiliares", Asked((world.books.pk,)))
    }
    assert found["IPR150312Q47", PAYABLE].celdas["final"] == Money(5000)
    assert found["002180000000000009", BANKS].celdas["final"] == Money(90_000)
    whole = rows_of("auxiliares", Asked((world.books.pk,))).totals()
    assert whole == {"cargos": Money(95_000), "abonos": Money(95_000)}
    mine = rows_of("auxiliares", Asked((world.books.pk,), texto="impresos DEL prádo"))
    assert {line.celdas["clave"] for line in mine} == {"IPR150312Q47"}
    assert mine.totals() == {"cargos": Money(5000), "abonos": Money(5000)}


def test_a_corrected_donor_is_one_auxiliary(world: World) -> None:
    first = world.donor
    gave(world, first.pk, 90_000)
    new = NewAportante(world.party.pk, "Uno Corregido", rfc="PEUU800101AA1")
    second = save_aportante(new, world.clerk, aportante=first, motivo="Así consta")
    gave(world, second.pk, 10_000)
    (line,) = rows_of("auxiliares", Asked((world.books.pk,), auxiliar_tipo="aportante"))
    assert (line.celdas["nombre"], line.celdas["abonos"]) == ("Uno Corregido", Money(100_000))
    for cited in (first, second):
        rows = rows_of("mayor", Asked((world.books.pk,), auxiliar_tipo="aportante", auxiliar_id=cited.pk))
        assert [row.celdas["abono"] for row in rows] == [Money(90_000), Money(10_000)]


def gave(world: World, donor: int, centavos: int) -> None:
    money, bank = Money(centavos), {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": world.bank.pk}
    lines = (
        NewLine(BANKS, cargo=money, **bank),
        NewLine(GIFT, abono=money, auxiliar_tipo="aportante", auxiliar_id=donor),
    )
    post_poliza(world.expense(lineas=lines), world.clerk)


def test_late_records_are_what_subsists_and_is_an_operation(world: World) -> None:
    late = post(world, LEAFLETS, PAYABLE, 5000, date(2024, 4, 11))
    post(world, LEAFLETS, PAYABLE, 700, date(2024, 4, 12))
    undone = post(world, LEAFLETS, PAYABLE, 900, date(2024, 4, 5))
    reverse_poliza(undone, world.clerk, concepto="Se repite mal")
    rows = list(rows_of("extemporaneos", Asked((world.books.pk,))))
    assert [(line.celdas["dias"], line.celdas["plazo"], line.celdas["importe"]) for line in rows] == [
        (4, 3, Money(late.total))
    ]


def test_books_of_another_are_never_added(world: World) -> None:
    post(world, LEAFLETS, PAYABLE, 5000)
    assert rows_of("balanza", Asked((world.other_books.pk,))).count() == 0
    assert rows_of("diario", Asked((world.other_books.pk,))).count() == 0
    assert Movimiento.objects.filter(contabilidad=world.books).count() == 2


def test_every_account_has_its_line_in_the_statements() -> None:
    from sif.law.chart import load_chart
    from sif.law.forms import load_form

    for account in load_chart("mx").values():
        if not account.capturable or account.codigo[0] == "6":
            continue
        takers = [line.linea for line in load_form("esf", "mx") if line.takes(account.codigo)]
        assert len(takers) == 1, f"{account.codigo}: {takers}"
        takers = [line.linea for line in load_form("ea", "mx") if line.takes(account.codigo)]
        assert len(takers) == (1 if account.codigo[0] in "45" else 0), f"{account.codigo}: {takers}"
        takers = [line.linea for line in load_form("efe", "mx") if line.takes(account.codigo)]
        is_cash = account.codigo.startswith(("1-1-01-", "1-1-02-"))
        assert len(takers) == (0 if is_cash else 1), f"{account.codigo}: {takers}"


def test_a_period_opens_with_the_close_of_the_one_before(world: World) -> None:
    with clock.at(datetime(2024, 5, 2, 9, tzinfo=ZONE)):
        post(world, LEAFLETS, PAYABLE, 5000, date(2024, 4, 30))
        own = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
        lines = (NewLine(PETROL, cargo=Money(700), **own), NewLine(PAYABLE, abono=Money(700), **own))  # type: ignore[arg-type]
        second = world.expense(periodo_id=world.periods[1].pk, fecha_operacion=date(2024, 5, 1), lineas=lines)
        post_poliza(second, world.clerk)
    asked = Asked((world.books.pk,), periodo=2)
    found = {line.celdas["cuenta"]: line.celdas for line in rows_of("balanza", asked)}
    assert found[PAYABLE]["inicial_acreedor"] == Money(5000)
    assert found[PAYABLE]["abonos"] == Money(700)
    assert found[PAYABLE]["final_acreedor"] == Money(5700)
    assert found[LEAFLETS]["cargos"] == Money(0)
    assert [line.celdas["saldo"] for line in rows_of("mayor", asked) if line.celdas["cuenta"] == PAYABLE] == [
        Money(5700)
    ]
    assert_identities(asked)
    within = asked.but(desde=date(2024, 5, 2))
    found = {line.celdas["cuenta"]: line.celdas for line in rows_of("balanza", within)}
    assert (found[PAYABLE]["inicial_acreedor"], found[PAYABLE]["abonos"]) == (Money(5700), Money(0))
