"""Read the windows in force: the last to close of each period, kind and subject, since a later accord extends one."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sif.registry import clock
from sif.registry.models import Ventana


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


def normal_windows(etapas: Sequence[int]) -> dict[int, list[Ventana]]:
    """Return the normal windows in force of some stages, by stage, in order of their periods."""
    rows = Ventana.objects.filter(periodo__etapa__in=etapas, tipo=Ventana.Tipo.NORMAL, sujeto__isnull=True)
    ordered = rows.select_related("periodo__etapa").order_by("periodo__etapa_id", "periodo__numero")
    found: dict[int, list[Ventana]] = {etapa: [] for etapa in etapas}
    for window in last_windows(ordered):
        found[window.periodo.etapa_id].append(window)
    return found


def last_day(window: Ventana) -> date:
    """Return the last day in which a window takes anything; its first instant outside is the midnight after."""
    return clock.legal_day(window.cierra_el - timedelta(seconds=1))
