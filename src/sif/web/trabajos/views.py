"""Show one job, refresh its progress, and handle its acts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sif.jobs.files import FileGone, expires_at, open_kept
from sif.jobs.kinds import kind_of
from sif.jobs.models import Trabajo
from sif.jobs.selectors import has_worker, trabajos_of
from sif.jobs.services import TrabajoRefused, cancel, resume
from sif.registry import clock
from sif.registry.models import Usuario
from sif.web.frame import Crumb
from sif.web.trabajos.following import GOES_ON, job_url
from sif.web.trabajos.place import jobs_frame
from sif.web.trabajos.words import elapsed_words, state_words, words_of

EVERY = 2  # seconds between two questions of the page


def job_of(person: Usuario, number: int) -> Trabajo:
    """Return a job that the person may see. Raises Http404, the same for one that is not there and for another's."""
    found = trabajos_of(person).filter(pk=number).first()
    if found is None:
        raise Http404(_("No hay un trabajo suyo con ese número."))
    return found


def shown(trabajo: Trabajo, person: Usuario) -> dict[str, Any]:
    """Return the context of a job: state, progress, duration, next step, and whether a worker is there to do it."""
    words, now = words_of(trabajo), clock.now()
    until = trabajo.terminado_el or now
    mine = trabajo.persona_id == person.pk
    return {
        "trabajo": trabajo,
        "palabras": words,
        "estado": state_words(trabajo),
        "mio": mine,
        "cuenta": words.cuenta(trabajo.avance) if trabajo.avance else "",
        "lleva": elapsed_words(until - (trabajo.comenzado_el or trabajo.pedido_el)),
        "espera": trabajo.estado == Trabajo.Estado.EN_COLA,
        "hay_trabajador": not trabajo.is_open or has_worker(),
        "cada": EVERY,
        "dicho": f"{trabajo.estado}-{trabajo.hechas}-{len(str(trabajo.avance))}",
        "destino": words.destino(trabajo) if mine else "",
        "vuelta": words.vuelta(trabajo) if mine else "",
        "archivo": trabajo.resultado.get("archivo") if mine else None,
        "vence": expires_at(trabajo),
        "hecho": words.hecho(trabajo) if trabajo.estado == Trabajo.Estado.HECHO else "",
    }


@require_safe
@never_cache
def job(request: HttpRequest, person: Usuario, number: int) -> HttpResponse:
    """Return the page of a job; with `?ir=1` it leads to the result of one that is done."""
    trabajo = job_of(person, number)
    told = shown(trabajo, person)
    if GOES_ON in request.GET and trabajo.estado == Trabajo.Estado.HECHO and told["destino"]:
        if told["hecho"]:
            messages.success(request, told["hecho"])
        return HttpResponseRedirect(told["destino"])
    crumb = Crumb(_("Trabajos"), reverse("trabajos:lista"))
    return render(request, "trabajos/ver.html", {"frame": jobs_frame(person, crumb), **told})


@require_safe
@never_cache
def progress(request: HttpRequest, person: Usuario, number: int) -> HttpResponse:
    """Return the part of the page that changes; once the job ended, the order to load the page again."""
    trabajo = job_of(person, number)
    if not trabajo.is_open:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = job_url(trabajo)
        return response
    told = shown(trabajo, person)
    fresh = request.GET.get("dicho", "") != told["dicho"]
    return render(request, "trabajos/avance.html", {**told, "parte": True, "decir": fresh})


@require_safe
@never_cache
def file(request: HttpRequest, person: Usuario, number: int) -> HttpResponseBase:
    """Return the file that a job made, for who asked alone, if what it holds is still theirs to see."""
    trabajo = job_of(person, number)
    about = trabajo.resultado.get("archivo")
    if trabajo.persona_id != person.pk or about is None:
        raise Http404(_("Ese trabajo no tiene un archivo suyo."))
    try:
        if not kind_of(trabajo.tipo).may_download(trabajo, person):
            raise PermissionDenied(_("Ya no puede consultar todo lo que lleva este archivo. Pida otro de lo suyo."))
        stream = open_kept(about["sha256"])
    except FileGone as gone:
        messages.warning(request, str(gone))
        return HttpResponseRedirect(reverse("trabajos:ver", args=[number]))
    return FileResponse(stream, as_attachment=True, filename=about["nombre"], content_type=about["tipo"])


@require_POST
def act(request: HttpRequest, person: Usuario, number: int, verb: str) -> HttpResponse:
    """Cancel a job, or put one's own back in the queue; a press too many changes nothing and says so."""
    trabajo = job_of(person, number)
    if verb == "seguir" and trabajo.persona_id != person.pk:
        raise PermissionDenied(_("Un trabajo lo sigue solo quien lo pidió: corre y firma en su nombre. Pídaselo."))
    try:
        changed = (cancel if verb == "cancelar" else resume)(trabajo, person)
    except TrabajoRefused as refused:
        messages.warning(request, str(refused))
        return HttpResponseRedirect(reverse("trabajos:ver", args=[number]))
    if verb == "cancelar" and changed.is_open:
        messages.info(request, _("Se detendrá en cuanto pueda hacerlo sin dejar nada a medias."))
    back = reverse("trabajos:lista") if request.POST.get("desde") == "lista" else job_url(changed)
    return HttpResponseRedirect(back)
