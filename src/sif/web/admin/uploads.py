"""Take a file that is looked at before anything of it enters."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.jobs.files import FileGone, keep, open_kept
from sif.registry.elections import stages
from sif.registry.models import Etapa
from sif.registry.sample_files import SampleFile
from sif.values import Problem, Refused
from sif.web.admin.desk import AdminRecord
from sif.web.admin.words import stage_choices
from sif.web.files import file_response
from sif.web.lazy import Words
from sif.web.record import RecordForm

BROUGHT = "archivos_traidos"
SAMPLES = {
    "plantilla-xlsx": _("Plantilla XLSX"),
    "plantilla-csv": _("Plantilla CSV"),
    "ejemplo-xlsx": _("Ejemplo XLSX"),
    "ejemplo-csv": _("Ejemplo CSV"),
}
"""The files offered to who has none, by what their button asks for."""


def brought(request: HttpRequest, sha256: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that this session brought: nobody else opens it by its digest.

    Raises Http404, the same for one that expired and for another's.
    """
    try:
        name = request.session.get(BROUGHT, {}).get(sha256)
        if name is None:
            raise FileGone
        with open_kept(sha256) as stream:
            return name, stream.read()
    except FileGone as gone:
        raise Http404(str(gone)) from gone


def sample_response(request: HttpRequest, makers: Mapping[str, Callable[[Etapa], SampleFile]]) -> HttpResponseBase:
    """Answer the template or the example of the stage asked for. Raises Http404 for one that there is not."""
    asked, number = request.GET.get("archivo", ""), request.GET.get("etapa", "")
    stage = (
        stages().filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 16 else None
    )
    if asked not in SAMPLES or stage is None:
        raise Http404(translated("No hay esa plantilla."))
    what, kind = asked.split("-")
    made = makers[what](stage)
    return file_response(kind, made.nombre, made.columnas, made.renglones, titles=made.columnas)


class Upload(AdminRecord):
    """A form with an `archivo`, kept for the page that shows what it would load; nothing enters yet."""

    template_name = "admin/archivo.html"
    button = _("Ver qué trae")
    most: ClassVar[int]
    """Bytes of the largest file."""
    too_large: ClassVar[Words]
    """What to do with a larger one."""
    samples: ClassVar[str] = ""
    """The name of the address of its template and its example."""
    samples_words: ClassVar[Words] = ""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the template and the example, where the page offers them, with the help of each column."""
        context = super().get_context_data(**kwargs)
        if self.samples:
            context |= {"muestras": SAMPLES, "muestras_url": reverse(self.samples), "etapas": stage_choices()}
            context["muestras_texto"] = self.samples_words
        return context

    def save(self, form: RecordForm) -> str:
        """Keep the file and return the address that looks at it. Raises Refused for one that is too large."""
        file = form.cleaned_data["archivo"]
        if file.size > self.most:
            told = translated("Pesa más de %(n)d MB.") % {"n": self.most // 2**20}
            raise Refused(Problem("grande", "archivo", told, str(self.too_large)))
        sha256, _size = keep(lambda stream: stream.writelines(file.chunks()))
        self.request.session[BROUGHT] = {**self.request.session.get(BROUGHT, {}), sha256: file.name}
        return self.look_url(form, sha256)

    def look_url(self, form: Any, sha256: str) -> str:
        """Return the address that looks at the file kept."""
        raise NotImplementedError

    def saved_url(self, saved: str) -> str:
        """Go to what the file would load."""
        return saved
