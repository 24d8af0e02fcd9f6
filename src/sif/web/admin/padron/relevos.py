"""Replace the Responsable de Finanzas of a subject by another, with the document that says so."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.duties.handover import MAX_BYTES, NewHandover, hand_over, pending_of
from sif.mail.outbox import is_configured
from sif.mail.recipients import Recipient
from sif.registry import clock
from sif.registry.invited import Invited
from sif.registry.models import Nombramiento, SujetoObligado
from sif.registry.relieving import Relieved, standing
from sif.values import Problem, Refused
from sif.web.admin.desk import AdminRecord
from sif.web.fields import day_field, file_field, text_field
from sif.web.formats import subject_words
from sif.web.mailing import mail_field
from sif.web.pending import pending_tables
from sif.web.record import RecordForm
from sif.web.shown_once import show_once


class ReliefForm(RecordForm):
    """The person who enters as Responsable, from which day, and the document of the appointment."""

    rfc = text_field(_("RFC de quien entra"), _("El de su e.firma."), required=True)
    nombre = text_field(_("Nombre completo"), _("Solo si esa persona no tiene cuenta."))
    username = text_field(_("Usuario con que entrará"), _("Solo si esa persona no tiene cuenta."))
    correo = mail_field(_("Si se abre una cuenta, su enlace llega ahí; también se le muestra a usted."))
    desde = day_field(_("Entra el"), _("Hoy, y el acceso cambia en este momento; o un día que venga."))
    referencia = text_field(_("Documento"), _("Número del oficio, acta o acuerdo que lo nombra."), required=True)
    archivo = file_field(_("PDF sin contraseña, de 20 MB o menos."))
    layout = (
        "rfc:medium desde:medium",
        "nombre:grow username:medium",
        "correo:grow",
        "referencia:grow",
        "archivo:grow",
    )

    def offer(self, seat: object) -> None:
        """Begin today, and ask for no address where no mail is sent."""
        self.fields["desde"].initial = clock.today()
        if not is_configured():
            del self.fields["correo"]


class Relieve(AdminRecord):
    """Replace a Responsable."""

    page, back, form_class = "sujetos", "administration:sujetos", ReliefForm
    template_name = "admin/relevo.html"
    title, button = _("Relevar al Responsable de Finanzas"), _("Registrar el relevo")
    done = _("Relevo registrado. Quien sale ya no tiene acceso desde la hora que dice el acto.")

    def dispatch(self, request: HttpRequest, seat: Any, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the subject."""
        self.sujeto = get_object_or_404(SujetoObligado, pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def back_url(self) -> str:
        """Return to the subject."""
        return reverse("administration:sujeto", args=[self.sujeto.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say who leaves and what is pending now."""
        leaves = standing(self.sujeto)
        words = translated("%(subject)s no tiene Responsable de Finanzas: invite a quien lo será.")
        subject = self.sujeto.nombre
        if leaves:
            words = translated(
                "Sale %(name)s, Responsable %(subject)s. Lo que firmó queda firmado; lo pendiente es de los "
                "libros y lo encuentra quien entra."
            )
            subject = subject_words(subject, "de")
        told = words % {"name": leaves.usuario.nombre if leaves else "", "subject": subject}
        pending = pending_tables(pending_of(self.sujeto))
        return {**super().get_context_data(**kwargs), "intro": told, "tablas": pending}

    def save(self, form: ReliefForm) -> Relieved:
        """Record it. Raises Refused."""
        file = form.cleaned_data["archivo"]
        if file.size > MAX_BYTES:
            told = translated("Pesa más de %(n)d MB.") % {"n": MAX_BYTES // 2**20}
            raise Refused(Problem("grande", "archivo", told, translated("Guárdelo más ligero.")))
        who = Invited(
            Nombramiento.Rol.RESPONSABLE, form.text("nombre"), form.text("username"), form.text("rfc"), self.sujeto
        )
        new = NewHandover(
            who,
            form.cleaned_data["desde"],
            form.text("referencia"),
            file.name or "",
            file.read(),
        )
        to = Recipient(form.text("correo") if "correo" in form.fields else "", get_language() or "")
        try:
            return hand_over(new, to, lambda token: reverse("invitacion", args=[token]), self.seat.usuario)
        except PermissionError as refused:
            raise Refused(Problem("permiso", "rfc", str(refused), "")) from refused

    def saved_url(self, saved: Relieved) -> str:
        """Go to the relief, where the link is shown once if an account was opened."""
        if saved.enlace:
            show_once(self.request, saved.enlace)
        return reverse("relevo", args=[saved.relevo.pk])
