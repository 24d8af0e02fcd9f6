"""Verify that the files of every snapshot match the digests of its record."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from psycopg import connect

from sif.audit.engine import manifest_digest, sha256_of
from sif.audit.freeze import snapshots_folder
from sif.filing.verifying import SETTINGS, Altered, Files

_KEPT = "SELECT digest, manifiesto FROM public.audit_instantanea ORDER BY id"


def verify_snapshots(conninfo: str) -> Files:
    """Read every file of every snapshot against the SHA-256 in its record, one snapshot at a time."""
    count = size = 0
    altered: list[Altered] = []
    folder = snapshots_folder()
    with connect(conninfo) as database, ThreadPoolExecutor(2) as readers:
        database.execute(SETTINGS)
        for digest, manifest in database.execute(_KEPT).fetchall():
            files = _files_of(folder / digest, digest, manifest)
            if files is None:
                altered.append(Altered("audit_instantanea", digest, "su manifiesto no es el de su huella"))
                continue
            altered += [Altered("audit_instantanea", digest, what) for what in _manifest(folder / digest, manifest)]
            for found, what in readers.map(_judge, files.items()):
                count, size = count + (found is not None), size + (found or 0)
                altered += [Altered("audit_instantanea", digest, what)] if what else []
    return Files(count, size, altered)


def _files_of(folder: Path, digest: str, manifest: Any) -> dict[Path, str] | None:
    """The files that a manifest names with their SHA-256; None if it is not the manifest of that digest."""
    try:
        tables = manifest["tables"]
        if manifest_digest(tables) != digest:
            return None
        return {folder / f"{name}.parquet": str(table["sha256"]) for name, table in sorted(tables.items())}
    except (KeyError, TypeError, AttributeError):
        return None


def _manifest(folder: Path, manifest: Any) -> Iterator[str]:
    """What is wrong with the manifest that stands beside the files, which whoever reads them without us goes by."""
    try:
        if json.loads((folder / "manifest.json").read_text(encoding="utf-8")) != manifest:
            yield "cambió manifest.json"
    except OSError:
        yield "falta manifest.json"
    except ValueError:
        yield "no se lee manifest.json"


def _judge(file: tuple[Path, str]) -> tuple[int | None, str]:
    """The bytes of a file, None if it is not there, and what is wrong with it."""
    path, wanted = file
    if not path.is_file():
        return None, f"falta {path.name}"
    return path.stat().st_size, "" if sha256_of(path) == wanted else f"los bytes de {path.name} cambiaron"
