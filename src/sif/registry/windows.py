"""Read the windows in force: the last to close of each period, kind and subject, since a later accord extends one."""

from collections.abc import Iterable
from datetime import date, timedelta

from sif.registry import clock
from sif.registry.models import Etapa, Ventana


def last_windows(windows: Iterable[Ventana]) -> list[Ventana]:
    """Keep of the windows of each period, kind and subject the last to close: an extension goes before what it extends.

    They come in the order in which the first of each came.
    """
    found: dict[tuple[int, str, int | None], Ventana] = {}
    for window in windows:
        key = (window.periodo_id, window.tipo, window.sujeto_id)
        if key not in found or found[key].cierra_el < window.cierra_el:
            found[key] = window
    return list(found.values())


def normal_windows(etapa: Etapa) -> dict[int, Ventana]:
    """The normal window in force of each period of a stage, by its number in the registry."""
    rows = Ventana.objects.filter(periodo__etapa=etapa, tipo=Ventana.Tipo.NORMAL, sujeto=None)
    ordered = rows.select_related("periodo").order_by("periodo__numero")
    return {window.periodo_id: window for window in last_windows(ordered)}


def last_day(window: Ventana) -> date:
    """The last day in which a window takes anything; its first instant outside is the midnight after."""
    return clock.legal_day(window.cierra_el - timedelta(seconds=1))
