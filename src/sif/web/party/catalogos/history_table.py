"""Build the history table of a supplier, person or account."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.counterparties.history import HistoryRow
from sif.web.tables import Column, Empty, Row, Table, Thing, page_number, pager_for


def history_table(request: HttpRequest, rows: Sequence[HistoryRow]) -> Table:
    """What happened, the latest first, each with its póliza, fifty to a page."""
    columns = (
        Column("que", _("Qué"), "cosa"),
        Column("clase", _("Clase")),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("fecha", _("Fecha"), "dia"),
        Column("monto", _("Monto"), "dinero"),
    )
    page = pager_for(page_number(request.GET), len(rows))
    words = {"poliza": _("Póliza"), "pagada": _("Póliza con pago"), "pago": _("Pago"), "contrato": _("Contrato")}
    drawn = [
        Row(
            {
                "que": _what(row),
                "clase": words[row.clase],
                "contabilidad": str(row.contabilidad_id),
                "fecha": row.fecha,
                "monto": row.monto,
            }
        )
        for row in rows[max(0, page.desde - 1) : page.hasta]
    ]
    nothing = Empty(_("Todavía no aparece en ninguna póliza."), _("Aquí se verá cada una, con sus pagos y contratos."))
    return Table(_("Historial"), columns, drawn, pagina=page if rows else None, vacia=nothing)


def _what(row: HistoryRow) -> Thing:
    if row.eslabon is None:
        return Thing(row.concepto)
    url = reverse("party:poliza", args=[row.contabilidad_id, row.eslabon])
    return Thing(row.referencia.split(";")[0], url, debajo=row.concepto)
