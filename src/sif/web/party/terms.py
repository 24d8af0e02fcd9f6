"""Query the running terms of a subject: reports and answers to oficios."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.models import Presentacion
from sif.proceedings.models import Respuesta
from sif.proceedings.parts import oficios_of_reach, part_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Ventana
from sif.registry.selectors import Reach
from sif.web.clocks import Clock
from sif.web.formats import due_day_and_hour, hour_words, short_day


def next_term(books: Sequence[Contabilidad], reach: Reach, now: datetime) -> Clock | None:
    """The first term that ends from now on and still asks for something, or None."""
    running = sorted((*_reports(books, now), *_answers(reach, now)), key=lambda term: term.vence_el)
    return running[0] if running else None


def _reports(books: Sequence[Contabilidad], now: datetime) -> Iterator[Clock]:
    if not books:
        return
    windows = Ventana.objects.filter(
        periodo__etapa=books[0].etapa_id, tipo=Ventana.Tipo.NORMAL, cierra_el__gt=now
    ).select_related("periodo")
    for window in windows.order_by("cierra_el"):
        period = window.periodo
        presented = Presentacion.objects.filter(informe__periodo=period, informe__contabilidad__in=books)
        if presented.values("informe__contabilidad").distinct().count() >= len(books):
            continue
        close = datetime.combine(period.hasta, time.min, clock.legal_zone())
        yield Clock(
            _("Informe, periodo %(n)d") % {"n": period.numero}, window.cierra_el, now, min(close, now),
            window.base, _("Tres días después del fin del periodo."), reverse("party:informes"),
        )  # fmt: skip
        return


def _answers(reach: Reach, now: datetime) -> Iterator[Clock]:
    for oficio in oficios_of_reach(reach).filter(vence_el__gte=now):
        asked = {part.pk for part in part_of(oficio, reach).observaciones}
        answered = set(Respuesta.objects.filter(oficio=oficio).values_list("observacion_id", flat=True))
        if asked - answered:
            yield Clock(
                _("Respuesta al oficio %(number)s") % {"number": oficio.numero}, oficio.vence_el, now,
                oficio.notificado_el, "LGPP 80.1.d", _("Lo que no se conteste en el plazo no se podrá alegar después."),
                reverse("party:oficio", args=[oficio.pk]),
            )  # fmt: skip


def due_text(due: datetime) -> str:
    """The end of a term in a table: jue 26 nov 2026, 24:00 h, by the day that ends."""
    day, hour = due_day_and_hour(due)
    return f"{short_day(day, weekday=True, year=True)}, {hour_words(hour)}"
