"""Refuse a bank file by type and size before parsing: programs, images, archives, DOCTYPE."""

import io
import re
import zipfile

from sif.values import refusal

MAX_BYTES = 20 * 1024 * 1024  # a year of a very busy account stays under 5 MB in the wordiest format
_KINDS = (
    (b"MZ", "un programa de Windows"),
    (b"\x7fELF", "un programa"),
    (b"#!", "un programa"),
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "un archivo comprimido"),
    (b"\xd0\xcf\x11\xe0", "una hoja de cálculo antigua"),
    (b"\x89PNG", "una imagen"),
    (b"\xff\xd8\xff", "una imagen"),
    (b"Rar!", "un archivo RAR"),
)
_CURE = "Descargue el estado de cuenta en OFX, CAMT.053, MT940, CSV o XLSX desde la banca en línea."
_DOCTYPE = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def refuse_strangers(data: bytes) -> None:
    """Raises Refused for bytes that are no statement in any format."""
    if not data.strip(b" \t\r\n\x00"):
        raise refusal("vacio", "archivo", "El archivo está vacío.", "Elija el archivo de nuevo.")
    if len(data) > MAX_BYTES:
        raise refusal(
            "grande",
            "archivo",
            f"El archivo pesa {len(data):,} bytes y el máximo es {MAX_BYTES:,}.",
            "Descargue el estado por meses.",
        )
    if is_workbook(data):
        return
    for mark, kind in _KINDS:
        if data.startswith(mark):
            raise refusal("no_es_estado", "archivo", f"Por su contenido es {kind}, no un estado de cuenta.", _CURE)
    text = decode(data)
    if "\x00" in text:
        raise refusal("binario", "archivo", "El archivo es binario, no un estado de cuenta.", _CURE)
    if _DOCTYPE.search(text):
        raise refusal(
            "xml_doctype",
            "prólogo",
            "El archivo declara un DOCTYPE o una entidad, que sirven para leer archivos ajenos o agotar la memoria.",
            _CURE,
        )


def is_workbook(data: bytes) -> bool:
    """Return whether the bytes are a workbook of Excel (XLSX), without reading its sheets."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return any(name.lower() == "xl/workbook.xml" for name in book.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return False


def decode(data: bytes) -> str:
    """Return the text of a bank file: UTF-8 or UTF-16 with its mark, else Windows-1252, which old systems write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(data) or error.start > len(data) - 4:  # a head cut in the middle of a letter
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def day_of(text: str, donde: str) -> tuple[int, int, int]:
    """Year, month and day of `20240415…` or `2024-04-15…` as written. Raises Refused."""
    figures = re.match(r"^\s*(\d{4})-?(\d{2})-?(\d{2})", text or "")
    if figures is None:
        raise refusal("fecha", donde, f"«{text}» no es una fecha.", "Descargue el archivo de nuevo.")
    return int(figures[1]), int(figures[2]), int(figures[3])
