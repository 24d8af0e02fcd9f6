"""Invite people to an account, renew a forgotten password, and disable who leaves: by one-time links."""

import hashlib
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sif.registry import clock, trail
from sif.registry.appointments import OF_A_SUBJECT, AppointmentRefused, appoint, gives, lock_administrators
from sif.registry.eyes import account_of, person_rfc
from sif.registry.invitation_models import CierreInvitacion, Invitacion
from sif.registry.invited import HasAccount, InvitationRefused, Invited, refuse_ended, refuse_span
from sif.registry.locks import hold
from sif.registry.models import Contabilidad, Nombramiento, SujetoObligado, Usuario
from sif.registry.proofs import is_proven, known_for
from sif.registry.scope import acting, registering
from sif.registry.selectors import AUTHORITY, in_force, may
from sif.registry.services import create_usuario
from sif.values import InvalidKey
from sif.values.texts import is_blank

HOURS = 72
OWN_HOURS = 1
"""How long the link lasts that a person asks for their own account."""
Rol = Nombramiento.Rol
WITH_SUBJECT = OF_A_SUBJECT | {Rol.RESPONSABLE, Rol.AUDITOR_EXTERNO}
ENOUGH = 2
"""How many administrators are needed for one to propose and another to approve."""
MACHINE = "maquina"
INVITING = "registry.invitacion"
"""The word under which it is checked that no other invitation or proposal says the same."""
ALONE = "Lo que es de la autoridad lo propone una persona que administra y lo aprueba otra."
BOTH = "Ya administran dos personas: una propone la invitación y la otra la aprueba."
WITH_RFC = AUTHORITY | {Rol.RESPONSABLE, Rol.AUDITOR_EXTERNO}
"""Roles of who is a second eye or signs: the RFC says which person has the account."""


def roles_to_give(by: Usuario) -> list[str]:
    """Return the roles that a person may give, in the order of the model."""
    if may(by, "administrar"):
        return list(Rol.values)
    return [rol for rol in Rol.values if rol in OF_A_SUBJECT] if may(by, "nombrar") else []


def people_managed(by: Usuario) -> QuerySet[Usuario]:
    """Return the people whose accounts a person manages: all for the administrator, otherwise those of the subject."""
    people = Usuario.objects.exclude(pk=by.pk).order_by("nombre", "pk")
    if may(by, "administrar"):
        return people
    acted_for = SujetoObligado.objects.filter(pk__in=Nombramiento.objects.filter(usuario=by).values("sujeto"))
    sujetos = [each.pk for each in acted_for if may(by, "nombrar", sujeto=each)]
    held = Nombramiento.objects.filter(usuario=OuterRef("pk"))
    others = held.exclude(sujeto__in=sujetos, rol__in=OF_A_SUBJECT)
    theirs = Nombramiento.objects.filter(sujeto__in=sujetos, rol__in=OF_A_SUBJECT).values("usuario")
    return people.filter(~Exists(others), pk__in=theirs)


def invite(invited: Invited, by: Usuario | None) -> str:
    """Make an invitation and return the text of its link, which is not kept.

    Without `by` it is that of an administrator, for who holds the machine, while fewer than two administer. A role of
    the authority is proposed and approved (`proposals`). Raises HasAccount where the person of that RFC has an account,
    InvitationRefused, PermissionError.
    """
    with acting():
        hold(INVITING)
        name, username, rfc = checked(invited, by)
        if by is not None and invited.rol in AUTHORITY:
            raise PermissionError(ALONE)
        return make_link(
            by,
            rol=invited.rol,
            nombre=name,
            username=username,
            rfc=rfc,
            sujeto=invited.sujeto,
            contabilidades=[each.pk for each in invited.contabilidades],
            desde=invited.desde,
            hasta=invited.hasta,
        )


