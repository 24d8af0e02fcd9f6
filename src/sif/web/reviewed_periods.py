"""Periods that an oficio reviews or corrects, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sif.proceedings.models import Oficio
from sif.proceedings.selectors import part_of, periods_of
from sif.registry.models import Periodo


def periods_words(periods: Sequence[Periodo]) -> str:
    """Return periods in words: «Periodo 1», «Periodos 1 a 3», or «Periodos 1 y 3» where one between is missing."""
    if not periods:
        return ""
    first, last = periods[0].numero, periods[-1].numero
    if first == last:
        return _("Periodo %(n)d") % {"n": first}
    if len(periods) <= last - first:
        others = ", ".join(str(each.numero) for each in periods[:-1])
        return _("Periodos %(others)s y %(last)d") % {"others": others, "last": last}
    return _("Periodos %(first)d a %(last)d") % {"first": first, "last": last}


def reviewed_words(oficio: Oficio) -> str:
    """Return the periods that an oficio reviews, or nothing where it reviews every one of its stage."""
    return periods_words(part_of(oficio.etapa, periods_of(oficio)))


def words_of_each(told: Sequence[Oficio], periods: Sequence[Periodo]) -> dict[int, str]:
    """Return the same of every oficio of a subject in a stage, in their order, with the periods of the stage read."""
    found, done = dict[int, str](), 0
    for each in told:
        last = each.periodo.numero if each.periodo else max((period.numero for period in periods), default=0)
        own = [period for period in periods if done < period.numero <= last]
        found[each.pk], done = periods_words(own if len(own) < len(periods) else ()), last
    return found
