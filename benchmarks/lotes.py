"""Measures loading by lots; prints JSON: `python benchmarks/lotes.py [PÓLIZAS]` (100,000 of four lines unless told)."""

import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns

POLIZAS = 100_000
SAID = re.compile(r"Registradas: ([\d,]+) pólizas en ([\d,.]+) s")
Measures = dict[str, float]


def direct(made: campaigns.Campaign, path: Path, count: int) -> Measures:
    """The file through `sif lotes cargar`, a process of its own: the seconds it says, and the most memory it held."""
    command = [
        sys.executable,
        "-m",
        "sif.commands.main",
        "lotes",
        "cargar",
        "--contabilidad",
        str(made.grande.pk),
        "--usuario",
        made.alicia.username,
        str(path),
    ]
    answer = path.with_suffix(".txt")
    with answer.open("wb") as out:
        pid = os.posix_spawn(sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _pid, status, used = os.wait4(pid, 0)
    said = SAID.search(answer.read_text(encoding="utf-8"))
    if status or said is None or int(said[1].replace(",", "")) != count:
        raise AssertionError(f"sif lotes cargar terminó con {status}")
    return {
        "lote_directo_polizas_por_s": count / float(said[2].replace(",", "")),
        "lote_memoria_mb": used.ru_maxrss / 1024,
    }


def previewed(made: campaigns.Campaign, path: Path, count: int) -> Measures:
    """The file through the page of lots: kept, read, reviewed row by row for the preview, and then applied."""
    from sif.batch.services import apply_lote, receive_lote

    began = time.perf_counter()
    received = receive_lote(made.libros[0], "polizas", (path.name, _pieces(path)), made.alicia)
    reviewed = time.perf_counter()
    done = apply_lote(received.lote, made.alicia)
    ended = time.perf_counter()
    if done.cosas != count:
        raise AssertionError(f"se aplicaron {done.cosas}")
    return {
        "lote_revisar_polizas_por_s": count / (reviewed - began),
        "lote_registrar_revisado_polizas_por_s": count / (ended - reviewed),
        "lote_con_vista_previa_polizas_por_s": count / (ended - began),
        "lote_con_vista_previa_memoria_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def measure(folder: Path, count: int, say: Callable[[str], Any]) -> Measures:
    """Both ways, in an installation of its own under a folder."""
    campaigns.connect(folder)
    from django.db import connections

    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        made = campaigns.make_campaign()
        measures: Measures = {"lote_carga_de_la_maquina": os.getloadavg()[0]}
        for books, work in ((made.grande, direct), (made.libros[0], previewed)):
            path = folder / f"{work.__name__}.csv"
            campaigns.write_csv(path, made, books, 0, count)
            measures |= work(made, path, count)
            say(json.dumps(measures))
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM books_movimiento")
            if cursor.fetchone()[0] != 2 * 4 * count:
                raise AssertionError("no están todas las líneas")
    return measures


def main() -> int:
    """Measure in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="sif-lotes-"))
    try:
        measures = measure(
            folder, int(sys.argv[1]) if sys.argv[1:] else POLIZAS, lambda text: print(text, file=sys.stderr)
        )
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(measures, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
