"""Prolong an appointment by another one of the same person, role and books, by an act with its document."""

from datetime import date, timedelta

from sif.registry import trail
from sif.registry.appointments import AppointmentRefused, appoint, require_giver, state_of
from sif.registry.locks import lock_sujeto
from sif.registry.models import Nombramiento, Usuario
from sif.registry.papers import Paper, keep_paper, paper_problems
from sif.registry.scope import acting
from sif.registry.selectors import AUTHORITY, forget_appointments
from sif.values import Problem, Refused, refusal
from sif.values.span import OPEN_END


def prolong(appointment: Nombramiento, hasta: date, paper: Paper, by: Usuario) -> Nombramiento:
    """Appoint the same person to the same role and books from the day on which an appointment ends, with its document.

    hasta: the first day without the role. The one before is not touched. One of the authority is proposed by one person
    and approved by another. Raises Refused with each problem at its place, PermissionError for who does not give it.
    """
    with acting():
        if appointment.sujeto_id is not None:
            lock_sujeto(appointment.sujeto_id)
            forget_appointments()
        require_giver(appointment, by)
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


def _prolong_problems(appointment: Nombramiento, hasta: date) -> list[Problem]:
    if appointment.delegado_de_id:
        told = "Es una delegación, y la prolonga quien la hizo con otra."
        return [Problem("delegacion", "", told, "Deléguela otra vez desde el día en que esta termina.")]
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
