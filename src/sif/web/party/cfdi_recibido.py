"""Find a received invoice of the person's books."""

from django.http import Http404
from django.utils.translation import gettext as _

from sif.books.models import Recepcion
from sif.web.party.mesa import Mesa


def received_or_404(mesa: Mesa, number: int, recepcion: int) -> Recepcion:
    """The reception with that number in books that this person sees. Raises Http404."""
    books = mesa.books(number)
    rows = Recepcion.objects.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa")
    found = rows.filter(contabilidad=books, pk=recepcion).first()
    if found is None:
        raise Http404(_("Ese comprobante no está en la bandeja de la contabilidad %(n)d.") % {"n": number})
    return found
