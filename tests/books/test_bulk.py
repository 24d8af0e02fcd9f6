"""Pólizas by the thousand: the same books as one by one, all or none, in little memory, and who may not, may not."""

import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sif.books.content import content_of
from sif.books.models import Movimiento, Pago, Poliza
from sif.books.selectors import balanza, count_of, verify_chain
from sif.books.services import NewPago, PolizaRefused, Posted, Support, bulk, post_many, post_poliza, post_stream
from sif.books.services.writing import Header
from sif.ledger import NewLine, NewPoliza, reversal_of
from sif.registry import clock
from sif.registry.scope import everything, mint, only
from sif.signing.chain import canonical_json
from sif.values import Money
from small_world import BANKS, MOMENT, PAYABLE, ZONE, World

Item = tuple[NewPoliza, Support]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 3)


def expenses(world: World, count: int) -> Iterator[Item]:
    """So many, of both books in turn, of two series, every third with a payment."""
    payment = Support(pagos=(NewPago(world.supplier.pk, "cheque", date(2024, 4, 10), Money(1)),))
    for number in range(count):
        books = (world.books, world.other_books)[number % 2]
        new = world.expense(f"{number}.07", contabilidad_id=books.pk, subtipo=("DR", "EG")[number % 4 // 2])
        yield new, payment if number % 3 == 0 else Support()


def as_kept(number: int) -> list[tuple[object, ...]]:
    rows = Poliza.objects.filter(contabilidad=number).order_by("eslabon")
    return [(p.tipo, p.subtipo, p.numero, p.concepto, p.total, p.eslabon, bytes(p.huella)) for p in rows]


def test_a_stream_keeps_the_very_books_of_posting_one_by_one(world: World) -> None:
    with transaction.atomic():
        for item in expenses(world, 11):
            post_poliza(item[0], world.clerk, support=item[1])
        kept = [as_kept(books.pk) for books in (world.books, world.other_books)]
        transaction.set_rollback(True)
    heard: list[int] = []
    assert post_stream(expenses(world, 11), world.clerk, progress=heard.append) == Posted(11, 22)
    assert heard == [3, 6, 9, 11]
    assert [as_kept(books.pk) for books in (world.books, world.other_books)] == kept
    assert Pago.objects.count() == 4
    assert sum(row.cargos.centavos for books in (world.books, world.other_books) for row in balanza(books.pk)) == (
        sum(number * 100 + 7 for number in range(11))
    )


def test_it_goes_on_from_what_the_books_hold(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    post_stream(((world.expense(), Support()) for _ in range(7)), world.clerk)
    post_poliza(world.expense(), world.clerk)
    assert [row[2] for row in as_kept(world.books.pk)] == list(range(1, 10))
    assert verify_chain(world.books.pk) is None


def test_a_copied_chunk_and_a_plain_statement_write_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "FEW", 0)
    items = [(world.expense(concepto="Tab\ty\\barra\nY «Ñ» \\N"), Support())] * 4
    assert [row.numero for row in post_many(items, world.clerk)] == [1, 2, 3, 4]
    assert verify_chain(world.books.pk) is None
    assert Poliza.objects.first().concepto == "Tab\ty\\barra\nY «Ñ» \\N"  # type: ignore[union-attr]


def test_nothing_is_kept_when_one_is_wrong_and_its_place_is_told(world: World) -> None:
    def items() -> Iterator[Item]:
        yield from expenses(world, 7)
        yield world.expense(subtipo="XX"), Support()
        yield world.expense(contabilidad_id=999_999), Support()
        yield world.expense(contabilidad_id=world.foreign.pk), Support()
        yield from expenses(world, 5)

    with pytest.raises(PolizaRefused) as caught:
        post_stream(items(), world.clerk)
    assert [(p.codigo, p.donde) for p in caught.value.problems] == [
        ("subtipo", "póliza 8, subtipo"),
        ("ajena", "póliza 9, contabilidad"),
        ("ajena", "póliza 10, contabilidad"),
    ]
    assert not Poliza.objects.exists() and not Movimiento.objects.exists()
    assert post_poliza(world.expense(), world.clerk).numero == 1


def test_problems_are_told_up_to_a_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_PROBLEMS", 4)
    read: list[int] = []
    with pytest.raises(PolizaRefused) as caught:
        post_stream(((world.expense(subtipo="XX"), Support()) for _ in range(50)), world.clerk, progress=read.append)
    assert [p.donde for p in caught.value.problems] == [f"póliza {n}, subtipo" for n in (1, 2, 3, 4)]
    assert read == [3, 6]


def test_a_reader_that_fails_leaves_nothing(world: World) -> None:
    def items() -> Iterator[Item]:
        yield from expenses(world, 8)
        raise ValueError("renglón 9")

    with pytest.raises(ValueError, match="renglón 9"):
        post_stream(items(), world.clerk)
    assert not Poliza.objects.exists()


def test_what_the_database_refuses_is_told_as_it_was(world: World) -> None:
    with only([world.other_books.pk]), pytest.raises(DatabaseError, match="row-level security"):
        post_stream(expenses(world, 20), world.clerk)


def test_the_same_one_is_not_reversed_twice_in_a_stream(world: World) -> None:
    posted = post_poliza(world.expense("8.00"), world.clerk)
    back = reversal_of(world.expense("8.00"), posted.pk, posted.periodo_id, "normal", "Reversión")
    with pytest.raises(PolizaRefused) as caught:
        post_stream([(back, Support()), (back, Support())], world.clerk)
    assert [(p.codigo, p.donde) for p in caught.value.problems] == [("revertida", "póliza 2, póliza que revierte")]


def test_a_longer_stream_takes_no_more_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 50)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            post_stream(expenses(world, count), world.clerk)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    assert peak(1_000) < 3 * peak(150)  # kept whole it would be more than six times


def test_two_streams_over_the_same_books_both_end_and_one_may_be_told_to_repeat(committed: World) -> None:
    bulk.CHUNK = 1  # the fixture gives it back
    both_began = threading.Barrier(2, timeout=20)

    def stream(order: tuple[int, int]) -> str:
        def items() -> Iterator[Item]:
            for place, number in enumerate(order):
                yield committed.expense("1.00", contabilidad_id=number), Support()
                if place == 0:
                    both_began.wait()

        try:
            with everything(), clock.at(MOMENT):
                return str(post_stream(items(), committed.clerk).polizas)
        except PolizaRefused as refused:
            return refused.problems[0].codigo
        finally:
            connections.close_all()

    mine, other = committed.books.pk, committed.other_books.pk
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(stream, [(mine, other), (other, mine)])) == ["2", "ocupada"]
    assert Poliza.objects.count() == 2


