"""Appoint people to roles and end their appointments: two acts that nothing changes afterwards."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sif.registry import clock, trail
from sif.registry.locks import lock_sujeto
from sif.registry.models import Contabilidad, FinNombramiento, Nombramiento, SujetoObligado, Usuario
from sif.registry.scope import acting, registering
from sif.registry.selectors import forget_appointments, in_force, may
from sif.registry.spoken_names import named
from sif.values.span import OPEN_END

Rol = Nombramiento.Rol
OF_A_SUBJECT = frozenset({Rol.ADMINISTRADOR_SO, Rol.CAPTURISTA, Rol.CANDIDATURA, Rol.CONSULTA})
"""Roles that who appoints for a subject may give and end; the administrator does so with the others."""


ENDED_WITH = "Terminó la función de quien la delegó"
"""Why a delegation ends with the role that it comes from."""
ENDED_OWN = "Terminó la función propia de quien la recibió"
"""Why a delegation ends with the last role of its receiver in the subject."""


class AppointmentRefused(ValueError):
    """An appointment that cannot be made or ended, with what to do."""


def day_after(last: date) -> date:
    """Return the first day without a role of which the last day is said; of the last of the calendar, no end."""
    return last + timedelta(days=1) if last < OPEN_END else OPEN_END


def gives(by: Usuario, rol: str, sujeto: SujetoObligado | None) -> bool:
    """Return whether somebody gives a role of a subject, or of the authority."""
    return may(by, "administrar") or (rol in OF_A_SUBJECT and sujeto is not None and may(by, "nombrar", sujeto=sujeto))


def may_give(nombramiento: Nombramiento, by: Usuario) -> bool:
    """Return whether somebody gives the role of an appointment, and so prolongs it and ends it: of another person."""
    return nombramiento.usuario_id != by.pk and gives(by, nombramiento.rol, nombramiento.sujeto)


def delegated_by(nombramiento: Nombramiento, by: Usuario) -> bool:
    """Return whether an appointment is a delegation of somebody's role."""
    return nombramiento.delegado_de is not None and nombramiento.delegado_de.usuario_id == by.pk


def require_giver(nombramiento: Nombramiento, by: Usuario) -> None:
    """Refuse who does not give the role of an appointment, and its own person. Raises PermissionError.

    Whoever delegated a role ends the delegation too.
    """
    if not may_give(nombramiento, by) and not delegated_by(nombramiento, by):
        raise PermissionError("Ese nombramiento lo lleva otra persona: quien administra o nombra en el sujeto.")


def state_of(appointment: Nombramiento) -> str:
    """Return whether an appointment is «por_empezar», «vigente» or «terminado» at this instant."""
    today, fin = clock.today(), getattr(appointment, "fin", None)
    if appointment.hasta <= today or (fin is not None and fin.termina_el <= clock.now()):
        return "terminado"
    return "por_empezar" if appointment.desde > today else "vigente"


def last_day(appointment: Nombramiento) -> date | None:
    """Return the last day of an appointment, that of the act that ends it earlier if there is one; None without end."""
    fin = getattr(appointment, "fin", None)
    if fin is None and appointment.hasta == OPEN_END:
        return None
    ends = clock.midnight(appointment.hasta)
    ends = min(ends, fin.termina_el) if fin is not None else ends
    return (ends - timedelta(microseconds=1)).astimezone(clock.legal_zone()).date()


