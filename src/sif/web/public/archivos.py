"""Give the public the files of a stage, and the lists that it narrows, up to what a request writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.disclosure import stored
from sif.disclosure.stored import PublicFile
from sif.jobs.bounds import MOST_ROWS, LongFile
from sif.values import Cell
from sif.web.files import file_response
from sif.web.public.diccionario import DICTIONARY, ColumnWords
from sif.web.public.stage import Stages, public_page
from sif.web.tables import Link, query_with

MOST = 10_000
"""Rows of a list that the public is written at once, if its form admits as many: under two seconds (ADR 0223)."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open file of a stage: its forms, each with an address, and the words for its columns."""

    clave: str
    titulo: str
    columnas: tuple[ColumnWords, ...]
    formas: tuple[tuple[PublicFile, str], ...]


def offered(proceso: str) -> list[OpenFile]:
    """Return the open files of a stage in sight; none if it was published before they were kept."""
    kept = stored.open_files(proceso)
    found = []
    for clave, titulo in _titles().items():
        forms = [row for row in kept if row.clave == clave]
        columns = DICTIONARY[clave](settings.JURISDICTION) if clave in DICTIONARY else ()
        addresses = [reverse("public:archivo", args=[proceso, clave, row.forma]) for row in forms]
        if forms:
            found.append(OpenFile(clave, titulo, columns, tuple(zip(forms, addresses, strict=True))))
    return found


def _titles() -> dict[str, str]:
    return {
        "gasto-por-rubro": _("Gasto de las candidaturas por rubro, en las 26 columnas oficiales"),
        "estados-de-cuenta": _("Estado de cuenta de cada contabilidad"),
        "sanciones": _("Sanciones de las resoluciones aprobadas"),
        "reglas": _("Reglas por las que el Consejo sancionó"),
        "documentos": _("Dictámenes y resoluciones, con su huella"),
        "publicacion": _("Todo lo publicado, como se propuso y se publicó"),
    }


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list that the public narrowed, before it is written; `entero`: the open file that has all its rows."""

    nombre: str
    columnas: Sequence[str]
    cuantos: int
    renglones: Iterable[Sequence[Cell]]
    entero: str = ""


def list_response(request: HttpRequest, stages: Stages, kind: str, made: ListFile) -> HttpResponse:
    """Answer a list as a download of a kind; beyond what a request writes, the page that offers the whole file.

    Raises Http404 when kind is neither csv nor xlsx.
    """
    most = min(MOST, MOST_ROWS[kind]) if kind in ("csv", "xlsx") else MOST
    try:
        if made.cuantos > most:
            raise LongFile(most)
        return file_response(kind, made.nombre, made.columnas, made.renglones, titles=made.columnas, mark=False)
    except LongFile as long:
        whole = [each for each in offered(stages.clave) if each.clave == made.entero]
        page = public_page(request, "largo", "datos", stages, {"bound": long.rows, "files": whole})
        page.status_code = 422
        return page


def list_links(name: str, query: QueryDict) -> tuple[Link, ...]:
    """Return the links to the files of a list that the public narrowed, by the name of their address."""
    return tuple(
        Link(kind.upper(), reverse(name, args=[kind]) + query_with(query, pagina="").rstrip("?"))
        for kind in ("csv", "xlsx")
    )
