"""«Documentos»: the dictámenes and resoluciones of a stage as PDF, each with its digest."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.disclosure import catalog, stored
from sif.disclosure.catalog import PublicDocument
from sif.web.columns import Column, panel
from sif.web.files import PDF, sealed_pdf
from sif.web.files import download as download_file
from sif.web.public.stage import absent, nothing_yet, public_page, stages_of
from sif.web.tables import Empty, Pager, Table, Thing, pager_asked
from sif.web.templatetags.piezas import digest


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return every document of the stage, the last first."""
    stages = stages_of(request)
    pager = pager_asked(request.GET, count := catalog.count_documentos(stages.clave))
    rows = catalog.documentos(stages.clave, part=slice(max(0, pager.desde - 1), pager.hasta))
    context = {"table": _table(rows, pager, catalog.subjects(stages.clave)), "count": count, "nothing": nothing_yet()}
    return public_page(request, "documentos", "datos", stages, context)


@require_safe
def download(request: HttpRequest, clave: str) -> HttpResponse:
    """Return the PDF of a document, checked against its digest before it is sent and then sealed.

    `?sello=no` gives the bytes that the published digest names. 404 when it is not published.
    """
    data = stored.document_file(clave)
    if data is None:
        raise absent("documentos", clave, f"«{clave}» no es un documento publicado.")
    name = f"{clave.replace('/', '-')}.pdf"
    return download_file(data, PDF, name) if request.GET.get("sello") == "no" else sealed_pdf(data, name)


def _address(row: PublicDocument) -> str:
    return reverse("public:documento", args=[row.clave])


def _table(rows: list[PublicDocument], pager: Pager, names: Mapping[str, str]) -> Table:
    columns = (
        Column(
            "documento",
            _("Documento"),
            "cosa",
            show=lambda row: Thing(row.titulo, _address(row), clave_debajo=row.clave),
        ),
        Column("siglas", _("Sujeto"), show=lambda row: _subject(row.siglas, names)),
        Column("publicado", _("Publicado"), "dia", show=lambda row: row.publicado_el.date()),
        Column("huella", _("Huella SHA-256"), "texto", show=lambda row: _digest(row.pdf_sha256), phone="row"),
    )
    empty = Empty(
        _("El Consejo no ha aprobado resoluciones en este proceso."),
        _("Los dictámenes y las resoluciones se publican aquí cuando se aprueban."),
    )
    return panel(_("Dictámenes y resoluciones"), rows, columns, vacia=empty, pagina=pager)


def _subject(siglas: str, names: Mapping[str, str]) -> Thing:
    """Draw the name of a subject over its siglas, or these alone where nothing else of it is published."""
    return Thing(names[siglas], debajo=siglas) if siglas in names else Thing(siglas)


def _digest(text: str) -> SafeString:
    return digest(text)
