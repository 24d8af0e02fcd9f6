"""Read an appointment with its documents, keep one more, and prolong the appointment by an act with its document."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from sif.registry import clock, trail
from sif.registry.appointments import OF_A_SUBJECT, AppointmentRefused, appoint
from sif.registry.invitations import people_managed
from sif.registry.locks import lock_sujeto
from sif.registry.models import DocumentoNombramiento, Nombramiento, Usuario
from sif.registry.relieving import Paper, keep_paper, paper_problems
from sif.registry.scope import acting
from sif.registry.selectors import AUTHORITY, forget_appointments, may
from sif.values import Problem, Refused, refusal
from sif.values.span import OPEN_END


def appointments_seen(by: Usuario) -> QuerySet[Nombramiento]:
    """Return the appointments that somebody reads: their own, and those of the accounts that they manage."""
    rows = Nombramiento.objects.filter(Q(usuario=by) | Q(usuario__in=people_managed(by).values("pk")))
    return rows.select_related("usuario", "sujeto", "nombrado_por", "fin__hecho_por").order_by("-desde", "-pk")


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


def add_paper(appointment: Nombramiento, paper: Paper, by: Usuario) -> DocumentoNombramiento:
    """Keep one more document of an appointment. Raises Refused, and PermissionError for who does not give that role."""
    with acting():
        _require_giver(appointment, by)
        if problems := [*paper_problems(paper)]:
            raise Refused(*problems)
        if DocumentoNombramiento.objects.filter(nombramiento=appointment, sha256=paper.sha256).exists():
            raise refusal("repetido", "archivo", "Ese archivo ya está guardado en este nombramiento.", "Elija otro.")
        kept = keep_paper(appointment, paper, by)
        trail.write(trail.Clase.CUENTA, "guardar_documento", by, tipo="Nombramiento", objeto=appointment.pk)
    return kept


def prolong(appointment: Nombramiento, hasta: date, paper: Paper, by: Usuario) -> Nombramiento:
    """Appoint the same person to the same role and books from the day on which an appointment ends, with its document.

    hasta: the first day without the role. The one before is not touched. One of the authority is proposed by one person
    and approved by another. Raises Refused with each problem at its place, PermissionError for who does not give it.
    """
    with acting():
        if appointment.sujeto_id is not None:
            lock_sujeto(appointment.sujeto_id)
            forget_appointments()
        _require_giver(appointment, by)
        if problems := [*_prolong_problems(appointment, hasta), *paper_problems(paper)]:
            raise Refused(*problems)
        try:
            made = appoint(
                appointment.usuario,
                appointment.rol,
                appointment.sujeto,
                appointment.contabilidades.all(),
                desde=appointment.hasta,
                hasta=hasta,
                by=by,
            )
        except AppointmentRefused as refused:
            raise refusal("nombramiento", "", str(refused), "") from refused
        keep_paper(made, paper, by)
        trail.write(trail.Clase.CUENTA, "prolongar_nombramiento", by, tipo="Nombramiento", objeto=made.pk)
    return made


def _require_giver(appointment: Nombramiento, by: Usuario) -> None:
    gives = appointment.rol in OF_A_SUBJECT and may(by, "nombrar", sujeto=appointment.sujeto)
    if appointment.usuario_id == by.pk or not (gives or may(by, "administrar")):
        raise PermissionError("Ese nombramiento lo lleva otra persona: quien administra o nombra en el sujeto.")


def _prolong_problems(appointment: Nombramiento, hasta: date) -> list[Problem]:
    if appointment.rol in AUTHORITY:
        told = "Esa función es de la autoridad: la propone una persona y la aprueba otra."
        return [Problem("autoridad", "", told, "Propóngala otra vez desde el día en que esta termina.")]
    if appointment.hasta == OPEN_END:
        return [Problem("sin_termino", "", "Ese nombramiento no tiene último día.", "No hace falta prolongarlo.")]
    if state_of(appointment) == "terminado" or getattr(appointment, "fin", None) is not None:
        told = "Ese nombramiento terminó, o un acto ya dijo cuándo termina."
        return [Problem("terminado", "", told, "Dé la función otra vez, en «Personas y permisos».")]
    if hasta <= appointment.hasta:
        last = appointment.hasta - timedelta(days=1)
        told = f"El nombramiento ya llega al {last:%d/%m/%Y}."
        return [Problem("corto", "ultimo", told, "Escriba un último día posterior.")]
    return []
