"""Statements enter once, whole, into their own account; those that overlap neither repeat nor lose a line."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from banks.samples import APRIL, line, statement
from sif.banks.models import EstadoDeCuenta, LineaBancaria
from sif.banks.overlap import Kept, new_lines, text_of
from sif.banks.readers import propose_map
from sif.banks.selectors import bank_balance, remembered_map
from sif.banks.services import load_statement
from sif.banks.write import write_camt, write_csv, write_mt940, write_ofx
from sif.books.services import read_file
from sif.registry.scope import only
from sif.values import Money, Refused
from small_world import World

WHOLE = write_ofx(statement())


def refusal(world: World, data: bytes) -> str:
    """The code with which a file is refused; nothing of it stays."""
    before = EstadoDeCuenta.objects.count(), LineaBancaria.objects.count()
    with pytest.raises(Refused) as told:
        load_statement(world.bank, ("estado", data), world.clerk)
    assert (EstadoDeCuenta.objects.count(), LineaBancaria.objects.count()) == before
    return told.value.problems[0].codigo


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    first = load_statement(world.bank, ("abril.ofx", WHOLE), world.clerk)
    again = load_statement(world.bank, ("otro nombre.ofx", WHOLE), world.clerk)
    assert (first.nuevas, first.conocidas, first.repetido) == (4, 0, False)
    assert (again.estado.pk, again.nuevas, again.repetido) == (first.estado.pk, 0, True)
    assert LineaBancaria.objects.count() == 4
    assert read_file(first.estado.archivo_id) == WHOLE


@pytest.mark.parametrize("other", [write_camt, write_mt940, write_csv, lambda s: write_ofx(s, 2)])
def test_another_format_of_the_same_month_adds_nothing(world: World, other: object) -> None:
    load_statement(world.bank, ("abril.ofx", WHOLE), world.clerk)
    assert load_statement(world.bank, ("otro", other(statement())), world.clerk).nuevas == 0  # type: ignore[operator]


def test_statements_that_overlap_join(world: World) -> None:
    first, second = statement(APRIL[:3], 1, 15), statement(APRIL[1:], 10, 30, "5000.00")
    load_statement(world.bank, ("a.ofx", write_ofx(first)), world.clerk)
    assert load_statement(world.bank, ("b.mt940", write_mt940(second)), world.clerk).nuevas == 1
    assert bank_balance(world.bank, date(2024, 4, 5)) == Money(500_000)
    assert bank_balance(world.bank, date(2024, 4, 10)) == Money(268_000)
    assert bank_balance(world.bank, date(2024, 4, 30)) == Money(262_200)
    assert bank_balance(world.bank, date(2024, 5, 1)) is None


def test_a_statement_that_contradicts_another_is_refused(world: World) -> None:
    load_statement(world.bank, ("a.ofx", WHOLE), world.clerk)
    assert refusal(world, write_camt(statement(APRIL[:1], 2, 9, "77.00"))) == "continuidad"
    more = (*APRIL, line(30, "900.00", "OTRO", "", "K9"))
    assert refusal(world, write_camt(statement(more))) == "traslape"


def test_a_file_of_another_account_currency_or_kind_is_refused(world: World) -> None:
    other = replace(statement(), cuenta="012180015123456787")
    assert refusal(world, write_ofx(other)) == "otra_cuenta"
    assert refusal(world, WHOLE.replace(b">MXN", b">USD")) == "moneda"
    assert refusal(world, WHOLE[: len(WHOLE) // 2]) == "ofx_danado"
    assert refusal(world, b"MZ" + WHOLE) == "no_es_estado"


def test_a_stranger_neither_loads_nor_sees(world: World) -> None:
    with pytest.raises(PermissionError):
        load_statement(world.bank, ("a.ofx", WHOLE), world.stranger)
    load_statement(world.bank, ("a.ofx", WHOLE), world.clerk)
    with only([world.foreign.pk]):
        assert not EstadoDeCuenta.objects.exists()
        assert not LineaBancaria.objects.exists()
    with only([world.books.pk]):
        assert LineaBancaria.objects.count() == 4


def test_what_the_bank_told_is_never_changed(world: World) -> None:
    load_statement(world.bank, ("a.ofx", WHOLE), world.clerk)
    with pytest.raises(DatabaseError), transaction.atomic():
        LineaBancaria.objects.update(monto=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        EstadoDeCuenta.objects.all().delete()


def test_the_columns_of_a_bank_are_remembered(world: World) -> None:
    data = write_csv(statement())
    mapa = propose_map(data)[0]
    load_statement(world.bank, ("abril.csv", data), world.clerk, mapa=mapa)
    assert remembered_map(world.bank) == mapa


COPIES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["", "K1", "K2"]), st.sampled_from("AB")), max_size=8)


@settings(deadline=None)
@given(rows=COPIES)
def test_lines_already_kept_are_never_new(rows: list[tuple[int, str, str]]) -> None:
    lines = [line(day, "5.00", words, "", key) for day, key, words in rows]
    kept = [Kept(each.fecha, 500, each.id_banco, text_of(each), "ofx") for each in lines]
    assert new_lines(lines, "ofx", kept) == []
    assert new_lines(lines, "csv", kept) == []
    assert len(new_lines(lines, "ofx", [])) == len(lines)
