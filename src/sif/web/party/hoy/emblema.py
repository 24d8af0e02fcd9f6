"""Answer the emblem of a subject to its people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sif.registry.models import EmblemaSujeto
from sif.web.files import kept_picture
from sif.web.party.mesa import Mesa, party_page


@require_safe
@party_page
def picture(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Answer the figure of an emblem of a subject of the person, checked against its digest; 404 for another's."""
    return kept_picture(get_object_or_404(EmblemaSujeto, pk=pk, sujeto__in=mesa.sujetos).figura_sha256)
