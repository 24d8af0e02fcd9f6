"""Parse a public file of totals of a past process by a map of its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import yaml

from sif.law.sources import data_path, read_data
from sif.registry.candidaturas import columns_of, plain
from sif.registry.opening import ORDINARY, opened, table_rows
from sif.sandbox.cells import text_of
from sif.values import InvalidMoney, Money, Problem, Refused, read_rounded

TEXTS = {
    "id": 40,
    "proceso": 60,
    "ambito": 20,
    "entidad": 120,
    "lugar": 200,
    "cargo": 120,
    "asociacion": 40,
    "sujeto": 200,
    "siglas": 200,
    "nombre": 200,
    "estatus": 40,
}
DAYS = ("inicia", "termina")
AMOUNTS = ("tope", "ingresos", "gasto", "determinado")
LISTS = ("rubros", "origenes")
KEYS = (*TEXTS, *DAYS, *AMOUNTS, *LISTS)
MAX_BYTES = 50 * 2**20
HEAD = 40  # rows among which the one of titles is looked for
COLUMNS = 200
MOST = 50  # problems told at once
MOST_MONEY = 10**14  # centavos of all the amounts of a file: whatever is summed or compared of them, the database can
_WRITTEN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: \d{2}:\d{2})?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, as it counts from March of 1900 on


@dataclass(frozen=True, slots=True)
class ColumnsOfHistory:
    """The title of the column of each datum of a file; a value that begins with «=» is written for every row.

    rubros and origenes: columns of amounts by heading of spending and by origin of income.
    """

    una: Mapping[str, str]
    rubros: tuple[str, ...] = ()
    origenes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the shape in which it is kept."""
        return {**self.una, **{name: list(getattr(self, name)) for name in LISTS if getattr(self, name)}}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a past process as a file says it; an amount that it does not say is None."""

    renglon: int
    textos: Mapping[str, str]
    tope: Money | None
    ingresos: Money | None
    gasto: Money | None
    determinado: Money | None
    rubros: Mapping[str, Money]
    origenes: Mapping[str, Money]

    @property
    def id(self) -> str | int:
        """Its number in the file, where it has one; otherwise that of its row."""
        return self.textos.get("id") or self.renglon

    @property
    def total(self) -> Money:
        """Return the spending of the account: reported plus determined."""
        return (self.gasto or Money(0)) + (self.determinado or Money(0))

    @property
    def excess(self) -> int | None:
        """Return the excess over the cap in whole basis points, or None within the cap or without one."""
        return excess_of(self.total, self.tope)

    @property
    def adjustments(self) -> int:
        """Return the number of negative headings and origins."""
        return sum(amount.centavos < 0 for amounts in (self.rubros, self.origenes) for amount in amounts.values())


def excess_of(total: Money, tope: Money | None) -> int | None:
    """Return the excess of a total over a cap in truncated basis points, or None where there is no excess or no cap."""
    if tope is None or tope.centavos <= 0 or total <= tope:
        return None
    return (total - tope).centavos * 10_000 // tope.centavos


@dataclass(slots=True)
class HistorySheet:
    """The content of a file of a past process; problemas: the errors that keep the file out, by row and column."""

    columnas: ColumnsOfHistory
    titulos: tuple[str, ...] = ()
    cuentas: list[Account] = field(default_factory=list)
    problemas: list[Problem] = field(default_factory=list)
    inicia: date | None = None
    termina: date | None = None
    proceso: str = ""  # what the file calls the process
    redondeados: int = 0  # amounts with a fraction of a centavo, rounded to it
    descuadrados: int = 0  # accounts whose headings do not add up to their total

    @property
    def ambito(self) -> str:
        """The ámbito of its accounts, '' where they have several."""
        found = {plain(each.textos.get("ambito", "")) for each in self.cuentas}
        return found.pop().lower() if len(found) == 1 else ""

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif historico cargar --json` prints."""
        spent = Money(sum(each.gasto.centavos for each in self.cuentas if each.gasto))
        over = [(each.id, excess) for each in self.cuentas if (excess := each.excess) is not None]
        return {
            "cuentas": len(self.cuentas),
            "gasto": spent.plain(),
            "sobre_tope": [{"id": number, "exceso_pb": excess} for number, excess in over],
            "sin_tope": sum(each.tope is None or each.tope.centavos <= 0 for each in self.cuentas),
            "ajustes_negativos": sum(each.adjustments for each in self.cuentas),
        }


def read_columns(data: bytes) -> ColumnsOfHistory:
    """Read a map of columns, YAML: a datum, a colon and the title of its column. Raises Refused."""
    cure = f"Los datos son: {', '.join(KEYS)}."
    try:
        said = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        place = f"línea {where.line + 1}" if where else "mapa"
        raise Refused(Problem("mapa", place, "El mapa no es YAML legible.", cure)) from error
    if not isinstance(said, dict) or not said:
        raise Refused(Problem("mapa", "mapa", "El mapa no dice qué columna es cada dato.", cure))
    problems = [Problem("mapa", str(key)[:40], "No es un dato del mapa.", cure) for key in said if key not in KEYS]
    lists: dict[str, tuple[str, ...]] = {}
    for name in LISTS:
        found = said.pop(name, None) or []
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            lists[name] = tuple(found)
        else:
            problems.append(Problem("mapa", name, "No es una lista de títulos.", "Escriba un guion y cada título."))
    wrong = [key for key, title in said.items() if not isinstance(title, str) or not title.strip()]
    problems += [
        Problem("mapa", str(key)[:40], "Su título no es un texto.", "Escríbalo entre comillas.") for key in wrong
    ]
    if problems:
        raise Refused(*problems)
    return ColumnsOfHistory({key: title.strip() for key, title in said.items()}, **lists)


