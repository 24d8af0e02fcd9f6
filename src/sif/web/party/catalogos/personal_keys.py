"""Find a person or supplier by a whole key."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.catalogs.models import PersonaSujeto
from sif.counterparties.seen import donors_of, people_of
from sif.registry import events, limits
from sif.registry.models import Aportante
from sif.web.party.catalogos.keyed import DONOR_KEYS
from sif.web.party.mesa import Mesa, party_page


@require_POST
@party_page
def find_by_key(request: HttpRequest, mesa: Mesa, kind: str) -> HttpResponse:
    """Open the donor or person whose whole key was posted; the key stays out of every address."""
    key, person = request.POST.get("clave", "").strip().upper(), str(mesa.usuario.pk)
    wait = limits.waiting(limits.WRONG_PERSONAL_KEY, person)
    found = _with_key(mesa, kind, key) if key and not wait else None
    if found:
        return HttpResponseRedirect(found)
    if wait:
        events.log("rechazo", persona=mesa.usuario.pk, codigo="claves_probadas", segundos=wait)
        messages.error(request, _("Probó demasiadas claves. Espere %(minutos)d min.") % {"minutos": -(-wait // 60)})
    else:
        limits.take(limits.WRONG_PERSONAL_KEY, person)  # a mask must not be uncovered letter by letter
        messages.error(request, _("Nadie tiene esa clave, entre quienes usted ve. Escríbala completa."))
    return HttpResponseRedirect(reverse("party:aportantes" if kind == "aportante" else "party:gente"))


def _with_key(mesa: Mesa, kind: str, key: str) -> str:
    if kind == "aportante":
        donors = donors_of(mesa.alcance)
        donor: Aportante | None = next((d for name in DONOR_KEYS for d in donors.filter(**{name: key})[:1]), None)
        return reverse("party:aportante", args=[donor.identidad]) if donor else ""
    people = people_of(mesa.alcance)
    fields = ("persona__curp", "persona__rfc", "clave_elector")
    person: PersonaSujeto | None = next((p for name in fields for p in people.filter(**{name: key})[:1]), None)
    return reverse("party:persona", args=[person.identidad]) if person else ""