def test_a_line_cannot_slip_in_from_another_transaction_while_its_poliza_closes(committed: World) -> None:
    settings = connection.settings_dict
    address = {"host": settings["HOST"], "user": settings["USER"], "dbname": settings["NAME"], **settings["OPTIONS"]}
    address = {key: value for key, value in address.items() if value and key in ("host", "user", "dbname")}
    number = 10**9
    line = (
        "INSERT INTO books_movimiento (poliza_id, contabilidad_id, linea, cuenta_id, concepto, cargo, abono,"
        f" auxiliar_tipo) VALUES ({number}, {committed.books.pk}, 1, '{BANKS}', '', 0, 0, '')"
    )
    header = (
        "INSERT INTO books_poliza (id, contabilidad_id, periodo_id, tipo, subtipo, numero, clase, fecha_operacion,"
        f" registrada_el, registrada_por_id, concepto, total, eslabon, huella) VALUES ({number}, {committed.books.pk},"
        f" {committed.periods[0].pk}, 'normal', 'DR', 1, 'ordinaria', '2024-04-10', now(), {committed.clerk.pk}, 'x',"
        " 0, 1, '\\x01')"
    )
    for first, second in ((line, header), (header, line)):
        with psycopg.connect(**address) as one, psycopg.connect(**address) as two:
            for each in (one, two):
                each.execute(
                    "SELECT set_config('sif.pase', %s, false)",
                    [mint("todo", each.info.backend_pid, committed.clerk.pk, acts=True)],
                )
            two.execute("SET lock_timeout = '100ms'")
            one.execute(first)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                two.execute(second)
            one.rollback()
            two.rollback()


text = st.text(st.characters(codec="utf-8"), max_size=30)
whole = st.integers(-(10**15), 10**15)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(text, text, st.lists(st.tuples(text, whole, whole, st.none() | whole), max_size=4), st.none() | whole)
def test_what_the_digest_covers_is_canonical(
    concepto: str, tipo: str, lines: list[tuple[str, int, int, int | None]], back: int | None
) -> None:
    header = Header(
        1,
        2,
        3,
        tipo,
        "DR",
        4,
        "ordinaria",
        date(2024, 4, 10),
        datetime(2024, 4, 15, 12, 0, 0, 7, tzinfo=ZONE),
        5,
        concepto,
        6,
        back,
        7,
        b"",
    )
    rows = [NewLine(PAYABLE, Money(c), Money(a), words, "x", number) for words, c, a, number in lines]
    assert content_of(header, rows) == canonical_json(
        {
            "contabilidad": 2,
            "periodo": 3,
            "tipo": tipo,
            "subtipo": "DR",
            "numero": 4,
            "clase": "ordinaria",
            "fecha_operacion": "2024-04-10",
            "registrada_el": "2024-04-15T12:00:00.000007-06:00",
            "registrada_por": 5,
            "concepto": concepto,
            "revierte_a": back,
            "eslabon": 7,
            "lineas": [[PAYABLE, c, a, words, "x", number] for words, c, a, number in lines],
        }
    )
    assert content_of(replace(header, numero=5), rows) != content_of(header, rows)


def test_the_last_link_of_each_chain_counts_it(world: World) -> None:
    post_stream(expenses(world, 9), world.clerk)
    both = [world.books.pk, world.other_books.pk, world.foreign.pk]
    assert count_of(both) == Poliza.objects.filter(contabilidad__in=both).count() == 9
    with only([world.books.pk]):
        assert count_of(both) == 5
    assert count_of([]) == 0
