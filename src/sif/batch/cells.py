"""Parse and validate a row of cells, one problem and one cure for each faulty cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sif.batch.kinds import Clase, Columna
from sif.law.chart import account_code
from sif.values import Clabe, Curp, Money, Problem, Rfc, Unread, Uuid, read_amount, read_day

Cells = dict[str, str]
_HOUR = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2})?$")
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_YES = {"SI": True, "SÍ": True, "S": True, "1": True, "TRUE": True, "VERDADERO": True}
_NO = {"NO": False, "N": False, "0": False, "FALSE": False, "FALSO": False}


@dataclass(frozen=True, slots=True)
class Leida:
    """A row read: the value of each column that was understood, and the problems, whose place is their column."""

    valores: Mapping[str, object]
    problemas: tuple[Problem, ...]


def read_row(kind: Clase, cells: Mapping[str, str]) -> Leida:
    """Check every cell of a row against its column."""
    values: dict[str, object] = {}
    problems = []
    for column in kind.columnas:
        name = column.nombre
        if not (text := cells.get(name)) and not column.obligatoria:
            values[name] = None
            continue
        try:
            values[name] = read_cell(column, text or "")
        except Unread as bad:
            problems.append(bad.at(name))
    if _is_example(kind, cells):
        problems.append(
            Problem(
                "ejemplo",
                kind.nombres[0],
                "Es el renglón de ejemplo de la plantilla.",
                "Bórrelo y escriba los suyos.",
            )
        )
    return Leida(values, tuple(problems))


MOST_MEANINGS = 20_000  # texts of a column that are remembered; then it begins anew, so that memory does not grow


Values = Mapping[str, Any]
"""The cells of a row as read, each by its key and of the type of its column."""


class Meanings(dict[str, Any]):
    """A cache of the values of the texts of a column; a new text is parsed, and raises Unread where it is bad."""

    def __init__(self, column: Columna) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> object:
        if len(self) >= MOST_MEANINGS:
            self.clear()
        value = self[text] = read_cell(self._column, text)
        return value


class Lector:
    """Reads rows of a kind as `read_row` does, remembering what each text of a column meant."""

    def __init__(self, kind: Clase) -> None:
        self._kind = kind
        self._known = {column.nombre: Meanings(column) for column in kind.columnas}
        self._required = frozenset(column.nombre for column in kind.columnas if column.obligatoria)
        self._blank: dict[str, object] = dict.fromkeys(kind.nombres)
        self._first = kind.nombres[0]
        self._examples = frozenset(example[0] for example in kind.ejemplos)

    def meanings(self, name: str) -> Meanings:
        """Return the values of a column by text; the lookup of a bad text raises Unread."""
        return self._known[name]

    def read(self, cells: Mapping[str, str]) -> Leida:
        """Check every cell of a row against its column."""
        if self._required <= cells.keys() and cells.get(self._first, "").strip() not in self._examples:
            values, known = self._blank.copy(), self._known
            try:
                for name, text in cells.items():
                    values[name] = known[name][text]
            except (Unread, KeyError):  # a bad cell, or one of no column: told by who tells everything
                return read_row(self._kind, cells)
            return Leida(values, ())
        return read_row(self._kind, cells)


def _is_example(kind: Clase, cells: Mapping[str, str]) -> bool:
    """Return whether the row is one of those that the template shows; one cell tells most rows apart."""
    first = cells.get(kind.columnas[0].nombre, "").strip()
    return any(
        shown[0] == first and shown == tuple(cells.get(name, "").strip() for name in kind.nombres)
        for shown in kind.ejemplos
    )


def read_cell(column: Columna, text: str) -> object:
    """Return the value of a cell: None for an empty one; Money, date, time, bool, int or str. Raises Unread."""
    seen = text.strip()
    if not seen:
        if column.obligatoria:
            raise Unread("La celda está vacía.", f"Escriba el dato. {column.ayuda}", "vacia")
        return None
    if seen.startswith("="):
        raise Unread(
            f"Es una fórmula: {seen[:60]}",
            "Copie la columna y péguela como valores, o escriba aquí el dato.",
            "formula",
        )
    if _NO_TEXT.search(seen):
        raise Unread("Tiene caracteres que no son texto.", "Escriba el dato otra vez.", "caracteres")
    return _READERS[column.tipo](column, seen)


def _text(column: Columna, seen: str) -> str:
    if len(seen) > column.largo:
        raise Unread(f"Tiene {len(seen)} caracteres y caben {column.largo}.", "Abrévielo.", "largo")
    return seen


def _whole(column: Columna, seen: str) -> int:
    figures = seen.removesuffix(".0")
    if not (figures.isascii() and figures.isdigit() and len(figures) < 10):
        raise Unread(f"«{seen[:40]}» no es un número entero.", "Escriba solo cifras.", "entero")
    return int(figures)


def _money(column: Columna, seen: str) -> Money:
    return read_amount(seen)


def _day(column: Columna, seen: str) -> date:
    return read_day(seen)


def _hour(column: Columna, seen: str) -> time:
    match = _HOUR.match(seen)
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2]))
    except ValueError as wrong:
        raise Unread(f"«{seen[:40]}» no es una hora.", "Escríbala de 00:00 a 23:59.", "hora") from wrong


def _yes_no(column: Columna, seen: str) -> bool:
    known = _YES | _NO
    if seen.upper() not in known:
        raise Unread(f"«{seen[:40]}» no es sí ni no.", "Escriba sí o no.", "si_no")
    return known[seen.upper()]


def _choice(column: Columna, seen: str) -> str:
    if seen in column.opciones:
        return seen
    names = {option.upper(): option for option in column.opciones} | dict(column.tambien)
    plain = seen.upper().translate(str.maketrans("ÁÉÍÓÚ", "AEIOU"))
    if plain not in names:
        raise Unread(f"«{seen[:40]}» no se conoce.", f"Use una de: {', '.join(column.opciones)}.", "opcion")
    return names[plain]


def _key(make: Callable[[str], object]) -> Callable[[Columna, str], str]:
    return lambda column, seen: str(make(seen))


def _account(column: Columna, seen: str) -> str:
    code = account_code(seen, alone=True)
    if code is None:
        raise Unread(f"«{seen[:40]}» no es un código de cuenta.", "Escríbalo N-N-NN-NN-NNNN.", "cuenta")
    return code


_READERS: dict[str, Callable[[Columna, str], object]] = {
    "texto": _text,
    "entero": _whole,
    "dinero": _money,
    "fecha": _day,
    "hora": _hour,
    "si_no": _yes_no,
    "opcion": _choice,
    "rfc": _key(Rfc),
    "curp": _key(Curp),
    "clabe": _key(Clabe),
    "uuid": _key(Uuid),
    "cuenta": _account,
}
