"""Serve auxiliaries as JSON while they are typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from sif.catalogs.selectors.auxiliaries import are_own_suppliers
from sif.registry import events, limits
from sif.web.party.auxiliaries import find
from sif.web.party.mesa import Mesa, party_page
from sif.web.searched import is_personal


@require_POST
@party_page
def auxiliaries(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """tipo=proveedor and q=impresos: a list of [what is written in the line, its name, what tells it from its like]."""
    books = mesa.books(number)
    events.bind(acto_escrito=True)  # a search is no act, though it is posted to keep keys out of addresses
    kind, text, person = request.POST.get("tipo", ""), request.POST.get("q", "")[:120], str(mesa.usuario.pk)
    whole = kind in ("aportante", "persona", "proveedor") and is_personal(text)
    if whole and (wait := limits.waiting(limits.TYPED_PERSONAL_KEY, person)):
        events.log("rechazo", persona=mesa.usuario.pk, codigo="claves_probadas", segundos=wait)
        return JsonResponse([], safe=False, status=429)
    found = find(books, kind, text, mesa.alcance)
    known = kind != "proveedor" or are_own_suppliers(books.sujeto_id, [each.numero for each in found])
    if whole and not (found and known):
        # neither is a mask uncovered by trying what it may cover, nor who sells to another by trying every RFC
        limits.take(limits.TYPED_PERSONAL_KEY, person)
    return JsonResponse([[each.words, each.nombre, each.detalle or each.clave] for each in found], safe=False)
