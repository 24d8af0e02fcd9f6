"""Parse delimited text (CSV) into rows with the line where each begins."""

import codecs
import csv
import io
from collections.abc import Mapping
from typing import IO, Any

from sif.sandbox.opening import Writer
from sif.values import refusal

_PIECE = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_table(file: IO[bytes], args: Mapping[str, Any], out: Writer) -> None:
    """Write each row as [line, cells], blank ones too.

    args: `marcas`, the separators among which the first line chooses; `alterna`, the encoding of a file that is not
    UTF-8 nor says to be UTF-16; `estricta`, whether a quote out of its place is refused. Raises Refused at the row.
    """
    text = io.TextIOWrapper(file, _encoding(file, args["alterna"]), errors="replace", newline="")
    first = text.readline(_PIECE)
    separator = max(args["marcas"], key=first.count)
    text.seek(0)
    reader = csv.reader(text, delimiter=separator, strict=bool(args["estricta"]))
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refusal(
                "no_es_csv",
                f"fila {number}",
                f"No se puede leer: {error}. El archivo llegó a medias o le falta cerrar comillas.",
                "Revise las comillas de ese renglón y cárguelo otra vez.",
            ) from error
        out.line([number, cells])
        number = reader.line_num + 1


def _encoding(file: IO[bytes], other: str) -> str:
    """UTF-8 if the whole file is; otherwise what the room says that its files are written in."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if file.read(2) in _UTF16:
            return "utf-16"
        file.seek(0)
        while chunk := file.read(_PIECE):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return other
    finally:
        file.seek(0)
    return "utf-8-sig"


for _name in ("utf-8-sig", "utf-16", "cp1252", "latin-1"):
    codecs.lookup(_name)  # it is loaded on first use
OPENERS = {"tabla": read_table}
