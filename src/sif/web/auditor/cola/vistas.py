"""Save and delete filters of the queue as views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.audit.models import Vista
from sif.audit.saved_views import drop_view, save_view
from sif.audit.services import DecisionRefused
from sif.web.auditor.queue import kept_query
from sif.web.authority_seat import person
from sif.web.seats import seated_at


@require_POST
@seated_at("auditor")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter on screen under a name; the same name is replaced."""
    kept = kept_query(QueryDict(request.POST.get("consulta", "")))
    name = request.POST.get("nombre", "").strip()
    try:
        save_view(person(request), name, kept, compartida="compartida" in request.POST)
        messages.success(request, _("Vista guardada: %(name)s.") % {"name": name})
    except DecisionRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(f"{reverse('auditor:hallazgos')}?{kept}")


@require_POST
@seated_at("auditor")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own; the hallazgos stay as they are."""
    vista = get_object_or_404(Vista, pk=pk)
    try:
        drop_view(vista, person(request))
        messages.success(request, _("Vista borrada: %(name)s.") % {"name": vista.nombre})
    except DecisionRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("auditor:hallazgos"))
