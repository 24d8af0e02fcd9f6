"""Parse SAT's list of article 69-B into its rows, the days of their acts, and what was left out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sif.law.sources import data_path, read_data
from sif.registry.candidaturas import plain
from sif.values import Problem, Rfc

HEAD = 60  # rows among which the one of titles is looked for
_AS_SAT = "Cargue el CSV «Listado completo» tal como lo publica el SAT."
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_BETWEEN = re.compile(r"[\s/;,y-]*")
_WRITTEN = re.compile(r"(\d{1,2})(?: DE)? ([A-Z]+)(?: DEL?)? (\d{4})")


@dataclass(frozen=True, slots=True)
class Row69b:
    """A row of the list: a procedure against a taxpayer. dias: the days of publication of each act, the first first."""

    renglon: int
    rfc: str
    nombre: str
    situacion: str
    dias: Mapping[str, tuple[date, ...]]

    @property
    def al(self) -> date:
        """The day of the act that gives its situation; of the last one told, where that one has no day."""
        own = self.dias.get(self.situacion) or [day for days in self.dias.values() for day in days]
        return max(own, default=date.min)


@dataclass(frozen=True, slots=True)
class Discarded:
    """A row that was left out: its line in the file and why."""

    renglon: int
    motivo: str

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif listas cargar 69b --json` prints."""
        return {"renglon": self.renglon, "motivo": self.motivo}


@dataclass(frozen=True, slots=True)
class Sheet69b:
    """The content of a file of the list: its day (None if absent), its rows, its discarded rows, and its problems."""

    al: date | None
    filas: tuple[Row69b, ...]
    descartados: tuple[Discarded, ...]
    problemas: tuple[Problem, ...]

    @property
    def latest(self) -> dict[str, Row69b]:
        """The latest row of each taxpayer; of two of the same day, the later in the file."""
        found: dict[str, Row69b] = {}
        for row in sorted(self.filas, key=lambda row: (row.al, row.renglon)):
            found[row.rfc] = row
        return found


class _BadDay(ValueError):
    """A cell that holds something else than days."""


def read_69b(lines: Iterable[tuple[int, Sequence[str]]], jurisdiction: str) -> Sheet69b:
    """Read numbered lines of cells. Nothing is raised for what they hold: `problemas` names each row and column."""
    reader = _Reader(read_data(data_path(jurisdiction, "sat", "lista69b.yaml")))
    for number, cells in lines:
        if reader.places:
            reader.add(number, cells)
        elif reader.missing or number > HEAD:
            break
        else:
            reader.look_for_titles(number, cells)
    if not reader.places and not reader.problems:
        reader.say("encabezado", "archivo", "No se encontró la fila de títulos con la columna RFC.")
    return Sheet69b(reader.al, tuple(reader.rows), tuple(reader.discarded), tuple(reader.problems))


class _Reader:
    def __init__(self, words: Any) -> None:
        self.words = words
        self.al: date | None = None
        self.places: dict[str, int] = {}  # by title, as `plain` writes it
        self.titles: dict[str, str] = {}  # as the file writes it
        self.missing = False
        self.rows: list[Row69b] = []
        self.discarded: list[Discarded] = []
        self.problems: list[Problem] = []
        self.situations = {row["dice"]: name for name, row in words["situaciones"].items()}

    def say(self, code: str, place: str, told: str, cure: str = _AS_SAT) -> None:
        """Note something wrong."""
        self.problems.append(Problem(code, place, told, cure))

    def look_for_titles(self, number: int, cells: Sequence[str]) -> None:
        """Take the day of the list from a line of title, and the places of the columns from that of their names."""
        names = [plain(cell) for cell in cells]
        if self.words["columnas"]["rfc"] not in names:
            self.al = self.al or _written_day(" ".join(names), self.words)
            return
        self.places = {name: at for at, name in reversed(list(enumerate(names))) if name}
        self.titles = {name: cells[at].strip() for name, at in self.places.items()}
        missing = [key for key, name in self.words["columnas"].items() if name not in self.places]
        if missing:
            self.missing, self.places = True, {}
            self.say("columna", f"fila {number}", f"Faltan columnas: {', '.join(missing)}.")

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Take a row, or say why not."""
        if not any(cell.strip() for cell in cells):
            return
        rfc = re.sub(r"[\s.-]", "", self._cell(cells, self.words["columnas"]["rfc"])).upper()
        if Rfc.maybe(rfc) is None:
            crossed = self.words["tachado"] in rfc
            told = "El SAT tachó el RFC: no dice de quién es." if crossed else f"«{rfc[:20]}» no es un RFC."
            self.discarded.append(Discarded(number, told))
            return
        column = self.words["columnas"]["situacion"]
        said = self._cell(cells, column)
        situation = self.situations.get(plain(said))
        if situation is None:
            known = ", ".join(row["dice"].capitalize() for row in self.words["situaciones"].values())
            told = f"«{said[:40]}» no es una situación de la lista."
            self.say("situacion", f"fila {number}, {self.titles[column]}", told, f"Son: {known}.")
            return
        days = {name: self._days(number, cells, row["dias"]) for name, row in self.words["situaciones"].items()}
        name = " ".join(self._cell(cells, self.words["columnas"]["nombre"]).split())
        self.rows.append(Row69b(number, rfc, name[:250], situation, {k: v for k, v in days.items() if v}))

    def _cell(self, cells: Sequence[str], title: str) -> str:
        at = self.places.get(title, -1)
        return cells[at].strip() if 0 <= at < len(cells) else ""

    def _days(self, number: int, cells: Sequence[str], columns: Sequence[str]) -> tuple[date, ...]:
        """Return the days of an act, from the first of its columns that has any."""
        for column in columns:
            text = self._cell(cells, column)
            try:
                if found := _days_of(text):
                    return found
            except _BadDay as bad:
                told = f"«{text[:40]}» {bad}"
                self.say(
                    "fecha", f"fila {number}, {self.titles[column]}", told, "Corrija esa celda y cárguelo otra vez."
                )
        return ()


def _days_of(text: str) -> tuple[date, ...]:
    """Return the days of a cell, written d/m/aaaa or d-m-aa and as many as it holds, in order. Raises _BadDay."""
    found, rest = [], 0
    for match in _DAY.finditer(text):
        if not _BETWEEN.fullmatch(text, rest, match.start()):
            raise _BadDay("no es una fecha dd/mm/aaaa.")
        rest = match.end()
        number, month, year = map(int, match.groups())
        try:
            found.append(date(year if year > 99 else 2000 + year, month, number))
        except ValueError as error:
            raise _BadDay("no es un día del calendario.") from error
    if not _BETWEEN.fullmatch(text, rest):
        raise _BadDay("no es una fecha dd/mm/aaaa.")
    return tuple(sorted(set(found)))


def _written_day(text: str, words: Any) -> date | None:
    """Return the day that a line of title says, in words or in figures."""
    if words["actualizada"] not in text:
        return None
    if match := _WRITTEN.search(text):
        number, name, year = match.groups()
        if name in words["meses"]:
            return _calendar(int(year), words["meses"].index(name) + 1, int(number))
    if match := _DAY.search(text):
        number, month, year = match.groups()
        return _calendar(int(year), int(month), int(number))
    return None


def _calendar(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
