"""Build the pictures of the progress of the review: who has how much left, and what is decided each day."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from sif.audit.models import Corrida
from sif.audit.review_progress import Advance, done_by_day, whole
from sif.audit.review_totals import Totals
from sif.web.charts import Chart, Point
from sif.web.formats import short_day
from sif.web.tables import Thing

DAYS = 14


def by_person(lines: Sequence[Advance], people: Mapping[str, Thing]) -> Chart:
    """Return the chart of hallazgos decided, waiting for confirmation and left by person, the most left first."""
    total = whole(lines)
    rows = sorted(lines, key=lambda line: (-line.pendientes, line.clave))
    named = [(line, people.get(line.clave, Thing(line.clave))) for line in rows if line.hallazgos]
    return Chart(
        _("¿Cuánto ha revisado cada persona de lo que tiene?"),
        "apiladas",
        _("Persona"),
        (_("Decididos"), _("Por confirmar"), _("Por revisar")),
        [Point(str(who.texto), (line.decididos, line.propuestos, line.pendientes), who.url) for line, who in named],
        "numero",
        totales=(total.decididos, total.propuestos, total.pendientes),
        vacia=_("Nada por revisar."),
    )


def by_day(corrida: Corrida, totals: Totals) -> Chart:
    """Return the chart of the hallazgos that people proposed or decided on each of the last days."""
    done = done_by_day(corrida, DAYS, totals)
    points = [Point(short_day(day, year=True), (many,), corto=short_day(day)) for day, many in sorted(done.items())]
    return Chart(
        _("¿Cuántos hallazgos se proponen o deciden cada día?"),
        "columnas",
        _("Día"),
        (_("Hallazgos"),),
        points,
        "numero",
        nota=_("Los últimos catorce días, desde la instantánea"),
        totales=(sum(done.values()),),
    )
