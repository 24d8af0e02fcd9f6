"""Aportaciones: every contribution with its receipt, and the limits of law that they use."""

from collections.abc import Mapping

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from sif.audit.preflight import covers_subject
from sif.books.board import limits_used
from sif.counterparties.folios import to_cancel
from sif.counterparties.history import contributions
from sif.web.filters import choice, words
from sif.web.labels import QUALITIES, WAYS
from sif.web.party.desk import SubjectListing, books_filter
from sif.web.party.gifts import COLUMNS, TOTAL, UNSURE_LIMIT
from sif.web.party.mesa import Mesa
from sif.web.party.tabs import GIFTS
from sif.web.tables import Empty, Link


class Contributions(SubjectListing):
    """The contributions of the person's books, the latest first."""

    page = file_name = "aportaciones"
    title, tabs, template = _("Aportaciones"), GIFTS, "party/aportaciones.html"
    intro = _("Cada una con su póliza, su folio y su recibo.")
    filters = {
        "q": words(_("Folio o nombre"), "folio", "aportante__nombre"),
        "calidad": choice(_("Calidad"), "calidad", QUALITIES.items(), _("Todas")),
        "medio": choice(_("Medio"), "medio", WAYS.items()),
        "contabilidad": books_filter(),
    }
    order = "-fecha"
    columns = COLUMNS
    total_words = TOTAL
    empty = Empty(_("Todavía no hay aportaciones."), _("Cada una entra con su póliza y su recibo en PDF."))
    unmatched = _("Ninguna aportación responde a este filtro.")
    create = Link(_("Aportación nueva"), "party:aportacion_nueva")

    def query(self) -> QuerySet[Model]:
        """Select the contributions of the person's books."""
        return contributions(self.seat.libros)

    def extra(self) -> Mapping[str, object]:
        """Tell the limits of the year and the folios to be cancelled."""
        return {
            "limites": _limits(self.seat),
            "limite_dudoso": UNSURE_LIMIT,
            "por_cancelar": sum(map(to_cancel, self.seat.sujetos)),
        }


def _limits(mesa: Mesa) -> list[object]:
    """List the yearly limits used by each party whose books the person sees whole: a part would be a false sum."""
    found: list[object] = []
    for each in mesa.sujetos:
        own = [books for books in mesa.actuales if books.sujeto_id == each.pk]
        if each.tipo != "independiente" and mesa.etapa and covers_subject(mesa.etapa, own):
            found += limits_used(each, mesa.ahora.date())
    return found