def appoint(
    usuario: Usuario,
    rol: str,
    sujeto: SujetoObligado | None = None,
    contabilidades: Iterable[Contabilidad] = (),
    *,
    desde: date | None = None,
    hasta: date | None = None,
    by: Usuario | None = None,
) -> Nombramiento:
    """Appoint a person to a role from a day (today unless told), over a subject or some of its books.

    hasta: the first day without the role, from whose midnight it opens nothing; without it, the role has no term.
    by: who appoints; none under the pass of nobody, by a link of the machine, and of whoever makes a demonstration.
    Raises AppointmentRefused for a second Responsable of a subject, and for the same appointment of the same day.
    """
    since, until = desde or clock.today(), hasta or OPEN_END
    if until <= since:
        raise AppointmentRefused(
            f"El nombramiento no llega a empezar: su último día es antes del {since:%d/%m/%Y}. Revise los días."
        )
    with acting():
        if sujeto is not None:
            held = lock_sujeto(sujeto.pk)
            if rol == Rol.RESPONSABLE:
                _refuse_second(held, since)
            _refuse_judge_and_party(usuario, rol, held)
        if Nombramiento.objects.filter(usuario=usuario, rol=rol, sujeto=sujeto, desde=since).exists():
            raise AppointmentRefused(
                f"{usuario.nombre} ya tiene un nombramiento de {Rol(rol).label} que empieza el {since:%d/%m/%Y}. "
                "Si ese terminó, nómbrela desde otro día."
            )
        with registering(by.pk if by else None):
            appointment = Nombramiento.objects.create(
                usuario=usuario, rol=rol, sujeto=sujeto, desde=since, hasta=until, nombrado_por=by
            )
            appointment.contabilidades.set(contabilidades)
        trail.write(trail.Clase.CUENTA, "nombrar", by, tipo="Nombramiento", objeto=appointment.pk)
    forget_appointments()
    return appointment


def _refuse_second(sujeto: SujetoObligado, since: date) -> None:
    starts = max(clock.now(), clock.midnight(since))
    held = Nombramiento.objects.filter(sujeto=sujeto, rol=Rol.RESPONSABLE, hasta__gt=since)
    other = held.exclude(fin__termina_el__lte=starts).select_related("usuario").first()
    if other is not None:
        raise AppointmentRefused(
            f"{sujeto.nombre} ya tiene Responsable de Finanzas: {other.usuario.nombre}. Es uno por sujeto; termine "
            "antes ese nombramiento."
        )


def _refuse_judge_and_party(usuario: Usuario, rol: str, sujeto: SujetoObligado) -> None:
    """Refuse that the external auditor of a subject acts for it by another role [LGPP 78.1.b.IV]."""
    held = Nombramiento.objects.filter(usuario=usuario, sujeto=sujeto, hasta__gt=clock.today())
    held = held.exclude(fin__termina_el__lte=clock.now())
    is_judge = rol == Rol.AUDITOR_EXTERNO
    if any((each == Rol.AUDITOR_EXTERNO) != is_judge for each in held.values_list("rol", flat=True)):
        raise AppointmentRefused(
            f"{usuario.nombre} no puede ser auditor externo {named(sujeto.nombre, 'de')} y actuar por él: "
            "la ley lo quiere externo. Termine antes el otro nombramiento."
        )


def end_nombramiento(
    nombramiento: Nombramiento, motivo: str, by: Usuario, *, termina_el: datetime | None = None
) -> FinNombramiento:
    """End an appointment at an instant, now unless told, with those that prolong it; from then on they open nothing.

    What was done by it stays. Raises AppointmentRefused, and PermissionError for who does not appoint to that role or
    would end an appointment of their own.
    """
    with acting():
        _lock(nombramiento.sujeto, by)
        require_giver(nombramiento, by)
        now = clock.now()
        _refuse_end(nombramiento, motivo.strip(), termina_el or now, now)
        at = termina_el or now
        ended = [nombramiento, *_prolongations(nombramiento)]
        reasons = [(each, motivo.strip()) for each in ended]
        reasons += [(each, ENDED_WITH) for each in _delegated(ended, at)]
        reasons += [(each, ENDED_OWN) for each in _received(ended, at)]
        with registering(by.pk):
            ends = [
                FinNombramiento.objects.create(nombramiento=each, termina_el=at, motivo=why, hecho_el=now, hecho_por=by)
                for each, why in reasons
            ]
        for each, _why in reasons:
            trail.write(trail.Clase.CUENTA, "terminar_nombramiento", by, tipo="Nombramiento", objeto=each.pk)
    forget_appointments()
    return ends[0]


