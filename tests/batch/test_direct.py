"""A file posted as it is read: whole or not at all, once, with each error where the preview tells it."""

from itertools import chain
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from batch.lots import HEAD, csv_of, poliza_rows, xlsx_of
from sif.batch import direct_load
from sif.batch.cells import Lector, read_row
from sif.batch.direct_load import Cargado, load_direct
from sif.batch.fast_parser import Llano, raw_things
from sif.batch.kinds import load_kinds
from sif.batch.models import FilaLote, Lote, PolizaCargada
from sif.batch.polizas import Item
from sif.batch.review import Revisor
from sif.batch.selectors import counts_of
from sif.batch.services import apply_lote, choose, receive_lote
from sif.batch.sheets import Crudo
from sif.books.models import Movimiento, Poliza
from sif.books.selectors import verify_chain
from sif.values import Refused
from small_world import LEAFLETS, PAYABLE, World, world

__all__ = ["world"]


def lines(number: int, pesos: str = "100.00", **changes: str) -> list[list[str]]:
    """The two rows of a sound póliza of the world."""
    return poliza_rows(number, pesos, LEAFLETS, PAYABLE, **changes)


def load(world: World, data: bytes, name: str = "polizas.csv") -> Cargado:
    """Post it directly in the world's books."""
    return load_direct(world.books, (name, [data]), world.clerk)


def refusals(world: World, data: bytes) -> list[tuple[str, str]]:
    """The place and the code of every problem told."""
    with pytest.raises(Refused) as refused:
        load(world, data)
    assert all(p.mensaje and p.cura for p in refused.value.problems)
    return [(p.donde, p.codigo) for p in refused.value.problems]


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_it_posts_the_same_as_the_preview(world: World, make: Any) -> None:
    rows = [*lines(1), *lines(2, "250.55"), *lines(3, "1,234.50" if make is xlsx_of else "1234.50")]
    heard = list[int]()
    done = load_direct(world.books, ("p", [make(*rows)]), world.clerk, progress=heard.append)
    assert (done.polizas, done.nuevo, heard, done.lote.estado) == (3, True, [3], "aplicado")
    assert verify_chain(world.books.pk) is None
    direct = list(
        Movimiento.objects.order_by("poliza__eslabon", "linea").values_list(
            "cuenta", "cargo", "abono", "auxiliar_tipo", "auxiliar_id", "concepto"
        )
    )
    again = [[f"B-{row[0]}", *row[1:]] for row in rows]
    apply_lote(receive_lote(world.books, "polizas", ("p", [make(*again)]), world.clerk).lote, world.clerk)
    both = list(
        Movimiento.objects.order_by("poliza__eslabon", "linea").values_list(
            "cuenta", "cargo", "abono", "auxiliar_tipo", "auxiliar_id", "concepto"
        )
    )
    assert both == direct * 2


