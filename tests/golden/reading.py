"""The words of a finished document, as its reader would copy them."""

import io
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph


def docx_text(data: bytes) -> str:
    """The text of a DOCX in reading order: a paragraph or a row of a table to a line."""
    return "\n".join(_docx_lines(data))


def _docx_lines(data: bytes) -> Iterator[str]:
    for item in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        elif isinstance(item, Table):
            for row in item.rows:
                yield " | ".join(cell.text for cell in row.cells)


def pdf_text(data: bytes) -> str:
    """The text of a PDF in the order it was drawn; skips the test where poppler's pdftotext is not installed."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no hay pdftotext (poppler) en esta máquina: el texto del PDF no se puede leer")
    done = subprocess.run([program, "-raw", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()
