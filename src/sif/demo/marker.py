"""Record which demonstration a folder holds, and whether its build ended."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from sif.demo.truth import write_json

WHOLE, BEGUN = "cargada.json", "en_curso.json"
OWN_FOLDERS = ("archivos", "instantaneas", "resultados", "documentos", "certificados", "demo")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The state of the folder of an installation: empty, with a demonstration (whole or not) or with other data."""

    estado: str  # vacia, completa, incompleta, ajena
    semilla: int | None = None
    informe: dict[str, object] | None = None


def look(*, has_rows: bool) -> Loaded:
    """Say what is loaded; `has_rows` is whether the database has any process."""
    folder: Path = settings.DATOS / "demo"
    whole, begun = folder / WHOLE, folder / BEGUN
    if begun.exists():
        return Loaded("incompleta", _read(begun).get("semilla"))
    if whole.exists() and has_rows:
        content = _read(whole)
        return Loaded("completa", content["semilla"], content)
    if has_rows:
        return Loaded("ajena")
    return Loaded("incompleta" if whole.exists() else "vacia")


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


def begin(seed: int) -> None:
    """Say that a build has begun; until `finish`, what there is is not whole."""
    write_json(BEGUN, {"semilla": seed})


def finish(content: dict[str, object]) -> None:
    """Say that the build is whole, with its report."""
    write_json(WHOLE, content)
    (settings.DATOS / "demo" / BEGUN).unlink()


def remove_files() -> None:
    """Remove the files of a demonstration (never the database, which its own command drops).

    The mark that a build has begun goes last: a removal that is killed is taken up again.
    """
    for name in OWN_FOLDERS:
        if name != "demo":
            shutil.rmtree(settings.DATOS / name, ignore_errors=True)
    shutil.rmtree(settings.DATOS / "demo", ignore_errors=True)
