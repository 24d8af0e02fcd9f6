"""Draw the days that an accord moves, what was proposed to move of a process, and how its stages stand."""

from collections.abc import Iterable

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.proceedings.closing import waiting_closing
from sif.registry.closed import closing_act
from sif.registry.models import Etapa, FechasPropuestas, Proceso
from sif.registry.moving import MovedDay, movements
from sif.web.admin.words import STAGES
from sif.web.authority_seat import milestone_words
from sif.web.columns import Column, Link, panel
from sif.web.formats import moment_words
from sif.web.lazy import Words
from sif.web.tables import Table

ENDS: dict[str, Words] = {
    "": _("Esperan a otra persona"),
    "movidas": _("Movidas"),
    "rechazadas": _("Rechazadas"),
    "retiradas": _("Retiradas"),
}


def moved_table(days: Iterable[MovedDay]) -> Table:
    """Draw each day that changes, as it was and as the accord leaves it."""
    columns = (
        Column("que", _("Qué"), "cosa", show=lambda each: _what(each.clave)),
        Column("antes", _("Era"), "dia"),
        Column("despues", _("Es"), "dia"),
    )
    return panel(_("Los días que cambian"), days, columns)


def _what(key: str) -> str:
    hito, _colon, number = key.partition(":")
    if number:
        return translated("Informe del periodo %(n)s") % {"n": number}
    return milestone_words(hito)


def movements_table(proceso: Proceso) -> Table:
    """Draw what was proposed to move of a process, the last first."""
    columns = (
        Column("acuerdo", _("Acuerdo"), "cosa", link=Link("administration:fechas")),
        Column("etapa", _("Etapa"), source="etapa__tipo", words=STAGES),
        Column("estado", _("Estado"), show=_end),
        Column("quien", _("Quién"), show=_who),
    )
    return panel(_("Acuerdos que mueven fechas"), movements([stage.pk for stage in proceso.etapas.all()]), columns)


def _end(found: FechasPropuestas) -> Words:
    act = getattr(found, "resuelta", None)
    return ENDS[act.sentido if act else ""]


def _who(found: FechasPropuestas) -> str:
    act = getattr(found, "resuelta", None)
    who, when = (act.hecho_por, act.hecho_el) if act else (found.propuesto_por, found.propuesto_el)
    return f"{who.named_at(when)}, {moment_words(when)}"


def closing_words(etapa: Etapa) -> str:
    """Say on the sheet of its process whether a stage is closed, or what is proposed of it."""
    if waiting_closing(etapa) is not None:
        return translated("Espera a otra persona")
    return translated("Cerrada") if closing_act(etapa) else translated("Abierta")
