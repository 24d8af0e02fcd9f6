"""Compute, from what was measured of the service, the days that the measure of an accord gives back to report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.availability.certifying import extension_of
from sif.availability.measuring import PROBED
from sif.availability.reading import minutes_of, read
from sif.law.days import add_days
from sif.registry import clock
from sif.web.columns import Column, panel
from sif.web.tables import Table

USUAL, MOST_HOURS, MOST_MINUTES = 24, 240, 1440


@dataclass(frozen=True, slots=True)
class Extension:
    """The extension of a period that still runs: minutes without service and without a measure, and the days given.

    queda: the last day as the measure leaves it.
    """

    numero: int
    vence: date
    sin_servicio: int
    sin_medir: int
    dias: int
    queda: date


class MeasureForm(forms.Form):
    """The measure that an accord fixes: the hours before each last day that count, and the minutes that give a day."""

    horas = forms.IntegerField(
        label=_("Horas antes del vencimiento"),
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_("Las que el acuerdo cuenta."),
    )
    minutos = forms.IntegerField(
        label=_("Minutos sin servicio que dan un día"),
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Cada tantos, o fracción, un día más para informar."),
    )


def extensions(vencen: Mapping[int, date], hours: int, minutes: int, counted: Mapping[int, str]) -> list[Extension]:
    """Return the extension of each period whose term has not ended, by its number.

    vencen: the last day to report each; hours: those before its end that count; minutes: each so many without service,
    or a fraction of them, give one day; counted: how the days of each term are counted, by the number of its period.
    """
    now, within = clock.now(), timedelta(hours=hours)
    found = []
    for number, day in sorted(vencen.items()):
        term = clock.midnight(day + timedelta(days=1))
        if term <= now:
            continue
        begins = term - within
        lost = unmeasured = 0
        if begins < now:
            log = read(settings.DATOS, begins, now, PROBED)
            lost, unmeasured = extension_of(log, term, within), minutes_of(log.huecos)
        given = -(-lost // minutes)
        left = add_days(day, given, counted[number], jurisdiction=settings.JURISDICTION)
        found.append(Extension(number, day, lost, unmeasured, given, left))
    return found


def extension_table(rows: Sequence[Extension]) -> Table:
    """Draw what each period lost and how the measure leaves it."""
    columns = (
        Column("periodo", translated("Periodo"), "numero", source="numero"),
        Column("vence", translated("Último día"), "dia"),
        Column("sin_servicio", translated("Minutos sin servicio"), "numero"),
        Column("sin_medir", translated("Minutos sin medición"), "numero"),
        Column("dias", translated("Días que da la medida"), "numero"),
        Column("queda", translated("Quedaría"), "dia"),
    )
    return panel(translated("Lo que el servicio no respondió"), rows, columns, totales={})
