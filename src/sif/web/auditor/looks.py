"""Say how an oficio and a dictamen stand."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.selectors import dictamen_state, oficio_state
from sif.registry.models import Periodo
from sif.web.formats import local, short_day
from sif.web.marks import state_html
from sif.web.reviewed_periods import words_of_each


def oficio_look(oficio: Oficio | None) -> tuple[str, str]:
    """State of an oficio as shown: not issued, its term running, or ended."""
    states = {
        "sin_oficio": ("sin_generar", _("Sin emitir")),
        "notificado": ("en_curso", _("En plazo de respuesta")),
        "vencido": ("cerrado", _("Plazo terminado")),
    }
    return states[oficio_state(oficio)]


def parts_look(told: Sequence[Oficio], periods: Sequence[Periodo]) -> SafeString | tuple[str, str]:
    """Return the state of each oficio of a subject, with the periods that it reviews and the day of its notice.

    periods: those of their stage. A single one that reviews the whole stage shows its state and its day alone.
    """
    if not told:
        return oficio_look(None)
    words = words_of_each(told, periods)
    return format_html_join(
        "",
        '<div>{}<span class="under"><a class="key" href="{}">{}</a>{}, {}</span></div>',
        (
            (
                state_html(*oficio_look(each)),
                reverse("auditor:oficio", args=[each.pk]),
                each.numero,
                f", {words[each.pk]}" if words[each.pk] else "",
                short_day(local(each.notificado_el).date()),
            )
            for each in told
        ),
    )


def dictamen_look(dictamen: Dictamen | None) -> tuple[str, str]:
    """State of a dictamen as shown."""
    states = {
        "sin_abrir": ("sin_generar", _("Sin abrir")),
        "abierto": ("en_curso", _("Abierto")),
        "cerrado": ("cerrado", _("Cerrado")),
    }
    return states[dictamen_state(dictamen)]
