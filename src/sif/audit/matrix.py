"""Export the matrix of observaciones as a workbook, and import it edited without loss."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from sif.audit import review
from sif.audit.models import Corrida, Hallazgo
from sif.audit.naming import named_in
from sif.audit.review_selectors import Standing, auditors, standings, words_of
from sif.audit.services import DecisionRefused
from sif.batch.files import form_of
from sif.batch.sheets import MAX_COLUMNS, workbook_rows
from sif.jobs.workbooks import Format, Workbook, Worksheet, fitted, put, workbook
from sif.registry.locks import lock_etapa, lock_sujetos
from sif.registry.masks import covered
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.rulebook.reading import load_rules
from sif.values import Cell, InvalidMoney, Money, Problem, Refused, refusal

SHEET = "Observaciones"
COLUMNS = (
    "Clave", "Regla", "Sujeto", "Contabilidad", "Nombre", "Lo que se juzgó", "Día", "Monto", "Estado",
    "Lo que dice la regla", "Texto", "Decisión", "Motivo", "Asignado a", "Control",
)  # fmt: skip
EDITABLE = ("Texto", "Decisión", "Motivo", "Asignado a")
_LOCKED = ("Sujeto", "Contabilidad", "Monto", "Lo que dice la regla")
_WIDTHS = (26, 34, 28, 13, 28, 28, 11, 15, 13, 60, 60, 12, 40, 14, 10)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DECIDED = frozenset({"adoptado", "desechado"})
_DECISIONS = ("adoptar", "desechar")


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs: row of the sheet, its key, its column, and the words before and after."""

    fila: int
    clave: str
    hallazgo_id: int
    columna: str
    antes: str
    despues: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that an import would write, and the cells that it rejects, each with its row and column."""

    filas: int
    cambios: tuple[Change, ...]
    rechazos: tuple[Problem, ...]

    @property
    def huella(self) -> str:
        """A digest of the changes: what is applied is what was looked at."""
        parts = (f"{c.hallazgo_id}\0{c.columna}\0{c.antes}\0{c.despues}" for c in self.cambios)
        return hashlib.sha256("\1".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applied:
    """The counts of cells that an import wrote, by kind."""

    textos: int
    propuestas: int
    asignaciones: int


def stable_key(row: Hallazgo) -> str:
    """Return the key of a row of the matrix, the same in every run."""
    return f"{row.regla}|{row.clave}"


def editable_cells(row: Hallazgo, standing: Standing, words: Mapping[int, str]) -> dict[str, str]:
    """The four cells an auditor may edit, as they stand now."""
    decision = reason = ""
    if standing.propuesta is not None and standing.observacion is None:
        decision, reason = standing.propuesta.decision, standing.propuesta.motivo
    elif standing.observacion is not None:
        decision, reason = "adoptar", standing.observacion.motivo_de_adopcion
    elif standing.descarte is not None:
        decision, reason = "desechar", standing.descarte.motivo
    person = standing.asignado.username if standing.asignado else ""
    return {
        "Texto": fitted(covered(words.get(row.pk, row.mensaje))),
        "Decisión": decision,
        "Motivo": reason,
        "Asignado a": person,
    }


def _is_open(column: str, standing: Standing) -> bool:
    """Return whether a cell may be edited in the state its hallazgo is in."""
    if standing.estado == "sin_dato":
        return column == "Asignado a"
    if column == "Texto":
        held = standing.observacion
        return standing.estado != "desechado" and not (held and (standing.propuesta or held.oficios.exists()))
    if column == "Asignado a":
        return standing.estado not in _DECIDED
    return standing.estado not in (*_DECIDED, "propuesto")


def _mark(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:10]


def _control(cells: Mapping[str, str]) -> str:
    return "-".join(_mark(cells[name]) for name in EDITABLE)


def _fixed(row: Hallazgo, titles: Mapping[str, str]) -> dict[str, object]:
    """Return the cells that only SIF writes."""
    return {
        "Clave": stable_key(row),
        "Regla": f"{row.regla} {titles.get(row.regla, '')}".strip(),
        "Sujeto": row.contabilidad.sujeto.nombre,
        "Contabilidad": row.contabilidad_id,
        "Nombre": row.contabilidad.titular,
        "Lo que se juzgó": fitted(named_in(row)),
        "Día": row.dia,
        "Monto": Money(row.monto),
        "Lo que dice la regla": fitted(covered(row.mensaje)),
    }


def write_matrix(stream: IO[bytes], hallazgos: Iterable[Hallazgo]) -> None:
    """Write the workbook of hallazgos, a row each: what SIF writes locked, what auditors write open, in their order."""
    with workbook(stream, table=True) as book:
        _write(book, hallazgos)


def _write(book: Workbook, hallazgos: Iterable[Hallazgo]) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "locked": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#4A5755"}),
        "open": book.add_format(
            {"locked": False, "text_wrap": True, "valign": "top", "bg_color": "#FFF6DC", "num_format": "@"}
        ),
        "pesos": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
    }
    for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        put(sheet, 0, place, name, looks["head"])
        sheet.set_column(place, place, width, None, {"hidden": COLUMNS[place] == "Control"})
    sheet.freeze_panes(1, 1)
    last = 0
    for last, (_row, fixed, standing, cells) in enumerate(_lines(hallazgos), 1):
        _write_line(
            sheet,
            last,
            looks,
            {**fixed, **cells, "Estado": standing.estado.replace("_", " "), "Control": _control(cells)},
            standing,
        )
    sheet.autofilter(0, 0, max(1, last), len(COLUMNS) - 2)
    place = COLUMNS.index("Decisión")
    sheet.data_validation(
        1, place, max(1, last), place, {"validate": "list", "source": ["", *_DECISIONS], "error_type": "warning"}
    )
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def _lines(
    hallazgos: Iterable[Hallazgo], size: int = 1000
) -> Iterator[tuple[Hallazgo, dict[str, Any], Standing, dict[str, str]]]:
    """Yield each hallazgo with its cells, read by thousands so that memory does not grow with the run."""
    titles = {rule.id: rule.title for rule in load_rules(settings.JURISDICTION)}
    batch: list[Hallazgo] = []

    def told() -> Iterator[tuple[Hallazgo, dict[str, Any], Standing, dict[str, str]]]:
        known, words = standings(batch), words_of(batch)
        for row in batch:
            yield row, _fixed(row, titles), known[row.pk], editable_cells(row, known[row.pk], words)

    for row in hallazgos:
        batch.append(row)
        if len(batch) == size:
            yield from told()
            batch = []
    yield from told()


def _write_line(
    sheet: Worksheet, number: int, looks: Mapping[str, Format], cells: Mapping[str, Cell], standing: Standing
) -> None:
    for place, name in enumerate(COLUMNS):
        value = cells[name]
        is_open = name in EDITABLE and _is_open(name, standing)
        look = "pesos" if isinstance(value, Money) else "day" if isinstance(value, date) else "locked"
        put(sheet, number, place, value, looks["open" if is_open else look])


def read_matrix(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row of a matrix with its number in the sheet and its cells by title, as text.

    Raises Refused for another file, merged cells, formulas, or titles that are missing.
    """
    form = form_of(path)
    if form != "xlsx":
        raise refusal("tipo", "archivo", f"Es un archivo {form.upper()}.", "Importe la matriz que exportó, en XLSX.")
    return _rows_of(workbook_rows(path, SHEET, exact=True))


