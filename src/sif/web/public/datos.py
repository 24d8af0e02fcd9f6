"""List the open files of a stage with columns, rows, size, digest and address."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Process
from sif.values import Cell
from sif.web.files import CSV, digest_of
from sif.web.files import download as file_response
from sif.web.public.archivos import Sheet
from sif.web.public.candidaturas import statement_sheet
from sif.web.public.diccionario import DICTIONARY, ColumnWords
from sif.web.public.documentos import document_sheet
from sif.web.public.sanciones import sanction_sheet
from sif.web.public.stage import found_stage, nothing_yet, public_page, stages_of

RULE_COLUMNS = ("regla", "titulo", "fundamento", "sancionadas")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file as offered: address, rows without the head, bytes, digest, and what each column says."""

    clave: str
    titulo: str
    url: str
    renglones: int
    bytes: int
    huella: str
    columnas: tuple[ColumnWords, ...]


def _statements(proceso: str) -> bytes:
    return statement_sheet(catalog.contabilidades(proceso)).csv()


def _sanctions(proceso: str) -> bytes:
    return sanction_sheet(catalog.sanciones(proceso)).csv()


def _documents(proceso: str) -> bytes:
    return document_sheet(catalog.documentos(proceso)).csv()


def _rules(proceso: str) -> bytes:
    lines: list[list[Cell]] = [
        [row.regla, row.titulo, "; ".join(article for article, _says, _status in row.fundamento), row.sancionadas]
        for row in catalog.reglas(proceso)
    ]
    return Sheet(RULE_COLUMNS, lines).csv()


def _official(proceso: str) -> bytes:
    return catalog.expense_csv(proceso).encode()


WRITERS: dict[str, Callable[[str], bytes]] = {
    "gasto-por-rubro": _official,
    "estados-de-cuenta": _statements,
    "sanciones": _sanctions,
    "reglas": _rules,
    "documentos": _documents,
}


def _titles() -> dict[str, str]:
    return {
        "gasto-por-rubro": _("Gasto de las candidaturas por rubro, en las 26 columnas oficiales"),
        "estados-de-cuenta": _("Estado de cuenta de cada contabilidad"),
        "sanciones": _("Sanciones de las resoluciones aprobadas"),
        "reglas": _("Reglas por las que el Consejo sancionó"),
        "documentos": _("Dictámenes y resoluciones, con su huella"),
    }


@lru_cache(maxsize=64)
def _measured(clave: str, proceso: str, stamp: str) -> tuple[int, int, str]:
    """Rows, bytes and digest of a file; stamp is the instant of its data, so a new publication is measured again."""
    data = WRITERS[clave](proceso)
    return data.count(b"\r\n") - 1, len(data), digest_of(data)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The files of a stage and the dictionary of their columns."""
    stages = stages_of(request)
    files = [_offered(clave, stages.actual) for clave in WRITERS] if stages.actual else []
    return public_page(request, "datos", "datos", stages, {"files": files, "nothing": nothing_yet()})


@require_safe
def download(request: HttpRequest, proceso: str, archivo: str) -> HttpResponse:
    """A file of a stage, whole. 404 for a stage not published or a file that is not offered."""
    found_stage(tuple(catalog.processes()), proceso)
    if archivo not in WRITERS:
        raise Http404(f"No hay archivo «{archivo}»; los que hay: {', '.join(WRITERS)}.")
    return file_response(WRITERS[archivo](proceso), CSV, f"{proceso}-{archivo}.csv")


def _offered(clave: str, process: Process) -> OpenFile:
    rows, size, digest = _measured(clave, process.clave, process.datos_al.isoformat())
    url = reverse("public:archivo", args=[process.clave, clave])
    columns = DICTIONARY[clave](settings.JURISDICTION)
    return OpenFile(clave, _titles()[clave], url, rows, size, digest, columns)
