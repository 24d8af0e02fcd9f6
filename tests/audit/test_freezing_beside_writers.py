"""A stage frozen while somebody posts: every table is of one instant, and the calendar and figures of law are there."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection

from acts import committed
from sif.audit import freeze
from sif.audit import services as audit
from sif.audit.models import Instantanea
from sif.books.services import post_poliza
from sif.law.parameters import load_parameters
from sif.registry import clock
from sif.registry.scope import everything
from sif.rulebook.published import TABLES
from small_world import MOMENT, World, make_world

CUT = date(2024, 6, 10)


def _world() -> World:
    with clock.at(MOMENT):
        world = make_world()
        post_poliza(world.expense("1000.00"), world.clerk)
        return world


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed(django_db_blocker, _world) as made:
        yield made


def _elsewhere(act: Callable[[], Any]) -> Any:
    """Do it and commit in a connection of its own, and give what it gave."""
    given = list[Any]()

    def run() -> None:
        try:
            with clock.at(MOMENT), everything():
                given.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return given[0]


def test_what_is_posted_while_it_is_copied_is_of_the_next_snapshot(
    kept: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATOS = tmp_path
    original, posted = freeze._table, list[str]()

    def after_the_first(folder: Path, name: str, *rest: Any) -> dict[str, Any]:
        made = original(folder, name, *rest)
        if not posted and name == "aportantes":  # a table was read, and those of pólizas come after it
            posted.append(name)
            _elsewhere(lambda: post_poliza(kept.expense("7.00"), kept.clerk))
        return made

    with clock.at(MOMENT):
        _, before = freeze.freeze_tables(kept.etapa, CUT)
        monkeypatch.setattr(freeze, "_table", after_the_first)
        _, during = freeze.freeze_tables(kept.etapa, CUT)
        monkeypatch.undo()
        _, after = freeze.freeze_tables(kept.etapa, CUT)
    assert posted
    assert during["tables"] == before["tables"]
    assert after["tables"]["polizas"] != before["tables"]["polizas"]


def test_two_who_freeze_the_same_books_at_once_get_one_snapshot(kept: World, settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    others = list[Instantanea]()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if not others and '"audit_instantanea"."digest" = ' in sql:  # it was not there yet
            others.append(_elsewhere(lambda: audit.freeze(kept.etapa, CUT)))
        return done

    with clock.at(MOMENT), connection.execute_wrapper(watch):
        mine = audit.freeze(kept.etapa, CUT)
    assert [mine] == others == list(Instantanea.objects.all())


def test_every_table_is_in_the_snapshot_and_the_calendar_is_that_of_the_stage(
    kept: World, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    with clock.at(MOMENT):
        folder, manifest = freeze.freeze_tables(kept.etapa, CUT)
    assert set(manifest["tables"]) == set(TABLES)
    days = {row["fecha"]: row for row in pq.read_table(folder / "calendario.parquet").to_pylist()}
    first = kept.etapa.inicia_el - timedelta(days=400)
    assert sorted(days) == [first + timedelta(days=n) for n in range(999)]
    assert days[date(2024, 3, 31)]["habil"] is False  # a Sunday, the day before the stage begins
    assert days[date(2024, 4, 7)]["habil"] is True  # a Sunday of the stage: every day counts
    assert days[date(2024, 4, 8)]["ordinal_habil"] == days[date(2024, 4, 7)]["ordinal_habil"] + 1
    figures = pq.read_table(folder / "parametros.parquet").to_pylist()
    assert [(row["clave"], row["desde"], row["valor"]) for row in figures] == [
        (clave, value.desde, value.valor)
        for clave, parameter in sorted(load_parameters("mx").items())
        for value in parameter.valores
    ]