def read_history(data: bytes, mapa: ColumnsOfHistory | None = None, *, jurisdiction: str) -> HistorySheet:
    """Read a CSV or a workbook by its map, or by the titles that are known. Raises Refused where it is neither."""
    if len(data) > MAX_BYTES:
        told = f"Pesa {len(data):,} bytes y se leen hasta {MAX_BYTES:,}."
        raise Refused(Problem("grande", "archivo", told, "Divídalo por proceso."))
    known = read_data(data_path(jurisdiction, "historico.yaml"))
    heads = read_data(data_path(jurisdiction, "law", "heads.yaml"))["gastos"]
    rows = _rows(data)
    first = [next(rows, (0, ())) for _ in range(HEAD)]
    place, columns = _titles(first, mapa, known, heads)
    reader = _Reader(columns, first[place], known)
    for number, cells in (*first[place + 1 :], *rows):
        if any(cell.strip() for cell in cells):
            reader.add(number, cells)
    return reader.sheet


def propose_columns(data: bytes, jurisdiction: str) -> tuple[ColumnsOfHistory, tuple[str, ...]]:
    """Return the columns that the titles of a file suggest, and its titles, for a person to choose. Raises Refused."""
    known = read_data(data_path(jurisdiction, "historico.yaml"))
    heads = read_data(data_path(jurisdiction, "law", "heads.yaml"))["gastos"]
    rows = _rows(data)
    first = [next(rows, (0, ())) for _ in range(HEAD)]
    found = [(columns, cells) for _number, cells in first if (columns := _guessed(cells, known, heads)).una]
    wide = [(ColumnsOfHistory({}), cells) for _number, cells in first if sum(bool(cell.strip()) for cell in cells) > 2]
    if not found and not wide:
        told = "No se encontró la fila de títulos."
        raise Refused(Problem("columnas", "archivo", told, "Cargue un CSV o XLSX con una cuenta por renglón."))
    columns, cells = max(found, key=lambda pair: len(pair[0].una)) if found else wide[0]
    return columns, tuple(cell.strip() for cell in cells if cell.strip())


