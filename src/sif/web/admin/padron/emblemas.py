"""Emblema: the picture by which a subject is known, registered by its accord from a day on."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.emblems import MOST_BYTES, keep_emblem
from sif.registry.emblems import NewEmblem, register_emblem
from sif.registry.models import EmblemaSujeto, SujetoObligado
from sif.web.admin.desk import AdminRecord, Seat, admin_page
from sif.web.fields import day_field, file_field, text_field
from sif.web.files import kept_picture
from sif.web.record import RecordForm


class EmblemForm(RecordForm):
    """The file of an emblem, its accord and its first day."""

    archivo = file_field(
        _("PNG o JPEG de 2 MB o menos. SVG no: puede llevar programas. Se guarda con su huella y se dibuja de nuevo."),
        most=MOST_BYTES,
    )
    acuerdo = text_field(_("Acuerdo o documento"), _("Con el que se registró o se cambió."), required=True)
    desde = day_field(_("Rige desde"), _("Los días de antes conservan el que tenían."))
    layout = ("archivo:grow", "acuerdo:grow desde:medium")


class NewEmblemPage(AdminRecord):
    """Register the emblem of a subject, or the one that takes its place from a day on."""

    page, back, form_class = "sujetos", "administration:sujetos", EmblemForm
    title, done = _("Emblema del sujeto"), _("Emblema registrado.")

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the subject."""
        self.sujeto = get_object_or_404(SujetoObligado, pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def back_url(self) -> str:
        """Return to its sheet."""
        return reverse("administration:sujeto", args=[self.sujeto.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say whose it is and where it is shown."""
        words = translated(
            "%(name)s. Se muestra en su ficha y en la mesa de sus personas; en el portal, con la siguiente publicación "
            "de cada etapa: el que regía en su último día."
        ) % {"name": self.sujeto.nombre}
        return {**super().get_context_data(**kwargs), "intro": words}

    def save(self, form: EmblemForm) -> EmblemaSujeto:
        """Draw it, keep its file, and register it."""
        upload = form.cleaned_data["archivo"]
        kept = keep_emblem(upload.read())
        new = NewEmblem(form.text("acuerdo"), form.cleaned_data["desde"], upload.name, kept.sha256, kept.figura_sha256)
        return register_emblem(self.sujeto, new, self.seat.usuario)


@require_safe
@admin_page
def picture(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Answer the figure of an emblem, checked against its digest."""
    return kept_picture(get_object_or_404(EmblemaSujeto, pk=pk).figura_sha256)
