"""Two people, or a person and a program, on one lot at once: the second waits, and what the first wrote is seen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from acts import committed, open_points, points
from batch.lots import csv_of, poliza_rows
from sif.batch.claves import create_key
from sif.batch.conta import put_equivalences, set_equivalences
from sif.batch.direct_load import load_direct
from sif.batch.models import Lote
from sif.batch.programs import Envio, post_from_program
from sif.batch.services import apply_lote, choose, discard_lote, fix_cells, keep_lote, read_lote, receive_lote
from sif.registry import clock, trail
from small_world import LEAFLETS, MOMENT, PAYABLE, make_world

HEAD = csv_of().decode().split(",")


class Kept:
    """A lot that nobody has read, another already reviewed, and what a program sends."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            self.world = world = make_world()
            self.file = csv_of(*poliza_rows(1, "100.00", LEAFLETS, PAYABLE))
            self.lote = keep_lote(world.books, "polizas", ("abril.csv", [self.file]), world.clerk).lote
            other = csv_of(*poliza_rows(2, "50.00", LEAFLETS, PAYABLE))
            self.reviewed = receive_lote(world.books, "polizas", ("mayo.csv", [other]), world.clerk).lote
            self.rows = [dict(zip(HEAD, row, strict=True)) for row in poliza_rows(3, "70.00", LEAFLETS, PAYABLE)]
            said = set_equivalences(self.reviewed, {"601-01": LEAFLETS}, world.clerk)
        self.acts: dict[str, Callable[[], Any]] = {
            "read": lambda: read_lote(Lote.objects.get(pk=self.lote.pk), world.clerk),
            "load": lambda: load_direct(world.books, ("abril.csv", [self.file]), world.clerk),
            "apply": lambda: apply_lote(self.reviewed, world.clerk),
            "fix": lambda: fix_cells(self.reviewed, 2, {"concepto": "Otro"}, world.clerk),
            "choose": lambda: choose(self.reviewed, None, False, world.clerk),
            "create key": lambda: create_key(world.clerk, "Programa"),
            "say accounts": lambda: put_equivalences(self.reviewed, said, world.clerk),
            "discard": lambda: discard_lote(self.lote, world.clerk),
            "send": lambda: post_from_program(world.books, Envio(self.rows, "k1", "a" * 64), world.clerk),
            "send with another key": lambda: post_from_program(
                world.books, Envio(self.rows, "k2", "b" * 64), world.clerk
            ),
        }


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
    with committed(django_db_blocker, Kept) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("read", "read", "batch_filalote"),
        ("read", "load", "batch_filalote"),
        ("load", "read", "batch_filalote"),
        ("load", "load", "batch_polizacargada"),
        ("read", "discard", "batch_filalote"),
        ("discard", "read", "batch_lote"),
        ("apply", "apply", "batch_lote"),
        ("send", "send", "batch_peticionapi"),
        ("send", "send with another key", "batch_lote"),
        ("fix", "fix", "batch_filalote"),
        ("fix", "choose", "batch_filalote"),
        ("fix", "apply", "batch_filalote"),
        ("choose", "fix", "batch_filalote"),
        ("apply", "fix", "batch_lote"),
        ("say accounts", "apply", "batch_filalote"),
        ("say accounts", "fix", "batch_filalote"),
        ("fix", "say accounts", "batch_filalote"),
        ("create key", "create key", "batch_claveapi"),
    ],
)
def test_from_the_first_reading_the_rival_waits(kept: Kept, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(kept.acts[act], kept.acts[rival], table) == []


@pytest.mark.parametrize("act", ["load", "apply", "discard", "send"])
def test_the_books_are_locked_before_their_lot(kept: Kept, act: str) -> None:
    with clock.at(MOMENT):
        seen = [sql for sql, _ in points(kept.acts[act], lambda: None) if "FOR NO KEY UPDATE" in sql]
    assert 'FROM "registry_contabilidad"' in seen[0]


def test_who_makes_a_key_does_not_stop_what_else_is_written_of_that_person(kept: Kept) -> None:
    def elsewhere() -> None:
        trail.write(trail.Clase.CREDENCIAL, "entrar", kept.world.clerk)
        connection.check_constraints()  # what a commit asks

    with clock.at(MOMENT):
        seen = points(kept.acts["create key"], elsewhere)
    assert len(seen) > 5
    assert [sql for sql, waited in seen if waited] == []
