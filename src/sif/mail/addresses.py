"""Keep the address that each person gives for their mail; who had another is told at it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.mail.letters import LANGUAGES, Letter, address_of
from sif.mail.models import Direccion, Mensaje
from sif.mail.outbox import queue
from sif.mail.recipients import Recipient, checked_address
from sif.registry import clock, invitations, trail
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering


def keep_address(person: Usuario, correo: str, idioma: str) -> Direccion:
    """Keep the address of a person, who acts; '' takes it away. The one before and the new one are told.

    The same again keeps nothing. Raises Refused.
    """
    address = checked_address(correo) if correo.strip() else ""
    language = idioma if idioma in LANGUAGES else LANGUAGES[0]
    with acting():
        Usuario.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
        before = Direccion.objects.filter(usuario=person).order_by("-pk").first()
        if before and (before.correo, before.idioma) == (address, language):
            return before
        with registering(person.pk):
            made = Direccion.objects.create(usuario=person, correo=address, idioma=language, hecha_el=clock.now())
        trail.write(trail.Clase.CREDENCIAL, "cambiar_correo", person, tipo="Usuario", objeto=person.pk)
        invitations.close_own_links(person)  # one that went to the address before works no more
        about = ("Usuario", person.pk)
        if before and before.correo and before.correo != address:
            queue(Mensaje.Clase.DIRECCION, Recipient(before.correo, language, person), _left, about=about, by=person)
        if address and (before is None or before.correo != address):
            queue(Mensaje.Clase.DIRECCION, Recipient(address, language, person), _kept, about=about, by=person)
    return made


def _left() -> Letter:
    return Letter(
        _("Su cuenta ya no usa esta dirección"),
        (
            _("Su cuenta en el sistema de fiscalización dejó de usar esta dirección de correo."),
            _("Si usted no lo hizo, cambie su contraseña y avise a quien administra el sistema."),
        ),
        enlace=(_("Cambiar la contraseña"), address_of(reverse("account_change_password"))),
    )


def _kept() -> Letter:
    return Letter(
        _("Su cuenta usa esta dirección"),
        (
            _("Su cuenta en el sistema de fiscalización manda sus avisos a esta dirección de correo."),
            _("Si usted no tiene cuenta, alguien escribió mal la suya: no haga nada."),
        ),
        enlace=(_("Ver o cambiar su correo"), address_of(reverse("mi_correo"))),
    )
