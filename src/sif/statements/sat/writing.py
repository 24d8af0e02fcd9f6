"""Stream the XML of each SAT file from the books."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import IO, Any

from django.conf import settings
from lxml import etree

from sif.books.models import Cuenta
from sif.statements.ledgers import above, accounts, mayor, sums_by_account
from sif.statements.report import Line
from sif.statements.sat.codes import load_codes
from sif.statements.sat.schema import BASE, SCHEMAS, namespace
from sif.statements.sat.sending import Sending
from sif.values import Money

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"catalogo": "catalogocuentas", "balanza": "BCE", "polizas": "PLZ", "auxiliar": "AuxiliarCtas"}
_ROOTS = {"catalogo": "Catalogo", "balanza": "Balanza", "polizas": "Polizas", "auxiliar": "AuxiliarCtas"}


class Pen:
    """Writes elements of one kind of file in its namespace."""

    def __init__(self, writer: Any, kind: str) -> None:
        self.writer, self.space = writer, namespace(kind)

    def leaf(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element without content."""
        with self.element(name, attributes):
            pass

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """An element in which others are written."""
        with self.writer.element(f"{{{self.space}}}{name}", dict(attributes)):
            yield


@contextmanager
def document(stream: IO[bytes], kind: str, sent: Sending, extra: Mapping[str, str]) -> Iterator[Pen]:
    """The root of a file with what every file says: version, RFC, month and year."""
    space = namespace(kind)
    name = SCHEMAS[kind]
    location = f"{space} {BASE}/{name}/{name}_1_3.xsd"
    root = {
        f"{{{XSI}}}schemaLocation": location,
        "Version": "1.3",
        "RFC": sent.rfc,
        "Mes": f"{sent.mes:02d}",
        "Anio": str(sent.anio),
        **extra,
    }
    with etree.xmlfile(stream, encoding="UTF-8") as writer:
        writer.write_declaration()
        with writer.element(f"{{{space}}}{_ROOTS[kind]}", root, nsmap={_PREFIXES[kind]: space, "xsi": XSI}):
            yield Pen(writer, kind)


def clean(text: str, limit: int) -> str:
    """A text as an attribute takes it: one line, without control characters, not longer than the schema admits."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:limit].strip() or "Sin concepto"


def write_catalogo(stream: IO[bytes], sent: Sending) -> None:
    """The chart of accounts: every level, with its grouping code and the account it is below."""
    codes, known = load_codes(settings.JURISDICTION), accounts()
    with document(stream, "catalogo", sent, {}) as pen:
        for code, account in known.items():
            level = level_of(code)
            row = {"CodAgrup": codes.of(code), "NumCta": code, "Desc": clean(account.nombre, 400)}
            parent = _parent(code, known)
            if parent:
                row["SubCtaDe"] = parent
            pen.leaf("Ctas", {**row, "Nivel": str(level), "Natur": account.naturaleza})


def level_of(code: str) -> int:
    """Return the level of an account code: the position of its last part that is not zero, 1 if all are zero."""
    return max((place for place, part in enumerate(code.split("-"), 1) if part.strip("0")), default=1)


def _parent(code: str, known: Mapping[str, Cuenta]) -> str:
    for level in range(level_of(code) - 1, 0, -1):
        candidate = above(code, level)
        if candidate in known and candidate != code:
            return candidate
    return ""


def write_balanza(stream: IO[bytes], sent: Sending) -> None:
    """The trial balance of the month: each account that moved or had a balance, and the groups above it.

    Balances go by the nature of the account, so a group with accounts of both natures subtracts one from the other.
    """
    known = accounts()
    totals: dict[str, list[int]] = {}
    for code, sums in sums_by_account(sent.asked).items():
        for each in dict.fromkeys([code, *(above(code, level) for level in range(1, level_of(code)))]):
            if each in known:
                row = totals.setdefault(each, [0, 0, 0, 0])
                for place, amount in enumerate(sums):
                    row[place] += amount
    extra = {"TipoEnvio": "C" if sent.modificada_el else "N"}
    if sent.modificada_el:
        extra["FechaModBal"] = sent.modificada_el.isoformat()
    with document(stream, "balanza", sent, extra) as pen:
        for code, (before, opened, debits, credits) in sorted(totals.items()):
            sign = 1 if known[code].naturaleza == "D" else -1
            opening, closing = before - opened, before - opened + debits - credits
            pen.leaf(
                "Ctas",
                {
                    "NumCta": code,
                    "SaldoIni": pesos(sign * opening),
                    "Debe": pesos(debits),
                    "Haber": pesos(credits),
                    "SaldoFin": pesos(sign * closing),
                },
            )


def pesos(centavos: int) -> str:
    """Return an amount as SAT writes it."""
    return Money(centavos).plain()


def write_auxiliar(stream: IO[bytes], sent: Sending) -> None:
    """Each account that moved in the month, line by line, with its balances."""
    known, sums = accounts(), sums_by_account(sent.asked)
    with document(stream, "auxiliar", sent, sent.request()) as pen:
        for code, lines in groupby(mayor(sent.asked), key=lambda line: str(line.celdas["cuenta"])):
            before, opened, debits, credits = sums[code]
            sign = 1 if known[code].naturaleza == "D" else -1
            head = {
                "NumCta": code,
                "DesCta": clean(known[code].nombre, 100),
                "SaldoIni": pesos(sign * (before - opened)),
                "SaldoFin": pesos(sign * (before - opened + debits - credits)),
            }
            with pen.element("Cuenta", head):
                for line in lines:
                    _detail(pen, line)


def _detail(pen: Pen, line: Line) -> None:
    cells = line.celdas
    pen.leaf(
        "DetalleAux",
        {
            "Fecha": str(cells["fecha_operacion"]),
            "NumUnIdenPol": str(cells["poliza"]),
            "Concepto": clean(str(cells["concepto"]), 200),
            "Debe": plain(cells["cargo"]),
            "Haber": plain(cells["abono"]),
        },
    )


def plain(value: object) -> str:
    """Return an amount of a row as SAT writes it."""
    assert isinstance(value, Money)
    return value.plain()
