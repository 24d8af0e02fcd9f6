"""Ask the file server to open a bank file: its format, its statements, or the columns of a sheet."""

from collections.abc import Mapping
from typing import Any

from sif.banks.readers import ColumnMap, SheetHint
from sif.banks.statement import Reading
from sif.registry.opening import ORDINARY, opened
from sif.sandbox.shapes import plain

_Accounts = tuple[Reading, tuple[int, ...]]
_Columns = tuple[ColumnMap, list[str], list[list[str]]]


def format_of(data: bytes) -> str:
    """ofx, camt, mt940, xlsx or csv, by the content and never the name. Raises Refused for anything else."""
    return str(_asked("banco_formato", data, {}, str))


def read_all(data: bytes, mapa: ColumnMap | None = None, hint: SheetHint | None = None) -> Reading:
    """Read a bank file in the file server, as `readers.read_all` does.

    Raises Refused.
    """
    found: Reading = _asked("banco_estados", data, {"mapa": plain(mapa), "ayuda": plain(hint)}, Reading)
    return found


def accounts_of(data: bytes) -> _Accounts:
    """Return the accounts of a file without their movements, and how many each has: what a page shows to choose one.

    Raises Refused.
    """
    found: _Accounts = _asked("banco_cuentas", data, {}, _Accounts)
    return found


def propose_map(data: bytes) -> _Columns:
    """Return the map that the titles of a sheet suggest, the titles, and the first rows. Raises Refused."""
    found: _Columns = _asked("banco_columnas", data, {}, _Columns)
    return found


def _asked(op: str, data: bytes, args: Mapping[str, object], kind: object) -> Any:
    return opened(op, data, args, ORDINARY.grown(len(data))).value(kind)
