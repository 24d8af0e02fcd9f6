"""Generate a process slice by slice as a snapshot with its answer key."""

import errno
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sif.simulation import answers, evidence_sql, fixed_tables, look_alikes, operations, seen, vouchers
from sif.simulation.ordinary import write_year
from sif.simulation.plan import CUT, PARTIES, Books, Plan, make_plan
from sif.simulation.writing import SnapshotWriter

PER_SLICE = 400_000
BYTES_PER_POLIZA = 700
"""What a póliza with all its support takes on disk, generously; asked of the disk before anything is written."""

FEWEST, MOST = 27, 600
"""Parties of an ordinary year: twenty-seven give each fault alone and in pairs; hundreds more plant nothing new."""

LIMITS_ON = date(2024, 5, 1)


class SimulationRefused(ValueError):
    """It cannot be written there; the message says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """The result of a generation: digest of the snapshot, rows by table, faults by rule, and time in seconds."""

    digest: str
    rows: dict[str, int]
    planted: dict[str, int]
    segundos: float


Filled = dict[str, int | str]
"""What the queries of an invented country are filled with."""


def simulate(
    folder: Path,
    *,
    contabilidades: int,
    polizas: int,
    semilla: int,
    memory: str = "3GB",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Simulated:
    """Write a snapshot with about that many pólizas to a new folder; all of it or nothing.

    `progress` is told slices done and slices in all. Raises SimulationRefused, and ValueError for sizes too small.
    """
    plan = make_plan(semilla, contabilidades, polizas, PER_SLICE)
    return _whole(folder, polizas, lambda partial: _write(partial, plan, polizas, (memory, threads), progress))


def simulate_year(folder: Path, *, partidos: int, semilla: int) -> Simulated:
    """Write a snapshot of the ordinary books of that many parties, and of three at the brink of each limit.

    All of it or nothing. Raises SimulationRefused, and ValueError for fewer parties than give each fault its pairs.
    """
    if not FEWEST <= partidos <= MOST:
        raise ValueError(f"Se pidieron {partidos} partidos; hacen falta de {FEWEST} a {MOST}.")
    return _whole(folder, partidos * 20, lambda partial: write_year(partial, semilla, partidos))


def _whole(
    folder: Path, polizas: int, write: Callable[[Path], tuple[str, dict[str, int], dict[str, int]]]
) -> Simulated:
    started = time.perf_counter()
    _check_room(folder, polizas)
    partial = Path(tempfile.mkdtemp(prefix=".simulando-", dir=folder.parent))
    try:
        digest, rows, planted = write(partial)
        if folder.exists():
            folder.rmdir()
        partial.chmod(0o755)
        partial.replace(folder)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if _is_full(error):
            raise SimulationRefused(
                f"El disco de {folder.parent} se llenó mientras se escribía. Libere espacio o pida menos pólizas."
            ) from error
        raise
    return Simulated(digest, rows, planted, time.perf_counter() - started)


def _is_full(error: BaseException) -> bool:
    """Return whether a disk without room is what stopped the writing, told by the system or by the engine."""
    told = str(error).lower()
    return (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)) or (
        isinstance(error, duckdb.Error) and ("no space left" in told or "max_temp_directory_size" in told)
    )


def _check_room(folder: Path, polizas: int) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SimulationRefused(
            f"{folder} ya existe y no está vacía. Dé otra carpeta: una instantánea no se sobrescribe."
        )
    if not folder.parent.is_dir():
        raise SimulationRefused(f"No existe {folder.parent}. Cree la carpeta o dé otra.")
    free, wanted = shutil.disk_usage(folder.parent).free, polizas * BYTES_PER_POLIZA
    if free < wanted:
        raise SimulationRefused(
            f"Quedan {free // 10**6:,} MB en el disco y hacen falta unos {wanted // 10**6:,}. "
            "Libere espacio o pida menos pólizas."
        )


def _values(plan: Plan, polizas: int) -> Filled:
    return {
        "semilla": plan.semilla % 1_000_000_007,
        "proveedores": max(300, polizas // 200),
        "sin_coalicion": PARTIES,
        "otra": next(b.contabilidad_id for b in plan.books if b.sujeto_id == PARTIES),
        "coaliciones": ", ".join(str(number) for number in sorted({coalition for coalition, *_ in plan.members})),
        "otra_etapa": evidence_sql.GAVE_ELSEWHERE,
        "federal": evidence_sql.FEDERAL,
        "declara": evidence_sql.DECLARES,
        "de_otra_etapa": evidence_sql.MOVED_ELSEWHERE,
        "recibe": evidence_sql.TOOK_IN,
        "depositada": evidence_sql.DEPOSITED,
        **{name: f"{value}::BIGINT" for name, value in fixed_tables.limits(LIMITS_ON).items()},
    }


def _write_books(engine: duckdb.DuckDBPyConnection, writer: SnapshotWriter, plan: Plan, values: Filled) -> None:
    """Write the tables that the plan fixes and those of the books, with their faults and look-alikes."""
    for name, columns, rows in fixed_tables.fixed_tables(plan):
        writer.append_rows(name, columns, rows)
    for name, query in (*fixed_tables.BOOK_TABLES.items(), *seen.BOOK_TABLES.items()):
        writer.append_query(engine, name, query.format(**values))
    for key in (answers.OF_BOOKS, seen.OF_BOOKS):
        writer.append_key(engine, key.format(**values))
    writer.append_look_alikes(engine, look_alikes.OF_BOOKS)


def _write_money(engine: duckdb.DuckDBPyConnection, writer: SnapshotWriter, folder: Path, values: Filled) -> None:
    """Write what givers gave before and the public money, once every contribution is written."""
    pockets = answers.POCKETS.format(folder=str(folder).replace("'", "''"), **values)
    engine.execute(f"INSERT INTO dieron_antes {pockets}{answers.BEFORE}")
    for name, query in seen.GAVE_BEFORE.items():
        writer.append_query(engine, name, query)
    writer.append_key(engine, pockets + answers.LIMITS)
    writer.append_look_alikes(engine, pockets + look_alikes.LIMITS)
    writer.append_query(engine, "financiamiento", seen.FUNDS + seen.GRANTED)
    writer.append_key(engine, seen.FUNDS + seen.OF_FUNDS.format(**values))
    writer.append_look_alikes(engine, seen.FUNDS + look_alikes.OF_FUNDS)


def _write(
    folder: Path, plan: Plan, polizas: int, engine_size: tuple[str, int], progress: Callable[[int, int], None] | None
) -> tuple[str, dict[str, int], dict[str, int]]:
    writer = SnapshotWriter(folder)
    work = folder / "trabajo"
    config: dict[str, Any] = {
        "memory_limit": engine_size[0],
        "threads": engine_size[1],
        "temp_directory": str(work),
        "preserve_insertion_order": True,
    }
    values = _values(plan, polizas)
    try:
        with duckdb.connect(":memory:", config=config) as engine:
            _load_plan(engine, plan, values)
            _write_books(engine, writer, plan, values)
            base = 0
            for number in range(plan.slices):
                base += _slice(engine, writer, {**values, "slice": number, "base": base})
                if progress is not None:
                    progress(number + 1, plan.slices)
            writer.flush("aportaciones")
            _write_money(engine, writer, folder, values)
            for name in ("clave", "parecidos"):
                writer.flush(name)
            planted = _planted(engine, folder)
        shutil.rmtree(work, ignore_errors=True)
        about = {"semilla": plan.semilla, "contabilidades": len(plan.books), "polizas_pedidas": polizas}
        manifest = writer.close(CUT, about)
        (folder / "clave.json").write_text(json.dumps({"plantadas": planted}, indent=1), encoding="utf-8")
    except BaseException:
        writer.abandon()
        raise
    return manifest["digest"], dict(writer.rows), planted


def _load_plan(engine: duckdb.DuckDBPyConnection, plan: Plan, values: Filled) -> None:
    engine.execute(operations.MACROS.format(**values))
    names = [field.name for field in fields(Books)]
    books = pa.table({name: [getattr(book, name) for book in plan.books] for name in names})
    told = ("sujeto_id", "rfc", "tipo", "generous")
    subjects = pa.table({name: [getattr(s, name) for s in plan.subjects] for name in told})
    engine.register("plan_libros", books)
    engine.register("plan_sujetos", subjects)
    engine.execute("CREATE TABLE sujetos_plan AS SELECT * FROM plan_sujetos")
    engine.execute("CREATE TABLE miembros (coalicion BIGINT, partido BIGINT, parte BIGINT)")
    engine.executemany("INSERT INTO miembros VALUES (?, ?, ?)", plan.members)
    engine.execute(fixed_tables.BOOKS)
    engine.execute("CREATE TABLE gastado (contabilidad_id BIGINT, gasto BIGINT, entregado BIGINT)")
    for marked in ("no_militan", "no_contienden", "sin_llave"):
        engine.execute(f"CREATE TABLE {marked} (op BIGINT)")
    engine.execute("CREATE TABLE dieron_antes (partido BIGINT, monto BIGINT)")
    engine.execute(fixed_tables.ACTS)
    engine.unregister("plan_libros")
    engine.unregister("plan_sujetos")


def _slice(engine: duckdb.DuckDBPyConnection, writer: SnapshotWriter, values: Filled) -> int:
    """Make one slice in the engine and append it; returns how many pólizas it has."""
    steps = (
        operations.OPS,
        operations.CANDIDATES,
        operations.CHOSEN,
        operations.ASIDE,
        vouchers.ENTRIES,
        evidence_sql.BOUGHT,
        evidence_sql.GIVEN,
        vouchers.LINES,
        seen.DECIDED,
        evidence_sql.PAYMENTS,
        evidence_sql.INVOICES,
    )
    for step in steps:
        engine.execute(step.format(**values))
    for name in ("contratos", "cfdi_conceptos"):
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {evidence_sql.PUBLISHED[name].format(**values)}")
    writer.append_query(engine, "polizas", "SELECT * FROM polizas")
    writer.append_query(engine, "movimientos", "SELECT * FROM renglones")
    writer.append_query(engine, "pagos", "SELECT * FROM pagos")
    for name, query in {**evidence_sql.PUBLISHED, **fixed_tables.SLICE_TABLES, **seen.SLICE_TABLES}.items():
        writer.append_query(engine, name, query.format(**values))
    engine.execute(answers.ANSWERS.format(**values))
    writer.append_key(engine, "SELECT * FROM clave ORDER BY regla, clave")
    writer.append_look_alikes(engine, f"{look_alikes.OF_SLICE.format(**values)} ORDER BY regla, clave")
    ((rows,),) = engine.execute("SELECT COUNT(*) FROM polizas").fetchall()
    return int(rows)


def _planted(engine: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    file = str(folder / "clave.parquet").replace("'", "''")
    rows = engine.execute(
        f"SELECT regla, COUNT(*) FROM read_parquet('{file}') GROUP BY regla ORDER BY regla"
    ).fetchall()
    return {rule: int(count) for rule, count in rows}
