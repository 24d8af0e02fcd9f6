"""Load the percentages by which the law shares an expense among kinds of campaign, by date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from types import MappingProxyType

from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Span

WHOLE = 10_000
COLUMNS = MappingProxyType({"P": "Presidencia", "S": "Senaduría", "D": "Diputación federal", "L": "Campaña local"})
"""The columns of the table of [LGPP 83.2], in its order."""
_ROW = frozenset({"inciso", "columnas", "desde", "estatus", "articulo", "cita"})
_ROW_OPTIONAL = frozenset({"hasta"})


class NotApportioned(LookupError):
    """The law has no percentages for that combination of campaigns on that day; the message says which it has."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Percentages in force for days desde <= d < hasta. columnas: basis points by column; they add to 10,000."""

    inciso: str
    columnas: Mapping[str, int]
    desde: date
    hasta: date | None
    estatus: str
    articulo: str
    cita: str

    @property
    def clave(self) -> str:
        """Its columns in the order of the law: PSD."""
        return "".join(column for column in COLUMNS if column in self.columnas)


def _combination(row: object, where: str) -> Combination:
    row = only_keys(row, _ROW, _ROW_OPTIONAL, where)
    columns = row["columnas"]
    if (
        not columns
        or set(columns) - set(COLUMNS)
        or any(type(part) is not int or part <= 0 for part in columns.values())
    ):
        raise LawDataError(f"{where}: las columnas son {columns!r}; van en puntos base enteros y son {list(COLUMNS)}.")
    if sum(columns.values()) != WHOLE:
        raise LawDataError(f"{where}: los porcentajes suman {sum(columns.values())} y deben sumar {WHOLE}.")
    hasta = row.get("hasta")
    return Combination(
        row["inciso"],
        MappingProxyType(dict(columns)),
        day(row["desde"], where),
        None if hasta is None else day(hasta, where),
        status(row["estatus"], where),
        row["articulo"],
        row["cita"],
    )


def read_combinations(rows: Iterable[object], where: str) -> tuple[Combination, ...]:
    """Return every combination of a data file; LawDataError where two of them speak of the same columns on a day."""
    found = tuple(_combination(row, f"{where}, renglón {place}") for place, row in enumerate(rows, 1))
    for one, other in combinations(found, 2):
        spans = Span(one.desde, one.hasta), Span(other.desde, other.hasta)
        if one.clave == other.clave and spans[0].overlaps(spans[1]):
            raise LawDataError(f"{where}: hay dos porcentajes para {one.clave} en los mismos días. Deje uno.")
    return found


@cache
def load_combinations(jurisdiction: str) -> tuple[Combination, ...]:
    """Return the table of a jurisdiction, in the order of the law (read once per process)."""
    path = data_path(jurisdiction, "law", "apportionment.yaml")
    return read_combinations(
        only_keys(read_data(path), frozenset({"combinaciones"}), frozenset(), path.name)["combinaciones"], path.name
    )


def combination_on(columns: Iterable[str], fecha: date, jurisdiction: str) -> Combination:
    """Return the percentages for exactly those columns on a day [LGPP 83.2]; raises NotApportioned."""
    asked = frozenset(columns)
    in_force = [each for each in load_combinations(jurisdiction) if fecha in Span(each.desde, each.hasta)]
    for each in in_force:
        if asked == set(each.columnas):
            return each
    named = ", ".join(COLUMNS.get(column, f"«{column}»") for column in sorted(asked)) or "ninguna campaña"
    raise NotApportioned(
        f"La ley no fija porcentajes para {named} el {fecha:%d/%m/%Y}. Los fija para: "
        f"{'; '.join(sorted({each.clave for each in in_force})) or 'ninguna combinación'} (P, S, D, L)."
    )
