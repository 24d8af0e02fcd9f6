"""Run every lens over a snapshot, store its indicios beside the results of the rules, and draw samples."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from django.conf import settings

from sif.audit.derived import build_derived
from sif.audit.engine import Snapshot, locked_engine, open_snapshot, publish
from sif.audit.lens import figures, sampling, ties
from sif.audit.lens.indicio import Indicio, lenses
from sif.audit.lens.sampling import Muestra, draw, populate
from sif.registry.files import read_json

MOST_OF_A_LENS = 500
Progress = Callable[[int], None]
TABLES = (
    "aportaciones", "aportantes", "casas", "cfdi", "cfdi_conceptos", "cfdi_poliza", "contabilidades", "contratos",
    "cuentas", "cuentas_bancarias", "evidencias", "movimientos", "pagos", "periodos", "polizas", "proveedores",
)  # fmt: skip
INDICIOS, POPULATION = ("indicios", ".json"), ("poblacion", ".parquet")
"""The files kept of a snapshot: how the name of each begins and ends."""
DERIVED_TABLES = ("personas", "polizas_netas")


@contextmanager
def _looking(path: Path, memory: str = "2GB") -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
    opened = open_snapshot(path)
    with (
        tempfile.TemporaryDirectory(prefix="sif-indicios-") as work,
        locked_engine(memory=memory, threads=2, work=Path(work) / "tmp", snapshot=path) as engine,
    ):
        for name in TABLES:
            publish(engine, opened, name)
        build_derived(engine, DERIVED_TABLES, settings.JURISDICTION)
        yield engine, opened


def look(path: Path) -> list[Indicio]:
    """Every indicio of a snapshot, lens by lens, by money and then by key; of each lens the MOST_OF_A_LENS largest.

    Raises SnapshotRefused.
    """
    with _looking(path) as (engine, _):
        return _through_each(engine, lambda _count: None)


def _through_each(engine: duckdb.DuckDBPyConnection, tell: Progress) -> list[Indicio]:
    """Look through each lens; `tell` is called with how many have been."""
    figures.prepare(engine)
    found: list[Indicio] = []
    for place, (key, lens) in enumerate(lenses().items(), 1):
        each = _ASKED[key](engine, lens.limites) if key in _ASKED else ties.shared(engine, key, lens.limites)
        found += sorted(each, key=lambda one: (-one.monto, -one.casos, one.clave))[:MOST_OF_A_LENS]
        tell(place)
    return found


_ASKED = {
    "benford": figures.benford,
    "redondos": figures.round_amounts,
    "cierre": figures.close_of_period,
    "bajo_limite": ties.under_a_limit,
    "dobles": ties.gives_and_sells,
    "identidad": ties.donors_alike,
    "identidad_proveedores": ties.suppliers_alike,
    "precios": ties.prices,
}


def stamp() -> str:
    """Hash the lenses, their limits, the fields of an indicio and the sampling query, to name the kept results."""
    said = json.dumps({key: [lens.mira, dict(lens.limites)] for key, lens in lenses().items()}, sort_keys=True)
    kept_fields = [each.name for each in fields(Indicio)]
    return hashlib.sha256(f"{said}{kept_fields}{sampling.POPULATION}".encode()).hexdigest()[:16]


def _file(path: Path, results: Path, kind: tuple[str, str]) -> Path:
    return results / path.name / f"{kind[0]}-{stamp()}{kind[1]}"


def is_kept(path: Path, results: Path) -> bool:
    """Return whether nothing is left to look at in a snapshot."""
    return kept(path, results) is not None and _file(path, results, POPULATION).exists()


def keep(path: Path, results: Path, tell: Progress = lambda _count: None) -> list[Indicio]:
    """Look through every lens, and keep what they see and what is sampled under the digest of the snapshot.

    Raises SnapshotRefused.
    """
    with _looking(path) as (engine, _):
        populate(engine)
        sampled = engine.sql("SELECT * FROM poblacion ORDER BY hasta").to_arrow_table()
        found = _through_each(engine, tell)
    said = json.dumps([asdict(each) for each in found], ensure_ascii=False)
    _replace(_file(path, results, POPULATION), lambda new: pq.write_table(sampled, new))
    _replace(_file(path, results, INDICIOS), lambda new: new.write_text(said, encoding="utf-8"))
    return found


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, and give it its name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".indicios-", delete=False) as new:
        write(Path(new.name))
    Path(new.name).replace(file)


def kept(path: Path, results: Path) -> list[Indicio] | None:
    """Return the indicios of a snapshot; None until they are kept, when a lens changes, or where they are damaged."""
    try:
        return [_read(entry) for entry in read_json(_file(path, results, INDICIOS))]
    except (OSError, ValueError, TypeError):
        return None


def _read(entry: dict[str, object]) -> Indicio:
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return Indicio(**{**entry, **lists})  # type: ignore[arg-type]


def sample(path: Path, seed: str, size: int, contabilidad: int | None = None) -> Muestra:
    """Return a sample of a snapshot by monetary unit. Raises SnapshotRefused, SampleRefused."""
    with _looking(path) as (engine, opened):
        populate(engine, contabilidad)
        return draw(engine, opened.digest, seed, size)


def kept_sample(path: Path, results: Path, seed: str, size: int) -> Muestra | None:
    """Return the sample of a snapshot from the population kept of it; None until it is kept, or where it is damaged.

    Raises SampleRefused.
    """
    file = _file(path, results, POPULATION)
    if not file.exists():
        return None
    with locked_engine(memory="1GB", threads=2, snapshot=file.parent) as engine:
        try:
            name = str(file.resolve()).replace("'", "''")
            engine.execute(f"CREATE VIEW poblacion AS SELECT * FROM read_parquet('{name}')")
            return draw(engine, path.name, seed, size)
        except (duckdb.IOException, duckdb.InvalidInputException):
            file.unlink()
            return None
