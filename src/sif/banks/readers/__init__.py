"""Parse the statements of a file from its bytes in any supported format, and validate them whole."""

from sif.banks.readers.camt import read_camt
from sif.banks.readers.mt import read_mt940
from sif.banks.readers.ofx import read_ofx
from sif.banks.readers.sheet import ColumnMap, SheetHint, propose_map, read_sheet
from sif.banks.readers.walls import decode, is_workbook, refuse_strangers
from sif.banks.statement import Reading, Statement, choose
from sif.values import refusal

__all__ = ["SHEETS", "ColumnMap", "SheetHint", "format_of", "propose_map", "read", "read_all"]
SHEETS = frozenset({"csv", "xlsx"})
"""The formats that need somebody to say which column is which."""


def format_of(data: bytes) -> str:
    """ofx, camt, mt940, xlsx or csv, by the content and never the name. Raises Refused for anything else."""
    refuse_strangers(data)
    if is_workbook(data):
        return "xlsx"
    head = decode(data[:8192]).lstrip("\ufeff \t\r\n")
    upper = head.upper()
    if upper.startswith("OFXHEADER") or "<?OFX" in upper[:400] or "<OFX>" in upper[:2000]:
        return "ofx"
    if head.startswith("<"):
        if "camt.053" in head:
            return "camt"
        raise refusal(
            "xml_desconocido",
            "elemento raíz",
            "Es un XML, pero no un estado CAMT.053 ni OFX.",
            "Pida a su banco el estado de cuenta en CAMT.053, OFX, MT940, CSV o XLSX.",
        )
    if ":20:" in head[:800] and (":25:" in head or ":60" in head):
        return "mt940"
    return "csv"


def read_all(data: bytes, mapa: ColumnMap | None = None, hint: SheetHint | None = None) -> Reading:
    """Read a bank file into a statement of each account.

    mapa: the map of columns, required for CSV and XLSX. hint: the data of the statement that such a sheet lacks. The
    faults of an account, or of an unreadable part, stand in the reading; raises Refused where nothing of the file can
    be read.
    """
    kind = format_of(data)
    if kind in SHEETS:
        return read_sheet(data, mapa, hint or SheetHint())
    return {"ofx": read_ofx, "camt": read_camt, "mt940": read_mt940}[kind](data)


def read(data: bytes, mapa: ColumnMap | None = None, hint: SheetHint | None = None) -> Statement:
    """Return the statement of a file of one account.

    Raises Refused: not a statement, damaged or cut short, another currency, or balances that do not follow.
    """
    return choose(read_all(data, mapa, hint))
