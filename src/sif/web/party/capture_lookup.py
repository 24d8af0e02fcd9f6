"""Auxiliaries as JSON while they are typed, for the list that opens under a line of capture."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sif.web.party.auxiliaries import find
from sif.web.party.mesa import Mesa, party_page


@require_safe
@party_page
def auxiliaries(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """?tipo=proveedor&q=impresos: a list of [what is written in the line, its name, what tells it from its like]."""
    books = mesa.books(number)
    found = find(books, request.GET.get("tipo", ""), request.GET.get("q", "")[:120], mesa.alcance)
    return JsonResponse([[each.words, each.nombre, each.detalle or each.clave] for each in found], safe=False)
