"""Words and addresses of events that several pages share, and what the agenda warns of."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_events import events_to_close
from sif.catalogs.selectors.campaign_terms import earliest_in_time
from sif.web.formats import long_day
from sif.web.party.mesa import Mesa

STATES = {
    "por_realizar": ("por_venir", _("Por realizar")),
    "realizado": ("cumplido", _("Realizado")),
    "cancelado": ("cancelado", _("Cancelado")),
}
"""Whether an event is to be, was, or will not be."""
REGISTERED = {True: ("en_plazo", _("A tiempo")), False: ("extemporaneo", _("Extemporáneo"))}
"""Whether it was put in the agenda, or changed, in time."""
ACCESS = {"publico": _("Público"), "privado": _("Privado")}
"""Who may come in."""


def event_url(event: Evento) -> str:
    """Return the address of an event."""
    return reverse("party:evento", args=[event.contabilidad_id, event.identidad])


def terms_notices(mesa: Mesa) -> list[str]:
    """Tell the first day still in time, and what passed and nobody closed."""
    now = mesa.ahora
    told = gettext(
        "Hoy se registra a tiempo un evento del %(day)s en adelante. Antes de esa fecha se admite y queda marcado."
    )
    said = [told % {"day": long_day(earliest_in_time(now), weekday=True)}]
    waiting = len(events_to_close([books.pk for books in mesa.actuales], now))
    if waiting:
        words = ngettext(
            "%(n)d evento ya pasó y nadie ha dicho si se realizó o se canceló.",
            "%(n)d eventos ya pasaron y nadie ha dicho si se realizaron o se cancelaron.",
            waiting,
        )
        said.append(words % {"n": waiting})
    return said
