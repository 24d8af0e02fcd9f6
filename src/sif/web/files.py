"""Write lists as files to download: CSV for programs, with stable heads; XLSX for people, in words; no formulas."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from typing import IO, cast

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from sif.books.models import Archivo
from sif.books.services import FileChanged, open_file, read_file
from sif.filing.sealing import sealed
from sif.jobs.bounds import bounded
from sif.jobs.sheets import Rows, write_csv, write_xlsx
from sif.web.column_names import column_name

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 2**20
"""Bytes of a file beyond which it stands on disk while it is sent."""
AT_ONCE = 4 * 2**20
"""Bytes of a stored file that is answered at once."""


def digest_of(data: bytes) -> str:
    """Compute SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def csv_file(name: str, head: Sequence[str], rows: Rows, *, mark: bool = True) -> HttpResponse:
    """Answer rows as name.csv. mark: whether it begins with the mark that makes spreadsheets read accents.

    Raises LongFile for more rows than a request writes: a job writes those.
    """
    rows = bounded(rows, "csv")
    return written_file(lambda stream: write_csv(stream, head, rows, mark=mark), CSV, f"{name}.csv")


def xlsx_file(name: str, head: Sequence[str], rows: Rows) -> HttpResponse:
    """Answer rows as name.xlsx. Raises LongFile."""
    rows = bounded(rows, "xlsx")
    return written_file(lambda stream: write_xlsx(stream, head, rows, name), XLSX, f"{name}.xlsx")


def file_response(
    kind: str, name: str, head: Sequence[str], rows: Rows, *, titles: Sequence[str] = (), mark: bool = True
) -> HttpResponse:
    """Answer rows as a file of a kind, csv or xlsx: a program reads keys of columns, and a person reads their titles.

    titles: of a workbook, those of `column_names` unless told. Raises LongFile, or Http404 for another kind.
    """
    if kind not in ("csv", "xlsx"):
        raise Http404(f"No hay archivos «{kind}»; los hay csv y xlsx.")
    if kind == "csv":
        return csv_file(name, head, rows, mark=mark)
    return xlsx_file(name, titles or [column_name(key) for key in head], rows)


def written_file(write: Callable[[IO[bytes]], object], media: str, name: str) -> HttpResponse:
    """Write a file and answer it as an attachment; a large one stands on disk while it is sent.

    It is written before the answer returns, since the scope of row level security closes with the request.
    """
    stream = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write(cast(IO[bytes], stream))
    size = stream.tell()
    stream.seek(0)
    if size > IN_MEMORY:
        return cast(HttpResponse, FileResponse(stream, as_attachment=True, filename=name, content_type=media))
    with stream:
        return download(stream.read(), media, name)


def sealed_pdf(pdf: bytes, name: str) -> HttpResponse:
    """Answer a PDF that the authority or the system issues, with its seal."""
    return download(sealed(pdf), PDF, name)


def download(data: bytes, media: str, name: str) -> HttpResponse:
    """Answer bytes as an attachment, with their digest as ETag."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition, "ETag": f'"{digest_of(data)}"'}
    return HttpResponse(data, content_type=media, headers=headers)


def stored_response(archivo: Archivo, name: str) -> HttpResponseBase:
    """Return a stored file to download under a name; a long one is sent in pieces."""
    clean = "".join(letter for letter in name if letter.isprintable() and letter not in '"\\/') or "archivo"
    response: HttpResponseBase
    if archivo.bytes <= AT_ONCE:
        response = HttpResponse(read_file(archivo.sha256), content_type=archivo.tipo)
    else:
        response = FileResponse(open_file(archivo.sha256), content_type=archivo.tipo)
    response["Content-Disposition"] = content_disposition_header(True, clean) or "attachment"
    response["Content-Length"] = str(archivo.bytes)
    return response


def png_file(data: bytes) -> HttpResponse:
    """Answer a PNG to be shown in a page, with its digest as ETag."""
    return HttpResponse(data, content_type="image/png", headers={"ETag": f'"{digest_of(data)}"'})


def kept_picture(sha256: str) -> HttpResponse:
    """Answer a kept PNG, checked against its digest. Raises Http404 where its bytes are not at hand or are others."""
    try:
        return png_file(read_file(sha256))
    except (FileChanged, OSError) as changed:
        raise Http404(str(changed)) from changed
