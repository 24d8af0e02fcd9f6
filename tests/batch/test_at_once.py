"""Two people who read one lot at once: the second waits, and what the first corrected meanwhile stays."""

from collections.abc import Iterator
from typing import Any

import pytest

from acts import committed, open_points
from batch.lots import csv_of, poliza_rows
from sif.batch.models import Lote
from sif.batch.services import keep_lote, read_lote
from sif.registry import clock
from small_world import LEAFLETS, MOMENT, PAYABLE, make_world


class Kept:
    """A lot whose file is kept and nobody has read."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            self.world = make_world()
            file = csv_of(*poliza_rows(1, "100.00", LEAFLETS, PAYABLE))
            self.lote = keep_lote(self.world.books, "polizas", ("abril.csv", [file]), self.world.clerk).lote

    def read(self) -> None:
        read_lote(Lote.objects.get(pk=self.lote.pk), self.world.clerk)


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
    with committed(django_db_blocker, Kept) as made:
        yield made


def test_from_the_first_row_the_rival_waits(kept: Kept) -> None:
    with clock.at(MOMENT):
        assert open_points(kept.read, kept.read, "batch_filalote") == []