def _prolongations(nombramiento: Nombramiento) -> Iterator[Nombramiento]:
    """Yield what prolongs an appointment, one after another, up to the first that an act has ended already."""
    if nombramiento.delegado_de_id is not None:
        return  # a delegation is made again, never prolonged
    of = Nombramiento.objects.filter(
        usuario=nombramiento.usuario, rol=nombramiento.rol, sujeto=nombramiento.sujeto, delegado_de=None, fin=None
    )
    last = nombramiento
    while (after := of.filter(desde=last.hasta).first()) is not None:
        yield after
        last = after


def _received(ended: list[Nombramiento], at: datetime) -> list[Nombramiento]:
    """List the delegations that a person left without a role of their own in the subject would keep."""
    last, day = ended[0], at.astimezone(clock.legal_zone()).date()
    held = Nombramiento.objects.filter(usuario=last.usuario_id, sujeto=last.sujeto_id, fin=None, hasta__gt=day)
    if last.sujeto_id is None or last.delegado_de_id is not None:
        return []
    if held.filter(delegado_de=None).exclude(pk__in=[each.pk for each in ended]).exists():
        return []
    return list(held.exclude(delegado_de=None).order_by("pk"))


def _delegated(ended: list[Nombramiento], at: datetime) -> list[Nombramiento]:
    """List the delegations of some appointments that would outlive them, locked with their subject."""
    day = at.astimezone(clock.legal_zone()).date()
    return list(Nombramiento.objects.filter(delegado_de__in=ended, fin=None, hasta__gt=day).order_by("pk"))


def _lock(sujeto: SujetoObligado | None, by: Usuario) -> None:
    """Lock the subject, or the administrators for a role of the authority; appointments read before are read again."""
    if sujeto is not None:
        lock_sujeto(sujeto.pk)
        forget_appointments()
    else:
        lock_administrators(by)


def lock_administrators(by: Usuario) -> None:
    """Lock those who administer until the transaction ends: two of them may be ending or disabling each other.

    Raises PermissionError for who was disabled meanwhile.
    """
    seats = in_force(Nombramiento.objects.filter(rol=Rol.ADMINISTRADOR))
    people = Usuario.objects.filter(pk__in=seats.values("usuario")).order_by("pk")
    list(people.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    forget_appointments()
    if not Usuario.objects.filter(pk=by.pk, is_active=True).exists():
        raise PermissionError("Su cuenta quedó deshabilitada. Quien la deshabilitó sabe por qué; no se hizo nada.")


def _refuse_end(nombramiento: Nombramiento, motivo: str, ends: datetime, now: datetime) -> None:
    done = FinNombramiento.objects.filter(nombramiento=nombramiento).first()
    if done is not None:
        when = done.termina_el.astimezone(clock.legal_zone())
        raise AppointmentRefused(f"Ese nombramiento ya terminó: {when:%d/%m/%Y %H:%M}. No hace falta más.")
    if not motivo or len(motivo) > 200:
        raise AppointmentRefused(f"El motivo tiene {len(motivo)} caracteres. Escriba por qué termina, de 1 a 200.")
    if ends >= clock.midnight(OPEN_END):
        raise AppointmentRefused("Ese último día es el último del calendario y no termina nada. Escriba otro.")
    if nombramiento.delegado_de_id and ends > now:
        raise AppointmentRefused("Una delegación se revoca en este momento, o termina su último día.")
    if ends < now:
        raise AppointmentRefused(
            f"El {ends.astimezone(clock.legal_zone()):%d/%m/%Y %H:%M} ya pasó y lo hecho hasta hoy valió. Termínelo "
            "desde ahora o desde un instante que venga."
        )
