"""Lead from an invoice whose issuer is no supplier yet to its registration, and back to its proposal."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.urls import reverse

from sif.books.models import Borrador, Recepcion
from sif.books.receptor import is_issued
from sif.books.services import BorradorConflict, save_borrador
from sif.registry.models import Proveedor
from sif.registry.selectors import may
from sif.values import Rfc
from sif.values.keys import GENERIC_RFC
from sif.web.party.auxiliaries import names_of
from sif.web.party.draft_content import draft_url, with_supplier
from sif.web.party.mesa import Mesa


@dataclass(frozen=True, slots=True)
class Unregistered:
    """An invoice of somebody who is no supplier yet; url: where it is registered, '' for who may not."""

    recepcion: Recepcion
    url: str


def unregistered(rows: Iterable[Recepcion], mesa: Mesa) -> list[Unregistered]:
    """Return those of a purchase whose issuer no supplier is, one of each issuer."""
    found = {row.comprobante.emisor_rfc: row for row in rows if _is_purchase(row)}
    known = set(Proveedor.objects.filter(rfc__in=list(found)).values_list("rfc", flat=True))
    return [Unregistered(row, _address(row, mesa)) for rfc, row in found.items() if rfc not in known]


def _is_purchase(row: Recepcion) -> bool:
    invoice = row.comprobante
    named = Rfc.maybe(invoice.emisor_rfc) is not None and invoice.emisor_rfc not in GENERIC_RFC
    return named and invoice.tipo == "I" and not is_issued(invoice.tipo, invoice.complementos.split(", "))


def _address(row: Recepcion, mesa: Mesa) -> str:
    if not may(mesa.usuario, "capturar", sujeto=row.contabilidad.sujeto):
        return ""
    return f"{reverse('party:proveedor_nuevo')}?cfdi={row.pk}"


def invoice_asked(number: int, mesa: Mesa) -> Recepcion | None:
    """Return the reception of that number, if it is of books of the person."""
    rows = Recepcion.objects.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa")
    return rows.filter(pk=number, contabilidad__in=list(mesa.libros)).first()


def back_to_proposal(row: Recepcion, proveedor: Proveedor, mesa: Mesa) -> str:
    """Return the address to go to after registering the supplier of an invoice: its draft, or its page.

    Where the supplier is the issuer, the draft is saved with it, unless somebody else changed the draft meanwhile.
    """
    draft = Borrador.objects.filter(contabilidad=row.contabilidad, comprobante=row.comprobante).first()
    if draft is None:
        return reverse("party:cfdi_ficha", args=[row.contabilidad_id, row.pk])
    if proveedor.rfc == row.comprobante.emisor_rfc and mesa.can("capturar", row.contabilidad):
        words = names_of([("proveedor", proveedor.pk)])["proveedor", proveedor.pk]
        content = with_supplier(draft.contenido, mesa.chart(row.contabilidad), words)
        with suppress(BorradorConflict, Borrador.DoesNotExist):  # what somebody writes in it now stays
            save_borrador(row.contabilidad, content, mesa.usuario, borrador=(draft.pk, draft.version))
    return draft_url(draft)
