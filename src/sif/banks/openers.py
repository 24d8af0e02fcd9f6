"""Open a bank file in a confined process: detect its format, parse its statements, list the columns of a sheet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import IO

from sif.banks.readers import ColumnMap, SheetHint, format_of, propose_map, read_all
from sif.banks.statement import Statement, StatementLine
from sif.banks.write import write_camt, write_csv, write_mt940, write_ofx
from sif.sandbox.opening import Writer
from sif.sandbox.shapes import plain, rebuilt
from sif.values import Money


def open_format(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write the format of a bank file: ofx, camt, mt940, csv or xlsx."""
    out.line(format_of(file.read()))


def open_statements(file: IO[bytes], args: Mapping[str, object], out: Writer) -> None:
    """Write the Reading of a bank file; args: `mapa` and `ayuda`, a ColumnMap and a SheetHint or null."""
    mapa, hint = rebuilt(ColumnMap | None, args["mapa"]), rebuilt(SheetHint | None, args["ayuda"])
    out.line(plain(read_all(file.read(), mapa, hint)))


def open_accounts(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write the Reading of a bank file without its movements, and how many each account has."""
    found = read_all(file.read())
    bare = replace(found, cuentas=tuple(replace(each, lines=()) for each in found.cuentas))
    out.line(plain((bare, tuple(len(each.lines) for each in found.cuentas))))


def open_columns(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write the map that the titles of a sheet suggest, the titles, and its first rows."""
    out.line(plain(propose_map(file.read())))


def _prepare() -> None:
    """Load what is loaded on first use, by reading a statement of each format."""
    line = StatementLine(date(2024, 4, 1), Money(100), "1", "a", "b")
    whole = Statement("", "002180000000000009", date(2024, 4, 1), date(2024, 4, 30), Money(0), Money(100), (line,))
    for data in (*(write(whole) for write in (write_ofx, write_camt, write_mt940)), write_csv(whole, ",", "cp1252")):
        read_all(data)
        format_of(data[:-9])
    propose_map(write_csv(whole, ";", "utf-16"))


OPENERS = {
    "banco_formato": open_format,
    "banco_estados": open_statements,
    "banco_cuentas": open_accounts,
    "banco_columnas": open_columns,
}
PREPARE = _prepare
