"""Draw what was measured of the service: days, outages and gaps, for the portal and the desks."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sif.availability.reading import Day, Log, Span, minutes_of
from sif.web.columns import Column, panel
from sif.web.formats import moment_words, percent
from sif.web.tables import Empty, Table


def day_table(rows: Sequence[Day]) -> Table:
    """Return a row for each day: minutes measured, minutes without service, and the share that answered."""
    columns = (
        Column("dia", _("Día (UTC)"), "dia"),
        Column("medidos", _("Minutos medidos"), "numero"),
        Column("sin_servicio", _("Minutos sin servicio"), "numero"),
        Column("disponible", _("Disponible"), show=_share),
    )
    return panel(_("Cada día"), rows, columns, totales={})


def _share(row: Day) -> str:
    return _("sin medición") if row.disponible is None else percent(round(row.disponible * 10_000))


def outage_table(log: Log) -> Table:
    """Return the outages of a span, with the minutes that each touches."""
    nothing = Empty(_("Ninguna caída."), _("La sonda tuvo respuesta cada vez que preguntó."))
    return _spans(_("Caídas"), log.caidas, nothing)


def gap_table(log: Log) -> Table:
    """Return the spans that nobody measured."""
    return _spans(_("Sin medición"), log.huecos)


def _spans(title: str, spans: Sequence[Span], nothing: Empty | None = None) -> Table:
    columns = (
        Column("desde", _("Desde"), show=lambda each: moment_words(each.desde)),
        Column("hasta", _("Hasta"), show=_end),
        Column("minutos", _("Minutos"), "numero", show=lambda each: minutes_of([each])),
    )
    return panel(title, spans, columns, vacia=nothing, totales={})


def _end(each: Span) -> str:
    return _("sigue") if each.abierto else moment_words(each.hasta)
