"""Build plain pólizas from rows by a fast path; any unusual row takes the general one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sif.batch.cells import Meanings
from sif.batch.kinds import Clase
from sif.batch.polizas import HEADER, NOTHING, Fila, Item, Taller
from sif.batch.sheets import Crudo, renglon_of
from sif.batch.store import Cosa
from sif.ledger import NewLine, NewPoliza
from sif.values import Money, Unread

RARE = ("uuid_cfdi", "id_evento", "evidencia_ref")
LINE = ("cuenta", "auxiliar_tipo", "auxiliar_id")
_ZERO = Money(0)

Cells = Sequence[str]


@dataclass(slots=True)
class Cruda:
    """The rows of one póliza as the file has them, numbered; one blank cell ends each, for columns that are not there.

    `largas`: some row has more cells than titles.
    """

    clave: str
    renglones: list[tuple[int, Cells]]
    columnas: Sequence[str | None]
    largas: bool

    def thing(self) -> Cosa:
        """Return the same rows in work, to be told what is wrong with them."""
        rows = []
        for number, cells in self.renglones:
            row = renglon_of(number, cells[:-1], self.columnas)
            if row is not None:
                rows.append(Fila(number, self.clave, row.celdas, list(row.problemas)))
        return Cosa(self.clave, tuple(rows))


def raw_things(sheet: Crudo, kind: Clase) -> Iterator[Cruda]:
    """Yield the rows of a sheet of pólizas, those of the same key together, without reading their cells."""
    columns, width = sheet.columnas, len(sheet.columnas)
    place = columns.index(kind.grupo)
    blank = [""] * width

    def keyed() -> Iterator[tuple[str, int, Cells]]:
        for number, cells in sheet.filas:
            if len(cells) < width:
                cells = [*cells, *blank[len(cells) :]]
            key = cells[place].strip().upper()[:200]
            if not key and renglon_of(number, cells, columns) is None:
                continue  # an empty row between others parts nothing
            yield key or f"fila {number}", number, [*cells, ""]

    for key, group in groupby(keyed(), key=itemgetter(0)):
        rows = [(number, cells) for _key, number, cells in group]
        yield Cruda(key, rows, columns, any(len(cells) > width + 1 for _number, cells in rows))


class Llano:
    """Reads plain pólizas, remembering what each text of a column meant; says None of what it does not understand.

    Whatever it reads is what `Taller.build` reads of the same rows: a test asks both.
    """

    def __init__(self, taller: Taller, columns: Sequence[str | None]) -> None:
        self._taller = taller
        known = {name: place for place, name in enumerate(columns) if name}
        where = {name: known.get(name, len(columns)) for name in taller.kind.nombres}
        self._key, self._number = where[taller.kind.grupo], where["linea"]
        self._head = itemgetter(*(where[name] for name in HEADER))
        self._line = itemgetter(*(where[name] for name in LINE))
        self._rest = itemgetter(where["concepto"], where["cargo"], where["abono"])
        self._rare = itemgetter(*(where[name] for name in RARE))
        self._examples = frozenset(example[0] for example in taller.kind.ejemplos)
        lector = taller.lector
        self._keys, self._numbers = lector.meanings(taller.kind.grupo), lector.meanings("linea")
        self._heads = tuple(lector.meanings(name) for name in HEADER)
        self._words, self._debits = lector.meanings("concepto"), lector.meanings("cargo")
        self._credits = lector.meanings("abono")
        self._accounts = _Accounts(taller)

    def item(self, raw: Cruda) -> Item | None:
        """Return the póliza of these rows; None if anything in them asks for a closer look."""
        if raw.largas:
            return None
        try:
            return self._read(raw.renglones)
        except (Unread, KeyError):  # told by who tells everything
            return None

    def _read(self, rows: Sequence[tuple[int, Cells]]) -> Item | None:
        first = rows[0][1]
        if self._keys[first[self._key]] in self._examples:
            return None
        head = self._head(first)
        number, kind, subtype, day, words = (known[text] for known, text in zip(self._heads, head, strict=True))
        period = self._taller.periods[number]
        lines = []
        for _number, cells in rows:
            if self._head(cells) != head or self._rare(cells) != _NO_RARE:
                return None
            _ = self._numbers[cells[self._number]]
            account, auxiliary, which = self._accounts[self._line(cells)]
            concept, debit, credit = self._rest(cells)
            lines.append(
                NewLine(
                    account,
                    self._debits[debit] or _ZERO,
                    self._credits[credit] or _ZERO,
                    self._words[concept] or "",
                    auxiliary,
                    which,
                )
            )
        books = self._taller.desk.contabilidad.pk
        return NewPoliza(books, period.pk, kind, subtype, day, words, tuple(lines)), NOTHING


_NO_RARE = ("",) * len(RARE)


class _Accounts(dict[tuple[str, ...], tuple[str, str, int | None]]):
    """A cache of the values of the three cells of an account; new cells are looked up, and raise Unread where bad."""

    def __init__(self, taller: Taller) -> None:
        super().__init__()
        self._taller = taller
        self._texts: tuple[Meanings, ...] = tuple(taller.lector.meanings(name) for name in LINE)

    def __missing__(self, cells: tuple[str, ...]) -> tuple[str, str, int | None]:
        if len(self) >= MOST_ACCOUNTS:
            self.clear()
        values: tuple[Any, ...] = tuple(known[text] for known, text in zip(self._texts, cells, strict=True))
        code, kind, text = values
        kind = kind or ""
        if text and not kind and (account := self._taller.desk.accounts.get(code)):
            kind = account.auxiliar
        if text and not kind:
            raise Unread("La cuenta no lleva auxiliar.", "Deje vacía la celda.", "auxiliar")
        found = self[cells] = (code, kind, self._taller.resolver.find(kind, text) if text else None)
        return found


MOST_ACCOUNTS = 20_000  # triples that are remembered; then it begins anew, so that memory does not grow
