"""Files of lots for tests: rows of pólizas, CSV, workbooks and SAT's XML."""

import io
from datetime import date
from typing import Any

from openpyxl import Workbook

from sif.batch.kinds import load_kinds

HEAD = load_kinds("mx")["polizas"].nombres
RFC = "IPR150312Q47"


def poliza_rows(
    number: int, pesos: str, gasto: str, por_pagar: str, fecha: str = "10/04/2024", **changes: str
) -> list[list[str]]:
    """The two rows of a sound póliza, as cells; `changes` go to the first."""
    header = [f"P-{number:03}", "1", "normal", "DR", fecha, f"Volantes {number}"]
    debit = [*header, "1", gasto, "proveedor", RFC, "Volantes", pesos, "", "", "", ""]
    credit = [*header, "2", por_pagar, "proveedor", RFC, "Por pagar", "", pesos, "", "", ""]
    for name, value in changes.items():
        debit[HEAD.index(name)] = value
    return [debit, credit]


def csv_of(*rows: list[str], encoding: str = "utf-8", separator: str = ",", head: Any = HEAD) -> bytes:
    """A CSV with its header."""
    return "\n".join(separator.join(row) for row in (head, *rows)).encode(encoding)


def xlsx_of(*rows: Any, head: Any = HEAD) -> bytes:
    """A workbook with its header."""
    book = Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    return bytes_of(book)


def bytes_of(book: Workbook) -> bytes:
    """A workbook as saved."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sat_polizas(
    rfc: str, day: date, lines: list[tuple[str, str, str, str]], version: str = "1.3", number: str = "D-1"
) -> bytes:
    """SAT's XML of one póliza: (account, name, debit, credit) of each line, with the supplier's RFC."""
    space = {"1.1": "www", "1.3": "http://www"}[version]
    name = f"{space}.sat.gob.mx/esquemas/ContabilidadE/{version.replace('.', '_')}/PolizasPeriodo"
    inner = "".join(
        f'<PLZ:Transaccion NumCta="{account}" DesCta="{words}" Concepto="Línea" Debe="{debit}" Haber="{credit}">'
        f'<PLZ:CompNalOtr CFD_CBB_NumFol="1" RFC="{RFC}" MontoTotal="100.00"/></PLZ:Transaccion>'
        for account, words, debit, credit in lines
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><PLZ:Polizas xmlns:PLZ="{name}" Version="{version}" RFC="{rfc}" '
        f'Mes="{day:%m}" Anio="{day:%Y}" TipoSolicitud="DE">'
        f'<PLZ:Poliza NumUnIdenPol="{number}" Fecha="{day.isoformat()}" Concepto="Compra">{inner}</PLZ:Poliza>'
        "</PLZ:Polizas>"
    ).encode()
