"""Mail the link of an invitation to the address that was typed for it, which is not kept as that of the account."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.mail.letters import Letter, address_of
from sif.mail.models import Mensaje
from sif.mail.outbox import queue
from sif.mail.recipients import Recipient, recipient_of
from sif.registry import invitations, proposals
from sif.registry.invited import Invited, first_day
from sif.registry.models import Contabilidad, Invitacion, PropuestaCuenta, Usuario
from sif.registry.scope import acting, registering

TYPE = "Invitacion"
type PathOf = Callable[[str], str]
"""Gives the path of the page of a link by its text."""


def mail_link(token: str, to: Recipient, path_of: PathOf, by: Usuario) -> Mensaje | None:
    """Queue the link of an invitation that was just made, in its act; None where no mail is sent."""
    found = Invitacion.objects.select_related("sujeto", "usuario").get(huella=invitations.digest_of(token))
    clase = Mensaje.Clase.ENLACE if found.usuario_id else Mensaje.Clase.INVITACION
    return queue(
        clase,
        to,
        lambda: _letter(found, address_of(path_of(token))),
        about=(TYPE, found.pk),
        by=by,
        until=found.vence_el,
    )


def _letter(found: Invitacion, link: str) -> Letter:
    name = found.usuario.nombre if found.usuario else found.nombre
    username = found.usuario.username if found.usuario else found.username
    facts = [(_("Usuario"), username)]
    if found.sujeto:
        facts.append((_("Sujeto"), found.sujeto.nombre))
    if found.usuario:
        subject, what = _("Enlace para su contraseña"), _("Con este enlace escribe la contraseña de su cuenta.")
    else:
        subject = _("Invitación al sistema de fiscalización")
        what = _("Se abrió para usted una cuenta en el sistema de fiscalización.")
    own = found.usuario is not None and found.usuario_id == found.invitada_por_id
    hours = invitations.OWN_HOURS if own else invitations.HOURS
    once = ngettext(
        "El enlace sirve una vez, durante %(hours)d hora, y es solo para usted: no lo reenvíe.",
        "El enlace sirve una vez, durante %(hours)d horas, y es solo para usted: no lo reenvíe.",
        hours,
    )
    asked = [_("Si usted no lo pidió, no haga nada: su contraseña sigue siendo la misma.")] if own else []
    return Letter(subject, (f"{name}:", what, once % {"hours": hours}, *asked), facts, (_("Abrir mi cuenta"), link))


def invite_by_mail(invited: Invited, to: Recipient, path_of: PathOf, by: Usuario) -> str:
    """Invite and mail the link, or neither; return its text, which is not kept. Raises as `invite`, and Refused."""
    with acting():
        token = invitations.invite(invited, by)
        mail_link(token, to, path_of, by)
    return token


def renew_by_mail(user: Usuario, path_of: PathOf, by: Usuario) -> str:
    """Make a link for a new password, and mail it where the person gave an address. Raises as `renew`."""
    with acting():
        token = invitations.renew(user, by)
        to = _known(user)
        if to.correo:
            mail_link(token, to, path_of, by)
    return token


def approve_by_mail(propuesta: PropuestaCuenta, to: Recipient, path_of: PathOf, by: Usuario) -> str:
    """Approve a proposal, and mail the link it gives to an address, or to that of its person. Raises as `approve`."""
    with acting():
        token = proposals.approve(propuesta, by)
        if token and not to.correo and propuesta.usuario:
            to = _known(propuesta.usuario)
        if token and to.correo:
            mail_link(token, to, path_of, by)
    return token


def _known(user: Usuario) -> Recipient:
    """The address that a person wrote for themself, whoever asks: it stays unseen. Nobody writes that of another."""
    with registering():
        return recipient_of(user)


def recover_by_mail(user: Usuario | None, path_of: PathOf) -> None:
    """Mail the link of who forgot their password to the address that they gave; nobody is told whether there was one.

    An account of the authority gets it from two people, as before.
    """
    to = _known(user) if user else None
    if user is None or to is None or not to.correo:
        return
    try:
        with acting():
            mail_link(invitations.own_link(user), to, path_of, user)
    except PermissionError:
        return


def resend(invitation: Invitacion, to: Recipient, path_of: PathOf, by: Usuario) -> str:
    """Withdraw an invitation nobody used and mail another that says the same: its link is not kept anywhere.

    Raises as `invite`; that of the authority, which two people made, is proposed again.
    """
    with acting():
        invitations.withdraw(invitation, by)
        if invitation.usuario:
            token = invitations.renew(invitation.usuario, by)
        else:
            books = Contabilidad.objects.filter(pk__in=invitation.contabilidades)
            said = Invited(
                invitation.rol,
                invitation.nombre,
                invitation.username,
                invitation.rfc,
                invitation.sujeto,
                list(books),
                desde=first_day(invitation.desde),
                hasta=invitation.hasta,
            )
            token = invitations.invite(said, by)
        mail_link(token, to, path_of, by)
    return token
