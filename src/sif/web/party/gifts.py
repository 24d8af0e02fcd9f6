"""Declare what the pages of contributions share: their words and the columns of a contribution."""

from dataclasses import replace

from django.db.models import Case, CharField, Model, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from sif.values import Money
from sif.web import columns
from sif.web.columns import Column, Link
from sif.web.labels import QUALITIES, WAYS
from sif.web.party.desk import poliza_columns
from sif.web.tables import Empty, Table

UNSURE_LIMIT = _(
    "El artículo habla de partidos nacionales: el límite de uno local lo fija la ley de su entidad, "
    "y el organismo electoral local publica su cifra."
)
"""Why a limit of contributions is to be confirmed of a local party."""
RECEIPTS = {
    "revertida": ("corregida", _("Revertida")),
    "adjunto": ("completa", _("Adjunto")),
    "falta": ("incompleta", _("Falta")),
}
"""Whether the receipt of a contribution is kept, or its póliza was reversed."""

TOTAL = _("Suma, sin lo revertido")
_RECEIPT = Case(
    When(revertida=True, then=Value("revertida")),
    When(recibo=True, then=Value("adjunto")),
    default=Value("falta"),
    output_field=CharField(),
)
_STANDING = Case(When(revertida=False, then="monto"), default=0)
COLUMNS = (
    Column("folio", _("Recibo"), "cosa", sort=True, link=Link("party:poliza", ("contabilidad", "eslabon"))),
    Column("aportante", source="aportante__nombre", under="folio"),
    Column("calidad", _("Calidad y medio"), words=QUALITIES),
    Column("medio", words=WAYS, under="calidad"),
    Column("contabilidad", _("Contabilidad"), "clave", source="contabilidad_id"),
    Column("fecha", _("Fecha"), "dia", sort=True),
    Column("monto", _("Monto"), "dinero", sort=True, total=_STANDING),
    *poliza_columns(),
    Column("estado", _("Recibo en PDF"), "estado", source=_RECEIPT, states=RECEIPTS, where="screen"),
    Column("recibo_adjunto", source="recibo", where="file"),
    Column("revertida", where="file"),
)


def given_table(rows: QuerySet[Model], *, named: bool) -> Table:
    """Draw the contributions of one donor, the latest first. named: says whose each is, where it stands twice."""
    shown = [replace(each, sort=False) for each in COLUMNS if named or each.key != "aportante"]
    found = [columns.by_key(row) for row in columns.select(rows, shown).order_by("-fecha", "-pk")]
    total = Money(rows.aggregate(suma=Sum(_STANDING, default=0))["suma"])
    empty = Empty(_("Todavía no aporta."), _("Aquí se verá cada aportación con su recibo."))
    return columns.panel(_("Aportaciones"), found, shown, totales={"monto": total}, palabra_total=TOTAL, vacia=empty)
