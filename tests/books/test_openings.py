"""The books of a year open with what the year before left: balance by balance, each thing owed with its day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from sif.books.carried import balances_left
from sif.books.models import Apertura, MovimientoInventario, PartidaApertura
from sif.books.selectors import balanza
from sif.books.services import post_poliza, reverse_poliza, save_borrador
from sif.books.services.aperturas import adjust_books, open_books, opened_with, standing_of
from sif.books.services.kardex import NewEntrada, record_entry
from sif.books.services.polizas import PolizaRefused
from sif.catalogs.models import ActivoFijo, Credito
from sif.catalogs.services.campaign_debts import NewCredito, register_credito
from sif.catalogs.services.campaign_goods import NewActivo, NewArticulo, register_activo, register_articulo
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Ambito, Contabilidad, Etapa
from sif.registry.scope import only
from sif.registry.services import (
    create_etapa,
    create_proceso,
    open_contabilidad,
    open_periods,
    register_cuenta_bancaria,
)
from sif.values import Money, Refused
from small_world import BANKS, PAYABLE, ZONE, World, world

__all__ = ["world"]
EQUITY, RESULT = "3-1-01-01-0000", "3-2-01-01-0000"
PUBLIC, RENT, ADVANCE, GOODS, TRUCK = (
    "4-1-01-01-0000",
    "5-1-04-00-0000",
    "1-1-05-01-0000",
    "1-1-06-02-0000",
    "1-2-04-00-0000",
)
LOAN = "2-1-03-01-0000"
CLABE = "002180000000000009"


def year_of(world: World, year: int, sujeto: Any = None, entidad: str = "") -> Contabilidad:
    """Return the ordinary books of a year, with their bank account."""
    with clock.at(datetime(year, 1, 1, 9, tzinfo=ZONE)):
        ambito = Ambito.LOCAL if entidad else Ambito.FEDERAL
        proceso = create_proceso(
            clave=f"ORD-{year}-{entidad}{sujeto or ''}"[:40],
            nombre=f"Ordinario {year}",
            ambito=ambito,
            anio=year,
            entidad=entidad,
        )
        etapa = create_etapa(proceso, Etapa.Tipo.ORDINARIO, date(year, 1, 1), date(year, 12, 31))
        open_periods(etapa)
        books = open_contabilidad(etapa, sujeto or world.party, Contabilidad.Clase.ORDINARIA)
        register_cuenta_bancaria(books, CLABE, "Banco", date(year, 1, 1))
        return books


def post(world: World, books: Contabilidad, day: str, *lines: tuple[str, str, str]) -> Any:
    """Post a póliza of (account, debit, credit), each with the auxiliary that its account asks for."""
    when = date.fromisoformat(day)
    period = books.etapa.periodos.get(desde__lte=when, hasta__gte=when)
    bank = {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": books.cuentas_bancarias.get().pk}
    owed = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    own: dict[str, Any] = {BANKS: bank, PUBLIC: bank, PAYABLE: owed, RENT: owed, ADVANCE: owed}
    for kind, account, rows in (
        ("inventario", GOODS, books.articulos),
        ("activo_fijo", TRUCK, books.activos),
        ("credito", LOAN, books.creditos),
    ):
        if row := rows.first():
            own[account] = {"auxiliar_tipo": kind, "auxiliar_id": row.pk}
    with clock.at(datetime(when.year, when.month, when.day, 18, tzinfo=ZONE)):
        parts = tuple(
            NewLine(account, Money.parse(debit or "0"), Money.parse(credit or "0"), "", **own.get(account, {}))
            for account, debit, credit in lines
        )
        return post_poliza(NewPoliza(books.pk, period.pk, "normal", "DR", when, "Un hecho", parts), world.clerk)


@pytest.fixture
def years(world: World) -> Iterator[tuple[World, Contabilidad, Contabilidad]]:
    """A year with an advance of March, debts of May and December, a payment, goods, a truck, a loan, and the next."""
    old, new = year_of(world, 2025), year_of(world, 2026)
    with clock.at(datetime(2025, 1, 10, 12, tzinfo=ZONE)):
        shirt = register_articulo(old, NewArticulo("PLA-01", "Playera", "pieza", "utilitaria"), world.clerk)
        record_entry(shirt, NewEntrada(date(2025, 1, 10), 10_000, Money(50_000), "compra"), world.clerk)
        register_activo(
            old,
            NewActivo("T-1", "Camioneta", TRUCK, date(2025, 1, 10), Money(9_000_000), 48, "Sede", "Olga"),
            world.clerk,
        )
        credit = NewCredito("C-1", "Banco", date(2025, 1, 1), date(2027, 1, 1), Money(100_000))
        register_credito(old, credit, world.clerk)
    post(world, old, "2025-01-01", (BANKS, "1000000.00", ""), (EQUITY, "", "1000000.00"))
    post(world, old, "2025-01-10", (GOODS, "500.00", ""), (TRUCK, "90000.00", ""), (BANKS, "", "90500.00"))
    post(world, old, "2025-01-15", (BANKS, "1000.00", ""), (LOAN, "", "1000.00"))
    post(world, old, "2025-02-05", (BANKS, "300000.00", ""), (PUBLIC, "", "300000.00"))
    post(world, old, "2025-03-01", (ADVANCE, "700.00", ""), (BANKS, "", "700.00"))
    post(world, old, "2025-05-01", (RENT, "100.00", ""), (PAYABLE, "", "100.00"))
    post(world, old, "2025-06-01", (PAYABLE, "30.00", ""), (BANKS, "", "30.00"))
    post(world, old, "2025-12-31", (RENT, "20.01", ""), (PAYABLE, "", "20.01"))
    with clock.at(datetime(2026, 1, 15, 12, tzinfo=ZONE)):
        yield world, old, new


def net(books: Contabilidad) -> dict[str, int]:
    """Return the balance of each account in centavos, debits positive, those in zeros left out."""
    return {row.cuenta: row.cargos.centavos - row.abonos.centavos for row in balanza(books.pk) if row.saldo}


def test_each_balance_of_one_year_opens_the_next(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    done = open_books(old, new, world.clerk)
    left, opened = net(old), net(new)
    result = 30_000_000 - 12_001
    assert done.nueva and done.apertura.resultado == result
    assert opened == {code: amount for code, amount in left.items() if code[0] not in "45"} | {RESULT: -result}
    assert sum(opened.values()) == 0
    assert done.apertura.poliza.clase == "apertura" and done.apertura.poliza.fecha_operacion == date(2026, 1, 1)
    assert done.apertura.eslabon == old.polizas.count() and done.apertura.huella


def test_what_is_owed_keeps_its_day_and_its_supplier(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    open_books(old, new, world.clerk)
    rows = [each for each in opened_with(new) if each.fecha and each.cuenta != LOAN]
    owed = [(each.cuenta, each.auxiliar_id, each.neto, each.fecha) for each in rows]
    assert owed == [
        (ADVANCE, world.supplier.pk, 70_000, date(2025, 3, 1)),
        (PAYABLE, world.supplier.pk, -7_000, date(2025, 5, 1)),
        (PAYABLE, world.supplier.pk, -2_001, date(2025, 12, 31)),
    ]
    cited = set(PartidaApertura.objects.values_list("referencia", flat=True))
    assert len(cited) == 4 and all(each.endswith(f"; ID {old.pk}") for each in cited)


def test_goods_assets_and_credits_have_their_record_in_the_next_year(
    years: tuple[World, Contabilidad, Contabilidad],
) -> None:
    world, old, new = years
    open_books(old, new, world.clerk)
    entry = MovimientoInventario.objects.get(contabilidad=new)
    assert (entry.articulo.clave, entry.cantidad_milesimas, entry.costo) == ("PLA-01", 10_000, 50_000)
    truck = ActivoFijo.objects.get(contabilidad=new)
    assert (truck.numero, truck.adquirido_el, truck.costo) == ("T-1", date(2025, 1, 10), 9_000_000)
    assert Credito.objects.get(contabilidad=new).vence_el == date(2027, 1, 1)
    assert {each.auxiliar_id for each in opened_with(new) if each.cuenta == TRUCK} == {truck.pk}
    assert old.activos.get().pk != truck.pk


def test_opening_twice_changes_nothing(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    first = open_books(old, new, world.clerk)
    again = open_books(old, new, world.clerk)
    assert (again.nueva, again.apertura.pk, new.polizas.count()) == (False, first.apertura.pk, 1)


def test_a_year_opens_only_one(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    third = year_of(world, 2027)
    open_books(old, new, world.clerk)
    with clock.at(datetime(2027, 1, 15, 12, tzinfo=ZONE)):
        told = {each.codigo for each in standing_of(old, third, world.clerk).problemas}
        assert told == {"ya_paso"}
        with pytest.raises(Refused):
            open_books(old, third, world.clerk)


def test_what_is_still_to_be_recorded_keeps_the_year_open(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    save_borrador(old, {"concepto": "por terminar"}, world.clerk)
    with pytest.raises(Refused) as refused:
        open_books(old, new, world.clerk)
    [problem] = refused.value.problems
    assert problem.codigo == "borradores" and "Borradores" in problem.cura
    assert not Apertura.objects.exists() and not new.polizas.exists()


def test_the_year_must_have_ended_and_the_next_be_of_the_same_subject_and_kind(
    years: tuple[World, Contabilidad, Contabilidad],
) -> None:
    world, old, new = years

    def told(one: Contabilidad, other: Contabilidad) -> set[str]:
        return {each.codigo for each in standing_of(one, other, world.clerk).problemas}

    with clock.at(datetime(2025, 12, 31, 12, tzinfo=ZONE)):
        assert "no_termina" in told(old, new)
    assert "orden" in told(new, old)
    local = year_of(world, 2026, entidad="NLE")
    assert "otra_clase" in told(old, local)
    assert {"otra_clase", "no_ordinaria"} <= told(old, world.books)


def test_a_bank_account_without_its_record_in_the_next_year_is_told(
    years: tuple[World, Contabilidad, Contabilidad],
) -> None:
    world, old, _new = years
    with clock.at(datetime(2026, 1, 1, 9, tzinfo=ZONE)):
        bare = open_contabilidad(_new.etapa, world.party, Contabilidad.Clase.ORDINARIA)
    with pytest.raises(Refused) as refused:
        open_books(old, bare, world.clerk)
    [problem] = refused.value.problems
    assert problem.codigo == "sin_alta" and CLABE in problem.mensaje


def test_a_stranger_and_who_keeps_only_one_of_both_open_nothing(
    years: tuple[World, Contabilidad, Contabilidad],
) -> None:
    world, old, new = years
    with pytest.raises(PermissionError):
        open_books(old, new, world.stranger)
    theirs = year_of(world, 2026, sujeto=world.rival)
    with pytest.raises(PermissionError):
        open_books(old, theirs, world.clerk)
    assert not Apertura.objects.exists()


def test_the_opening_is_neither_changed_nor_reversed(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    opening = open_books(old, new, world.clerk).apertura
    with pytest.raises(PolizaRefused) as refused:
        reverse_poliza(opening.poliza, world.clerk)
    assert [each.codigo for each in refused.value.problems] == ["apertura"]
    for change in ("UPDATE books_apertura SET resultado = 0", "DELETE FROM books_partidaapertura"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_correction_of_the_year_before_enters_by_an_adjustment(
    years: tuple[World, Contabilidad, Contabilidad],
) -> None:
    world, old, new = years
    open_books(old, new, world.clerk)
    with pytest.raises(Refused) as refused:
        adjust_books(new, "Nada cambió", world.clerk)
    assert [each.codigo for each in refused.value.problems] == ["igual"]
    post(world, old, "2025-12-30", (PAYABLE, "10.00", ""), (BANKS, "", "10.00"))
    with pytest.raises(Refused):
        adjust_books(new, " ", world.clerk)
    adjusted = adjust_books(new, "Pago que faltaba", world.clerk)
    assert adjusted.ajusta is not None and adjusted.motivo == "Pago que faltaba"
    left = {code: amount for code, amount in net(old).items() if code[0] not in "45"}
    assert {code: amount for code, amount in net(new).items() if code != RESULT} == left
    sums: Counter[date] = Counter()
    for each in opened_with(new):
        if each.cuenta == PAYABLE:
            sums[each.fecha] += each.neto  # type: ignore[index]
    assert sums == {date(2025, 5, 1): -6_000, date(2025, 12, 31): -2_001}


def test_a_debt_two_years_old_keeps_its_first_day(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    third = year_of(world, 2027)
    open_books(old, new, world.clerk)
    post(world, new, "2026-02-01", (PAYABLE, "75.00", ""), (BANKS, "", "75.00"))
    with clock.at(datetime(2027, 1, 15, 12, tzinfo=ZONE)):
        open_books(new, third, world.clerk)
    owed = {(each.cuenta, each.fecha): each.neto for each in opened_with(third) if each.fecha}
    assert owed.pop((LOAN, date(2025, 1, 15))) == -100_000
    assert owed == {(ADVANCE, date(2025, 3, 1)): 70_000, (PAYABLE, date(2025, 12, 31)): -1_501}


def test_nobody_else_sees_an_opening(years: tuple[World, Contabilidad, Contabilidad]) -> None:
    world, old, new = years
    open_books(old, new, world.clerk)
    with only([world.foreign.pk]):
        assert not Apertura.objects.exists() and not PartidaApertura.objects.exists()
    with only([new.pk]):
        assert Apertura.objects.count() == 1 and PartidaApertura.objects.count() == 4


def test_whatever_was_recorded_the_balances_are_those_of_the_end(world: World) -> None:
    """Any year: account by account the opening equals the closing, and debits equal credits."""
    chance = Random(29)  # noqa: S311
    old, new = year_of(world, 2025), year_of(world, 2026)
    accounts = (BANKS, PAYABLE, ADVANCE, RENT, PUBLIC, EQUITY, RESULT)
    for _ in range(40):
        one, other = chance.sample(accounts, 2)
        pesos = Money(chance.randint(1, 9_999_99)).plain()
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        made = post(world, old, f"2025-{month:02}-{day:02}", (one, pesos, ""), (other, "", pesos))
        if chance.random() < 0.2:
            with clock.at(datetime(2025, month, day, 20, tzinfo=ZONE)):
                reverse_poliza(made, world.clerk)
    with clock.at(datetime(2026, 1, 15, 12, tzinfo=ZONE)):
        carried, result = balances_left(old)
        open_books(old, new, world.clerk)
    left, opened = net(old), net(new)
    before = left.pop(RESULT, 0)
    ended = sum(amount for code, amount in left.items() if code[0] in "45")
    assert (result, opened.pop(RESULT, 0)) == (-ended, before + ended)
    assert opened == {code: amount for code, amount in left.items() if code[0] not in "45"}
    assert sum(each.neto for each in carried) == 0
    aged = [each for each in carried if each.fecha]
    assert all(each.cuenta in (PAYABLE, ADVANCE) and each.referencia for each in aged)