def checked(invited: Invited, by: Usuario | None) -> tuple[str, str, str]:
    """Return the name, the user name and the RFC of an invitation that may be made. Raises as `invite`."""
    _check_permission(invited, by)
    name, username = " ".join(invited.nombre.split()), invited.username.strip().lower()
    if is_blank(name) or not 3 <= len(username) <= 60 or not username.replace(".", "").replace("-", "").isalnum():
        raise InvitationRefused(
            "Falta el nombre, o el usuario no tiene de 3 a 60 letras, cifras, puntos o guiones. Escríbalos completos."
        )
    if Usuario.objects.filter(username__iexact=username).exists():
        raise InvitationRefused(f"El usuario «{username}» ya existe. Escriba otro, o renueve el enlace de esa persona.")
    rfc = own_rfc(invited)
    theirs = account_of(rfc)
    if theirs is not None and (known_for(theirs, invited.sujeto) or is_proven(theirs)):
        raise HasAccount(
            f"La persona del RFC {rfc} ya tiene cuenta, y cada persona tiene una. Dé la función a esa cuenta."
        )
    open_ones = Invitacion.objects.filter(cierre__isnull=True, vence_el__gt=clock.now(), usuario=None)
    if by is None:  # a link that got lost keeps nobody out: of those of one person, the first used makes the account
        open_ones = open_ones.exclude(invitada_por=None, username=username, rfc=rfc)
    if open_ones.filter(username__iexact=username).exists():
        raise InvitationRefused(
            f"Ya hay una invitación sin usar para «{username}». Si la hizo usted, retírela o dé ese enlace; si no, "
            "escriba otro usuario."
        )
    if rfc and open_ones.filter(_same_claim(invited), rfc=rfc).exists():
        raise InvitationRefused(
            f"Ya hay una invitación sin usar para el RFC {rfc}. Retírela antes de hacer otra, o dé ese enlace."
        )
    return name, username, rfc


def _same_claim(invited: Invited) -> Q:
    """Return the filter of the open links of an RFC that block a new link with the same RFC.

    Links of the same subject block the new link; links of any subject do too where both roles write the RFC.
    """
    here = Q(sujeto=invited.sujeto) if invited.sujeto else Q(sujeto__isnull=True)
    return here | Q(rol__in=WITH_RFC) if invited.rol in WITH_RFC else here


def own_rfc(invited: Invited) -> str:
    """Return the RFC of who is invited, '' where the role asks for none. Raises InvitationRefused."""
    if not invited.rfc.strip():
        if invited.rol in WITH_RFC:
            raise InvitationRefused(
                f"Falta el RFC: quien tiene la función de {Rol(invited.rol).label} firma o confirma, y el RFC dice qué "
                "persona es. Cópielo de su constancia de situación fiscal."
            )
        return ""
    try:
        return person_rfc(invited.rfc)
    except InvalidKey as wrong:
        raise InvitationRefused(str(wrong)) from wrong


def give_role(invited: Invited, by: Usuario) -> Nombramiento:
    """Appoint the account of an RFC to one more role of a subject. Raises InvitationRefused, PermissionError."""
    user = checked_account(invited, by)
    if invited.rol in AUTHORITY:
        raise PermissionError(ALONE)
    return appoint_more(user, invited, by)


def checked_account(invited: Invited, by: Usuario) -> Usuario:
    """Return the account of an RFC, if a person may give it that role. Raises as `give_role`.

    Nobody gives a role to their own account.
    """
    _check_permission(invited, by)
    user = account_of(own_rfc(invited))
    if user is None:
        raise InvitationRefused("Nadie tiene cuenta con ese RFC. Haga una invitación.")
    if user.pk == by.pk:
        raise PermissionError("Ese RFC es el de su propia cuenta. Una función para usted la da otra persona.")
    if not user.is_active:
        raise InvitationRefused("La cuenta de ese RFC está deshabilitada. Déle antes un enlace nuevo.")
    _refuse_both_sides(user, invited.rol)
    if invited.rol not in AUTHORITY and not known_for(user, invited.sujeto):
        raise InvitationRefused(
            f"No consta que la cuenta que dice el RFC {user.rfc} sea de esa persona: se abrió por otro sujeto y nadie "
            "ha probado ese RFC con su e.firma. Haga una invitación, que le abre una cuenta aquí, o pida a la persona "
            "que lo pruebe en «RFC de mi cuenta» y déle después la función."
        )
    return user


def appoint_more(user: Usuario, invited: Invited, by: Usuario) -> Nombramiento:
    """Appoint an account that was checked, one act at a time on each. Raises InvitationRefused."""
    with acting():
        Usuario.objects.select_for_update(no_key=True).get(pk=user.pk)
        _refuse_both_sides(user, invited.rol)
        try:
            return appoint(
                user,
                invited.rol,
                invited.sujeto,
                invited.contabilidades,
                desde=invited.desde,
                hasta=invited.hasta,
                by=by,
            )
        except AppointmentRefused as refused:
            raise InvitationRefused(str(refused)) from refused


