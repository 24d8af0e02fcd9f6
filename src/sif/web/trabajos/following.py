"""Redirect a page to the job that it asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.jobs.models import Trabajo
from sif.registry.models import Usuario
from sif.web.trabajos.words import words_of

GOES_ON = "ir"  # the parameter with which the page of a job leads to its result as soon as there is one


def job_url(trabajo: Trabajo) -> str:
    """Return the page of a job, which leads to its result."""
    return f"{reverse('trabajos:ver', args=[trabajo.pk])}?{GOES_ON}=1"


def to_job(request: HttpRequest, trabajo: Trabajo, by: Usuario) -> HttpResponse:
    """Send the person who asked to the page of the job; who asked for the same as another, back with the reason."""
    if trabajo.persona_id == by.pk:
        return HttpResponseRedirect(job_url(trabajo))
    messages.info(request, _("Otra persona ya pidió esto mismo y está en curso: no se hace dos veces."))
    return HttpResponseRedirect(words_of(trabajo).vuelta(trabajo))
