"""Require two administrators for an account of the authority: one proposes, another approves."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sif.registry import clock, invitations, trail
from sif.registry.eyes import not_another
from sif.registry.invitation_models import PropuestaCuenta, PropuestaCuentaResuelta
from sif.registry.invited import InvitationRefused, Invited, first_day
from sif.registry.locks import hold
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering
from sif.registry.selectors import AUTHORITY, may_still

Clase = PropuestaCuenta.Clase
Sentido = PropuestaCuentaResuelta.Sentido


def waiting() -> QuerySet[PropuestaCuenta]:
    """Return the proposals that nobody resolved, the oldest first; who administers reads them."""
    rows = PropuestaCuenta.objects.filter(resuelta=None).select_related("usuario", "propuesta_por")
    return rows.order_by("pk")


def propose_invitation(invited: Invited, by: Usuario) -> PropuestaCuenta:
    """Propose the invitation of a person to a role of the authority. Raises InvitationRefused, PermissionError."""
    _require_administrator(by)
    _require_authority(invited.rol)
    with acting():
        hold(invitations.INVITING)
        name, username, rfc = invitations.checked(invited, by)
        if waiting().filter(username__iexact=username).exists() or waiting().filter(rfc=rfc).exists():
            raise InvitationRefused("Ya espera una propuesta para esa persona. Apruébela otra persona, o retírela.")
        span = {"desde": invited.desde, "hasta": invited.hasta}
        return _propose(by, Clase.INVITACION, rol=invited.rol, nombre=name, username=username, rfc=rfc, **span)


def propose_role(invited: Invited, by: Usuario) -> PropuestaCuenta:
    """Propose one more role of the authority for the account of an RFC. Raises InvitationRefused, PermissionError."""
    _require_administrator(by)
    _require_authority(invited.rol)
    with acting():
        hold(invitations.INVITING)
        user = invitations.checked_account(invited, by)
        _refuse_twice(Clase.FUNCION, user, invited.rol)
        span = {"desde": invited.desde, "hasta": invited.hasta}
        return _propose(by, Clase.FUNCION, usuario=user, rol=invited.rol, rfc=user.rfc, **span)


def propose_link(user: Usuario, by: Usuario) -> PropuestaCuenta:
    """Propose the link with which a person of the authority writes a new password. Raises as `propose_role`."""
    return _propose_on(Clase.ENLACE, user, by)


def propose_factor(user: Usuario, by: Usuario) -> PropuestaCuenta:
    """Propose to remove the second factors that a person of the authority lost. Raises as `propose_role`."""
    if not invitations.factors_of(user).exists():
        raise InvitationRefused(f"{user.nombre} no tiene segundo factor que quitar.")
    return _propose_on(Clase.FACTOR, user, by)


def _propose_on(clase: str, user: Usuario, by: Usuario) -> PropuestaCuenta:
    _require_administrator(by)
    if user.pk == by.pk:
        raise PermissionError("Esa cuenta es la suya: lo propone otra persona.")
    with acting():
        hold(invitations.INVITING)
        _refuse_twice(clase, user)
        return _propose(by, clase, usuario=user)


def _refuse_twice(clase: str, user: Usuario, rol: str = "") -> None:
    if waiting().filter(clase=clase, usuario=user, rol=rol).exists():
        raise InvitationRefused(f"Ya espera una propuesta igual para {user.nombre}. Apruébela otra persona.")


def _require_administrator(by: Usuario) -> None:
    if not may_still(by, "administrar"):
        raise PermissionError("Las cuentas de la autoridad las propone y aprueba quien administra el sistema.")
    if not by.rfc:
        raise PermissionError(not_another(None, by, ""))


def _require_authority(rol: str) -> None:
    if rol not in AUTHORITY:
        raise InvitationRefused("Esa función no es de la autoridad: se da con una invitación, sin propuesta.")


def _propose(by: Usuario, clase: str, **facts: object) -> PropuestaCuenta:
    with registering(by.pk):
        made: PropuestaCuenta = PropuestaCuenta.objects.create(
            clase=clase, propuesta_por=by, propuesta_el=clock.now(), **facts
        )
    trail.write(trail.Clase.CUENTA, "proponer_cuenta", by, tipo="PropuestaCuenta", objeto=made.pk)
    return made


def approve(propuesta: PropuestaCuenta, by: Usuario) -> str:
    """Do what another administrator proposed; returns the text of the link that it makes, or ''.

    Raises PermissionError for who proposed it, whose account it is, or who does not administer; InvitationRefused where
    it was resolved already or no longer holds.
    """
    with acting():
        _require_other(propuesta, by)
        _resolve(propuesta, Sentido.APROBADA, by)
        trail.write(trail.Clase.CUENTA, "aprobar_cuenta", by, tipo="PropuestaCuenta", objeto=propuesta.pk)
        return _carry_out(propuesta, by)


def _require_other(propuesta: PropuestaCuenta, by: Usuario) -> None:
    _require_administrator(by)
    if seen := not_another(propuesta.propuesta_por, by, "lo propuso"):
        raise PermissionError(f"{seen} Lo aprueba otra persona que administre.")
    if propuesta.usuario_id == by.pk:
        raise PermissionError("La propuesta es sobre su propia cuenta: la aprueba otra persona que administre.")
    if not propuesta.propuesta_por.is_active or not may_still(propuesta.propuesta_por, "administrar"):
        raise InvitationRefused("Quien lo propuso ya no administra. Rechácela, y propóngalo quien administre hoy.")


def _carry_out(propuesta: PropuestaCuenta, by: Usuario) -> str:
    hold(invitations.INVITING)
    said = (propuesta.rol, propuesta.nombre, propuesta.username, propuesta.rfc)
    user, invited = propuesta.usuario, Invited(*said, desde=first_day(propuesta.desde), hasta=propuesta.hasta)
    if user is None:
        name, username, rfc = invitations.checked(invited, by)
        return invitations.make_link(
            by,
            propuesta=propuesta,
            rol=propuesta.rol,
            nombre=name,
            username=username,
            rfc=rfc,
            desde=propuesta.desde,
            hasta=propuesta.hasta,
        )
    if propuesta.clase == Clase.FUNCION:
        invitations.appoint_more(invitations.checked_account(invited, by), invited, by)
    elif propuesta.clase == Clase.FACTOR:
        invitations.drop_factors(user, by)
    else:
        return invitations.make_link(by, propuesta=propuesta, usuario=user)
    return ""


def refuse(propuesta: PropuestaCuenta, by: Usuario) -> None:
    """Refuse what another administrator proposed. Raises PermissionError, InvitationRefused."""
    with acting():
        _require_administrator(by)
        if propuesta.propuesta_por_id == by.pk:
            raise PermissionError("Usted lo propuso: retírelo.")
        _resolve(propuesta, Sentido.RECHAZADA, by)
        trail.write(trail.Clase.CUENTA, "rechazar_cuenta", by, tipo="PropuestaCuenta", objeto=propuesta.pk)


def withdraw(propuesta: PropuestaCuenta, by: Usuario) -> None:
    """Take back one's own proposal. Raises PermissionError, InvitationRefused."""
    with acting():
        if propuesta.propuesta_por_id != by.pk:
            raise PermissionError("Lo propuso otra persona: usted puede aprobarlo o rechazarlo.")
        _resolve(propuesta, Sentido.RETIRADA, by)
        trail.write(trail.Clase.CUENTA, "retirar_cuenta", by, tipo="PropuestaCuenta", objeto=propuesta.pk)


def _resolve(propuesta: PropuestaCuenta, sentido: str, by: Usuario) -> None:
    try:
        with transaction.atomic(), registering(by.pk):
            PropuestaCuentaResuelta.objects.create(
                propuesta=propuesta, sentido=sentido, hecho_el=clock.now(), hecho_por=by
            )
    except IntegrityError as twice:
        if PropuestaCuentaResuelta.objects.filter(propuesta=propuesta).exists():
            raise InvitationRefused("Esa propuesta ya se resolvió; no se hizo nada nuevo.") from twice
        raise
