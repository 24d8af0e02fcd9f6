"""Parse a statement from its bytes in any supported format, and validate it whole."""

from sif.banks.readers.camt import read_camt
from sif.banks.readers.mt import read_mt940
from sif.banks.readers.ofx import read_ofx
from sif.banks.readers.sheet import ColumnMap, SheetHint, propose_map, read_sheet
from sif.banks.readers.walls import decode, refuse_strangers
from sif.banks.statement import Statement, StatementRefused, check, refused

__all__ = ["ColumnMap", "SheetHint", "format_of", "propose_map", "read"]


def format_of(data: bytes) -> str:
    """ofx, camt, mt940 or csv, by the content and never by the name. Raises StatementRefused for anything else."""
    refuse_strangers(data)
    head = decode(data[:8192]).lstrip("\ufeff \t\r\n")
    upper = head.upper()
    if upper.startswith("OFXHEADER") or "<?OFX" in upper[:400] or "<OFX>" in upper[:2000]:
        return "ofx"
    if head.startswith("<"):
        if "camt.053" in head:
            return "camt"
        raise refused(
            "xml_desconocido", "elemento raíz", "Es un XML, pero no un estado CAMT.053 ni OFX.",
            "Pida a su banco el estado de cuenta en CAMT.053, OFX, MT940 o CSV.",
        )  # fmt: skip
    if ":20:" in head[:800] and (":25:" in head or ":60" in head):
        return "mt940"
    return "csv"


def read(data: bytes, mapa: ColumnMap | None = None, hint: SheetHint | None = None) -> Statement:
    """The statement in a file. CSV needs `mapa` (which column is which); `hint` fills what a CSV does not say.

    Raises StatementRefused: not a statement, damaged or cut short, another currency, or balances that do not follow.
    """
    kind = format_of(data)
    if kind == "csv":
        statement = read_sheet(data, mapa, hint or SheetHint())
    else:
        statement = {"ofx": read_ofx, "camt": read_camt, "mt940": read_mt940}[kind](data)
    problems = check(statement)
    if problems:
        raise StatementRefused(problems)
    return statement
