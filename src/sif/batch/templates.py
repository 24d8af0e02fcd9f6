"""Write the template of a kind of lot: header, filled example, and the meaning of each column."""

import io

from sif.batch.kinds import Clase
from sif.jobs.workbooks import SHEET_NAME, Format, Workbook, put, workbook
from sif.values import csv_writer

CONTENTS = {
    "texto": "texto",
    "entero": "número entero",
    "dinero": "pesos y centavos",
    "fecha": "día/mes/año",
    "hora": "hora de 00:00 a 23:59",
    "si_no": "sí o no",
    "opcion": "una de la lista",
    "rfc": "RFC",
    "curp": "CURP",
    "clabe": "CLABE de 18 dígitos",
    "uuid": "folio fiscal",
    "cuenta": "cuenta N-N-NN-NN-NNNN",
}
"""What a column of each type holds, in words."""


def csv_template(kind: Clase) -> bytes:
    """UTF-8 with its mark, so that spreadsheets read its accents."""
    stream = io.StringIO()
    write = csv_writer(stream)
    for row in (kind.nombres, *kind.ejemplos):
        write(row)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_template(kind: Clase) -> bytes:
    """A workbook of two sheets: the template, its cells all text so that no CLABE loses figures, and its help."""
    stream = io.BytesIO()
    with workbook(stream) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E6F0F0", "border": 1})
        sheet = book.add_worksheet(kind.clave[:SHEET_NAME])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(kind.columnas):
            longest = max(len(column.nombre), *(len(example[place]) for example in kind.ejemplos))
            sheet.set_column(place, place, min(40, longest + 3), text)
            put(sheet, 0, place, column.nombre, head)
            sheet.write_comment(0, place, column.ayuda)
            if column.opciones:
                sheet.data_validation(1, place, 5000, place, {"validate": "list", "source": list(column.opciones)})
        for number, example in enumerate(kind.ejemplos, 1):
            for place, cell in enumerate(example):
                put(sheet, number, place, cell, text)
        _help(book, kind, head)
    return stream.getvalue()


def _help(book: Workbook, kind: Clase, head: Format) -> None:
    sheet = book.add_worksheet("Ayuda")
    rows = [("Columna", "Obligatoria", "Qué lleva", "Ayuda"), *help_rows(kind)]
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            put(sheet, number, place, cell, head if number == 0 else None)
    for place, width in enumerate((20, 12, 26, 80)):
        sheet.set_column(place, place, width)
    put(sheet, len(rows) + 1, 0, f"{kind.ayuda} El renglón de ejemplo no se carga: bórrelo.")


def help_rows(kind: Clase) -> list[tuple[str, str, str, str]]:
    """Name, whether it is required, what it holds, help: of each column."""
    return [
        (
            column.nombre,
            "sí" if column.obligatoria else "",
            f"{CONTENTS[column.tipo]}: {', '.join(column.opciones)}" if column.opciones else CONTENTS[column.tipo],
            column.ayuda,
        )
        for column in kind.columnas
    ]
