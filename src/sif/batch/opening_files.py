"""Open a year with the balances that a file of another program says: read, told cell by cell, and posted once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.batch.auxiliaries import Resolver
from sif.batch.cells import Lector, Values
from sif.batch.files import Guardado, kept, stored_file
from sif.batch.kinds import opening_kind
from sif.batch.sheets import read_sheet
from sif.books.accounts import account_for_role, accounts_of
from sif.books.carried import RESULTS, Carried
from sif.books.models import Apertura, Entrega
from sif.books.services import Handed
from sif.books.services.aperturas import (
    MOST_LINES,
    Opened,
    adjust_with,
    must_open,
    open_with,
    opening_problems,
)
from sif.law.chart import Account
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import reach_of
from sif.values import Money, Problem, Refused, Unread, refusal

MOST_TOLD = 200  # problems of one file


@dataclass(frozen=True, slots=True)
class ReadOpening:
    """A file of balances as read: its digest and name, what it brings, and each problem with its row and column."""

    sha256: str
    nombre: str
    partidas: Sequence[Carried]
    problemas: Sequence[Problem]

    @property
    def cargos(self) -> Money:
        """Return the sum of its debits."""
        return Money(sum(each.neto for each in self.partidas if each.neto > 0))

    @property
    def abonos(self) -> Money:
        """Return the sum of its credits."""
        return Money(-sum(each.neto for each in self.partidas if each.neto < 0))


def read_opening(books: Contabilidad, archivo: tuple[str, Iterable[bytes]], by: Usuario) -> ReadOpening:
    """Keep a file of balances and read it, without posting anything. Raises Refused, PermissionError.

    What is not a table is refused; what is wrong in a row is told in `problemas`.
    """
    must_open(books, by)
    name, chunks = archivo
    with kept(chunks, Handed(books, by)) as file:
        return _read(books, file, name, by)


def open_from_file(books: Contabilidad, sha256: str, nombre: str, by: Usuario) -> Opened:
    """Open some books with a file that was read before, by its digest. Once. Raises Refused, PermissionError."""
    must_open(books, by)
    if done := Apertura.objects.filter(contabilidad=books, archivo=sha256, ajusta=None).first():
        return Opened(done, False)
    found = _read_again(books, sha256, nombre, by)
    if problems := [*opening_problems(books), *found.problemas]:
        raise Refused(*problems[:MOST_TOLD])
    return open_with(books, found.partidas, by, archivo=sha256, nombre=nombre)


def adjust_from_file(books: Contabilidad, sha256: str, nombre: str, motivo: str, by: Usuario) -> Apertura:
    """Adjust an opening to what a file that was read before says now. Raises Refused, PermissionError."""
    must_open(books, by)
    found = _read_again(books, sha256, nombre, by)
    if found.problemas:
        raise Refused(*found.problemas[:MOST_TOLD])
    return adjust_with(books, found.partidas, motivo, by, archivo=sha256, nombre=nombre)


def _read_again(books: Contabilidad, sha256: str, nombre: str, by: Usuario) -> ReadOpening:
    """Read a file that was kept, if the subject of the books handed it in."""
    if not Entrega.objects.filter(archivo=sha256, sujeto=books.sujeto_id).exists():
        raise refusal("archivo", "archivo", "Ese archivo no lo entregó este sujeto.", "Cárguelo otra vez.")
    with stored_file(sha256) as chunks, kept(chunks, Handed(books, by)) as file:
        return _read(books, file, nombre, by)


def _read(books: Contabilidad, file: Guardado, name: str, by: Usuario) -> ReadOpening:
    if file.forma == "xml":
        raise refusal("tipo", "archivo", "Es un XML.", "Cargue la plantilla de apertura, en XLSX o CSV.")
    kind = opening_kind(settings.JURISDICTION)
    sheet = read_sheet(file.path, file.forma, kind)
    reader, lines, problems, seen = _Rows(books, by), list[Carried](), list[Problem](), dict[object, int]()
    last = 1
    for row in sheet.renglones:
        last = row.fila
        if len(lines) >= MOST_LINES:
            raise refusal("muchas", f"fila {last}", f"Caben {MOST_LINES:,} saldos.", "Junte los documentos pequeños.")
        wrong = list(row.problemas)
        read = reader.lector.read(row.celdas)
        wrong += read.problemas
        line = None if wrong else reader.line(read.valores, wrong)
        if line is not None and line.key in seen:
            told = f"Es el mismo saldo de la fila {seen[line.key]}."
            wrong.append(Problem("repetida", "cuenta", told, "Déjelo una vez, con su importe completo."))
        elif line is not None:
            seen[line.key] = row.fila
            lines.append(line)
        problems += [Problem(p.codigo, f"fila {row.fila}, {p.donde}", p.mensaje, p.cura) for p in wrong]
        if len(problems) >= MOST_TOLD:
            break
    if not lines and not problems:
        raise refusal("vacio", "archivo", "No hay ningún renglón debajo de los títulos.", "Llene la plantilla.")
    if not problems:
        problems += _sums(lines, last)
    return ReadOpening(file.sha256, name[-255:] or "archivo", lines, problems)


def _sums(lines: Sequence[Carried], last: int) -> Iterator[Problem]:
    """Tell that debits and credits differ, and by how much."""
    off = sum(each.neto for each in lines)
    if off:
        side = "abonos" if off > 0 else "cargos"
        yield Problem(
            "descuadrada",
            f"fila {last}, {side[:-1]}",
            f"Faltan {Money(abs(off))} de {side}: cargos y abonos no suman lo mismo.",
            f"Revise los importes; el resultado de años anteriores va en {account_for_role('resultados')}.",
        )


class _Rows:
    """Turns rows of a file of balances into balances of some books."""

    def __init__(self, books: Contabilidad, by: Usuario) -> None:
        self.accounts: Mapping[str, Account] = accounts_of(books)
        self.resolver = Resolver(books, reach_of(by))
        self.lector = Lector(opening_kind(settings.JURISDICTION))
        self.first: date = books.etapa.inicia_el

    def line(self, values: Values, wrong: list[Problem]) -> Carried | None:
        """Return the balance that a row says, or None with each problem in `wrong`, its place being the column."""
        account = self.accounts.get(values["cuenta"])
        if account is None or not account.capturable:
            seen = "no está en el catálogo" if account is None else "tiene cuentas debajo"
            cure = "Escriba el código de una cuenta de último nivel."
            wrong.append(Problem("cuenta", "cuenta", f"«{values['cuenta']}» {seen}.", cure))
            return None
        wrong += self._account(account, values)
        number = self._whose(account, values.get("auxiliar_id"), wrong)
        debit, credit = values.get("cargo") or Money(0), values.get("abono") or Money(0)
        wrong += _amounts(debit, credit)
        if wrong:
            return None
        return Carried(
            account.codigo,
            account.auxiliar,
            number,
            debit.centavos - credit.centavos,
            values.get("fecha_documento"),
            values.get("documento") or "",
        )

    def _account(self, account: Account, values: Values) -> Iterator[Problem]:
        if account.codigo[0] in RESULTS:
            cure = f"Su resultado va en {account_for_role('resultados')}."
            yield Problem("resultados", "cuenta", "Las cuentas de ingresos y de gastos no abren un ejercicio.", cure)
        day = values.get("fecha_documento")
        if day is None and (account.es_por_cobrar or account.es_por_pagar):
            yield Problem(
                "sin_fecha",
                "fecha_documento",
                f"«{account.nombre}» pide el día desde el que se debe.",
                "Escriba la fecha del documento.",
            )
        elif day is not None and day >= self.first:
            yield Problem(
                "fecha_fuera",
                "fecha_documento",
                f"El {day:%d/%m/%Y} no es anterior al ejercicio, que empieza el {self.first:%d/%m/%Y}.",
                "Aquí va lo que viene de antes; lo del ejercicio se registra en su póliza.",
            )

    def _whose(self, account: Account, text: str | None, wrong: list[Problem]) -> int | None:
        if not account.auxiliar:
            if text:
                wrong.append(Problem("auxiliar", "auxiliar_id", "La cuenta no lleva auxiliar.", "Deje vacía la celda."))
            return None
        if not text:
            said = f"«{account.nombre}» pide de quién es: un auxiliar de «{account.auxiliar}»."
            wrong.append(Problem("auxiliar", "auxiliar_id", said, "Escriba su clave."))
            return None
        try:
            return self.resolver.find(account.auxiliar, text)
        except Unread as bad:
            wrong.append(bad.at("auxiliar_id"))
            return None


def _amounts(debit: Money, credit: Money) -> Iterator[Problem]:
    if debit and credit:
        yield Problem("cargo_y_abono", "abono", "Tiene cargo y abono.", "Un renglón lleva uno de los dos.")
    elif not debit and not credit:
        yield Problem("sin_importe", "cargo", "No tiene cargo ni abono.", "Escriba el importe o quite el renglón.")
    for side, amount in (("cargo", debit), ("abono", credit)):
        if amount.centavos < 0:
            cure = "Póngalo positivo en la otra columna."
            yield Problem("negativo", side, f"El importe {amount} es negativo.", cure)
