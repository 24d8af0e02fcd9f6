"""Draw what was pending in a subject when its Responsable was replaced."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sif.web.columns import Column, panel
from sif.web.duty_lists import duty_words
from sif.web.formats import due_text
from sif.web.lazy import Words
from sif.web.tables import Empty, Table

COUNTED: dict[str, Words] = {
    "borradores": _("Borradores de póliza"),
    "lotes": _("Lotes sin aplicar"),
    "bandeja": _("Facturas en la bandeja"),
    "a_media_firma": _("Informes con una de sus dos firmas"),
    "sin_leer": _("Notificaciones sin abrir por quien sale"),
    "trabajos": _("Trabajos en curso de quien sale"),
}
WINDOWS: dict[str, Words] = {
    "normal": _("Normal"),
    "correccion": _("Corrección"),
    "ajuste": _("Ajuste"),
    "jornada": _("Jornada electoral"),
}
STATES: dict[str, tuple[str, Words]] = {
    "abierta": ("por_vencer", _("Abierta")),
    "vencida": ("vencida", _("Vencida")),
    "omitida": ("vencida", _("Omitida")),
}
_COUNTS = (
    Column("que", _("Qué"), "cosa"),
    Column("cuantos", _("Cuántos"), "numero"),
)
_OFICIOS = (
    Column("numero", _("Oficio"), "cosa"),
    Column("faltan", _("Observaciones sin responder"), "numero"),
    Column("vence_el", _("Vence"), show=lambda each: due_text(each["vence_el"])),
)
_WINDOWS = (
    Column("proceso", _("Proceso"), "cosa"),
    Column("periodo", _("Periodo"), "numero"),
    Column("tipo", _("Ventana"), words=WINDOWS),
    Column("cierra_el", _("Cierra"), show=lambda each: due_text(each["cierra_el"])),
)
_DUTIES = (
    Column("que", _("Obligación"), "cosa", phone="wide"),
    Column("cuantas", _("Cuántas"), "numero"),
    Column("vence_el", _("Vence"), "dia", nullable=True),
    Column("estado", _("Estado"), "estado", states=STATES),
)


def pending_tables(pending: Mapping[str, Any]) -> list[Table]:
    """Return the tables of what was pending: what is counted, oficios, windows and duties."""
    counts = [{"que": words, "cuantos": pending.get(key, 0)} for key, words in COUNTED.items()]
    oficios = [{**each, "vence_el": datetime.fromisoformat(each["vence_el"])} for each in pending.get("oficios", [])]
    windows = [{**each, "cierra_el": datetime.fromisoformat(each["cierra_el"])} for each in pending.get("ventanas", [])]
    duties = [
        {**each, "que": duty_words(each["tipo"]), "vence_el": _day(each["vence_el"])}
        for each in pending.get("obligaciones", [])
    ]
    return [
        panel(_("Trabajo a medias"), counts, _COUNTS),
        panel(_("Oficios por responder"), oficios, _OFICIOS, vacia=Empty(_("Ninguno."))),
        panel(_("Ventanas abiertas"), windows, _WINDOWS, vacia=Empty(_("Ninguna."))),
        panel(_("Obligaciones por cumplir"), duties, _DUTIES, vacia=Empty(_("Ninguna."))),
    ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
