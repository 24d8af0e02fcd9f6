"""List the mail of the installation with what became of each message, and put one in turn again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages as told
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sif.mail.models import Intento, Mensaje
from sif.mail.outbox import is_configured
from sif.mail.selectors import figures, in_state, messages
from sif.mail.sending import can_retry, retry
from sif.web.admin.desk import AdminListing, Seat, admin_page
from sif.web.columns import Column, Link, panel
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.mailing import KINDS, LOOKS
from sif.web.tables import Empty

STATES = {state: word for state, (_look, word) in LOOKS.items()}


class Mails(AdminListing):
    """Every message, the last queued first."""

    page, title, file_name = "correos", _("Correo"), "correos"
    intro = _("Lo que la instalación manda y qué fue de cada mensaje. Su texto no se guarda una vez que sale.")
    template = "admin/correos.html"
    filters = {
        "q": words(_("Dirección o asunto"), "para", "asunto"),
        "estado": replace(
            choice(_("Estado"), "pk", STATES.items()), narrow=lambda rows, value, _s: in_state(rows, value)
        ),
        "clase": choice(_("Qué es"), "clase", KINDS.items()),
    }
    order = "-encolado_el"
    columns = (
        Column("asunto", _("Mensaje"), "cosa", link=Link("administration:correo")),
        Column("clase", _("Qué es"), words=KINDS),
        Column("para", _("Para"), "clave", phone="wide"),
        Column("estado", _("Estado"), "estado", states=LOOKS),
        Column("dicho", _("Lo que dijo el servidor"), phone="wide"),
        Column("veces", _("Intentos"), "numero"),
        Column("encolado_el", _("En cola"), "momento", sort=True),
        Column("estado_el", _("Desde"), "momento"),
    )
    empty = Empty(_("Todavía no hay correo."), _("Aquí quedan las invitaciones y los avisos que se manden."))

    def query(self) -> QuerySet[Model]:
        """Select every message with its state."""
        return messages()

    def extra(self) -> Mapping[str, object]:
        """Count the messages in each state, and say whether any is sent at all."""
        counted = figures()
        return {
            "cifras": [(word, counted[state]) for state, word in STATES.items() if counted.get(state)],
            "hay_correo": is_configured(),
        }


@require_safe
@admin_page
def mail(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Return one message: to whom, of what, its digest, and what became of it each time."""
    found = get_object_or_404(messages().select_related("persona", "pedido_por"), pk=pk)
    columns = (
        Column("que", _("Qué pasó"), "estado", show=lambda each: LOOKS[each.resultado]),
        Column("codigo", _("Código"), "clave", show=lambda each: str(each.codigo or "")),
        Column("dicho", _("Lo que dijo el servidor"), phone="wide"),
        Column("cuando", _("Cuándo"), "momento", "hecho_el"),
    )
    nothing = Empty(_("Todavía no se intenta."), _("Un trabajador lo manda en su turno, cada minuto."))
    look: Any = found
    context = {
        "frame": seat.frame("correos", Crumb(_("Correo"), reverse("administration:correos"))),
        "mensaje": found,
        "clase": KINDS[found.clase],
        "estado": LOOKS[look.estado],
        "tabla": panel(
            translated("Qué fue de él"), Intento.objects.filter(mensaje=found).order_by("pk"), columns, vacia=nothing
        ),
        "reintenta": is_configured() and found.pk in can_retry([found.pk]),
    }
    return render(request, "admin/correo.html", context)


@require_POST
@admin_page
def again(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Put a message that was not sent in turn again."""
    found = get_object_or_404(Mensaje, pk=pk)
    if retry(found, seat.usuario):
        told.success(request, translated("Está en turno: sale en un minuto si el servidor lo acepta."))
    else:
        told.error(request, translated("Ya no está su texto: salió, o pasó su hora. Si hace falta, repita el acto."))
    return HttpResponseRedirect(reverse("administration:correo", args=[pk]))