def _standing(user: Usuario) -> QuerySet[Nombramiento]:
    """Return the appointments of a person that have not ended, those to come among them."""
    held = Nombramiento.objects.filter(usuario=user, hasta__gt=clock.today())
    return held.exclude(fin__termina_el__lte=clock.now())


def _refuse_both_sides(user: Usuario, rol: str) -> None:
    """Refuse that somebody acts both for the authority and for a subject."""
    if any((held in AUTHORITY) != (rol in AUTHORITY) for held in _standing(user).values_list("rol", flat=True)):
        raise InvitationRefused(
            "Esa persona actúa ya por la otra parte: nadie actúa por la autoridad y por un sujeto. Termine antes ese "
            "nombramiento."
        )


def of_authority(user: Usuario) -> bool:
    """Return whether an account ever had a role of the authority: what is done to it takes two people, ended or not.

    Else one would end the role, take the account by a new link, and have another give the role back.
    """
    return Nombramiento.objects.filter(usuario=user, rol__in=AUTHORITY).exists()


def factors_of(user: Usuario) -> QuerySet[Authenticator]:
    """Return the second factors of a person."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found


def remove_factors(user: Usuario, by: Usuario) -> None:
    """Remove the second factors that a person lost: another is added at the next entry. Raises PermissionError.

    Of somebody of the authority it is proposed and approved (`proposals`).
    """
    _require_managed(user, by)
    if of_authority(user):
        raise PermissionError(ALONE)
    drop_factors(user, by)


def drop_factors(user: Usuario, by: Usuario | None) -> None:
    """Erase the second factors of a person, after the act was judged."""
    with registering():
        factors_of(user).delete()
    trail.write(trail.Clase.CREDENCIAL, "quitar_factor", by, via="" if by else MACHINE, tipo="Usuario", objeto=user.pk)


def _check_permission(invited: Invited, by: Usuario | None) -> None:
    if (invited.sujeto is not None) != (invited.rol in WITH_SUBJECT):
        raise InvitationRefused(
            "Las funciones de un sujeto llevan sujeto y las de la autoridad no. Revise ambos datos."
        )
    if any(each.sujeto_id != getattr(invited.sujeto, "pk", None) for each in invited.contabilidades):
        raise InvitationRefused("Una contabilidad es de otro sujeto. Elija las del sujeto de la invitación.")
    refuse_ended(invited)
    refuse_span(invited)
    if by is None:
        if invited.rol != Rol.ADMINISTRADOR or administrators().count() >= ENOUGH:
            raise PermissionError(BOTH)
    elif not gives(by, invited.rol, invited.sujeto):
        raise PermissionError("Usted no puede dar esa función. Pídalo a quien administra el sistema.")


def renew(user: Usuario, by: Usuario) -> str:
    """Make a link with which a person writes a new password. Raises PermissionError.

    Of somebody of the authority it is proposed and approved (`proposals`).
    """
    _require_managed(user, by)
    if of_authority(user):
        raise PermissionError(ALONE)
    return make_link(by, usuario=user)


def own_link(user: Usuario) -> str:
    """Make the link of who forgot their own password, to be mailed to them and shown to nobody; the last alone works.

    Raises PermissionError for a disabled account, one that enters without a password, and one of the authority: those
    are proposed by one person and approved by another. A second factor is asked at the door, as always.
    """
    if not user.is_active or not user.has_usable_password() or of_authority(user):
        raise PermissionError("El enlace de esa cuenta lo da otra persona.")
    with acting():
        close_own_links(user)
        return make_link(user, verb="pedir_enlace", hours=OWN_HOURS, usuario=user)


def close_own_links(user: Usuario) -> None:
    """Close the links that a person asked for themself: another is asked, or password, factor or address changed."""
    _close(Invitacion.objects.filter(usuario=user, invitada_por=user, cierre__isnull=True), user)


def recover(user: Usuario, *, without_factor: bool = False) -> str:
    """Make the link of an administrator who lost the way in, for who holds the machine. Raises PermissionError.

    Only while two others cannot do it: one proposes it and another approves it. without_factor: the second factor was
    lost too, and is removed.
    """
    if not administrators(active=False).filter(pk=user.pk).exists():
        raise PermissionError("Esa cuenta no administra el sistema. Su enlace lo da quien administra.")
    if administrators().exclude(pk=user.pk).count() >= ENOUGH:
        raise PermissionError("Otras dos personas administran: una propone el enlace nuevo y otra lo aprueba.")
    if without_factor:
        drop_factors(user, None)
    return make_link(None, usuario=user)


def _require_managed(user: Usuario, by: Usuario) -> None:
    if not people_managed(by).filter(pk=user.pk).exists():
        raise PermissionError("Esa cuenta la maneja otra persona.")


def make_link(by: Usuario | None, *, verb: str = "invitar", hours: int = HOURS, **fields: object) -> str:
    """Record an invitation that was judged, and return the text of its link.

    One of nobody is of the machine: it enters under the pass of who holds it (`scope.OPERATOR`) and no other.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with registering(by.pk if by else None):
        made = Invitacion.objects.create(
            huella=digest_of(token), invitada_por=by, hecha_el=now, vence_el=now + timedelta(hours=hours), **fields
        )
    trail.write(trail.Clase.CUENTA, verb, by, via="" if by else MACHINE, tipo="Invitacion", objeto=made.pk)
    return token


