"""Replace the Responsable of a subject by another from a day: one ends, the other begins, in one act (ADR 0253)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sif.registry import clock, invitations, trail
from sif.registry.appointment_models import RelevoResponsable
from sif.registry.appointments import AppointmentRefused, appoint, end_nombramiento
from sif.registry.eyes import account_of
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.locks import hold, lock_sujeto
from sif.registry.models import Nombramiento, SujetoObligado, Usuario
from sif.registry.papers import Paper, keep_paper, paper_problems
from sif.registry.proofs import is_proven, known_for
from sif.registry.scope import acting, registering
from sif.registry.selectors import may_still
from sif.registry.services import create_usuario
from sif.values import Problem, Refused, refusal

RESPONSABLE = Nombramiento.Rol.RESPONSABLE


@dataclass(frozen=True, slots=True)
class NewRelief:
    """The relief of a Responsable: who enters, from which day, and the document that says so.

    entrega: lists what is pending in the subject, asked under its lock.
    """

    entra: Invited
    desde: date
    documento: Paper
    entrega: Callable[[SujetoObligado], Mapping[str, object]]

    @property
    def sujeto(self) -> SujetoObligado:
        """Return the subject whose Responsable it is."""
        assert self.entra.sujeto is not None
        return self.entra.sujeto


@dataclass(frozen=True, slots=True)
class Relieved:
    """A relief that was recorded, and the text of the link of an account that was opened for who enters, or ''."""

    relevo: RelevoResponsable
    enlace: str


def standing(sujeto: SujetoObligado) -> Nombramiento | None:
    """Return the appointment of the Responsable of a subject that has not ended, in force or to come; None without."""
    rows = Nombramiento.objects.filter(sujeto=sujeto, rol=RESPONSABLE, hasta__gt=clock.today())
    rows = rows.exclude(fin__termina_el__lte=clock.now()).select_related("usuario", "fin")
    return rows.order_by("desde", "pk").last()


def relieve(new: NewRelief, by: Usuario) -> Relieved:
    """Replace the Responsable of a subject. Raises Refused with each problem at its field, and PermissionError.

    The access of who leaves ends now for a relief of today, and else at the midnight with which its day begins, when
    that of who enters begins. Who has no account is given one, which its link opens.
    """
    with acting():
        hold(invitations.INVITING)
        lock_sujeto(new.sujeto.pk)
        if not may_still(by, "administrar"):
            raise PermissionError("El relevo de un Responsable de Finanzas lo registra quien administra el sistema.")
        leaves = standing(new.sujeto)
        if problems := [*relief_problems(new.sujeto, leaves, new.desde), *paper_problems(new.documento)]:
            raise Refused(*problems)
        assert leaves is not None
        pending = dict(new.entrega(new.sujeto))
        user, token = _who_enters(new.entra, leaves, by)
        fin = end_nombramiento(leaves, _motive(new), by, termina_el=_ends(new.desde))
        enters = _appointed(user, new, by)
        paper = keep_paper(enters, new.documento, by)
        with registering(by.pk):
            relevo: RelevoResponsable = RelevoResponsable.objects.create(
                sujeto=new.sujeto,
                sale=fin,
                entra=enters,
                documento=paper,
                desde=new.desde,
                entrega=pending,
                hecho_el=clock.now(),
                hecho_por=by,
            )
        trail.write(trail.Clase.CUENTA, "relevar_responsable", by, tipo="RelevoResponsable", objeto=relevo.pk)
    return Relieved(relevo, token)


def relief_problems(sujeto: SujetoObligado, leaves: Nombramiento | None, desde: date) -> Iterator[Problem]:
    """Yield why the Responsable of a subject may not be replaced from a day."""
    today = clock.today()
    if leaves is None:
        told = f"{sujeto.nombre} no tiene Responsable de Finanzas."
        yield Problem("sin_responsable", "", told, "Invite a quien lo será, en «Personas y permisos».")
    elif (fin := getattr(leaves, "fin", None)) is not None:
        ends = fin.termina_el.astimezone(clock.legal_zone())
        told = f"El nombramiento de {leaves.usuario.nombre} ya termina el {ends:%d/%m/%Y %H:%M}."
        yield Problem("terminado", "", told, "Invite desde entonces a quien entra, en «Personas y permisos».")
    elif leaves.desde > today:
        told = f"{leaves.usuario.nombre} entra el {leaves.desde:%d/%m/%Y} y todavía no empieza."
        yield Problem("por_empezar", "", told, "Termine antes ese nombramiento, o espere a ese día.")
    if desde < today:
        told = f"El {desde:%d/%m/%Y} ya pasó, y lo que firmó quien sale queda registrado con su nombre."
        yield Problem("pasado", "desde", told, "Escriba hoy o un día que venga; el documento dice el suyo.")
    elif desde.year > today.year + 1:
        yield Problem("lejos", "desde", f"El año {desde:%Y} no es este ni el que sigue.", "Revise el año.")


def _motive(new: NewRelief) -> str:
    return f"Relevo: {new.documento.referencia.strip()}"


def _ends(desde: date) -> datetime | None:
    """Return when who leaves ends: None, which is now, for a relief of today."""
    return clock.midnight(desde) if desde > clock.today() else None


def _who_enters(invited: Invited, leaves: Nombramiento, by: Usuario) -> tuple[Usuario, str]:
    """Return the account of who enters and the text of its link if it was opened now. Raises Refused."""
    rfc = ""
    try:
        rfc = invitations.own_rfc(invited)
        theirs = account_of(rfc)
        if theirs is not None and theirs.pk == leaves.usuario_id:
            raise refusal("mismo", "rfc", f"Ese RFC es de {theirs.nombre}, que ya es su Responsable.", "Revíselo.")
        if theirs is not None and _is_known(theirs, invited.sujeto):
            return invitations.checked_account(invited, by), ""
        name, username, _rfc = invitations.checked(invited, by)
    except InvitationRefused as refused:
        field = "rfc" if not rfc or rfc in str(refused) else "username"
        raise refusal("persona", field, str(refused), "") from refused
    user = create_usuario(username, name, None, rfc="" if theirs else rfc)
    return user, invitations.make_link(by, usuario=user)


def _is_known(account: Usuario, sujeto: SujetoObligado | None) -> bool:
    """Return whether the account of an RFC is taken for that of its person; that of the authority always is."""
    return invitations.of_authority(account) or known_for(account, sujeto) or is_proven(account)


def _appointed(user: Usuario, new: NewRelief, by: Usuario) -> Nombramiento:
    try:
        return appoint(user, RESPONSABLE, new.sujeto, desde=new.desde, by=by)
    except AppointmentRefused as refused:
        raise refusal("nombramiento", "desde", str(refused), "") from refused
