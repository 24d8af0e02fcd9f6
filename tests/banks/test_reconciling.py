"""Links, their undoing, and the month: exact, with what nobody explains in sight, and frozen once closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from banks.books import paid, received
from banks.samples import line, statement
from sif.banks import selectors, services
from sif.banks.cut import BankCut
from sif.banks.matching import weights
from sif.banks.models import (
    ConciliacionMensual,
    Enlace,
    EnlaceDeshecho,
    EstadoDeCuenta,
    ExplicacionPendiente,
    LadoBanco,
    LadoLibros,
    LineaBancaria,
)
from sif.banks.selectors import (
    accounts,
    conciliacion,
    conciliacion_al,
    open_lines,
    open_movements,
    proposals,
    proposals_go_on,
)
from sif.banks.services import accept, accept_all, close_month, explain, link, load_statement, undo
from sif.banks.write import write_ofx
from sif.books.models import Poliza
from sif.books.services import reverse_poliza
from sif.registry import clock
from sif.statements.asked import Asked
from sif.statements.reconciliation import conciliaciones
from sif.values import Money, Refused
from small_world import MOMENT, ZONE, World

APRIL = date(2024, 4, 1)
AFTER = datetime(2024, 5, 2, 9, tzinfo=ZONE)
LINES = (
    line(2, "5000.00", "SPEI DONANTE UNO", "", "K1"),
    line(11, "-1160.00", "PAGO IMPRESOS DEL PRADO", "4410", "K2"),
    line(12, "-500.00", "CHEQUE 101", "", "K3"),
    line(30, "-58.00", "COMISION", "", "K4"),
)


@pytest.fixture
def april(world: World) -> World:
    """A month in the bank and in the books: two lines agree, one is two payments, one is a fee nobody recorded."""
    with clock.at(MOMENT):
        received(world, "5000.00", 1)
        paid(world, "1160.00", 10)
        paid(world, "200.00", 12, "Cheque 101, pintas")
        paid(world, "300.00", 12, "Cheque 101, lonas")
        paid(world, "77.00", 14, "Cheque 102 en tránsito")
    load_statement(world.bank, ("abril.ofx", write_ofx(statement(LINES))), world.clerk)
    return world


def code(act: object, *args: object, **named: object) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as told:
        act(*args, **named)  # type: ignore[operator]
    return told.value.problems[0].codigo


def test_proposals_are_accepted_together_and_the_rest_stays_in_sight(april: World) -> None:
    found = proposals(april.bank)
    assert [(len(each.lineas), len(each.movimientos)) for each in found] == [(1, 1), (1, 1), (1, 2)]
    made = accept_all(april.bank, april.clerk, nivel=60)
    assert [each.nivel for each in made] == [each.nivel for each in found]
    assert [each.descripcion for each in open_lines(april.bank)] == ["COMISION"]
    assert [each.poliza.concepto for each in open_movements(april.bank)] == ["Cheque 102 en tránsito"]
    (row,) = accounts([april.books.pk])
    assert (row.lineas_abiertas, row.movimientos_abiertos) == (1, 1)


def test_many_lines_are_compared_in_parts_by_day_and_each_is_accepted_in_its_part(
    april: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [(each.lineas, each.movimientos) for each in proposals(april.bank)]
    monkeypatch.setattr(selectors, "MOST_PROPOSED", 2)
    twelfth, thirtieth = date(2024, 4, 12), date(2024, 4, 30)
    assert [(each.lineas, each.movimientos) for each in proposals(april.bank)] == whole[:2]
    assert proposals_go_on(april.bank) == twelfth
    (last,) = proposals(april.bank, twelfth)
    assert (last.lineas, last.movimientos) == whole[2]
    assert proposals_go_on(april.bank, twelfth) is None
    assert code(accept, april.bank, last.lineas, last.movimientos, april.clerk) == "sin_propuesta"
    accept(april.bank, last.lineas, last.movimientos, april.clerk, desde=twelfth)
    assert len(accept_all(april.bank, april.clerk, nivel=60)) == 2
    monkeypatch.setattr(selectors, "MOST_PROPOSED", 1)
    assert proposals_go_on(april.bank, thirtieth) is None


def test_a_day_with_more_lines_than_are_compared_does_not_stop_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = [line(11, "-7.00", "UNA", "", f"K{n}") for n in range(5, 8)]
    load_statement(world.bank, ("abril.ofx", write_ofx(statement((*LINES[:2], *day, *LINES[2:])))), world.clerk)
    monkeypatch.setattr(selectors, "MOST_PROPOSED", 2)
    assert proposals_go_on(world.bank, date(2024, 4, 11)) == date(2024, 4, 12)


def test_a_level_takes_what_reaches_it_and_nothing_below(april: World) -> None:
    least, *sure = sorted(each.nivel for each in proposals(april.bank))
    most = sure[-1]
    assert weights().proponer <= least < most and sure == [most, most]
    assert accept_all(april.bank, april.clerk, nivel=most + 1) == []
    assert [each.nivel for each in accept_all(april.bank, april.clerk, nivel=most)] == sure
    assert accept_all(april.bank, april.clerk, nivel=least + 1) == []
    assert [each.nivel for each in accept_all(april.bank, april.clerk, nivel=least)] == [least]


def test_without_a_level_it_takes_the_sure_ones_of_the_jurisdiction(
    april: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = max(each.nivel for each in proposals(april.bank))
    monkeypatch.setattr(services, "weights", lambda: replace(weights(), bloque=most))
    assert [each.nivel for each in accept_all(april.bank, april.clerk)] == [most, most]


def test_the_month_is_exact_before_and_after_matching(april: World) -> None:
    before = conciliacion(april.bank, APRIL)
    assert (len(before.libros_no_banco), len(before.banco_no_libros)) == (5, 4)
    accept_all(april.bank, april.clerk, nivel=60)
    after = conciliacion(april.bank, APRIL)
    for month in (before, after):
        assert (month.saldo_libros, month.saldo_banco, month.diferencia) == (Money(326_300), Money(328_200), Money(0))
    pending = -after.libros_no_banco[0].monto.centavos + after.banco_no_libros[0].monto.centavos
    assert after.saldo_libros.centavos + pending == after.saldo_banco.centavos
    assert (after.sin_explicar, after.libros_no_banco[0].dias) == (2, 1)


def test_nothing_is_claimed_twice(april: World) -> None:
    first = proposals(april.bank)[0]
    made = accept(april.bank, first.lineas, first.movimientos, april.clerk)
    assert code(accept, april.bank, first.lineas, first.movimientos, april.clerk) == "sin_propuesta"
    assert code(link, april.bank, first.lineas, first.movimientos, april.clerk) == "ya_conciliado"
    second = proposals(april.bank)[0]
    other = accept(april.bank, second.lineas, second.movimientos, april.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        LadoLibros.objects.create(contabilidad=april.books, enlace=other, movimiento_id=first.movimientos[0])
    undo(made, april.clerk)
    assert accept(april.bank, first.lineas, first.movimientos, april.clerk).pk != made.pk
    assert code(undo, made, april.clerk) == "deshecho"


def test_a_link_by_hand_must_add_up_to_the_same(april: World) -> None:
    lines, movements = list(open_lines(april.bank)), list(open_movements(april.bank))
    assert code(link, april.bank, [lines[0].pk], [movements[1].pk], april.clerk) == "suma"
    assert code(link, april.bank, [], [movements[1].pk], april.clerk) == "vacio"
    made = link(april.bank, [lines[0].pk], [movements[0].pk], april.clerk)
    assert (made.nivel, made.hecho_por) == (None, april.clerk)
    for act in (lambda: link(april.bank, [1], [1], april.stranger), lambda: undo(made, april.stranger)):
        with pytest.raises(PermissionError):
            act()


def test_a_month_is_closed_once_exact_and_then_stays(april: World) -> None:
    made = accept_all(april.bank, april.clerk, nivel=60)
    assert code(close_month, april.bank, APRIL, april.clerk) == "en_curso"
    with clock.at(AFTER):
        fee = open_lines(april.bank).get()
        explain(april.bank, "La póliza se registra en mayo", april.clerk, linea=fee.pk)
        closed = close_month(april.bank, APRIL, april.clerk)
        assert code(close_month, april.bank, APRIL, april.clerk) == "cerrada"
        assert code(undo, made[0], april.clerk) == "mes_cerrado"
        paid(april, "58.00", 15, "Comisión de abril")
        link(april.bank, [fee.pk], [open_movements(april.bank).last().pk], april.clerk)
        later = conciliacion(april.bank, APRIL)
    assert (later.saldo_libros.centavos, later.cerrada_por) == (closed.saldo_libros, april.clerk.nombre)
    assert [each.explicacion for each in later.banco_no_libros] == ["La póliza se registra en mayo"]
    assert later.sin_explicar == 1


def test_a_closed_month_receives_no_line_it_was_not_closed_with(april: World) -> None:
    more = statement((*LINES, line(15, "9.00", "DEPOSITO", "", "K8"), line(15, "-9.00", "DEVOLUCION", "", "K9")))
    with clock.at(AFTER):
        accept_all(april.bank, april.clerk, nivel=60)
        explain(april.bank, "Se registra en mayo", april.clerk, linea=open_lines(april.bank).get().pk)
        close_month(april.bank, APRIL, april.clerk)
        with pytest.raises(Refused, match=r"conciliación de 04/2024 ya se cerró") as told:
            load_statement(april.bank, ("otro.ofx", write_ofx(more)), april.clerk)
    assert told.value.problems[0].codigo == "mes_cerrado"
    assert LineaBancaria.objects.count() == len(LINES)


def test_who_does_not_capture_in_its_books_does_nothing_with_an_account(april: World) -> None:
    first, second = proposals(april.bank)[:2]
    made = accept(april.bank, first.lineas, first.movimientos, april.clerk)
    line_of_bank = LineaBancaria.objects.order_by("-pk")[0].pk
    for act in (
        lambda who: accept_all(april.bank, who),
        lambda who: accept(april.bank, second.lineas, second.movimientos, who),
        lambda who: link(april.bank, second.lineas, second.movimientos, who),
        lambda who: undo(made, who),
        lambda who: explain(april.bank, "Es mía", who, linea=line_of_bank),
        lambda who: close_month(april.bank, APRIL, who),
    ):
        for who in (april.stranger, april.auditor):
            with pytest.raises(PermissionError):
                act(who)
    assert (Enlace.objects.count(), ExplicacionPendiente.objects.exists()) == (1, False)
    assert not EnlaceDeshecho.objects.exists()


def test_what_is_matched_on_the_last_day_of_a_month_is_settled_in_it(april: World) -> None:
    with clock.at(AFTER):
        paid(april, "58.00", 30, "Comisión de abril")
        before = conciliacion(april.bank, APRIL)
        link(april.bank, [open_lines(april.bank).last().pk], [open_movements(april.bank).last().pk], april.clerk)
        after = conciliacion(april.bank, APRIL)
    assert (len(before.libros_no_banco), len(before.banco_no_libros)) == (6, 4)
    assert (len(after.libros_no_banco), len(after.banco_no_libros)) == (5, 3)


def test_a_month_without_its_statements_is_not_closed(world: World) -> None:
    received(world, "5000.00", 2)
    with clock.at(AFTER):
        assert code(close_month, world.bank, APRIL, world.clerk) == "sin_estado"
        late = statement((line(20, "1.00"),), 16, 30, "40.00")
        load_statement(world.bank, ("b.ofx", write_ofx(late)), world.clerk)
        assert code(close_month, world.bank, APRIL, world.clerk) == "saldo_previo"
        early = statement((line(2, "39.00"),), 1, 10)
        load_statement(world.bank, ("a.ofx", write_ofx(early)), world.clerk)
        assert conciliacion(world.bank, APRIL).diferencia == Money(100)
        assert code(close_month, world.bank, APRIL, world.clerk) == "diferencia"
    assert not ConciliacionMensual.objects.exists()


def test_a_poliza_and_its_reversal_are_no_open_item(april: World) -> None:
    wrong = paid(april, "900.00", 13, "Por error")
    assert len(open_movements(april.bank)) == 6
    reverse_poliza(wrong, april.clerk, concepto="Se registró por error")
    assert len(open_movements(april.bank)) == 5
    month = conciliacion(april.bank, APRIL)
    assert (len(month.libros_no_banco), month.diferencia) == (5, Money(0))


def test_a_note_is_of_one_item_of_the_account(april: World) -> None:
    first = LineaBancaria.objects.first()
    assert code(explain, april.bank, " ", april.clerk, linea=first.pk) == "texto"
    assert code(explain, april.bank, "x", april.clerk) == "ajena"
    assert code(explain, april.other_bank, "x", april.clerk, linea=first.pk) == "ajena"


def test_the_database_itself_holds_that_a_link_adds_up_and_stays(april: World) -> None:
    first = proposals(april.bank)[0]
    made = accept(april.bank, first.lineas, first.movimientos, april.clerk)
    for act in (made.lados_banco.all().delete, made.lados_libros.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        own = {"contabilidad": april.books, "cuenta": april.bank, "hecho_el": clock.now(), "hecho_por": april.clerk}
        wrong = Enlace.objects.create(**own)
        line, movement = open_lines(april.bank).last(), open_movements(april.bank).last()
        LadoBanco.objects.create(contabilidad=april.books, enlace=wrong, linea=line)
        LadoLibros.objects.create(contabilidad=april.books, enlace=wrong, movimiento=movement)
        connection.check_constraints()


def test_an_annex_reconciles_at_its_last_day_and_up_to_its_link_whenever_it_is_written(april: World) -> None:
    twelfth = date(2024, 4, 12)
    cut = Poliza.objects.filter(contabilidad=april.books).latest("eslabon").eslabon
    asked = Asked((april.books.pk,), desde=date(2024, 4, 4), hasta=twelfth, eslabon=cut)

    def written(day: int) -> list[Mapping[str, object]]:
        with clock.at(datetime(2024, 4, day, 9, tzinfo=ZONE)):
            return [line.celdas for line in conciliaciones(asked)]

    first = written(13)
    assert [each["monto"] for each in first if each["partida"] == "Saldo en libros"] == [Money.parse("3340.00")]
    assert {each["mes"] for each in first} == {"2024-04, al día 12"}
    days = {each["fecha"]: each["dias"] for each in first if each.get("fecha")}
    assert days == {date(2024, 4, day): 12 - day for day in (1, 2, 10, 11, 12)}
    with clock.at(MOMENT):
        paid(april, "9.00", 11, "Se registró después")
        reverse_poliza(Poliza.objects.get(concepto="Cheque 101, lonas"), april.clerk)
    assert written(13) == written(29) == first
    open_then = conciliacion_al(april.bank, date(2024, 5, 3), BankCut(cut + 1))
    assert open_then.saldo_libros == Money.parse("3254.00") and open_then.mes == date(2024, 5, 3)


def test_an_annex_reconciles_the_bank_as_it_stood_at_its_hour(april: World) -> None:
    cut = Poliza.objects.filter(contabilidad=april.books).latest("eslabon").eslabon
    accept_all(april.bank, april.clerk, nivel=80)
    signed = clock.now()
    asked = Asked((april.books.pk,), desde=date(2024, 4, 4), hasta=date(2024, 4, 30), eslabon=cut, al=signed)

    def written(asked: Asked) -> list[Mapping[str, object]]:
        return [line.celdas for line in conciliaciones(asked)]

    first = written(asked)
    assert first == written(asked.but(al=None))
    made = Enlace.objects.earliest("pk")
    with clock.at(signed + timedelta(minutes=30)):
        undo(made, april.clerk)
        accept_all(april.bank, april.clerk, nivel=1)
        pending = open_lines(april.bank).latest("pk")
        explain(april.bank, "Comisión del banco", april.clerk, linea=pending.pk)
    assert written(asked) == first
    assert written(asked.but(al=None)) != first
    loaded = EstadoDeCuenta.objects.get().cargado_el
    unknown = written(asked.but(al=loaded - timedelta(microseconds=1)))
    assert unknown[-1]["partida"] == "Sin estado de cuenta del banco"
    assert not any(each["partida"] == "En el banco y no en libros" for each in unknown)
