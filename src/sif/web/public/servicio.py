"""Pages about the service itself: whether it answers, how to verify its data, how accessible it is."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.registry import clock
from sif.web.public.stage import Stages, main_stage, public_page, stages_of


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """«Estado del servicio»: 200 when the database answers, 503 when it does not, in words either way."""
    try:
        every = tuple(catalog.processes())
    except OperationalError:
        return render(request, "public/estado.html", {"working": False, "seen_at": clock.now()}, status=503)
    context = {"working": True, "seen_at": clock.now(), "published": every}
    return public_page(request, "estado", "", Stages(every, main_stage(every)), context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """«Accesibilidad»: what was tested, what falls short, what to do."""
    return public_page(request, "accesibilidad", "", stages_of(request), {})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """«Cómo verificar estos datos»: digests and acuses, without asking us."""
    return public_page(request, "verificar", "datos", stages_of(request), {})
