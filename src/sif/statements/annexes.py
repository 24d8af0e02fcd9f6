"""Write the annexes of a report: books as CSV, by the days that it reports and up to the link of its cut."""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from sif.filing.figures import days_of
from sif.law.annexes import Annex
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.files.plain import csv_blocks


def write_annex(annex: Annex, contabilidad: int, content: Mapping[str, Any], al: datetime, stream: IO[bytes]) -> int:
    """Write the book of an annex for the days of a frozen content; returns its rows.

    Of the pólizas, those up to the link of the content, and of the bank, what was done until its hour, `al`: what
    comes later does not change the bytes.
    """
    desde, hasta = days_of(content)
    book, link = REPORTS[annex.libro], content["libros"]["eslabon"]
    rows = book.filas(Asked((contabilidad,), desde=desde, hasta=hasta, eslabon=link, al=al))
    for block in csv_blocks(book, rows):
        stream.write(block)
    return rows.count()
