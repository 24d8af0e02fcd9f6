"""A worker killed at any statement of a load loses nothing: the next one ends it, once, with the books whole.

SIF_PRUEBA_SEMILLA chooses the statements; a failure prints the seed that repeats it.
"""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from acts import committed
from batch.lots import csv_of, poliza_rows
from jobs.test_worker import silence_workers
from jobs.workers import worker
from lent import lent, owner
from scene import LEAFLETS, PAYABLE, Scene, make_scene
from seeds import SEED
from sif.audit.preflight_tasks import PREFLIGHT, ask_for_preflight, last_answer, stamp
from sif.banks.models import EstadoDeCuenta, LineaBancaria
from sif.banks.statement import Statement, StatementLine
from sif.banks.tasks import ask_to_load
from sif.banks.write import write_mt940
from sif.batch.models import Lote
from sif.batch.services import keep_lote
from sif.batch.tasks import APPLY, READ, ask_for
from sif.books.models import Comprobante, Poliza, Recepcion
from sif.books.tasks import ask_to_accept, ask_to_receive, received_by
from sif.filing.verifying import verify_rows
from sif.jobs.models import Trabajo
from sif.registry.scope import everything
from sif.values import Money

__all__ = ["lent"]
pytestmark = pytest.mark.usefixtures("lent")
KILLS = int(os.environ.get("SIF_PRUEBA_PUNTOS", "1"))  # of each job, before it is left alone
LAST = 12  # the last statement of a job that may be fatal; each has more
POLIZAS = 12


@contextmanager
def queued[W](blocker: Any, settings: Any, folder: Path, make: Callable[[], W]) -> Iterator[W]:
    """A world really committed, with everything in sight, and jobs that wait for a worker; the queue is left empty."""
    settings.DATOS, settings.TRABAJOS_EN_LINEA = folder, False
    with committed(blocker, make) as made:
        try:
            with everything():
                yield made
        finally:
            with connections["owner"].cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")
            connections["owner"].close()


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Scene]:
    with queued(django_db_blocker, settings, tmp_path, lambda: make_scene(tmp_path)) as scene:
        yield scene


def killed_and_ended(
    trabajo: Trabajo, told: str, last: int = LAST, *, also_last: bool = False, few: frozenset[str] = frozenset()
) -> None:
    """Kill a worker at seeded statements of a job, up to the last, or there too, and let another end it."""
    chosen = random.Random(f"{SEED}:{trabajo.tipo}")  # noqa: S311 - a seed that repeats is wanted
    points = [*(chosen.randint(1, last) for _ in range(KILLS)), *([last] if also_last else [])]
    for point in sorted(points):
        assert worker(point, few) == -signal.SIGKILL, f"{told}, sentencia {point}"
        trabajo.refresh_from_db()
        assert trabajo.is_open and trabajo.hechas < trabajo.total, f"{told}, sentencia {point}"
        assert verify_rows(owner())[1] == [], f"{told}, sentencia {point}"
        silence_workers()
    assert worker(0, few) == 0, told
    trabajo.refresh_from_db()
    assert (trabajo.estado, trabajo.intentos) == ("hecho", len(points) + 1), told


def test_a_load_survives_the_death_of_its_workers(world: Scene) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    day = f"{world.periodos[0].hasta:%d/%m/%Y}"
    rows = [row for n in range(POLIZAS) for row in poliza_rows(n, "10.00", LEAFLETS, PAYABLE, fecha=day)]
    lote = keep_lote(world.libros, "polizas", ("abril.csv", [csv_of(*rows)]), world.bruno).lote
    killed_and_ended(ask_for(READ, lote, world.bruno), told)
    lote.refresh_from_db()
    assert (lote.estado, lote.filas.count()) == (Lote.Estado.REVISADO, 2 * POLIZAS), told
    assert not lote.filas.exclude(problemas=[]).exists()
    killed_and_ended(ask_for(APPLY, lote, world.bruno), told)
    lote.refresh_from_db()
    assert (lote.estado, lote.polizas.count()) == (Lote.Estado.APLICADO, POLIZAS), told
    assert verify_rows(owner())[1] == [], told


def test_a_preflight_survives_the_death_of_its_workers(world: Scene, tmp_path: Path) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    world.post(world.expense("1000.00"))
    libros = [world.libros, world.otros]
    killed_and_ended(ask_for_preflight(libros, world.alicia), told, last=40)
    answer = last_answer(libros, world.alicia)
    assert answer is not None and answer.sello == stamp(libros), told
    assert 100_000 in [each.monto for risk in answer.revision.riesgos for each in risk.hallazgos], told
    kept = [path.name for path in (tmp_path / "trabajos").iterdir() if not path.name.startswith(".")]
    assert kept == [Trabajo.objects.get(tipo=PREFLIGHT).resultado["respuesta"]], (
        told
    )  # halves are swept with their week


def test_invoices_survive_the_death_of_their_workers(world: Scene) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    folio = "7C1E90B4-3F0A-4D52-9B17-{:012X}"
    files = [(f"{n}.xml", [world.invoice(folio.format(n), f"{n},000.00")]) for n in range(1, 5)]
    received = ask_to_receive(world.libros, files, world.alicia)
    killed_and_ended(received, told)
    assert received_by(received).recibidos == Recepcion.objects.count() == Comprobante.objects.count() == 4, told
    killed_and_ended(ask_to_accept(list(Recepcion.objects.all()), world.alicia), told)
    assert Poliza.objects.filter(contabilidad=world.libros).count() == 4, told
    assert verify_rows(owner())[1] == [], told


def test_a_statement_survives_the_death_of_its_workers(world: Scene) -> None:
    told, day = f"SIF_PRUEBA_SEMILLA={SEED}", world.periodos[0].hasta
    lines = tuple(StatementLine(day, Money(n * 100), "", f"Depósito {n}", f"K{n}") for n in range(1, 5))
    whole = Statement("", world.banco.clabe, day.replace(day=1), day, Money(0), Money(1_000), lines)
    killed_and_ended(ask_to_load(world.banco, ("mayo.sta", write_mt940(whole)), world.alicia), told)
    assert (EstadoDeCuenta.objects.count(), LineaBancaria.objects.count()) == (1, 4), told