def _rows(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    if not data.startswith(b"PK\x03\x04"):
        yield from table_rows(data, other="latin-1", strict=False)
        return
    opened("libro_forma", data, {}, ORDINARY)
    args = {"hoja": "", "exacta": False, "columnas": COLUMNS}
    lines = opened("libro", data, args, ORDINARY.grown(len(data))).lines()
    next(lines, None)  # the names of its sheets
    for number, cells in lines:
        yield number, [text_of(cell) for cell in cells]


def _titles(
    rows: Sequence[tuple[int, Sequence[str]]], mapa: ColumnsOfHistory | None, known: Any, heads: Sequence[str]
) -> tuple[int, ColumnsOfHistory]:
    """Find the row of titles and what each column is. Raises Refused."""
    best: tuple[int, ColumnsOfHistory] | None = None
    for place, (_number, cells) in enumerate(rows):
        columns = mapa if mapa and _has(cells, mapa) else None if mapa else _guessed(cells, known, heads)
        if columns and any(name in columns.una for name in known["totales"]):
            return place, columns
        best = best or ((place, columns) if columns and columns.una else None)
    wanted = " o ".join(known["columnas"][name][0] for name in known["totales"])
    if mapa:
        first = next((cells for _number, cells in rows if sum(map(bool, cells)) > 1), ())
        names = {plain(cell) for cell in first}
        missing = [title for title in _wanted(mapa) if plain(title) not in names]
        told = f"Ningún renglón tiene los títulos del mapa; faltan: {', '.join(missing)[:200] or wanted}."
        raise Refused(Problem("columnas", "archivo", told, "Copie los títulos tal como están en el archivo."))
    told = f"No se encontró la columna {wanted}." if best else "No se encontró la fila de títulos."
    raise Refused(Problem("columnas", "archivo", told, "Diga qué columna es cada dato con un mapa (--mapa)."))


def _wanted(mapa: ColumnsOfHistory) -> list[str]:
    return [*(title for title in mapa.una.values() if not title.startswith("=")), *mapa.rubros, *mapa.origenes]


def _has(cells: Sequence[str], mapa: ColumnsOfHistory) -> bool:
    return {plain(title) for title in _wanted(mapa)} <= {plain(cell) for cell in cells}


def _guessed(cells: Sequence[str], known: Any, heads: Sequence[str]) -> ColumnsOfHistory:
    una = {key: cells[at].strip() for key, at in columns_of(cells, known["columnas"]).items()}
    spent, earned = {plain(head) for head in heads}, set(known["origenes"])
    return ColumnsOfHistory(
        una,
        tuple(cell.strip() for cell in cells if plain(cell) in spent),
        tuple(cell.strip() for cell in cells if plain(cell) in earned),
    )


class _Reader:
    def __init__(self, columns: ColumnsOfHistory, titles: tuple[int, Sequence[str]], known: Any) -> None:
        cells = titles[1]
        self.known = known
        self.sheet = HistorySheet(columns, tuple(cell.strip() for cell in cells if cell.strip()))
        self.places = {plain(cell): at for at, cell in reversed(list(enumerate(cells))) if cell.strip()}
        self.written = 0  # centavos of every amount read, whatever their sign

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Take an account, or say what of its row cannot be read."""
        before = len(self.sheet.problemas)
        una = self.sheet.columnas.una
        texts = {key: self._text(number, key, cells) for key in TEXTS if key in una}
        if not any(texts.get(name) for name in self.known["de_quien"]):
            self._say(
                "de_quien", number, "", "El renglón no dice de quién es.", "Quítelo si es una suma; si no, dígalo."
            )
        for name in DAYS:
            if name in una:
                self._span(name, self._day(number, una[name], self._cell(cells, una[name])))
        amounts = {name: self._money(number, una.get(name, ""), cells) for name in AMOUNTS}
        spent = self._amounts(number, self.sheet.columnas.rubros, cells)
        earned = self._amounts(number, self.sheet.columnas.origenes, cells)
        called = texts.get("proceso", "")
        if called and called != (known := self.sheet.proceso or called):
            told = f"Dice «{called[:40]}» y antes «{known[:40]}»."
            self._say("proceso", number, una["proceso"], told, "Divida el archivo: uno por proceso.")
        if len(self.sheet.problemas) > before:
            return
        self.sheet.proceso = self.sheet.proceso or called
        self.sheet.cuentas.append(Account(number, texts, rubros=spent, origenes=earned, **amounts))
        total = amounts["gasto"]
        self.sheet.descuadrados += bool(spent) and total is not None and _sum(spent) != total

    def _say(self, code: str, number: int, title: str, told: str, cure: str) -> None:
        if len(self.sheet.problemas) < MOST:
            place = f"fila {number}, {title}" if title else f"fila {number}"
            self.sheet.problemas.append(Problem(code, place, told, cure))

    def _cell(self, cells: Sequence[str], title: str) -> str:
        if title.startswith("="):
            return title[1:].strip()
        at = self.places.get(plain(title), -1)
        return cells[at].strip() if 0 <= at < len(cells) else ""

    def _text(self, number: int, key: str, cells: Sequence[str]) -> str:
        title = self.sheet.columnas.una[key]
        text = " ".join(self._cell(cells, title).split())
        if len(text) > TEXTS[key]:
            self._say("largo", number, title, f"Tiene {len(text)} letras y caben {TEXTS[key]}.", "Abrévielo.")
        return text

    def _amounts(self, number: int, titles: Sequence[str], cells: Sequence[str]) -> dict[str, Money]:
        found = {title: self._money(number, title, cells) for title in titles}
        return {title: amount for title, amount in found.items() if amount is not None}

    def _money(self, number: int, title: str, cells: Sequence[str]) -> Money | None:
        """Read an amount; one with a fraction of a centavo is rounded to it, half away from zero, and counted."""
        text = self._cell(cells, title) if title else ""
        if text.strip(" $") in ("", "-", "−"):
            return None
        try:
            amount, rounded = read_rounded(text)
        except InvalidMoney as wrong:
            self._say("importe", number, title, wrong.seen, wrong.cure)
            return None
        self.written += abs(amount.centavos)
        if self.written > MOST_MONEY:
            told = f"Con «{text[:40]}» los importes del archivo suman más de {Money(MOST_MONEY)}."
            self._say("importe", number, title, told, "Revise que estén en pesos: ninguna elección ha costado eso.")
            return None
        self.sheet.redondeados += rounded
        return amount

    def _day(self, number: int, title: str, text: str) -> date | None:
        try:
            return _day_of(text)
        except ValueError:
            self._say("fecha", number, title, f"«{text[:40]}» no es una fecha.", "Escríbala como 18/05/2021.")
            return None

    def _span(self, name: str, day: date | None) -> None:
        known = getattr(self.sheet, name)
        if day is not None:
            nearer = min if name == "inicia" else max
            setattr(self.sheet, name, day if known is None else nearer(known, day))


def _sum(amounts: Mapping[str, Money]) -> Money:
    return Money(sum(amount.centavos for amount in amounts.values()))


def _day_of(text: str) -> date | None:
    """Return a day written dd/mm/aaaa, aaaa-mm-dd or as the number of a spreadsheet. Raises ValueError."""
    if not text:
        return None
    if match := _WRITTEN.match(text):
        number, month, year = map(int, match.groups())
        return date(year, month, number)
    if match := _ISO.match(text):
        year, month, number = map(int, match.groups())
        return date(year, month, number)
    if _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(text.split(".")[0]))
    raise ValueError(text)
