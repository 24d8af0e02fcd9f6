"""Find received invoices of the person's books, and tell what became of those just dropped."""

from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.books.models import Recepcion
from sif.books.tasks import Received
from sif.web.party.cfdi.inbox_list import places_of
from sif.web.party.mesa import Mesa


def received_or_404(mesa: Mesa, number: int, recepcion: int) -> Recepcion:
    """Return the reception with that number in books that this person sees. Raises Http404."""
    books = mesa.books(number)
    rows = Recepcion.objects.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa")
    found = rows.filter(contabilidad=books, pk=recepcion).first()
    if found is None:
        raise Http404(_("Ese comprobante no está en la bandeja de la contabilidad %(n)d.") % {"n": number})
    return found


def told_of_each(received: Received, mesa: Mesa) -> list[Mapping[str, object]]:
    """Return the answer for each file; under `ya`, the reception, page and póliza of a file that was already there."""
    numbers = {each["estaba"] for each in received.respuestas if each.get("estaba")}
    rows = Recepcion.objects.filter(pk__in=numbers, contabilidad__in=list(mesa.libros)).select_related("comprobante")
    there = {row.pk: row for row in rows}
    places = places_of(list(there.values()))
    known = {
        number: {
            "recibido": row,
            "url": reverse("party:cfdi_ficha", args=[row.contabilidad_id, number]),
            "poliza": places.get(number),
        }
        for number, row in there.items()
    }
    return [{**each, "ya": known.get(each.get("estaba") or 0)} for each in received.respuestas]
