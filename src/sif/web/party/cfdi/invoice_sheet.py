"""Show one received invoice: checks, content and proposed póliza."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books.checks import Checked, checks_of
from sif.books.models import Recepcion
from sif.books.selectors import inbox
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.marks import folio_html
from sif.web.party.cfdi.inbox_list import check_names, places_of, proposal_words
from sif.web.party.cfdi.received import received_or_404
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Table

LOOKS = {"bien": "completa", "aviso": "incompleta", "grave": "invalido", "desconocido": "sin_dato"}


@require_safe
@party_page
def show(request: HttpRequest, mesa: Mesa, number: int, recepcion: int) -> HttpResponse:
    """Return the invoice with its checks of today; whoever captures can open its proposal from here."""
    received = received_or_404(mesa, number, recepcion)
    invoice, checked = received.comprobante, checks_of([received])[received.pk]
    waits = inbox([number]).filter(pk=received.pk).exists()
    context = {
        "frame": mesa.frame("cfdi", Crumb(invoice.emisor_nombre, clave=folio_html(invoice.uuid))),
        "recibido": received,
        "comprobante": invoice,
        "comprobaciones": _checks_table(checked),
        "conceptos": _lines_table(received),
        "tipo": _kinds().get(invoice.tipo, invoice.tipo),
        "propuesta": proposal_words(invoice),
        "abre": waits and mesa.can("capturar", received.contabilidad),
        "poliza": places_of([received]).get(received.pk),
        "demas": _others(received, checked),
    }
    return render(request, "party/cfdi_ficha.html", context)


def _kinds() -> dict[str, str]:
    return {"I": _("Ingreso"), "E": _("Egreso, nota de crédito"), "T": _("Traslado"), "N": _("Nómina"), "P": _("Pago")}


def _checks_table(checked: Checked) -> Table:
    columns = (
        Column("que", _("Comprobación"), "cosa", show=lambda each: names[each.clave]),
        Column(
            "estado", _("Resultado"), "estado", show=lambda each: (LOOKS[each.estado], words[each.estado]), phone="wide"
        ),
        Column(
            "visto", _("Qué se vio y qué hacer"), show=lambda each: f"{each.mensaje} {each.cura}".strip(), phone="wide"
        ),
    )
    names = check_names()
    words = {"bien": _("Pasa"), "aviso": _("Con aviso"), "grave": _("No pasa"), "desconocido": _("No se sabe")}
    return panel(_("Comprobaciones"), checked.checks, columns)


def _lines_table(received: Recepcion) -> Table:
    columns = (
        Column("que", _("Concepto"), "cosa", "descripcion"),
        Column("clave", _("Clave del SAT"), "clave", "clave_producto"),
        Column(
            "cantidad",
            _("Cantidad"),
            show=lambda line: f"{line.cantidad_milesimas / 1000:,.3f}".rstrip("0").rstrip("."),
        ),
        Column("importe", _("Importe"), "dinero"),
    )
    lines = received.comprobante.conceptos.order_by("linea")
    return panel(_("Conceptos"), lines, columns)


def _others(received: Recepcion, checked: Checked) -> list[dict[str, str]]:
    """Return the problems found while reading an invoice that no check repeats.

    Problems of the receiver are left out, since a check compares the receiver with the RFC of today.
    """
    told = {each.mensaje for each in checked.checks}
    return [each for each in received.problemas if each["mensaje"] not in told and each["codigo"] != "receptor"]
