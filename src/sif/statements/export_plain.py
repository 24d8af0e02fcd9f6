"""Export whole books as beancount, hledger and CSV."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from sif.books.accounts import accounts_of
from sif.books.journal import Asiento, asientos
from sif.books.models import Poliza
from sif.law.chart import Account
from sif.ledger import NewLine
from sif.registry.models import Contabilidad
from sif.statements.names import names_of
from sif.values import Money, csv_writer

ROOTS = {"1": "Assets", "2": "Liabilities", "3": "Equity", "4": "Income", "5": "Expenses", "6": "Equity"}
"""What each first figure of the chart is to the two programs; accounts of order stand apart under Equity."""
_TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"}
COLUMNS = (
    "contabilidad", "asiento", "poliza", "periodo", "tipo", "subtipo", "clase", "fecha_operacion", "fecha_registro",
    "descripcion", "linea", "cuenta", "nombre", "auxiliar_tipo", "auxiliar_id", "concepto", "cargo", "abono",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WholeBooks:
    """Some books to be written: their number, whose they are, the accounts they may touch and their first day."""

    contabilidad_id: int
    titular: str
    cuentas: dict[str, Account]
    desde: date


def whole_books(contabilidad: Contabilidad) -> WholeBooks:
    """Return the head of some books for the writers."""
    first = Poliza.objects.filter(contabilidad=contabilidad).aggregate(first=Min("fecha_operacion"))["first"]
    own = {code: account for code, account in accounts_of(contabilidad).items() if account.capturable}
    return WholeBooks(contabilidad.pk, contabilidad.sujeto.nombre, own, first or date(2000, 1, 1))


def export(contabilidad: Contabilidad, formato: str) -> Iterator[str]:
    """Yield the whole books in one of FORMATS, in pieces of text, in constant memory and in order of their chain."""
    return FORMATS[formato](whole_books(contabilidad), asientos(contabilidad.pk))


def name_of(cuenta: str) -> str:
    """Return an account as both programs take it: 5-5-01-03-0000 is Expenses:5-5-01-03-0000."""
    return f"{ROOTS.get(cuenta[:1], 'Equity')}:{cuenta}"


def beancount(books: WholeBooks, rows: Iterable[Asiento]) -> Iterator[str]:
    """Yield the text of a beancount ledger; a line is a posting, debits positive; the link of the chain is metadata."""
    yield f'option "title" {_quoted(f"{books.titular}, contabilidad {books.contabilidad_id}")}\n'
    yield 'option "operating_currency" "MXN"\n\n'
    for account in books.cuentas.values():
        yield f"{books.desde} open {name_of(account.codigo)} MXN\n  nombre: {_quoted(account.nombre)}\n"
    keys = _Keys()
    for row in rows:
        yield f"\n{row.fecha_operacion} * {_quoted(row.referencia)} {_quoted(row.concepto)}\n  asiento: {row.eslabon}\n"
        yield f"  registro: {row.fecha_registro}\n" + "".join(
            f"  {name_of(line.cuenta)}  {_amount(line)}\n" + "".join(f"    {note}\n" for note in _metadata(line, keys))
            for line in row.lineas
        )


class _Keys:
    """The keys of the auxiliaries that lines cite, each read once while there are not too many."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int | None], str] = {}

    def of(self, line: NewLine) -> str:
        named = (line.auxiliar_tipo, line.auxiliar_id)
        if named not in self.known:
            if len(self.known) >= MOST_KEYS:
                self.known.clear()
            self.known[named] = names_of([named])[named][0]
        return self.known[named]


MOST_KEYS = 50_000


def _metadata(line: NewLine, keys: _Keys) -> Iterator[str]:
    if line.concepto:
        yield f"concepto: {_quoted(line.concepto)}"
    if line.auxiliar_tipo:
        yield f"auxiliar: {_quoted(f'{line.auxiliar_tipo} {line.auxiliar_id}')}"
        yield f"clave: {_quoted(keys.of(line))}"


def _quoted(text: str) -> str:
    inside = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def _amount(line: NewLine) -> str:
    return f"{Money(line.cargo.centavos - line.abono.centavos).plain()} MXN"


def hledger(books: WholeBooks, rows: Iterable[Asiento]) -> Iterator[str]:
    """Yield the text of an hledger journal; the reference is the code of each transaction, debits are positive."""
    yield f"; {_bare(books.titular)}, contabilidad {books.contabilidad_id}\ncommodity 1000.00 MXN\n\n"
    for account in books.cuentas.values():
        name = name_of(account.codigo)
        yield f"account {name}  ; type:{_TYPES[name.split(':')[0]]}, nombre:{_bare(account.nombre).replace(',', ' ')}\n"
    for row in rows:
        yield f"\n{row.fecha_operacion} * ({_bare(row.referencia)}) {_bare(row.concepto)}\n" + "".join(
            f"    {name_of(line.cuenta)}  {_amount(line)}{_comment(line)}\n" for line in row.lineas
        )


def _comment(line: NewLine) -> str:
    notes = [line.concepto] if line.concepto else []
    notes += [f"auxiliar {line.auxiliar_tipo} {line.auxiliar_id}"] if line.auxiliar_tipo else []
    return f"  ; {_bare(', '.join(notes))}" if notes else ""


_BARE = {ord(";"): ",", ord("("): "[", ord(")"): "]", ord("|"): "/", ord(":"): " "}


def _bare(text: str) -> str:
    """In one line, without what begins a comment, closes a code, divides a payee or names a tag."""
    plain = " ".join(text.split())
    return plain.translate(_BARE)


def every_line(books: WholeBooks, rows: Iterable[Asiento]) -> Iterator[str]:
    """CSV with one row a line of póliza; a text that a spreadsheet would run as a formula gets an apostrophe."""
    stream = io.StringIO()
    write = csv_writer(stream, ending="\n")
    write(COLUMNS)
    for row in rows:
        head = (
            books.contabilidad_id,
            row.eslabon,
            row.referencia,
            row.periodo,
            row.tipo,
            row.subtipo,
            row.clase,
            row.fecha_operacion,
            row.fecha_registro,
            row.concepto,
        )
        for number, line in enumerate(row.lineas, 1):
            account = books.cuentas.get(line.cuenta)
            write(
                (
                    *head,
                    number,
                    line.cuenta,
                    account.nombre if account else "",
                    line.auxiliar_tipo,
                    line.auxiliar_id,
                    line.concepto,
                    line.cargo.plain(),
                    line.abono.plain(),
                )
            )
        yield _taken(stream)
    yield _taken(stream)


def _taken(stream: io.StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


FORMATS: dict[str, Callable[[WholeBooks, Iterable[Asiento]], Iterator[str]]] = {
    "beancount": beancount,
    "hledger": hledger,
    "csv": every_line,
}
"""The writers by the name of their format."""