def test_the_lot_is_marked_in_the_transaction_of_its_polizas(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []

    def marked(lote: Lote, by: Any) -> None:
        depths.append(len(connection.savepoint_ids))
        raise OSError("disco")

    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(direct_load, "mark_applied", marked)
    with pytest.raises(OSError, match="disco"):
        load(world, csv_of(*lines(1)))
    assert depths == [outside + 1]
    assert not Poliza.objects.exists() and not Lote.objects.exists()


def test_twice_changes_nothing_and_neither_do_its_identifiers_from_another_file(world: World) -> None:
    data = csv_of(*lines(1), *lines(2))
    first, second = load(world, data), load(world, data, "otro nombre.csv")
    assert (second.nuevo, second.lote.pk, second.polizas) == (False, first.lote.pk, 2)
    assert refusals(world, csv_of(*lines(3), *lines(2))) == [("fila 4, poliza_tmp", "ya_registrada")]
    assert sorted(PolizaCargada.objects.values_list("externo", flat=True)) == ["P-001", "P-002"]
    assert Lote.objects.count() == 1


def test_each_error_is_told_as_the_preview_tells_it_and_nothing_is_posted(world: World) -> None:
    bad = chain(
        lines(1),
        lines(2, cargo="100.005"),
        lines(3, cuenta="5-5-99-99-9999"),
        lines(4, auxiliar_id="NADIE"),
        lines(5, cargo="90.00"),
        lines(6, fecha_operacion="11/04/2024"),
    )
    data = csv_of(*bad)
    told = refusals(world, data)
    assert not Poliza.objects.exists() and not Lote.objects.exists()
    lote = receive_lote(world.books, "polizas", ("p.csv", [data]), world.clerk).lote
    rows = lote.filas.order_by("fila")
    assert told == [(f"fila {row.fila}, {p['columna']}", p["codigo"]) for row in rows for p in row.problemas]
    assert {(4, "importe"), (6, "cuenta_desconocida"), (8, "auxiliar"), (11, "no_cuadra"), (13, "distinta")} <= {
        (int(place.split()[1].strip(",")), code) for place, code in told
    }


def test_rows_apart_and_files_without_rows_are_refused(world: World) -> None:
    first, second = lines(1), lines(2)
    assert refusals(world, csv_of(first[0], second[0], second[1], first[1])) == [("fila 5, poliza_tmp", "separadas")]
    whole = csv_of(*lines(1), *lines(2), *lines(1))
    assert refusals(world, whole) == [("fila 6, poliza_tmp", "separadas")]
    assert refusals(world, csv_of()) == [("archivo", "vacio")]
    assert refusals(world, b'<?xml version="1.0"?><PLZ:Polizas/>') == [("archivo", "tipo")]
    assert not Lote.objects.exists()


def test_what_its_page_decided_is_not_passed_over(world: World) -> None:
    data = csv_of(*lines(1), *lines(2))
    lote = receive_lote(world.books, "polizas", ("p.csv", [data]), world.clerk).lote
    choose(lote, ["P-001"], False, world.clerk)
    assert refusals(world, data) == [("archivo", "en_revision")]
    choose(lote, ["P-001"], True, world.clerk)
    assert load(world, data).lote.pk == lote.pk
    counts = counts_of(lote)
    assert (counts.aplicadas, counts.por_aplicar, FilaLote.objects.filter(lote=lote).count()) == (2, 0, 4)


def test_a_lot_without_kept_rows_counts_what_it_posted(world: World) -> None:
    counts = counts_of(load(world, csv_of(*lines(1), *lines(2))).lote)
    assert (counts.cosas, counts.aplicadas, counts.por_aplicar, counts.malas) == (2, 2, 0, 0)


def test_a_stranger_posts_nothing(world: World) -> None:
    with pytest.raises(PermissionError):
        load_direct(world.books, ("a.csv", [csv_of(*lines(1))]), world.stranger)


def test_the_reader_that_remembers_says_what_the_other_says() -> None:
    kind = load_kinds("mx")["polizas"]
    lector = Lector(kind)
    sound = dict(zip(HEAD, lines(1)[0], strict=True))
    for changes in (
        {},
        {"cargo": "x"},
        {"cargo": " 5 "},
        {"tipo": ""},
        {"tipo": "  "},
        {"subtipo": "egreso"},
        {"cuenta": "=A1"},
        {"concepto": "a\x07"},
        {"descripcion": "x" * 501},
        {"otra": "cosa"},
        dict(zip(HEAD, kind.ejemplos[0], strict=True)),
    ):
        cells = {**sound, **changes}
        for _ in range(2):
            assert lector.read(cells) == read_row(kind, cells)
    missing = {name: text for name, text in sound.items() if name != "descripcion"}
    assert lector.read(missing) == read_row(kind, missing)


def _ways(world: World, *rows: list[str], titles: list[str] = HEAD) -> tuple[Item | None, Item | None]:
    """What the short way and the long way read of the rows of one póliza."""
    kind = load_kinds("mx")["polizas"]
    lote = Lote(contabilidad=world.books, tipo="polizas")
    taller = Revisor(lote, world.clerk).taller
    assert taller is not None
    places = [title if title in kind.nombres else None for title in titles]
    (raw,) = raw_things(Crudo(iter(enumerate(rows, 2)), places, ()), kind)
    thing = raw.thing()
    long = taller.build(thing.filas) if thing.is_sound else None
    return Llano(taller, places).item(raw), long


PLAIN: list[dict[str, str]] = [
    {},
    {"cargo": " 100.00 "},
    {"concepto": ""},
    {"concepto": "  con espacios "},
    {"linea": ""},
    {"subtipo": "diario"},
    {"auxiliar_tipo": ""},
    {"fecha_operacion": "2024-04-10"},
    {"cargo": "100"},
    {"poliza_tmp": " p-001 "},
]
UNUSUAL: list[dict[str, str]] = [
    {"cargo": "1.005"}, {"cargo": "x"}, {"cuenta": "=A1"}, {"periodo": "9"}, {"tipo": ""}, {"auxiliar_id": "NADIE"},
    {"concepto": "a\x07"}, {"concepto": "x" * 301}, {"descripcion": ""}, {"linea": "uno"},
    {"fecha_operacion": "31/02/2024"},
    {"id_evento": "7"}, {"uuid_cfdi": "1"}, {"evidencia_ref": "pdf:1"}, {"poliza_tmp": "2027-0001"},
    {"poliza_tmp": "P-001" + "0" * 60}, {"auxiliar_tipo": "marciano"},
]  # fmt: skip


def test_the_short_way_reads_what_the_long_way_reads(world: World) -> None:
    for changes in PLAIN:
        both = lines(1)
        both = [_with(row, changes) for row in both] if "poliza_tmp" in changes else [_with(both[0], changes), both[1]]
        if "subtipo" in changes or "fecha_operacion" in changes:
            both[1] = _with(both[1], changes)
        short, long = _ways(world, *both)
        assert short == long and long is not None, changes
    shuffled = [HEAD[::-1], *[row[::-1] for row in lines(1)]]
    short, long = _ways(world, *shuffled[1:], titles=shuffled[0])
    assert short == long and long is not None
    extra = [[*row, "nota"] for row in lines(1)]
    assert _ways(world, *extra, titles=[*HEAD, "comentario"])[0] is not None


def test_what_is_unusual_goes_the_long_way(world: World) -> None:
    for changes in UNUSUAL:
        short, _long = _ways(world, *[_with(row, changes) for row in lines(1)])
        assert short is None, changes
    first, second = lines(1)
    assert _ways(world, first, _with(second, {"descripcion": "otra"}))[0] is None
    assert _ways(world, [*first, "de más"], second) == (None, None)


def _with(row: list[str], changes: dict[str, str]) -> list[str]:
    return [changes.get(name, cell) for name, cell in zip(HEAD, row, strict=True)]


def test_an_unusual_one_among_plain_ones_is_told_in_its_row(world: World) -> None:
    event = [_with(row, {"id_evento": "77"}) for row in lines(2)]
    assert refusals(world, csv_of(*lines(1), *event, *lines(3)))[0][0].startswith("fila 4, id_evento")
    assert load(world, csv_of(*lines(1), *lines(3))).polizas == 2
    keys = PolizaCargada.objects.order_by("poliza__eslabon").values_list("externo", "poliza__concepto")
    assert [key for key, _words in keys] == ["P-001", "P-003"]


def test_a_row_of_a_lot_is_of_the_books_of_its_lot(world: World) -> None:
    lote = load(world, csv_of(*lines(1))).lote
    with pytest.raises(IntegrityError), transaction.atomic():
        FilaLote.objects.create(lote=lote, contabilidad=world.other_books, fila=2, clave="x", celdas={})
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
