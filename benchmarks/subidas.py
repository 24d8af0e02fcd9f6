"""Measure the last step of a large upload; prints JSON: `python benchmarks/subidas.py` (minutes, and 3 GB of disk)."""

import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns

MIB = 1 << 20
PIECE = 4 * MIB  # what the page sends at once
EVIDENCE = (20, 100, 500)  # MiB; the last is the largest that is admitted
LOT = (20, 100, 300)
Measures = dict[str, float]


def taken(name: str, work: Callable[[], Any]) -> Measures:
    """Seconds of clock and of the processor of this process that some work takes."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    found = {f"{name}_s": time.perf_counter() - clock, f"{name}_procesador_s": time.process_time() - processor}
    print(json.dumps(found), file=sys.stderr)
    return found


def evidence(made: campaigns.Campaign) -> Measures:
    """The last piece of a film and of a PDF, whose whole file is then kept."""
    from sif.books.services import begin_upload, receive_piece

    measures: Measures = {}
    for size in EVIDENCE:
        for name, head in (("video", b"\0\0\0\x18ftypmp42"), ("pdf", b"%PDF-1.7\n")):
            carga = begin_upload(made.libros[0], f"x.{name}", size * MIB, made.alicia)
            for at in range(0, size * MIB - PIECE, PIECE):
                piece = os.urandom(PIECE) if at else head + os.urandom(PIECE - len(head))
                carga = receive_piece(carga, at, io.BytesIO(piece), made.alicia)
            last, at, begun = io.BytesIO(os.urandom(PIECE)), size * MIB - PIECE, carga
            measures |= taken(
                f"evidencia_{name}_{size}_mib",
                lambda begun=begun, at=at, last=last: receive_piece(begun, at, last, made.alicia),
            )
    return measures


def lot(made: campaigns.Campaign) -> Measures:
    """A CSV that a form brought, kept as a lot for its job to read."""
    from sif.batch.services import keep_lote

    measures: Measures = {}
    for size in LOT:
        row = b"1;1;normal;DR;10/04/2026;Volantes;1;5-5-01-03-0000;;;Tiro;10.00;;;;;%d\n" % size
        piece = row * (64 * 1024 // len(row))
        chunks = (piece for _ in range(size * MIB // len(piece)))
        measures |= taken(
            f"lote_csv_{size}_mib",
            lambda chunks=chunks: keep_lote(made.libros[0], "polizas", ("grande.csv", chunks), made.alicia),
        )
    return measures


def statement(made: campaigns.Campaign) -> Measures:
    """A statement of an account, read, kept and compared with what the account had."""
    from sif.banks.services import load_statement

    measures: Measures = {}
    for account, lines in ((made.libros[1], 2_000), (made.libros[2], 20_000), (made.libros[3], 60_000)):
        bank, data = made.bancos[account.pk], _mt940(made, lines)
        measures |= taken(
            f"estado_{lines}_lineas", lambda bank=bank, data=data: load_statement(bank, ("e.sta", data), made.alicia)
        )
        measures[f"estado_{lines}_mib"] = len(data) / MIB
    return measures


def _mt940(made: campaigns.Campaign, lines: int) -> bytes:
    """A statement of one day in MT940: deposits of one peso."""
    day = made.first_day
    rows = "".join(f":61:{day:%y%m%d}{day:%m%d}C1,00NTRF{n:016d}\n:86:Deposito {n}\n" for n in range(lines))
    return (
        f":20:MEDIDA\n:25:{campaigns.CLABE}\n:28C:1/1\n:60F:C{day:%y%m%d}MXN0,00\n{rows}:62F:C{day:%y%m%d}MXN{lines},00\n"
    ).encode()


def measure(folder: Path) -> Measures:
    """Every measure, in an installation of its own under a folder."""
    campaigns.connect(folder)
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        made = campaigns.make_campaign()
        found: Measures = {"subidas_carga_de_la_maquina": os.getloadavg()[0]}
        for part in (evidence, lot, statement):
            found |= part(made)
    return found


def main() -> int:
    """Measure in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="sif-subidas-"))
    try:
        measures = measure(folder)
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(measures, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
