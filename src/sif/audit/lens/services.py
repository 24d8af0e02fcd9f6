"""Run every lens over a snapshot, store its indicios beside the results of the rules, and draw samples."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import duckdb

from sif.audit.derived import build_derived
from sif.audit.engine import Snapshot, locked_engine, open_snapshot, publish
from sif.audit.lens import figures, ties
from sif.audit.lens.indicio import Indicio, lenses
from sif.audit.lens.sampling import Muestra, draw
from sif.registry.files import read_json

MOST_OF_A_LENS = 500
TABLES = (
    "aportaciones", "aportantes", "casas", "cfdi", "cfdi_conceptos", "cfdi_poliza", "contabilidades", "contratos",
    "cuentas", "cuentas_bancarias", "evidencias", "movimientos", "pagos", "periodos", "polizas", "proveedores",
)  # fmt: skip
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
        build_derived(engine, DERIVED_TABLES)
        yield engine, opened


def look(path: Path) -> list[Indicio]:
    """Every indicio of a snapshot, lens by lens, by money and then by key; of each lens the MOST_OF_A_LENS largest.

    Raises SnapshotRefused.
    """
    with _looking(path) as (engine, _):
        figures.prepare(engine)
        found: list[Indicio] = []
        for key, lens in lenses().items():
            each = _ASKED[key](engine, lens.limites) if key in _ASKED else ties.shared(engine, key, lens.limites)
            found += sorted(each, key=lambda one: (-one.monto, -one.casos, one.clave))[:MOST_OF_A_LENS]
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


def kept(path: Path, results: Path) -> list[Indicio]:
    """The indicios of a snapshot, looked for once and kept under its digest until a lens changes.

    Raises SnapshotRefused.
    """
    said = json.dumps({key: [lens.mira, dict(lens.limites)] for key, lens in lenses().items()}, sort_keys=True)
    file = results / path.name / f"indicios-{hashlib.sha256(said.encode()).hexdigest()[:16]}.json"
    try:
        return [_read(entry) for entry in read_json(file)]
    except (OSError, ValueError, TypeError):
        pass  # not looked for yet, or damaged: it is looked for again
    found = look(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".indicios-", delete=False, encoding="utf-8") as new:
        json.dump([asdict(each) for each in found], new, ensure_ascii=False)
    Path(new.name).replace(file)
    return found


def _read(entry: dict[str, object]) -> Indicio:
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return Indicio(**{**entry, **lists})  # type: ignore[arg-type]


def sample(path: Path, seed: str, size: int, contabilidad: int | None = None) -> Muestra:
    """A sample of a snapshot by monetary unit. Raises SnapshotRefused, SampleRefused."""
    with _looking(path) as (engine, opened):
        return draw(engine, opened.digest, seed, size, contabilidad)
