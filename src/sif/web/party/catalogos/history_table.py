"""Build the history table of a supplier, person or account."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.counterparties.history import HistoryRow, named
from sif.web.columns import Column, panel
from sif.web.tables import Empty, Table, Thing, page_of


def history_table(request: HttpRequest, rows: QuerySet[Any, tuple[Any, ...]]) -> Table:
    """Return the table of the pólizas, payments and contracts of a record, the latest first, fifty to a page."""
    columns = (
        Column("que", _("Qué"), "cosa", show=_what),
        Column("clase", _("Clase"), show=lambda row: words[row.clase]),
        Column("contabilidad", _("Contabilidad"), "clave", show=lambda row: str(row.contabilidad_id)),
        Column("fecha", _("Fecha"), "dia"),
        Column("monto", _("Monto"), "dinero"),
    )
    found, page = page_of(rows, request.GET)
    words = {"poliza": _("Póliza"), "pagada": _("Póliza con pago"), "pago": _("Pago"), "contrato": _("Contrato")}
    nothing = Empty(_("Todavía no aparece en ninguna póliza."), _("Aquí se verá cada una, con sus pagos y contratos."))
    return panel(_("Historial"), named(found), columns, pagina=page if found else None, vacia=nothing)


def _what(row: HistoryRow) -> Thing:
    if row.eslabon is None:
        return Thing(row.concepto)
    url = reverse("party:poliza", args=[row.contabilidad_id, row.eslabon])
    return Thing(row.referencia.split(";")[0], url, debajo=row.concepto)
