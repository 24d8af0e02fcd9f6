"""Iterate over the rows of a CSV or workbook in constant memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sif.batch.cells import Cells
from sif.batch.kinds import Clase
from sif.registry.candidaturas import plain
from sif.registry.opening import opened, table_rows
from sif.sandbox.cells import text_of
from sif.sandbox.opening import Limits
from sif.values import Problem, refusal
from sif.values.texts import is_blank

MAX_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row as written: its number in the file and its cells that are not empty, by name of column."""

    fila: int
    celdas: Cells
    problemas: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Hoja:
    """The rows of a file, to be walked once, and the titles that no column of the kind answers to."""

    renglones: Iterator[Renglon]
    ignoradas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crudo:
    """A file before its cells are read: numbered rows, which column each place holds (None: no one's), and the rest."""

    filas: Iterator[tuple[int, Sequence[str]]]
    columnas: Sequence[str | None]
    ignoradas: tuple[str, ...]


def read_sheet(path: Path, form: str, kind: Clase) -> Hoja:
    """Open a file of a form (csv, xlsx) as rows of a kind. Raises Refused, also while it is walked."""
    raw = open_sheet(path, form, kind)
    found = (renglon_of(number, cells, raw.columnas) for number, cells in raw.filas)
    return Hoja((row for row in found if row is not None), raw.ignoradas)


def open_sheet(path: Path, form: str, kind: Clase) -> Crudo:
    """Return the same file, its cells as they come. Raises Refused, also while it is walked."""
    rows = _csv_rows(path) if form == "csv" else _xlsx_rows(path, kind)
    try:
        number, titles = next(rows)
    except StopIteration as empty:
        raise refusal("vacio", "archivo", "El archivo no tiene renglones.", "Llene la plantilla.") from empty
    places, ignored = _places(titles, kind, number)
    return Crudo(rows, [places.get(place) for place in range(len(titles))], ignored)


def _places(titles: Sequence[str], kind: Clase, row: int) -> tuple[dict[int, str], tuple[str, ...]]:
    """Map the columns of the file to those of the kind by title, in any order; return the ignored titles too."""
    known = {plain(name).replace(" ", "_"): name for name in kind.nombres}
    seen = [plain(title).replace(" ", "_") for title in titles]
    places = {place: known[title] for place, title in enumerate(seen) if title in known}
    missing = [c.nombre for c in kind.columnas if c.obligatoria and c.nombre not in places.values()]
    if missing:
        shown = ", ".join(title.strip()[:30] for title in titles if title.strip())[:200]
        raise refusal(
            "columnas",
            f"fila {row}",
            f"Faltan las columnas {', '.join(missing)}; el renglón dice: {shown or 'nada'}.",
            "Ponga los títulos de la plantilla en el primer renglón.",
        )
    twice = sorted({name for name in places.values() if list(places.values()).count(name) > 1})
    if twice:
        raise refusal(
            "columnas", f"fila {row}", f"Está dos veces: {', '.join(twice)}.", "Deje una sola columna de cada una."
        )
    ignored = [title.strip() for place, title in enumerate(titles) if place not in places and title.strip()]
    return places, tuple(ignored)


def renglon_of(number: int, cells: Sequence[str], columns: Sequence[str | None]) -> Renglon | None:
    """Return a row of those columns; None if it says nothing."""
    pairs = zip(columns, map(str.strip, cells), strict=False)
    found = {name: text for name, text in pairs if name and not is_blank(text)}
    width = len(columns)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        first = next(name for name in columns if name)
        wrong = Problem(
            "celdas_de_mas",
            first,
            f"Tiene {len(cells)} celdas y hay {width} títulos.",
            "Encierre entre comillas lo que lleve comas, o quite lo que sobra.",
        )
        return Renglon(number, found, (wrong,))
    return Renglon(number, found) if found else None


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    yield from ((number, cells) for number, cells in table_rows(path) if any(cells))


def _xlsx_rows(path: Path, kind: Clase) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in workbook_rows(path, kind.clave):
        yield number, [text_of(cell) for cell in cells]


def workbook_rows(path: Path, sheet: str, *, exact: bool = False) -> Iterator[tuple[int, list[object]]]:
    """Yield the rows of a sheet of a workbook, as `sif.sandbox.workbook.read_rows` writes their cells.

    Without a sheet of that name the first is read, unless `exact`. Raises Refused.
    """
    args = {"hoja": sheet, "exacta": exact, "columnas": MAX_COLUMNS}
    lines = opened("libro", path, args, Limits().grown(path.stat().st_size)).lines()
    names: list[str] = next(lines, [])
    if exact and sheet not in names:
        raise refusal("hoja", "libro", f"Sus hojas son: {', '.join(names)[:200]}.", f"Deje la hoja «{sheet}».")
    yield from lines
