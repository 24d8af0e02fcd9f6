"""Parse and write the small tables of a rule's cases."""

from datetime import date

from sif.rulebook.published import Column, Table
from sif.rulebook.rule import Cell, Rows
from sif.values.span import OPEN_END

_ABSENT: dict[str, Cell] = {"B": 0, "I": 0, "T": "", "L": False}
_YES, _NO = {"sí", "si", "true", "verdadero"}, {"no", "false", "falso"}


class BadRows(ValueError):
    """The small table is not one; the message says the line and what is wanted."""


def split_rows(text: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and cells as text. Raises BadRows on a repeated column or a line with another number of cells."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise BadRows("La tabla está vacía; su primera línea son los nombres de las columnas.")
    framed = lines[0].strip().startswith("|")
    cut = [tuple(cell.strip() for cell in _unframed(line, framed).split("|")) for line in lines]
    header, body = cut[0], cut[1:]
    if len(set(header)) != len(header) or not all(header):
        raise BadRows(f"Las columnas {' | '.join(header)} se repiten o les falta el nombre.")
    for number, cells in enumerate(body, start=1):
        if len(cells) != len(header):
            raise BadRows(f"El renglón {number} tiene {len(cells)} celdas y hay {len(header)} columnas.")
    return header, body


def _unframed(line: str, framed: bool) -> str:
    return line.strip().removeprefix("|").removesuffix("|") if framed else line


def given_rows(text: str, table: Table) -> Rows:
    """Rows of a published or derived table, in its column types; a column not given takes its absent value.

    Raises BadRows on an unknown column or a cell that is not of its type.
    """
    header, body = split_rows(text)
    unknown = [name for name in header if table.column(name) is None]
    if unknown:
        raise BadRows(f"La tabla {table.name} no tiene la columna {', '.join(unknown)}.")
    rows = []
    for cells in body:
        seen = dict(zip(header, cells, strict=True))
        rows.append(tuple(read_cell(seen[c.name], c) if c.name in seen else absent(c) for c in table.columns))
    return Rows(table.names, tuple(rows))


def absent(column: Column) -> Cell:
    """The value of a column a case does not give: never a default for an identifier, nor for a day that is no span."""
    if column.nullable or column.is_identifier:
        return None
    if column.type == "D":
        return {"desde": date(1, 1, 1), "hasta": OPEN_END}.get(column.name)
    return _ABSENT[column.type]


def read_cell(text: str, column: Column) -> Cell:
    """Return a cell in the type of its column; empty is NULL, except in a text that cannot be. Raises BadRows."""
    if not text:
        return "" if column.type == "T" and not column.nullable else None
    try:
        if column.type in "BI":
            return int(text)
        if column.type == "D":
            return date.fromisoformat(text)
    except ValueError:
        kind = "un entero" if column.type in "BI" else "una fecha aaaa-mm-dd"
        raise BadRows(f"«{text}» en {column.name} no es {kind}.") from None
    if column.type == "L":
        if text.lower() not in _YES | _NO:
            raise BadRows(f"«{text}» en {column.name} no es sí ni no.")
        return text.lower() in _YES
    return text


def matches(text: str, value: object) -> bool:
    """Return whether the text of an expected cell stands for that value of the engine."""
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text.lower() in (_YES if value else _NO)
    if isinstance(value, int):
        return text.lstrip("-").isdigit() and int(text) == value
    if isinstance(value, date):
        return text == value.isoformat()
    return text == str(value)
