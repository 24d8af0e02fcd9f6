"""Delegate a role of a subject to another of its people for a span, with the document that says so (ADR 0293)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from sif.registry import clock, trail
from sif.registry.appointments import Rol, last_day, state_of
from sif.registry.locks import lock_sujeto
from sif.registry.models import Nombramiento, Usuario
from sif.registry.papers import Paper, keep_paper, paper_problems
from sif.registry.scope import acting, registering
from sif.registry.selectors import forget_appointments, in_force
from sif.values import Problem, Refused

RECEIVED = {
    Rol.RESPONSABLE: Rol.ADMINISTRADOR_SO,
    Rol.ADMINISTRADOR_SO: Rol.ADMINISTRADOR_SO,
    Rol.CAPTURISTA: Rol.CAPTURISTA,
    Rol.CANDIDATURA: Rol.CANDIDATURA,
    Rol.CONSULTA: Rol.CONSULTA,
}
"""What each role is in the hands of whoever receives it. Those of the authority are given by two people, not here."""
MOST = timedelta(days=366)
"""The longest delegation, by the house: one without a near end would be an appointment that nobody gave."""


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """A delegation: to whom, from which day, the first day without it, and its document."""

    a: Usuario | None
    desde: date
    hasta: date
    documento: Paper


def may_delegate(appointment: Nombramiento, by: Usuario) -> bool:
    """Return whether somebody may delegate an appointment: their own, of a subject, in force, and not delegated."""
    own = appointment.usuario_id == by.pk and appointment.delegado_de_id is None
    return own and appointment.rol in RECEIVED and state_of(appointment) == "vigente"


def receivers(appointment: Nombramiento) -> QuerySet[Usuario]:
    """Return who may receive a role: people with an account who act for its subject by a role of their own."""
    theirs = Nombramiento.objects.filter(usuario=OuterRef("pk"), sujeto=appointment.sujeto_id, delegado_de=None)
    theirs = theirs.exclude(rol=Rol.AUDITOR_EXTERNO)  # who judges the books does not write them
    people = Usuario.objects.filter(Exists(in_force(theirs)), is_active=True)
    return people.exclude(pk=appointment.usuario_id).order_by("nombre", "pk")


def delegations_of(appointment: Nombramiento) -> QuerySet[Nombramiento]:
    """Return the delegations that were made of an appointment, the last first."""
    rows = Nombramiento.objects.filter(delegado_de=appointment)
    return rows.select_related("usuario", "sujeto", "fin__hecho_por").order_by("-pk")


def delegate(appointment: Nombramiento, new: NewDelegation, by: Usuario) -> Nombramiento:
    """Give one's own role, over the same books, to another for a span. It ends with the role that it comes from.

    What is signed with an e.firma and the giving of roles stay with who delegates (`selectors.NEVER_DELEGATED`).
    Raises Refused with each problem at its place, and PermissionError.
    """
    with acting():
        if appointment.sujeto_id is not None:
            lock_sujeto(appointment.sujeto_id)
            forget_appointments()
        held = Nombramiento.objects.select_related("fin").get(pk=appointment.pk)
        if not may_delegate(held, by):
            raise PermissionError("Una función la delega quien la tiene, de un sujeto, vigente y suya.")
        if problems := [*_problems(held, new), *paper_problems(new.documento)]:
            raise Refused(*problems)
        assert new.a is not None
        with registering(by.pk):
            made = Nombramiento.objects.create(
                usuario=new.a,
                rol=RECEIVED[Rol(held.rol)],
                sujeto=held.sujeto,
                desde=new.desde,
                hasta=new.hasta,
                nombrado_por=by,
                delegado_de=held,
            )
            made.contabilidades.set(held.contabilidades.all())
        keep_paper(made, new.documento, by)
        trail.write(trail.Clase.CUENTA, "delegar", by, tipo="Nombramiento", objeto=made.pk)
    forget_appointments()
    return made


def _problems(held: Nombramiento, new: NewDelegation) -> Iterator[Problem]:
    if new.a is None or not receivers(held).filter(pk=new.a.pk).exists():
        told = "Esa persona no tiene una función vigente en el sujeto, o es usted."
        yield Problem("persona", "a", told, "Escriba el usuario de alguien del sujeto; a quien falte se le invita.")
    elif Nombramiento.objects.filter(
        usuario=new.a, rol=RECEIVED[Rol(held.rol)], sujeto=held.sujeto, desde=new.desde
    ).exists():
        told = f"{new.a.nombre} ya tiene esa función desde el {new.desde:%d/%m/%Y}."
        yield Problem("repetida", "desde", told, "Elija otro primer día, o a otra persona.")
    if new.desde < clock.today():
        yield Problem("pasado", "desde", f"El {new.desde:%d/%m/%Y} ya pasó.", "Escriba hoy o un día que venga.")
    if new.hasta <= new.desde:
        yield Problem("corto", "ultimo", "El último día es antes del primero.", "Revise los días.")
    if new.a is not None and (ends := _last_own_day(held, new.a)) is not None and new.hasta > ends + timedelta(days=1):
        told = f"La función propia de {new.a.nombre} termina el {ends:%d/%m/%Y}."
        yield Problem("largo", "ultimo", told, "Escriba ese día o uno anterior.")
    last = last_day(held)
    if last is not None and new.hasta > last + timedelta(days=1):
        told = f"Su función termina el {last:%d/%m/%Y}, y lo delegado termina con ella."
        yield Problem("largo", "ultimo", told, "Escriba ese día o uno anterior.")
    elif new.hasta > new.desde + MOST:
        told = f"Una delegación dura {MOST.days} días o menos."
        yield Problem("largo", "ultimo", told, "Escriba un último día más cercano; se puede delegar otra vez.")


def _last_own_day(held: Nombramiento, who: Usuario) -> date | None:
    """Return the last day of the roles of somebody's own in a subject; None without end, or without any."""
    rows = Nombramiento.objects.filter(usuario=who, sujeto=held.sujeto_id, delegado_de=None).select_related("fin")
    ends = [last_day(each) for each in rows if state_of(each) != "terminado"]
    return None if not ends or None in ends else max(day for day in ends if day is not None)
