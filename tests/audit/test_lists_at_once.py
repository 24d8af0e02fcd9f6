"""Two loads at once of one list or law: the second waits from its first reading, and finds what the first kept."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from acts import committed, open_points
from commands.test_listas import REPEATED, TITLES
from sif.audit.authority_lists import load_table
from sif.catalogs.services.listas import load_69b
from sif.registry import clock
from sif.registry import services as registry
from sif.statutes.loading import load_text
from small_world import ZONE, World, make_world
from statutes.texts import as_text


class Loads:
    """A small election, and who may load its lists and laws."""

    def __init__(self) -> None:
        self.world: World = make_world()
        with clock.at(datetime(2024, 6, 1, tzinfo=ZONE)):
            registry.appoint(self.world.auditor, "administrador")

    def table(self) -> Any:
        rows = f"contabilidad_id,fecha,evento_id,con_gasto,acta\n{self.world.books.pk},12/04/2024,,sí,AC-1\n"
        return load_table("visitas", rows.encode(), date(2024, 5, 20), self.world.auditor, etapa=self.world.etapa)

    def taxpayers(self) -> Any:
        return load_69b((TITLES + REPEATED).encode("latin-1"), None, self.world.auditor)

    def law(self) -> Any:
        return load_text("RF", as_text().encode(), date(2023, 8, 22), self.world.auditor)


@pytest.fixture(scope="module")
def loads(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loads]:
    with committed(django_db_blocker, Loads) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "table"),
    [("table", "catalogs_cargadetabla"), ("taxpayers", "catalogs_lista69b"), ("law", "statutes_textodeley")],
)
def test_two_loads_at_once_wait_from_the_first_reading(loads: Loads, act: str, table: str) -> None:
    load = getattr(loads, act)
    with clock.at(datetime(2024, 6, 20, 9, tzinfo=ZONE)):
        assert open_points(load, load, table) == []
