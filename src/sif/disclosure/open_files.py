"""Write the open files of a publication once, in the act that publishes it, each kept by its digest."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings

from sif.books.models import Archivo
from sif.books.services import store_path
from sif.disclosure import catalog
from sif.disclosure.catalog import PublicDocument, PublicRule, PublicSanction, Statement
from sif.disclosure.layout import write_expenses
from sif.disclosure.models import ArchivoPublicado, ProcesoPublicado, Publicacion, PublicacionPropuesta
from sif.jobs.bounds import bounded, unbounded
from sif.jobs.sheets import write_csv, write_xlsx
from sif.registry.coalitions import percent
from sif.registry.scope import registering
from sif.values import Cell

DOCUMENT_AT = "/documentos/{}.pdf"
"""The permanent address of a document of its key, as the files say it."""
STATEMENT_COLUMNS = (
    "contabilidad",
    "clase",
    "nombre",
    "cargo",
    "territorio",
    "entidad",
    "sujeto",
    "siglas",
    "estatus",
    "tope",
    "ingresos",
    "gasto_reportado",
    "gasto_no_reportado",
    "gasto_total",
    "informes_debidos",
    "informes_presentados",
    "informes_tarde",
    "datos_al",
    "contiende_desde",
    "acuerdo_aprobacion",
    "baja",
    "baja_desde",
    "sustituta",
    "sustituta_contabilidad",
    "informes_en_plazo",
    "informes_hasta",
    "integrantes",
)
"""What is added goes last: programs read these columns by their place too."""
SANCTION_COLUMNS = (
    "conclusion",
    "resolucion",
    "sujeto",
    "siglas",
    "conducta",
    "articulo",
    "regla",
    "monto_involucrado",
    "umas",
    "forma",
    "monto",
    "partes",
    "votada_el",
    "votos_a_favor",
    "votos_en_contra",
)
RULE_COLUMNS = ("regla", "titulo", "fundamento", "sancionadas")
DOCUMENT_COLUMNS = ("clave", "titulo", "siglas", "pdf_sha256", "publicado_el", "direccion")

type Line = list[Cell]
type Write = Callable[[IO[bytes], ProcesoPublicado], int]
"""Write a file of a stage to a stream; returns how many rows it has below its head."""


def statement_lines(rows: Iterable[Statement]) -> Iterator[Line]:
    """Statements of account as a file has them, one books a line; B and C are empty while nobody resolved B.

    integrantes: `siglas parte` of each member of a coalition, in hundredths of a percent, parted by «;».
    """
    for row in rows:
        yield [
            row.id_contabilidad,
            row.clase,
            row.nombre,
            row.cargo,
            row.territorio,
            row.entidad,
            row.sujeto,
            row.siglas,
            row.estatus,
            row.tope,
            row.ingresos,
            row.egresos,
            row.no_reportado,
            None if row.no_reportado is None else row.total,
            row.informes_debidos,
            row.informes_presentados,
            row.informes_tarde,
            row.datos_al,
            row.contiende_desde,
            row.acuerdo_aprobacion,
            row.baja,
            row.baja_desde,
            row.sustituta,
            row.sustituta_contabilidad,
            row.informes_en_plazo,
            row.informes_hasta,
            "; ".join(f"{each.siglas} {percent(each.participacion_pb)}" for each in row.integrantes or ()),
        ]


def sanction_lines(rows: Iterable[PublicSanction]) -> Iterator[Line]:
    """Sanctions as a file has them; partes: `siglas importe` of each member of a coalition, parted by «;»."""
    for row in rows:
        yield [
            row.conclusion,
            row.resolucion,
            row.sujeto,
            row.siglas,
            row.conducta,
            row.articulo,
            row.regla,
            row.monto_involucrado,
            row.umas,
            row.forma,
            row.monto,
            "; ".join(f"{siglas} {amount.plain()}" for siglas, amount in row.partes),
            row.votada_el,
            row.votos_a_favor,
            row.votos_en_contra,
        ]


def _rule_lines(rows: Iterable[PublicRule]) -> Iterator[Line]:
    for row in rows:
        bases = [f"{article} [{', '.join(only)}]" if only else article for article, _, _, only in row.fundamento]
        yield [row.regla, row.titulo, "; ".join(bases), row.sancionadas]


def _document_lines(rows: Iterable[PublicDocument]) -> Iterator[Line]:
    for row in rows:
        address = DOCUMENT_AT.format(quote(row.clave))
        yield [row.clave, row.titulo, row.siglas, row.pdf_sha256, row.publicado_el, address]


class _Counted[T]:
    """Rows that are counted as they are read."""

    def __init__(self, rows: Iterable[T]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[T]:
        for row in self.rows:
            self.count += 1
            yield row


def _csv(columns: Sequence[str], lines: Callable[[str], Iterable[Line]]) -> Write:
    def write(stream: IO[bytes], proceso: ProcesoPublicado) -> int:
        counted = _Counted(lines(proceso.clave))
        write_csv(stream, columns, counted)
        return counted.count

    return write


def _xlsx(title: str, columns: Sequence[str], lines: Callable[[str], Iterable[Line]]) -> Write:
    def write(stream: IO[bytes], proceso: ProcesoPublicado) -> int:
        counted = _Counted(lines(proceso.clave))
        with unbounded():
            write_xlsx(stream, columns, bounded(counted, "xlsx"), title, made=proceso.datos_al)
        return counted.count

    return write


def _official(stream: IO[bytes], proceso: ProcesoPublicado) -> int:
    """Write the 26 columns of the public file of spending."""
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    counted = _Counted(catalog.expenses(proceso.clave))
    write_expenses(text, counted, settings.JURISDICTION)
    text.detach()
    return counted.count


def _statements(proceso: str) -> Iterator[Line]:
    return statement_lines(catalog.contabilidades(proceso))


def _sanctions(proceso: str) -> Iterator[Line]:
    return sanction_lines(catalog.sanciones(proceso))


WRITERS: dict[tuple[str, str], Write] = {
    ("gasto-por-rubro", "csv"): _official,
    ("estados-de-cuenta", "csv"): _csv(STATEMENT_COLUMNS, _statements),
    ("estados-de-cuenta", "xlsx"): _xlsx("estados-de-cuenta", STATEMENT_COLUMNS, _statements),
    ("sanciones", "csv"): _csv(SANCTION_COLUMNS, _sanctions),
    ("sanciones", "xlsx"): _xlsx("sanciones", SANCTION_COLUMNS, _sanctions),
    ("reglas", "csv"): _csv(RULE_COLUMNS, lambda proceso: _rule_lines(catalog.reglas(proceso))),
    ("documentos", "csv"): _csv(DOCUMENT_COLUMNS, lambda proceso: _document_lines(catalog.documentos(proceso))),
}
"""Each open file by its key and form, beside the content of the publication, which is one more: `CONTENT`."""
CONTENT = ("publicacion", "json")


def write_open_files(propuesta: PublicacionPropuesta, proceso: ProcesoPublicado) -> list[ArchivoPublicado]:
    """Write and keep the files of a stage as its tables show it now; the rows are for `record_open_files`."""
    made = [_kept(proceso, key, write) for key, write in WRITERS.items()]
    return [*made, _row(proceso, CONTENT, Archivo.objects.get(pk=propuesta.huella), 0)]


def said_by_act(files: Iterable[ArchivoPublicado]) -> dict[str, list[str | int]]:
    """Return the files as the act that publishes them says them: by key and form, their SHA-256, bytes and rows."""
    return {f"{file.clave}.{file.forma}": [file.sha256, file.bytes, file.renglones] for file in files}


def record_open_files(publicacion: Publicacion, files: list[ArchivoPublicado]) -> None:
    """Record the files that the act said, for the public to take away; no request writes these rows by itself."""
    for file in files:
        file.publicacion = publicacion.pk
    with registering():
        ArchivoPublicado.objects.bulk_create(files)


def _kept(proceso: ProcesoPublicado, key: tuple[str, str], write: Write) -> ArchivoPublicado:
    with tempfile.NamedTemporaryFile(prefix="sif-abierto-") as file:
        rows = write(file, proceso)
        file.flush()
        return _row(proceso, key, store_path(Path(file.name)), rows)


def _row(proceso: ProcesoPublicado, key: tuple[str, str], kept: Archivo, rows: int) -> ArchivoPublicado:
    return ArchivoPublicado(
        proceso=proceso.clave, clave=key[0], forma=key[1], sha256=kept.sha256, bytes=kept.bytes, renglones=rows
    )
