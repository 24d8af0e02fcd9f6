"""Answer with the picture of a file, or say that it is being prepared while a job draws it."""

from contextlib import suppress
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sif.books import previews
from sif.books.models import Archivo
from sif.books.services import open_file
from sif.jobs.files import NoRoom
from sif.jobs.models import Trabajo
from sif.jobs.openings import Page, ask_to_open, last_asked
from sif.jobs.services import TooManyJobs
from sif.registry.models import Usuario
from sif.sandbox.client import Late
from sif.web.trabajos.aperturas import came_from

AGAIN = "2"  # seconds until a picture that is being prepared is asked for again


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page of a kept file as a picture; nombre: how the file is called."""

    archivo: Archivo
    nombre: str
    pagina: int

    @property
    def palabras(self) -> str:
        """Return the description of the picture: its page and the name of its file."""
        return _("Página %(pagina)s de %(name)s") % {"pagina": self.pagina, "name": self.nombre}

    @property
    def apertura(self) -> str:
        """The name of the opening that draws it."""
        return previews.opening(self.archivo.sha256, self.archivo.tipo, self.pagina)

    def draw(self) -> bytes:
        """Draw it. Raises NoPreview, Late."""
        with open_file(self.archivo.sha256) as stream:
            return previews.draw(stream, self.archivo.tipo, self.pagina)


def drawn(request: HttpRequest, drawing: Drawing, by: Usuario) -> HttpResponse:
    """Return the picture as PNG, or its place on the page where the page asks for it; 202 or 204 while it is prepared.

    It holds what a person may see today: no browser keeps it. Raises Http404 for a file that has no picture.
    """
    last = last_asked(drawing.apertura, by)
    if last is not None and last.is_open:
        return _waits(request)
    part = bool(request.headers.get("HX-Request"))
    if part and last is not None and last.estado == Trabajo.Estado.FALLIDO:
        return _place(request, drawing, " ".join(f"{each['mensaje']} {each['cura']}" for each in last.problemas))
    try:
        data = drawing.draw()
    except previews.NoPreview as none:
        if part:
            return _place(request, drawing, str(none))
        raise Http404(str(none)) from none
    except Late:
        with suppress(TooManyJobs, NoRoom):  # it is asked for again in a moment, when fewer wait
            ask_to_open(drawing.apertura, Page(came_from(request), False), by)
        return _waits(request)
    return _place(request, drawing) if part else HttpResponse(data, content_type="image/png")


def _place(request: HttpRequest, drawing: Drawing, refused: str = "") -> HttpResponse:
    return render(request, "trabajos/dibujo.html", {"dibujo": drawing, "url": request.path_info, "falla": refused})


def _waits(request: HttpRequest) -> HttpResponse:
    """Say that a picture is being prepared: to the page once, to who asks again nothing new."""
    if "espera" in request.GET:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request"):
        return render(request, "trabajos/dibujo.html", {"espera": AGAIN, "url": request.path_info})
    return HttpResponse(status=202, headers={"Retry-After": AGAIN})