def digest_of(token: str) -> str:
    """Return what is kept of a link; its 256 random bits cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_invitation(token: str) -> Invitacion:
    """Return the invitation of a link that still works. Raises InvitationRefused."""
    found = Invitacion.objects.select_related("usuario", "sujeto").filter(huella=digest_of(token)).first()
    if found is not None and found.hasta is not None and found.hasta <= clock.today():
        last = found.hasta - timedelta(days=1)
        raise InvitationRefused(
            f"El último día de esa función fue {last:%d/%m/%Y}. Pida otro enlace a quien se lo dio."
        )
    if found is None or CierreInvitacion.objects.filter(invitacion=found).exists() or found.vence_el <= clock.now():
        raise InvitationRefused(
            f"El enlace no existe, ya se usó o pasaron sus {HOURS} horas. Pida otro a quien se lo dio."
        )
    return found


def accept(token: str, password: str) -> Usuario:
    """Use a link once: make and appoint the person, or write their new password. Raises InvitationRefused.

    An empty password makes an account that enters by the institution's provider of identity alone.
    """
    found = open_invitation(token)
    first = found.usuario is None and found.invitada_por is None
    _refuse_alone(found)
    with acting():
        if first:
            _take_a_seat()
        user = found.usuario or _made(found, password)
        try:
            with transaction.atomic(), registering(user.pk):
                CierreInvitacion.objects.create(invitacion=found, usada_por=user, cerrada_el=clock.now())
                trail.write(trail.Clase.CUENTA, "aceptar_invitacion", user, tipo="Invitacion", objeto=found.pk)
        except IntegrityError as twice:
            raise InvitationRefused("El enlace ya se usó. Pida otro a quien se lo dio.") from twice
        if found.usuario:
            user.set_password(password)
            user.is_active = True
            user.save(update_fields=["password", "is_active"])
            close_own_links(user)
        else:
            books = Contabilidad.objects.filter(pk__in=found.contabilidades)
            since = max(found.desde or clock.today(), clock.today())
            try:
                with registering(found.invitada_por_id or 0):
                    appoint(user, found.rol, found.sujeto, books, desde=since, hasta=found.hasta, by=found.invitada_por)
            except AppointmentRefused as refused:
                raise InvitationRefused(str(refused)) from refused
        if first:
            _close_other_seats(user)
    return user


def _refuse_alone(found: Invitacion) -> None:
    """Refuse a link that one person alone made for who is of the authority now, or whose maker could not make it today.

    Else one would make it before another subject gives that account a function, or before one's own right ends, and
    have it used afterwards.
    """
    maker = found.invitada_por
    own = maker is not None and found.usuario_id == maker.pk
    managed = own or (maker and found.usuario and people_managed(maker).filter(pk=found.usuario.pk).exists())
    if found.usuario and maker and not (maker.is_active and managed):
        raise InvitationRefused("Quien hizo ese enlace ya no maneja la cuenta. Pida otro a quien la maneja hoy.")
    if maker and not found.usuario and not (maker.is_active and gives(maker, found.rol, found.sujeto)):
        raise InvitationRefused("Quien hizo ese enlace ya no da esa función. Pida otro a quien la da hoy.")
    theirs = of_authority(found.usuario) if found.usuario else found.rol in AUTHORITY
    if theirs and found.invitada_por_id is not None and found.propuesta_id is None:
        raise InvitationRefused("Ese enlace lo hizo una sola persona. Pida otro, que propone una y aprueba otra.")


def _made(found: Invitacion, password: str) -> Usuario:
    """Make the account of a link. The RFC is written where the authority says it, and nobody has it.

    Otherwise it stays what the link says of it, until its e.firma proves it (`proofs`).
    """
    free = found.rol in WITH_RFC and account_of(found.rfc) is None
    try:
        with acting():
            return create_usuario(found.username, found.nombre, password or None, rfc=found.rfc if free else "")
    except IntegrityError as taken:
        if account_of(found.rfc) is not None:
            raise InvitationRefused(
                f"La persona del RFC {found.rfc} ya tiene cuenta, y cada persona tiene una. Pida que le den la función "
                "en ella."
            ) from taken
        raise InvitationRefused(
            f"El usuario «{found.username}» ya existe: otro enlace lo hizo. Entre con él, o pida otro enlace."
        ) from taken


def _take_a_seat() -> None:
    """Take one of the two places that the machine gives, one person at a time. Raises InvitationRefused without one."""
    hold("sif.primer_administrador")
    if administrators().count() >= ENOUGH:
        raise InvitationRefused(BOTH)


def _close_other_seats(by: Usuario) -> None:
    """Close the links of the machine that nobody used, as soon as two administer: each would make another."""
    if administrators().count() < ENOUGH:
        return
    _close(Invitacion.objects.filter(usuario=None, invitada_por=None, cierre__isnull=True), by)


def _close(links: QuerySet[Invitacion], by: Usuario) -> None:
    """Withdraw links at once; one that its person is using ends as used."""
    now = clock.now()
    acts = [CierreInvitacion(invitacion=each, retirada_por=by, cerrada_el=now) for each in links]
    with registering(by.pk):
        CierreInvitacion.objects.bulk_create(acts, ignore_conflicts=True)


def withdraw(invitation: Invitacion, by: Usuario) -> None:
    """Withdraw an open invitation of one's own, or any as administrator. Raises PermissionError."""
    if invitation.invitada_por_id != by.pk and not may(by, "administrar"):
        raise PermissionError("Esa invitación la hizo otra persona.")
    with registering(by.pk):
        CierreInvitacion.objects.get_or_create(
            invitacion=invitation, defaults={"retirada_por": by, "cerrada_el": clock.now()}
        )
    trail.write(trail.Clase.CUENTA, "retirar_invitacion", by, tipo="Invitacion", objeto=invitation.pk)


