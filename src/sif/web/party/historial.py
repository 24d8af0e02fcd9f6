"""The history of a supplier, person or account, as the table of its ficha."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.counterparties.history import ContributionRow, HistoryRow
from sif.values import Money
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
                "que": _what(row), "clase": words[row.clase], "contabilidad": str(row.contabilidad_id),
                "fecha": row.fecha, "monto": row.monto,
            }
        )
        for row in rows[max(0, page.desde - 1) : page.hasta]
    ]  # fmt: skip
    nothing = Empty(_("Todavía no aparece en ninguna póliza."), _("Aquí se verá cada una, con sus pagos y contratos."))
    return Table(_("Historial"), columns, drawn, pagina=page if rows else None, vacia=nothing)


def _what(row: HistoryRow) -> Thing:
    if row.eslabon is None:
        return Thing(row.concepto)
    url = reverse("party:poliza", args=[row.contabilidad_id, row.eslabon])
    return Thing(row.referencia.split(";")[0], url, debajo=row.concepto)


def contributions_table(rows: Sequence[ContributionRow], *, named: bool = True, **looks: object) -> Table:
    """Contributions with their receipts; `named`: says whose; `looks`: orden, pagina, exportar, vacia of it."""
    columns = (
        Column("folio", _("Recibo"), "cosa", ordenable="orden" in looks),
        Column("calidad", _("Calidad y medio")),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("fecha", _("Fecha"), "dia", ordenable="orden" in looks),
        Column("monto", _("Monto"), "dinero", ordenable="orden" in looks),
        Column("estado", _("Recibo en PDF"), "estado"),
    )
    drawn = [
        Row(
            {
                "folio": Thing(
                    row.folio, reverse("party:poliza", args=[row.contabilidad_id, row.eslabon]),
                    debajo=row.aportante if named else "",
                ),
                "calidad": f"{quality_words()[row.calidad]}, {way_words()[row.medio].lower()}",
                "contabilidad": str(row.contabilidad_id), "fecha": row.fecha, "monto": row.monto,
                "estado": state_of(row),
            }
        )
        for row in rows
    ]  # fmt: skip
    standing = Money(sum(row.monto.centavos for row in rows if not row.revertida))
    return Table(
        _("Aportaciones"), columns, drawn, {"monto": standing}, _("Suma de esta página, sin lo revertido"),
        **looks,  # type: ignore[arg-type]
    )  # fmt: skip


def state_of(row: ContributionRow) -> tuple[str, str]:
    """Whether its receipt is attached, or its póliza was reversed."""
    if row.revertida:
        return "corregida", _("Revertida")
    return ("completa", _("Adjunto")) if row.recibo else ("incompleta", _("Falta"))


def quality_words() -> dict[str, str]:
    """Kinds of donor."""
    return {"simpatizante": _("Simpatizante"), "militante": _("Militante"), "candidatura": _("Candidatura")}


def way_words() -> dict[str, str]:
    """Ways of giving."""
    return {
        "transferencia": _("Transferencia"), "cheque": _("Cheque"), "efectivo": _("Efectivo"),
        "especie": _("Especie"),
    }  # fmt: skip
