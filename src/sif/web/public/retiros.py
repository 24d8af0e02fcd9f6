"""«Publicaciones retiradas»: the notice of each, with its reason, basis and digest, and all of them as a file."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.values import Cell
from sif.web.public.archivos import ListFile, list_response
from sif.web.public.stage import public_page, stages_of

COLUMNS = (
    "publicacion",
    "proceso",
    "nombre",
    "publicada_el",
    "datos_al",
    "retirada_el",
    "motivo",
    "fundamento",
    "autoridad",
    "huella_sha256",
    "vigente",
)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return every notice of withdrawal, the last first."""
    return public_page(request, "retiros", "datos", stages_of(request), {"notices": catalog.withdrawals()})


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Every notice as a file, csv or xlsx; `vigente` says whether nothing was published of the stage afterwards."""
    lines: list[list[Cell]] = [
        [
            row.publicacion,
            row.proceso,
            row.nombre,
            row.publicada_el,
            row.datos_al,
            row.retirada_el,
            row.motivo,
            row.fundamento,
            row.autoridad,
            row.huella,
            "si" if row.vigente else "no",
        ]
        for row in catalog.withdrawals()
    ]
    made = ListFile("publicaciones-retiradas", COLUMNS, len(lines), lines)
    return list_response(request, stages_of(request), kind, made)
