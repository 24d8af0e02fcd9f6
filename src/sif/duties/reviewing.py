"""Say what the law asks of the authority while it reviews."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from sif.duties.generating import UNKNOWN, Obligacion, Whose, written
from sif.duties.plan import StagePlan, elections_known
from sif.law.calendar import UNCONFIRMED
from sif.law.duties import Due, Duty, due_of, load_duties, repeated, state_of
from sif.registry.models import Etapa


def of_authority(al: date) -> Iterator[Obligacion]:
    """Yield what the law asks of the authority while it reviews: the progress to tell, and its recommendations."""
    law = load_duties(settings.JURISDICTION)
    rows = Etapa.objects.select_related("proceso").order_by("inicia_el", "pk")
    elections = elections_known(rows)
    for etapa in rows:
        plan = StagePlan(etapa, elections)
        words = f"{etapa.get_tipo_display()}, {etapa.proceso.nombre}"
        duty = law["REC"]
        whose = Whose(0, 0, etapa.pk, f"e{etapa.pk}", words)
        state = state_of(etapa.inicia_el, None, al)
        yield written(duty, whose, etapa.inicia_el, due_of(duty, {}, settings.JURISDICTION), state, None, "")
        if etapa.tipo in law["AVR"].etapas:
            yield from _progress(law["AVR"], plan, words, al)


def _progress(duty: Duty, plan: StagePlan, words: str, al: date) -> Iterator[Obligacion]:
    """Yield each progress of a review, from the day its first report is due until its dictamen [LGPP 84.2]."""
    if not plan.periods:
        return
    first = plan.windows[plan.periods[0].pk][0]
    begins = first + timedelta(days=1)
    for number, day in enumerate(repeated(duty, first, plan.review["dictamen"].fecha, settings.JURISDICTION), 1):
        whose = Whose(0, 0, plan.etapa.pk, f"e{plan.etapa.pk}-{number}", f"número {number}, {words}")
        state = state_of(begins, day, al)
        yield written(
            duty,
            whose,
            begins,
            Due(day, duty.articulo, UNCONFIRMED, duty.limits[0].basis.nota),
            UNKNOWN if state == "vencida" else state,
            None,
            "",
        )
        begins = day + timedelta(days=1)
