"""Pages about the service itself: whether it answers, how to verify its data, how accessible it is."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sif.availability.reading import recent
from sif.disclosure import catalog
from sif.registry import clock
from sif.web.availability import day_table, outage_table
from sif.web.files import digest_of, download
from sif.web.public.stage import Stages, main_stage, public_page, stages_of

VERIFIER = Path(__file__).parent / "verificar.html"
"""The page that judges an acuse without us: one file, written as it is served (ADR 0269)."""

HISTORY = 30
"""How many days of its own history the page of the service shows."""


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """«Estado del servicio»: 200 when the database answers, 503 when it does not, in words either way."""
    try:
        every = tuple(catalog.processes())
    except OperationalError:
        stopped = {"working": False, "seen_at": clock.now(), **_history()}
        return render(request, "public/estado.html", stopped, status=503)
    context = {"working": True, "seen_at": clock.now(), "published": every, **_history()}
    return public_page(request, "estado", "", Stages(every, main_stage(every)), context)


def _history() -> dict[str, object]:
    """Return what was measured of the last days, which is in files and stands while the database does not."""
    days, log = recent(settings.DATOS, datetime.now(UTC).replace(second=0, microsecond=0), HISTORY)
    if not log.minutos and not log.caidas:
        return {}
    return {"days": day_table(days), "outages": outage_table(log)}


@require_safe
@never_cache
def probed(request: HttpRequest) -> HttpResponse:
    """Answer in a word whether pages and database work, for the probe: what it costs must not be what fails."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("no", content_type="text/plain; charset=utf-8", status=503)
    return HttpResponse("si", content_type="text/plain; charset=utf-8")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """«Accesibilidad»: what was tested, what falls short, what to do."""
    return public_page(request, "accesibilidad", "", stages_of(request), {})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """«Cómo verificar estos datos»: digests and acuses, without asking us."""
    return public_page(request, "verificar", "datos", stages_of(request), {"huella": digest_of(VERIFIER.read_bytes())})


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Return verificar.html, to be kept and opened from a disk."""
    return download(VERIFIER.read_bytes(), "text/html; charset=utf-8", VERIFIER.name)
