"""Build a póliza from its rows, or list each problem with its row and column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sif.batch.auxiliaries import Resolver
from sif.batch.cells import Cells, Lector, Values
from sif.batch.kinds import Clase
from sif.books.folios import charged, counted_again
from sif.books.services import NewAportacion, NewEvidencia, Support
from sif.books.services.posting_checks import Desk, review
from sif.ledger import NewLine, NewPoliza
from sif.registry.models import Periodo
from sif.values import Money, Problem, Unread

HEADER = ("periodo", "tipo", "subtipo", "fecha_operacion", "descripcion")
_LINE = re.compile(r"^línea (\d+)(?:, (\w+))?")
_COLUMNS = {
    "periodo": "periodo",
    "fecha de operación": "fecha_operacion",
    "tipo": "tipo",
    "subtipo": "subtipo",
    "concepto": "descripcion",
    "contabilidad": "poliza_tmp",
    "CFDI": "uuid_cfdi",
}
_ZERO = Money(0)
NOTHING = Support()


def _header(cells: Cells) -> list[str | None]:
    return [cells.get(name) for name in HEADER]


@dataclass(slots=True)
class Fila:
    """A row in work: its number, what names its thing, its cells, and the problems found (place: the column)."""

    fila: int
    clave: str
    celdas: Cells
    problemas: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, bad: Unread) -> None:
        """Note a problem of one of its cells."""
        self.problemas.append(Problem(bad.codigo, column, bad.seen, bad.cure))


Item = tuple[NewPoliza, Support]


@dataclass
class Taller:
    """The data needed to turn rows into pólizas, read once per lot."""

    kind: Clase
    desk: Desk
    resolver: Resolver
    lector: Lector = field(init=False)
    periods: dict[int, Periodo] = field(init=False)

    def __post_init__(self) -> None:
        self.lector = Lector(self.kind)
        self.periods = {period.numero: period for period in self.desk.periods.values()}

    def check(self, rows: Sequence[Fila]) -> Item | None:
        """Read the rows of one póliza and ask the books about it; problems stay in the rows. None if there are any."""
        item = self.build(rows)
        return self._told(rows, item, review(self.desk, *item)) if item else None

    def plain(self, rows: Sequence[Fila]) -> Item | None:
        """Return the póliza that the rows say, for who will ask the books; problems stay in the rows."""
        item = self.build(rows)
        return self._told(rows, item, []) if item else None

    def _told(self, rows: Sequence[Fila], item: Item, problems: Sequence[Problem]) -> Item | None:
        places = _Places(rows, self.kind)
        for problem in [*problems, *self._counted_again(*item)]:
            row, column = places.of(problem)
            row.problemas.append(Problem(problem.codigo, column, problem.mensaje, problem.cura))
        return None if any(row.problemas for row in rows) else item

    def _counted_again(self, poliza: NewPoliza, support: Support) -> list[Problem]:
        """Tell what the inbox tells of an invoice before it is accepted, and a person of a lot does not see."""
        if not support.comprobantes or not charged(poliza, self.desk.accounts):
            return []
        return counted_again(self.desk.contabilidad.pk, dict(support.comprobantes))

    def build(self, rows: Sequence[Fila]) -> Item | None:
        """Return the póliza that the rows say, not yet asked to the books. None if a cell cannot be read."""
        read = [self._read(row, rows[0], place) for place, row in enumerate(rows)]
        if self.kind.cuentas:
            return self._receipt(rows[0], read[0]) if not rows[0].problemas else None
        first = read[0]
        period = self._period(rows[0], first.get("periodo"))
        lines = tuple(self._line(row, values) for row, values in zip(rows, read, strict=True))
        support = self._support(rows, read)
        if period is None or any(row.problemas for row in rows):
            return None
        poliza = NewPoliza(
            self.desk.contabilidad.pk,
            period.pk,
            first["tipo"],
            first["subtipo"],
            first["fecha_operacion"],
            first["descripcion"],
            lines,
        )
        return poliza, support

    def _read(self, row: Fila, first: Fila, place: int) -> Values:
        """Return the values of a row; from the second on, an empty datum of the póliza is that of the first."""
        cells = row.celdas
        alike = not place or _header(cells) == _header(first.celdas)
        if not alike:
            cells = {**{name: first.celdas.get(name, "") for name in HEADER if not cells.get(name)}, **cells}
        found = self.lector.read(cells)
        if found.problemas:
            repeated = {(p.codigo, p.donde) for p in first.problemas if p.donde in HEADER}
            row.problemas += [p for p in found.problemas if not (place and (p.codigo, p.donde) in repeated)]
        for name in HEADER if not alike else ():
            said, other = first.celdas.get(name, "").strip(), cells.get(name, "").strip()
            if said != other and (name in found.valores):
                cure = f"Repita «{said[:40]}» o déle otro poliza_tmp."
                row.refuse(
                    name, Unread(f"No dice lo mismo que la fila {first.fila}, de la misma póliza.", cure, "distinta")
                )
        return found.valores

    def _period(self, row: Fila, number: int | None) -> Periodo | None:
        found = None if number is None else self.periods.get(number)
        if found is None and number is not None:
            known = ", ".join(str(each) for each in sorted(self.periods))
            row.refuse("periodo", Unread(f"No hay periodo {number} en esta etapa.", f"Hay: {known}.", "periodo"))
        return found

    def _line(self, row: Fila, values: Values) -> NewLine:
        code = values.get("cuenta") or ""
        kind, text = values.get("auxiliar_tipo") or "", values.get("auxiliar_id")
        event = values.get("id_evento")
        if not kind and (text or event is not None) and (account := self.desk.accounts.get(code)):
            kind = account.auxiliar
        if text is None and kind == "evento" and event is not None:
            text = str(event)
        number = None
        if text and not kind:
            row.refuse("auxiliar_id", Unread("La cuenta no lleva auxiliar.", "Deje vacía la celda.", "auxiliar"))
        elif text:
            number = self._found(row, "auxiliar_id", kind, text)
        if event is not None:
            self._found(row, "id_evento", "evento", str(event))
        return NewLine(
            code, values.get("cargo") or _ZERO, values.get("abono") or _ZERO, values.get("concepto") or "", kind, number
        )

    def _found(self, row: Fila, column: str, kind: str, text: str) -> int | None:
        try:
            return self.resolver.find(kind, text)
        except Unread as bad:
            row.refuse(column if bad.codigo != "auxiliar" or kind else "auxiliar_tipo", bad)
            return None

    def _support(self, rows: Sequence[Fila], read: Sequence[Values]) -> Support:
        """Invoices used, each for the larger of the debits and the credits of its lines, and files already kept."""
        used: dict[int, list[Money]] = {}
        files: list[NewEvidencia] = []
        for row, values in zip(rows, read, strict=True):
            if uuid := values.get("uuid_cfdi"):
                try:
                    sums = used.setdefault(self.resolver.invoice(uuid), [_ZERO, _ZERO])
                    sums[0] += values.get("cargo") or _ZERO
                    sums[1] += values.get("abono") or _ZERO
                except Unread as bad:
                    row.refuse("uuid_cfdi", bad)
            if text := values.get("evidencia_ref"):
                files += self._files(row, text)
        if not used and not files:
            return NOTHING
        return Support(tuple((number, max(sums)) for number, sums in used.items()), evidencias=tuple(files))

    def _files(self, row: Fila, text: str) -> Iterator[NewEvidencia]:
        kind, _sep, digest = text.partition(":")
        if not re.fullmatch(r"[0-9a-f]{64}", digest.strip()):
            row.refuse(
                "evidencia_ref", Unread(f"«{text[:40]}» no es clase:sha256.", "Copie la referencia.", "evidencia")
            )
            return
        try:
            kept = self.resolver.file(digest.strip())
        except Unread as bad:
            row.refuse("evidencia_ref", bad)
            return
        yield NewEvidencia(kind.strip(), f"{kind.strip()}-{kept[:8]}", kept)

    def _receipt(self, row: Fila, values: Values) -> Item | None:
        """Return the income póliza of a receipt of a contribution."""
        donor = self._found(row, "aportante", "aportante", values["aportante"])
        bank = self._found(row, "cuenta_bancaria", "cuenta_bancaria", values["cuenta_bancaria"])
        day, amount = values["fecha"], values["monto"]
        period = next((each for each in self.desk.periods.values() if each.desde <= day <= each.hasta), None)
        if period is None:
            row.refuse("fecha", Unread(f"El {day:%d/%m/%Y} no cae en la etapa.", "Corrija la fecha.", "fecha_fuera"))
        if donor is None or bank is None or period is None:
            return None
        window = next((each.tipo for each in self.desk.windows if each.periodo_id == period.pk), "normal")
        words = values.get("concepto") or f"Aportación, recibo {values['folio']}"
        lines = (
            NewLine(self.kind.cuentas["banco"], amount, _ZERO, words, "cuenta_bancaria", bank),
            NewLine(self.kind.cuentas[values["calidad"]], _ZERO, amount, words, "aportante", donor),
        )
        gift = NewAportacion(donor, values["calidad"], values["medio"], day, values["folio"], amount)
        poliza = NewPoliza(self.desk.contabilidad.pk, period.pk, window, "IG", day, words, lines)
        return poliza, Support(aportaciones=(gift,))


@dataclass
class _Places:
    """The cells that the problems of the books point to: «línea 2, cuenta» is the cell cuenta of the second row."""

    rows: Sequence[Fila]
    kind: Clase

    def of(self, problem: Problem) -> tuple[Fila, str]:
        """Return the row and the column."""
        if self.kind.cuentas:
            return self.rows[0], self._receipt_column(problem)
        line = _LINE.match(problem.donde)
        if line:
            row = self.rows[min(int(line[1]), len(self.rows)) - 1]
            column = {"auxiliar": "auxiliar_id"}.get(line[2] or "", line[2] or "cargo")
            return row, column if column in self.kind.nombres else "cuenta"
        if problem.donde.startswith("evidencia"):
            return self._first_with("evidencia_ref"), "evidencia_ref"
        if problem.donde in ("sumas", "líneas"):
            return self.rows[-1], "abono" if "abono de" in problem.cura else "cargo"
        named, _sep, folio = problem.donde.partition(" ")
        column = _COLUMNS.get(named if folio and named == "CFDI" else problem.donde, "poliza_tmp")
        return (self._first_with(column, folio) if column == "uuid_cfdi" else self.rows[0]), column

    def _first_with(self, column: str, text: str = "") -> Fila:
        """Return the first row with anything in a column, or with that text."""
        said = ((row, row.celdas.get(column, "")) for row in self.rows)
        return next((row for row, cell in said if cell and text in cell.upper()), self.rows[0])

    def _receipt_column(self, problem: Problem) -> str:
        if problem.donde in ("periodo", "fecha de operación"):
            return "fecha"
        if "auxiliar" in problem.donde:
            return "aportante"
        return "folio" if problem.donde.startswith("recibo") and problem.codigo == "folio" else "monto"
