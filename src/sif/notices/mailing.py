"""Alert by mail the people of a subject that something was notified to it: its folio and term, nothing of the act."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.mail.letters import Letter, address_of, moment_words, term_words
from sif.mail.models import Mensaje
from sif.mail.outbox import is_configured, queue
from sif.mail.recipients import recipients_of
from sif.notices.models import Notificacion
from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import WHOLE_SUBJECT, in_force

TYPE = "Notificacion"


def alert(notificacion: Notificacion, by: Usuario | None) -> None:
    """Queue the alert of a notification, in its act, for whoever sees its subject whole.

    Who gave no address has it kept that nobody wrote to them.
    """
    if not is_configured():
        return
    seats = in_force(Nombramiento.objects.filter(sujeto=notificacion.sujeto_id, rol__in=WHOLE_SUBJECT))
    people = Usuario.objects.filter(pk__in=seats.values("usuario"), is_active=True).order_by("pk")
    for each in recipients_of(list(people)):
        queue(
            Mensaje.Clase.AVISO,
            each,
            lambda: _letter(notificacion),
            about=(TYPE, notificacion.pk),
            by=by,
            clave=f"aviso:{notificacion.pk}:{each.persona.pk if each.persona else 0}",
        )


def _letter(row: Notificacion) -> Letter:
    term = term_words(row.vence_el) if row.vence_el else _("sin plazo")
    facts = [(_("Folio"), row.folio), (_("Depositada"), moment_words(row.depositada_el)), (_("Vence"), term)]
    return Letter(
        _("Notificación %(folio)s en su buzón") % {"folio": row.folio},
        (
            _("En el buzón de su sujeto obligado hay una notificación."),
            _("Surtió efecto al depositarse, se abra o no, y llegue o no este correo [RF 9.1.f, por confirmar]."),
        ),
        facts,
        (_("Abrir el buzón"), address_of(reverse("party:notificacion", args=[row.pk]))),
    )
