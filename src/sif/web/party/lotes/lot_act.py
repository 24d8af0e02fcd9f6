"""Find a lot to act on, and refuse an act while another runs."""

from django.http import Http404
from django.utils.translation import gettext as _

from sif.batch.models import Lote
from sif.batch.tasks import open_job_of
from sif.jobs.services import TrabajoRefused
from sif.web.party.mesa import Mesa


def lote_of(mesa: Mesa, number: int, lote: int) -> Lote:
    """Return a lot of the person's books. Raises Http404, PermissionDenied."""
    books = mesa.books(number)
    rows = Lote.objects.select_related("contabilidad__etapa", "contabilidad__sujeto", "recibido_por", "aplicado_por")
    found = rows.filter(contabilidad=books, pk=lote).first()
    if found is None:
        raise Http404(_("No hay ese lote en la contabilidad %(n)d.") % {"n": number})
    return found


def refuse_busy(lote: Lote) -> None:
    """Raise TrabajoRefused while a job holds the lot, whose locks an act would wait for."""
    if open_job_of(lote):
        raise TrabajoRefused(_("Este lote tiene un trabajo en curso: espere a que termine o cancélelo."))