def pending(by: Usuario) -> QuerySet[Invitacion]:
    """Return the invitations that still work: one's own, or all for the administrator."""
    rows = Invitacion.objects.filter(cierre__isnull=True, vence_el__gt=clock.now()).select_related("usuario", "sujeto")
    rows = rows.exclude(usuario=F("invitada_por"))  # of their person, by mail
    return (rows if may(by, "administrar") else rows.filter(invitada_por=by)).order_by("-pk")


def disable(user: Usuario, by: Usuario) -> None:
    """Disable a person: no password, key or provider lets them in until a new link does. Raises PermissionError.

    A link of before, which would open the account again, is closed.
    """
    with acting():
        lock_administrators(by)  # two of them may be disabling each other
        _require_managed(user, by)
        _close(Invitacion.objects.filter(usuario=user, cierre__isnull=True), by)
        with registering():
            Usuario.objects.filter(pk=user.pk).update(is_active=False)
        trail.write(trail.Clase.CUENTA, "deshabilitar", by, tipo="Usuario", objeto=user.pk)


def administrators(*, active: bool = True) -> QuerySet[Usuario]:
    """Return the people who administer the system today, active unless told."""
    seats = in_force(Nombramiento.objects.filter(rol=Rol.ADMINISTRADOR)).values("usuario")
    people = Usuario.objects.filter(pk__in=seats)
    return people.filter(is_active=True) if active else people


def administrators_invited() -> QuerySet[Invitacion]:
    """Return the links that still work and would make an administrator."""
    links = Invitacion.objects.filter(rol=Rol.ADMINISTRADOR, usuario=None, vence_el__gt=clock.now())
    return links.exclude(pk__in=CierreInvitacion.objects.values("invitacion"))