def _rows_of(rows: Iterator[tuple[int, list[object]]]) -> list[tuple[int, dict[str, str]]]:
    first, head = next(rows, (0, []))
    heads = [_text(cell) for cell in head] if first == 1 else []
    missing = [name for name in COLUMNS if name not in heads]
    if missing:
        raise refusal(
            "columnas",
            "fila 1",
            f"Faltan las columnas {', '.join(missing)}.",
            "Exporte la matriz otra vez y no quite columnas.",
        )
    places = {name: heads.index(name) for name in COLUMNS}
    read, formulas = [], []
    for number, line in rows:
        own = {name: line[at] for name, at in places.items() if at < len(line)}
        formulas += [
            _cell(number, name, "Es una fórmula.", "Escriba el valor: las fórmulas no se leen.")
            for name, cell in own.items()
            if isinstance(cell, dict) and not {"d", "h"} & {*cell}
        ]
        cells = {name: _text(own.get(name)) for name in COLUMNS}
        if any(cells.values()):
            read.append((number, cells))
    if formulas:
        raise Refused(*formulas[:MAX_COLUMNS])
    return read


def _text(value: object) -> str:
    """Return a cell as text, with line ends of Unix: a carriage return is what some programs write before each."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float):
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, dict):
        return str(value.get("d") or value.get("h") or "").split("T")[0]
    return _unix(str(value).replace("_x000D_\n", "\n"))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(text: str) -> str:
    """A text as it is compared: what the format escapes, brought back, because programs differ in escaping it."""
    return _unix(_ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text))


def plan_import(corrida: Corrida, rows: Sequence[tuple[int, dict[str, str]]]) -> Plan:
    """Compare a matrix with what stands: the cells that would change, and those that cannot, each with its place."""
    numbers: dict[str, int] = {}
    problems: list[Problem] = []
    for number, cells in rows:
        if cells["Clave"] in numbers:
            problems.append(
                _cell(
                    number,
                    "Clave",
                    f"La clave se repite: ya está en la fila {numbers[cells['Clave']]}.",
                    "Deje una sola de las dos filas.",
                )
            )
        numbers.setdefault(cells["Clave"], number)
    found = _by_key(corrida, numbers)
    people = {person.username.casefold(): person for person in auditors()}
    people |= {person.nombre.casefold(): person for person in people.values()}
    known, words, changes = standings(list(found.values())), words_of(list(found.values())), []
    for number, cells in rows:
        row = found.get(cells["Clave"])
        if row is None:
            problems.append(
                _cell(
                    number,
                    "Clave",
                    f"«{cells['Clave'][:80]}» no está en la última corrida.",
                    "No cambie la columna Clave; exporte la matriz otra vez.",
                )
            )
        elif numbers[cells["Clave"]] == number:
            reader = _RowReader(number, cells, row, known[row.pk], words, people)
            changes += reader.changes()
            problems += reader.problems
    return Plan(len(rows), tuple(changes), tuple(sorted(problems, key=lambda p: int(p.donde.split()[1].rstrip(",")))))


def _by_key(corrida: Corrida, keys: Iterable[str]) -> dict[str, Hallazgo]:
    wanted = {key.partition("|")[2] for key in keys}
    rows = Hallazgo.objects.filter(corrida=corrida, clave__in=wanted).select_related(
        "contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa"
    )
    return {stable_key(row): row for row in rows}


def _cell(number: int, column: str, seen: str, cure: str) -> Problem:
    return Problem("MATRIZ", f"fila {number}, columna {column}", seen, cure)


class _RowReader:
    """Reads one row against what stands; collects its problems."""

    def __init__(
        self,
        number: int,
        cells: dict[str, str],
        row: Hallazgo,
        standing: Standing,
        words: Mapping[int, str],
        people: Mapping[str, Usuario],
    ) -> None:
        self.number, self.cells, self.row, self.standing, self.people = number, cells, row, standing, people
        self.now = editable_cells(row, standing, words)
        self.problems: list[Problem] = []

    def changes(self) -> list[Change]:
        """Return the cells of this row that would be written."""
        self._check_locked()
        marks = self.cells["Control"].split("-")
        if len(marks) != len(EDITABLE):
            self._refuse("Control", "La columna oculta Control está vacía o alterada.", "Exporte la matriz otra vez.")
            return []
        wanted = {name: self._wanted(name) for name in EDITABLE}
        edited = [
            name
            for name, mark in zip(EDITABLE, marks, strict=True)
            if wanted[name] != self.now[name] and _mark(self.cells[name]) != mark and self._is_free(name, mark)
        ]
        kept = [name for name in edited if self._is_sound(name, wanted, edited)]
        if "Motivo" in kept and "Decisión" not in kept:
            kept.remove("Motivo")  # it goes with a decision, which was refused
        return [
            Change(self.number, stable_key(self.row), self.row.pk, name, self.now[name], wanted[name]) for name in kept
        ]

    def _refuse(self, column: str, seen: str, cure: str) -> None:
        self.problems.append(_cell(self.number, column, seen, cure))

    def _check_locked(self) -> None:
        fixed = _fixed(self.row, {})
        for name in _LOCKED:
            if not _same(self.cells[name], fixed[name]):
                self._refuse(
                    name,
                    f"Dice «{self.cells[name][:80]}» y es «{str(fixed[name])[:80]}».",
                    "Esta columna solo la escribe SIF; el cambio no se importa.",
                )

    def _wanted(self, name: str) -> str:
        text = self.cells[name]
        if name == "Decisión":
            return text.strip().casefold()
        if name == "Asignado a":
            person = self.people.get(text.strip().casefold())
            return person.username if person else text.strip()
        return text.strip() if name == "Motivo" else text

    def _is_free(self, name: str, mark: str) -> bool:
        if _mark(self.now[name]) != mark:
            self._refuse(
                name,
                f"Cambió después de exportar: ahora dice «{self.now[name][:80] or 'nada'}».",
                "Exporte la matriz otra vez y repita su cambio.",
            )
            return False
        if not _is_open(name, self.standing):
            self._refuse(
                name,
                f"El hallazgo está {self.standing.estado.replace('_', ' ')} y esta celda ya no cambia.",
                "Escriba un comentario en su página.",
            )
            return False
        return True

    def _is_sound(self, name: str, wanted: Mapping[str, str], edited: Sequence[str]) -> bool:
        value = wanted[name]
        if name == "Texto" and not 0 < len(value.strip()) <= review.TEXT:
            self._refuse(name, f"El texto tiene {len(value.strip()):,} caracteres.", f"Escriba de 1 a {review.TEXT:,}.")
        elif name == "Decisión" and value not in _DECISIONS:
            self._refuse(name, f"«{value[:40]}» no es una decisión.", "Escriba adoptar o desechar.")
        elif name == "Decisión" and value == "desechar" and not wanted["Motivo"]:
            self._refuse("Motivo", "Desechar pide un motivo.", "Escriba por qué no procede.")
        elif name == "Motivo" and len(value) > 500:
            self._refuse(name, f"El motivo tiene {len(value):,} caracteres.", "Escriba hasta 500.")
        elif name == "Motivo" and "Decisión" not in edited:
            self._refuse(name, "Hay un motivo y no una decisión nueva.", "Escriba adoptar o desechar en Decisión.")
        elif name == "Asignado a" and value and value.casefold() not in self.people:
            self._refuse(name, f"«{value[:60]}» no es de la auditoría.", "Escriba el usuario de quien audita, o nada.")
        else:
            return True
        return False


def _same(seen: str, value: object) -> bool:
    if isinstance(value, Money):
        try:
            return Money.parse(seen) == value if seen else value.centavos == 0
        except InvalidMoney:
            return False
    return _plain(seen) == _plain(_text(value))


def import_matrix(corrida: Corrida, rows: Sequence[tuple[int, dict[str, str]]], huella: str, by: Usuario) -> Applied:
    """Write what a matrix changes, all or none, if it is still what was looked at; `huella` is that of its plan.

    Words and assignments stand at once; decisions are proposed to a second person. Raises DecisionRefused. Importing
    the same matrix again finds nothing that differs.
    """
    with acting():
        lock_etapa(corrida.instantanea.etapa_id)  # two imports, one after the other
        found = _by_key(corrida, (cells["Clave"] for _number, cells in rows))
        lock_sujetos(row.contabilidad.sujeto_id for row in found.values())
        plan = plan_import(corrida, rows)
        if plan.huella != huella:
            raise DecisionRefused("Lo que cambiaría ya no es lo que revisó. Mírelo otra vez y confirme.")
        if plan.rechazos:
            raise DecisionRefused("La matriz tiene celdas que no se pueden importar. Corríjalas e impórtela completa.")
        return _write_changes(plan, by)


def _write_changes(plan: Plan, by: Usuario) -> Applied:
    rows = Hallazgo.objects.select_related("corrida__instantanea__etapa").in_bulk(
        {change.hallazgo_id for change in plan.cambios}
    )
    by_row: dict[int, dict[str, str]] = {}
    for change in plan.cambios:
        by_row.setdefault(change.hallazgo_id, {})[change.columna] = change.despues
    people = {person.username: person for person in auditors()}
    given: dict[str, list[Hallazgo]] = {}
    proposed: dict[tuple[str, str], list[Hallazgo]] = {}
    texts = 0
    for pk, cells in by_row.items():
        if "Texto" in cells:
            review.reword(rows[pk], cells["Texto"], by)
            texts += 1
        if "Asignado a" in cells:
            given.setdefault(cells["Asignado a"], []).append(rows[pk])
        if "Decisión" in cells:
            proposed.setdefault((cells["Decisión"], cells.get("Motivo", "")), []).append(rows[pk])
    moved = sum(review.assign(each, people.get(who), by) for who, each in given.items())
    made = sum(len(review.propose(each, act, why, by)) for (act, why), each in proposed.items())
    return Applied(texts, made, moved)
