"""Serve auxiliaries as JSON while they are typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from sif.registry import events
from sif.web.party.auxiliaries import find
from sif.web.party.mesa import Mesa, party_page


@require_POST
@party_page
def auxiliaries(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """tipo=proveedor and q=impresos: a list of [what is written in the line, its name, what tells it from its like]."""
    books = mesa.books(number)
    events.bind(acto_escrito=True)  # a search is no act, though it is posted to keep keys out of addresses
    found = find(books, request.POST.get("tipo", ""), request.POST.get("q", "")[:120], mesa.alcance)
    return JsonResponse([[each.words, each.nombre, each.detalle or each.clave] for each in found], safe=False)
