"""Keep what each column of a file of candidacies is, as a person says it once for every file with those heads."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from django.conf import settings

from sif.law.sources import data_path, read_data
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.process_models import ColumnasArchivo
from sif.registry.scope import acting
from sif.registry.sujetos import must_administer
from sif.registry.table_files import file_rows
from sif.values import Problem, Refused


def heads_of(data: bytes) -> tuple[str, ...]:
    """Return the heads of a file: its first row that says something. Raises Refused where it cannot be opened."""
    return next((cells for _number, cells in file_rows(data)), ())


def _digest(heads: Sequence[str]) -> str:
    said = "\n".join(" ".join(unicodedata.normalize("NFC", name).casefold().split()) for name in heads)
    return hashlib.sha256(said.encode()).hexdigest()


def said_columns(heads: Sequence[str]) -> dict[str, int]:
    """Return the place of each column of a file, as somebody said it of its heads; empty where nobody did."""
    last = ColumnasArchivo.objects.filter(encabezado=_digest(heads)).order_by("-pk").first()
    return {str(key): int(place) for key, place in last.columnas.items()} if last else {}


def known_columns() -> list[str]:
    """Return the key of each column that a file may have."""
    return list(read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))["columnas"])


def say_columns(heads: Sequence[str], columns: Mapping[str, int], by: Usuario) -> None:
    """Keep what each column is. Raises Refused with each problem at its key, and PermissionError."""
    must_administer(by)
    words = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))
    problems = [
        Problem("columna", key, "Sin ella no se carga ninguna candidatura.", "Elija la columna que lo dice.")
        for key in words["obligatorias"]
        if key not in columns
    ]
    problems += [
        Problem("columna", key, "El archivo no tiene esa columna.", "Elija otra.")
        for key, place in columns.items()
        if key not in words["columnas"] or not 0 <= place < len(heads)
    ]
    used = Counter(columns.values())
    problems += [
        Problem("columna", key, f"La columna «{heads[place]}» ya dice otra cosa.", "Cada columna dice una sola.")
        for key, place in columns.items()
        if used[place] > 1 and 0 <= place < len(heads)
    ]
    if problems:
        raise Refused(*problems)
    if said_columns(heads) == dict(columns):
        return
    with acting():
        must_administer(by)
        ColumnasArchivo.objects.create(
            encabezado=_digest(heads), columnas=dict(columns), dicho_el=clock.now(), dicho_por=by
        )
