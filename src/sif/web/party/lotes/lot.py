"""Name a lot, its state and its address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.batch.models import Lote
from sif.batch.services import Recibido
from sif.batch.tasks import READ, ask_for
from sif.web.party.mesa import Mesa, books_name
from sif.web.trabajos.following import to_job

STATES = {"recibido": "en_curso", "revisado": "en_revision", "aplicado": "registrada", "descartado": "desechado"}


def state_words(estado: str) -> tuple[str, str]:
    """Return the look of the state of a lot, and its word."""
    words = {
        "recibido": _("Recibido"),
        "revisado": _("Revisado"),
        "aplicado": _("Aplicado"),
        "descartado": _("Descartado"),
    }
    return STATES[estado], words[estado]


def lote_url(lote: Lote) -> str:
    """Return the address of a lot."""
    return reverse("party:lote", args=[lote.contabilidad_id, lote.pk])


def offered_books(mesa: Mesa) -> list[tuple[int, str]]:
    """Return the books in which the person captures, those that may record today first."""
    mine = [each for each in mesa.libros.values() if mesa.can("capturar", each)]
    mine.sort(key=lambda each: (not mesa.windows(each), each.pk))
    return [(each.pk, books_name(each)) for each in mine]


def to_lote(request: HttpRequest, mesa: Mesa, got: Recibido) -> HttpResponse:
    """To the job that reads the file of a lot, or to the lot of a file that was read before."""
    if got.lote.estado == Lote.Estado.RECIBIDO:
        return to_job(request, ask_for(READ, got.lote, mesa.usuario), mesa.usuario)
    told = {
        "aplicado": _("Este mismo archivo ya se aplicó: nada cambió."),
        "revisado": _("Este mismo archivo ya estaba cargado: es este lote."),
    }
    messages.info(request, told[got.lote.estado])
    return HttpResponseRedirect(lote_url(got.lote))
