"""Read the calendars that wait, and close one without opening it: another person refuses it, or who proposed withdraws.

A calendar closed opens nothing, and the process may be proposed again.
"""

from collections.abc import Sequence

from django.conf import settings

from sif.registry import clock, trail
from sif.registry.eyes import not_another
from sif.registry.locks import hold
from sif.registry.models import CalendarioCerrado, CalendarioPropuesto, Proceso, ProcesoAbierto, Usuario
from sif.registry.motives import motive_problems
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.values import Conflict, Problem, Refused

Sentido = CalendarioCerrado.Sentido


def waiting() -> Sequence[CalendarioPropuesto]:
    """Return the calendars that wait to be opened, the last of each key unless it was closed, the newest first."""
    rows = CalendarioPropuesto.objects.filter(apertura=None).select_related("propuesto_por", "cierre").order_by("-pk")
    opened = set(Proceso.objects.values_list("clave", flat=True))
    last: dict[str, CalendarioPropuesto] = {}
    for row in rows:
        last.setdefault(row.clave, row)
    return [row for row in last.values() if row.clave not in opened and closing_of(row) is None]


def closing_of(propuesta: CalendarioPropuesto) -> CalendarioCerrado | None:
    """Return the act that closed a calendar without opening it, or None."""
    return getattr(propuesta, "cierre", None)


def is_last(propuesta: CalendarioPropuesto) -> bool:
    """Return whether nobody proposed another calendar of the same key after this one."""
    return not CalendarioPropuesto.objects.filter(clave=propuesta.clave, pk__gt=propuesta.pk).exists()


def waits_for_another(propuesta: CalendarioPropuesto, by: Usuario) -> str:
    """Say why it is not known that another person opens it, where the institution wants so; '' where this one may."""
    return not_another(propuesta.propuesto_por, by, "lo propuso") if settings.TWO_PEOPLE_OPEN else ""


def refuse_calendar(propuesta: CalendarioPropuesto, motivo: str, by: Usuario) -> CalendarioCerrado:
    """Refuse what another person proposed, with the reason. Raises Refused and PermissionError."""
    if propuesta.propuesto_por_id == by.pk:
        raise PermissionError("Usted propuso este calendario: retírelo.")
    if problems := [*motive_problems(motivo, "Diga qué hay que cambiar y por qué.")]:
        raise Refused(*problems)
    return _closed(propuesta, Sentido.RECHAZADO, motivo.strip(), by)


def withdraw_calendar(propuesta: CalendarioPropuesto, by: Usuario) -> CalendarioCerrado:
    """Take back one's own calendar. Raises Refused and PermissionError."""
    if propuesta.propuesto_por_id != by.pk:
        raise PermissionError("Lo propuso otra persona: usted puede abrirlo o rechazarlo.")
    return _closed(propuesta, Sentido.RETIRADO, "", by)


def _closed(propuesta: CalendarioPropuesto, sentido: str, motivo: str, by: Usuario) -> CalendarioCerrado:
    with acting():
        lock_calendars()
        if not may_still(by, "administrar"):
            raise PermissionError("Los calendarios los propone y los cierra quien administra el sistema.")
        refuse_closed(propuesta)
        act = CalendarioCerrado.objects.create(
            propuesta=propuesta, sentido=sentido, motivo=motivo, hecho_el=clock.now(), hecho_por=by
        )
        trail.act("rechazar_proceso" if sentido == Sentido.RECHAZADO else "retirar_proceso", by, act)
    return act


def lock_calendars() -> None:
    """Hold, until the transaction ends, what opens or closes calendars: the same one is not opened and closed."""
    hold("registry_proceso")


def refuse_closed(propuesta: CalendarioPropuesto) -> None:
    """Refuse a calendar that somebody opened or closed before. Raises Conflict."""
    if ProcesoAbierto.objects.filter(propuesta=propuesta).exists():
        raise Conflict(Problem("abierto", "", "Ese proceso ya está abierto.", "Véalo en la lista de procesos."))
    act = CalendarioCerrado.objects.filter(propuesta=propuesta).first()
    if act is not None:
        raise Conflict(
            Problem(
                "cerrado",
                "",
                f"Ese calendario quedó {act.get_sentido_display().lower()}.",
                "Proponga otro si hace falta.",
            )
        )
