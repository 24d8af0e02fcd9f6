"""Aportaciones: every contribution with its receipt, and the limits of law that they use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books.board import limits_used
from sif.counterparties.folios import folio_control
from sif.counterparties.history import ContributionRow, contributions
from sif.counterparties.seen import donors_of
from sif.registry.folding import fold
from sif.web.party.catalog_form import SearchForm, captures, file_asked
from sif.web.party.foresight import covers_subject
from sif.web.party.historial import contributions_table, quality_words, way_words
from sif.web.party.mesa import Mesa, numbered, party_page
from sif.web.tables import Column, Empty, Link, file_links, order_asked, page_number, pager_for

HEAD = (
    "folio", "aportante", "calidad", "medio", "fecha", "monto", "contabilidad", "poliza", "recibo_adjunto",
    "revertida",
)  # fmt: skip
Tab = tuple[str, str, int | None, bool]
_ORDERS = (Column("folio", "", "cosa", True), Column("fecha", "", "dia", True), Column("monto", "", "dinero", True))


def tabs_of(mesa: Mesa, current: str) -> list[Tab]:
    """The three lists of this page."""
    donors = donors_of(mesa.alcance).count()
    pages = (
        ("aportaciones", _("Aportaciones"), None), ("aportantes", _("Aportantes"), donors),
        ("folios", _("Folios"), None),
    )  # fmt: skip
    return [(words, reverse(f"party:{name}"), count, name == current) for name, words, count in pages]


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The contributions of the person's books; ?formato= gives the filtered set as a file."""
    books = numbered(mesa.libros.values())
    form = SearchForm(
        request.GET, _("Folio o nombre"),
        calidad=(_("Calidad"), [("", _("Todas")), *quality_words().items()]),
        medio=(_("Medio"), [("", _("Todos")), *way_words().items()]),
        contabilidad=(_("Contabilidad"), [("", _("Todas")), *books]),
    )  # fmt: skip
    rows = [row for row in contributions(mesa.libros) if _answers(row, form)]
    answer = file_asked(request, "aportaciones", HEAD, (_file_row(row) for row in rows))
    if answer:
        return answer
    order = order_asked(request.GET, _ORDERS, "-fecha")
    keys = {
        "folio": lambda row: (row.folio, row.eslabon), "fecha": lambda row: (row.fecha, row.folio),
        "monto": lambda row: (row.monto, row.folio),
    }  # fmt: skip
    rows.sort(key=keys[order.removeprefix("-")], reverse=order.startswith("-"))
    page = pager_for(page_number(request.GET), len(rows))
    first = (Link(_("Aportación nueva"), reverse("party:aportacion_nueva"), "plus-lg"),) if captures(mesa) else ()
    nothing = Empty(
        _("Ninguna aportación responde a este filtro."), _("Cada una entra con su póliza y su recibo en PDF."), first
    )
    table = contributions_table(
        rows[max(0, page.desde - 1) : page.hasta], orden=order, pagina=page, vacia=nothing,
        exportar=file_links(request.GET),
    )  # fmt: skip
    context = {
        "frame": mesa.frame("aportaciones"), "filtro": form, "tabla": table, "captura": captures(mesa),
        "pestanas": tabs_of(mesa, "aportaciones"), "limites": _limits(mesa),
        "por_cancelar": sum(row.por_cancelar for sujeto in mesa.sujetos for row in folio_control(sujeto)),
    }  # fmt: skip
    return render(request, "party/aportaciones.html", context)


def _limits(mesa: Mesa) -> list[object]:
    """List the yearly limits used by each party whose books the person sees whole: a part would be a false sum."""
    found: list[object] = []
    for each in mesa.sujetos:
        own = [books for books in mesa.actuales if books.sujeto_id == each.pk]
        if each.tipo != "independiente" and mesa.etapa and covers_subject(mesa.etapa, own):
            found += limits_used(each, mesa.ahora.date())
    return found


def _answers(row: ContributionRow, form: SearchForm) -> bool:
    words = fold(form.asked("q")).split()
    here = fold(f"{row.folio} {row.aportante}")
    return (
        all(word in here for word in words)
        and form.asked("calidad") in ("", row.calidad)
        and form.asked("medio") in ("", row.medio)
        and form.asked("contabilidad") in ("", str(row.contabilidad_id))
    )


def _file_row(row: ContributionRow) -> tuple[object, ...]:
    return (
        row.folio, row.aportante, row.calidad, row.medio, row.fecha, row.monto, row.contabilidad_id, row.referencia,
        "si" if row.recibo else "no", "si" if row.revertida else "no",
    )  # fmt: skip
