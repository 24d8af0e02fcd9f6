"""Create, show once and revoke API keys."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.batch.claves import create_key, revoke_key
from sif.batch.models import ClaveApi
from sif.batch.selectors import keys_of_person
from sif.values import Problem, Refused
from sif.web.party.mesa import Mesa, party_page
from sif.web.typed import typed_number

SHOWN_ONCE = "clave_por_mostrar"
READS, WRITES = SCOPES = ("consulta", "registro")


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the person's keys; a post makes one or revokes one, and the page that follows shows the one made, once."""
    if request.method != "POST":
        return _show(request, mesa)
    revoked = request.POST.get("revocar", "")
    if revoked:
        key = ClaveApi.objects.filter(usuario=mesa.usuario, pk=typed_number(revoked)).first()
        if key is None:
            raise Http404(_("No tiene esa clave."))
        revoke_key(key, mesa.usuario)
        messages.success(request, _("La clave se revocó: ningún programa entra ya con ella."))
        return HttpResponseRedirect(reverse("party:lotes_claves"))
    scope = request.POST.get("alcance", "")
    if scope not in SCOPES:
        return _show(request, mesa, problems=[_unsaid()], status=422)
    try:
        made = create_key(mesa.usuario, request.POST.get("nombre", ""), solo_lectura=scope == READS)
    except Refused as refused:
        return _show(request, mesa, problems=refused.problems, status=422)
    request.session[SHOWN_ONCE] = made.texto  # neither a second press nor a reload makes another
    return HttpResponseRedirect(reverse("party:lotes_claves"))


def _unsaid() -> Problem:
    seen, wanted = _("Falta qué podrá hacer el programa."), _("Elija si solo consulta o también registra.")
    return Problem("alcance", _("Qué podrá hacer"), seen, wanted)


def _show(request: HttpRequest, mesa: Mesa, *, problems: Sequence[Problem] = (), status: int = 200) -> HttpResponse:
    made = request.session.pop(SHOWN_ONCE, "") if request.method == "GET" else ""
    context = {
        "frame": mesa.frame("lotes"),
        "claves": keys_of_person(mesa.usuario),
        "nueva": made,
        "nombre": request.POST.get("nombre", ""),
        "alcance": request.POST.get("alcance", ""),
        "problemas": problems,
        "ahora": mesa.ahora,
    }
    response = render(request, "party/lotes_claves.html", context, status=status)
    if made:
        response["Cache-Control"] = "no-store"
    return response
