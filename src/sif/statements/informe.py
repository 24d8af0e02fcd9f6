"""Write the lines of a report, as a version froze them, in a workbook."""

from typing import IO

from sif.filing.figures import HEADS, days_of, form_frozen
from sif.filing.models import Informe
from sif.filing.sheets import books_of, name_of
from sif.statements.asked import Asked
from sif.statements.files.heading import Heading
from sif.statements.files.workbook import write_workbook
from sif.statements.report import Column, Line, ListRows, Report
from sif.values import Money


def informe_rows(informe: Informe) -> ListRows:
    """Return the lines of a version in the order of its form, with their amounts and their basis."""
    form, kind = form_frozen(informe)
    sums = {line.linea for line in form if line.suma_de}
    return ListRows(
        [
            Line(
                {"linea": row["linea"], "concepto": row["titulo"], "base": row.get("base", "")}
                | {key: Money(row[key]) for key, _head in HEADS[kind.columnas]},
                clase="suma" if row["linea"] in sums else "",
            )
            for row in informe.contenido["lineas"]
        ]
    )


def write_informe(stream: IO[bytes], informe: Informe) -> None:
    """Write a version as XLSX: its folio and whose it is above, a line of the form in each row."""
    form, kind = form_frozen(informe)
    rows = informe_rows(informe)
    amounts = [Column(key, title, "dinero") for key, title in HEADS[kind.columnas]]
    columns = (Column("linea", "Línea", "clave"), Column("concepto", "Concepto"), *amounts, Column("base", "Base"))
    report = Report(informe.tipo.lower(), form.nombre, "informes", form.nombre, columns, (), lambda _asked: rows)
    write_workbook(stream, report, report.filas(Asked((informe.contabilidad_id,))), _heading(informe, form.nombre))


def _heading(informe: Informe, title: str) -> Heading:
    desde, hasta = days_of(informe.contenido)
    books = books_of(informe)
    said = (
        ("Folio", informe.folio),
        ("Días", f"del {desde.isoformat()} al {hasta.isoformat()}"),
        ("Huella", informe.contenido_sha256),
    )
    return Heading(title, books.sujeto.nombre, f"{books.pk}, {name_of(books)}", said, informe.generado_el)
