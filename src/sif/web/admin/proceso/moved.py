"""Draw the days that an accord moves, what was proposed to move of a process, and how its stages stand."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.proceedings.closing import waiting_closing
from sif.registry.closed import closing_act
from sif.registry.models import Etapa, FechasPropuestas, Proceso
from sif.registry.moving import MovedDay, movements
from sif.web.admin.words import STAGES
from sif.web.authority_seat import milestone_words
from sif.web.formats import moment_words
from sif.web.lazy import Words
from sif.web.tables import Column as Head
from sif.web.tables import Row, Table, Thing

ENDS: dict[str, Words] = {
    "": _("Esperan a otra persona"),
    "movidas": _("Movidas"),
    "rechazadas": _("Rechazadas"),
    "retiradas": _("Retiradas"),
}


def moved_table(days: Iterable[MovedDay]) -> Table:
    """Draw each day that changes, as it was and as the accord leaves it."""
    columns = (Head("que", _("Qué"), "cosa"), Head("antes", _("Era"), "dia"), Head("despues", _("Es"), "dia"))
    rows = [Row({"que": Thing(_what(each.clave)), "antes": each.antes, "despues": each.despues}) for each in days]
    return Table(_("Los días que cambian"), columns, rows)


def _what(key: str) -> str:
    hito, _colon, number = key.partition(":")
    if number:
        return translated("Informe del periodo %(n)s") % {"n": number}
    return milestone_words(hito)


def movements_table(proceso: Proceso) -> Table:
    """Draw what was proposed to move of a process, the last first."""
    columns = (
        Head("acuerdo", _("Acuerdo"), "cosa"),
        Head("etapa", _("Etapa")),
        Head("estado", _("Estado")),
        Head("quien", _("Quién")),
    )
    rows = [Row(_movement(each)) for each in movements([stage.pk for stage in proceso.etapas.all()])]
    return Table(_("Acuerdos que mueven fechas"), columns, rows)


def _movement(found: FechasPropuestas) -> dict[str, object]:
    act = getattr(found, "resuelta", None)
    who, when = (act.hecho_por, act.hecho_el) if act else (found.propuesto_por, found.propuesto_el)
    return {
        "acuerdo": Thing(found.acuerdo, reverse("administration:fechas", args=[found.pk])),
        "etapa": STAGES[found.etapa.tipo],
        "estado": ENDS[act.sentido if act else ""],
        "quien": f"{who.named_at(when)}, {moment_words(when)}",
    }


def closing_words(etapa: Etapa) -> str:
    """Say on the sheet of its process whether a stage is closed, or what is proposed of it."""
    if waiting_closing(etapa) is not None:
        return translated("Espera a otra persona")
    return translated("Cerrada") if closing_act(etapa) else translated("Abierta")
