"""Measures the books at the size of an election; prints JSON: `python benchmarks/books.py` (about five minutes)."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns
import peers
import people

POLIZAS = 100_000
LEDGER = 125_000  # pólizas of four lines: 500,000 lines
Measures = dict[str, float]


def p95(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[94] * 1000


def timed(times: int, work: Callable[[], Any]) -> list[float]:
    """The seconds of each of several runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def stream(made: campaigns.Campaign, folder: Path) -> Measures:
    """A CSV of 100,000 pólizas read by a plain reader, checked, numbered, chained and posted in one transaction."""
    from sif.books.services import post_stream

    path = folder / "cien_mil.csv"
    campaigns.write_csv(path, made, made.grande, 0, POLIZAS)
    began = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as text:
        post_stream(campaigns.items_of(made, made.grande, _rows(text)), made.alicia)
    taken = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"registro_csv_polizas_por_s": POLIZAS / taken, "registro_csv_memoria_mb": memory}


def _rows(text: Any) -> Iterator[tuple[str, ...]]:
    import csv

    rows = csv.reader(text)
    next(rows)
    yield from map(tuple, rows)


def trial_balance(made: campaigns.Campaign, folder: Path) -> Measures:
    """The trial balance of 500,000 lines, here and by beancount and hledger from what `sif libros exportar` writes."""
    from sif.books.selectors import balanza
    from sif.statements.export_plain import export, name_of

    own = timed(7, lambda: balanza(made.grande.pk))
    sums = {name_of(row.cuenta): row.cargos.centavos - row.abonos.centavos for row in balanza(made.grande.pk)}
    measures = {"balanza_500_mil_lineas_sif_s": statistics.median(own)}
    for name, ask in peers.PEERS.items():
        if not peers.is_there(name):
            continue
        path = folder / f"libros.{name}"
        began = time.perf_counter()
        with path.open("w", encoding="utf-8") as text:
            text.writelines(export(made.grande, name))
        measures[f"exportar_500_mil_lineas_{name}_s"] = time.perf_counter() - began
        began = time.perf_counter()
        theirs = ask(path)
        measures[f"balanza_500_mil_lineas_{name}_s"] = time.perf_counter() - began
        if theirs != {account: total for account, total in sums.items() if total}:
            raise AssertionError(f"{name} no suma lo mismo que SIF")
    return measures


def board(made: campaigns.Campaign) -> Measures:
    """The board of 120 sets of books with 500,000 lines: derived anew, and with one póliza new since the last look."""
    from django.core.cache import cache

    from sif.books.board import board as board_of
    from sif.books.services import post_poliza

    def anew() -> None:
        cache.clear()
        board_of(made.libros)

    whole = timed(9, anew)
    looks = []
    for n in range(40):
        rows = campaigns.rows_of(made, made.libros[n % 120], 5_000_000 + n, 1)
        ((new, _support),) = campaigns.items_of(made, made.libros[n % 120], rows)
        post_poliza(new, made.alicia)
        looks += timed(1, lambda: board_of(made.libros))
    return {"tablero_120_desde_cero_p95_ms": p95(whole), "tablero_120_tras_registrar_p95_ms": p95(looks)}


def preflight(made: campaigns.Campaign) -> Measures:
    """What the authority's rules would find in the books of 2,000 pólizas."""
    from sif.audit.preflight import preflight as ask

    return {"revision_previa_2000_polizas_s": statistics.median(timed(5, lambda: ask(made.etapa, [made.libros[0]])))}


def calm() -> float:
    """How many processes wait for the processor now; above the number of cores, a figure is of a busy machine."""
    return os.getloadavg()[0]


def _apart(step: str, folder: Path) -> Measures:
    """A step in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, step, str(folder)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    measures: Measures = json.loads(said)
    return measures


STEPS: dict[str, Callable[[campaigns.Campaign, Path], Measures]] = {"stream": stream}


def measure(folder: Path, say: Callable[[str], None]) -> Measures:
    """Every measure, in an installation of its own under a folder."""
    campaigns.connect(folder)
    from django.db import connections

    from sif.registry.scope import WHOEVER_SIGNS, everything

    measures = {"carga_de_la_maquina": calm()}
    with everything(WHOEVER_SIGNS):
        made = campaigns.make_campaign()
        measures |= _apart("stream", folder)
        say(json.dumps(measures))
        from sif.books.services import post_stream

        rest = campaigns.rows_of(made, made.grande, POLIZAS, LEDGER - POLIZAS)
        post_stream(campaigns.items_of(made, made.grande, rest), made.alicia)
        campaigns.fill(made, LEDGER)
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE books_movimiento, books_poliza")  # as autovacuum does within a minute
        for part in (board, preflight):
            measures |= part(made)
            say(json.dumps(measures))
        measures |= trial_balance(made, folder)
        say(json.dumps(measures))
    measures |= people.measure(made)
    say(json.dumps(measures))
    return measures


def main() -> int:
    """Measure in a temporary folder, or one step in the folder given."""
    if len(sys.argv) == 3:
        folder = Path(sys.argv[2])
        campaigns.connect(folder)
        from sif.registry.scope import WHOEVER_SIGNS, everything

        with everything(WHOEVER_SIGNS):
            print(json.dumps(STEPS[sys.argv[1]](campaigns.again(), folder)))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="sif-banco-"))
    try:
        measures = measure(folder, lambda text: print(text, file=sys.stderr))
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(measures, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
