"""Check and read workbooks (XLSX) row by row."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from sif.sandbox.opening import Writer
from sif.values import Problem, Refused, refusal

LAST_ROW = 1_048_576  # of a sheet of the format
LONGEST = 32_767  # characters of a cell of the format
MAX_MERGES = 20
MAX_SHEET = 4 * 1024**3  # bytes of a sheet once inflated; it is read as a stream
MAX_PART = 128 * 1024**2  # bytes of any other part, which is read whole
PIECE = 64 * 1024
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"')
_DOCTYPE = b"<!DOCTYPE"
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]*)""")
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, KeyError, InvalidFileException),
    *(IndexError, TypeError, ValueError, OSError, AttributeError, NotImplementedError, RuntimeError),
)


def check_form(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write true for a workbook that may be read. Raises Refused: no book, password, macros, huge parts."""
    try:
        with zipfile.ZipFile(file) as book:
            parts = book.infolist()
    except _DAMAGE as error:
        raise refusal(
            "truncado", "archivo", "El libro está incompleto o dañado: llegó a medias.", "Cárguelo otra vez."
        ) from error
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("cifrado", "archivo", "El archivo tiene contraseña.", "Guárdelo sin contraseña.")
    if "xl/workbook.xml" not in names:
        raise refusal(
            "tipo",
            "archivo",
            "Es un archivo comprimido que no es un libro de Excel (.xlsx).",
            "Descomprímalo o guárdelo como .xlsx o CSV.",
        )
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise refusal("macro", "archivo", "El libro lleva macros.", "Guárdelo como libro de Excel sin macros (.xlsx).")
    for part in parts:
        room = MAX_SHEET if part.filename.lower().startswith("xl/worksheets/") else MAX_PART
        if part.file_size > room:
            raise refusal(
                "grande",
                part.filename[:80],
                f"Descomprimido pesa {part.file_size:,} bytes y se leen hasta {room:,}.",
                "Guárdelo como CSV.",
            )
    out.line(True)


def read_rows(file: IO[bytes], args: Mapping[str, Any], out: Writer) -> None:
    """Write the names of the sheets, then each row of one as [number, cells].

    args: `hoja`, the sheet; `exacta`, whether no other will do (otherwise the first); `columnas`, how many.
    A cell is null, a text, a number, a boolean, or {"f": formula}, {"e": error}, {"d": day or instant}, {"h": hour}.
    Rows without cells are left out. Raises Refused for a damaged book, merged cells, a document type, a full sheet.
    """
    found = sheet_rows(file, args["hoja"], int(args["columnas"]), exact=bool(args["exacta"]))
    for each in found:
        out.line(each)


def sheet_rows(file: IO[bytes], hoja: str, columns: int, *, exact: bool = False, merged: bool = False) -> Iterator[Any]:
    """Yield what `read_rows` writes. merged: whether merged cells pass, each with its value in the first alone."""
    try:
        _look_inside(file, merged=merged)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        names = book.sheetnames
        yield [name[:80] for name in names[:200]]
        if hoja not in names and exact:
            return
        sheet = book[hoja] if hoja in names else book.worksheets[0]
        for number, row in _filled(sheet, columns):
            yield [number, row]
    except Refused:
        raise
    except _DAMAGE as error:
        raise refusal(
            "truncado", "archivo", "El libro está incompleto o dañado.", "Ábralo, guárdelo otra vez y cárguelo."
        ) from error


def _filled(sheet: Any, columns: int) -> Iterator[tuple[int, list[object]]]:
    blank: object = None  # the library yields one same row for all that a sheet leaves out
    for number, row in enumerate(sheet.iter_rows(max_col=columns), 1):
        if row is blank:
            continue
        cells = [None if cell is EMPTY_CELL else _plain(cell, number) for cell in row]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if not cells:
            blank = row
            continue
        if number >= LAST_ROW:
            raise refusal(
                "hoja_llena",
                f"fila {number}",
                "La hoja está llena hasta su último renglón: lo demás se perdió.",
                "Guárdelo como CSV desde el sistema que lo exporta, o divídalo por periodo.",
            )
        yield number, cells


def _plain(cell: Any, number: int) -> object:
    value = cell.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and cell.data_type not in ("e", "f"):
        if len(value) > LONGEST:
            raise refusal(
                "celda_larga",
                f"fila {number}",
                f"Una celda tiene {len(value):,} letras; caben {LONGEST:,}.",
                "Acorte el texto de esa celda.",
            )
        return value
    if isinstance(value, datetime | date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat(timespec="minutes")}
    if cell.data_type in ("e", "f"):
        return {cell.data_type: str(getattr(value, "text", value) or "")[:200]}
    return str(value)[:LONGEST]


def _look_inside(file: IO[bytes], *, merged: bool) -> None:
    """Refuse documents with a type definition and, unless they pass, merged cells, walking each part as a stream."""
    merges: dict[str, None] = {}
    with zipfile.ZipFile(file) as book:
        for part in book.infolist():
            if part.filename.lower().endswith((".xml", ".rels")):
                with book.open(part) as stream:
                    _walk(part.filename, stream.read, merges)
    if merges and not merged:
        raise Refused(
            *(
                Problem(
                    "combinadas",
                    _place(where),
                    f"Las celdas {where} están combinadas.",
                    "Sepárelas (Inicio, Combinar y centrar) y repita el dato en cada renglón.",
                )
                for where in merges
            )
        )


def _walk(name: str, read: Callable[[int], bytes], merges: dict[str, None]) -> None:
    """Search a part to its end, whose control sum is checked so too. Raises Refused for a type definition in it.

    Only parts in ASCII or UTF-8 pass: in another encoding neither the definition nor a merged cell would be found.
    """
    kept, begins = b"", True
    is_sheet = name.lower().startswith("xl/worksheets/")
    while chunk := read(PIECE):
        if begins and not _is_utf8(chunk):
            raise refusal("tipo", name[:80], "No está escrito en UTF-8.", "Guárdelo desde su hoja de cálculo.")
        begins, text = False, kept + chunk
        if _DOCTYPE in text:
            raise refusal(
                "tipo", name[:80], "Lleva una definición de tipo (DOCTYPE).", "Guárdelo desde su hoja de cálculo."
            )
        if is_sheet and len(merges) < MAX_MERGES:
            for found in _MERGE.findall(text):
                if len(merges) < MAX_MERGES:
                    merges[found.decode()] = None
        # an element, or the beginning of the definition, may go on in the next piece
        kept = text[text.rfind(b"<") :][:PIECE] if b"<" in text else b""


def _is_utf8(beginning: bytes) -> bool:
    """Return whether a part, by its first bytes and what it declares, is in ASCII or UTF-8."""
    if b"\0" in beginning[:4] or beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    declared = _ENCODING.match(beginning.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared[1].lower() in (b"utf-8", b"us-ascii")


def _place(reference: str) -> str:
    letters, figures = re.match(r"([A-Z]+)(\d+)", reference).groups()  # type: ignore[union-attr]
    return f"fila {figures}, columna {letters}"


def _warm() -> None:
    """Load what the library imports on first use, before the walls stand."""
    import io

    from openpyxl import Workbook

    made, stream = Workbook(), io.BytesIO()
    made.create_sheet("a", 0).append(["a", 1, 1.5, datetime(2024, 1, 1), time(1), True, "=A1"])  # noqa: DTZ001
    made.save(stream)
    book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    list(_filled(book.worksheets[0], 60))
    book.close()


_warm()
OPENERS = {"libro": read_rows, "libro_forma": check_form}
