"""Declare the states that pages show: tone, icon and word."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StateLook:
    """The look of one state.

    tono: neutro|curso|bien|aviso|grave|juicio; icono: name in the sprite; palabra: the word.
    """

    tono: str
    icono: str
    palabra: str | Promise


class UnknownState(ValueError):
    """A page asked for a state that the table does not have."""


# Words agree in gender with their noun; the key says which where both are used.
STATES: dict[str, StateLook] = {
    "borrador": StateLook("neutro", "pencil", _("Borrador")),
    "sin_generar": StateLook("neutro", "circle", _("Sin generar")),
    "por_venir": StateLook("neutro", "circle", _("Por venir")),
    "sin_revisar": StateLook("neutro", "circle", _("Sin revisar")),
    "sin_asignar": StateLook("neutro", "circle", _("Sin asignar")),
    "sin_votar": StateLook("neutro", "circle", _("Sin votar")),
    "abierto": StateLook("neutro", "circle", _("Abierto")),
    "desechado": StateLook("neutro", "dash-circle", _("Desechado")),
    "sin_efectos": StateLook("neutro", "slash-circle", _("Sin efectos")),
    "programada": StateLook("neutro", "circle", _("Por venir")),
    "suspendida": StateLook("neutro", "slash-circle", _("Suspendida")),
    "no_aplica": StateLook("neutro", "slash-circle", _("No aplica")),
    "cerrado": StateLook("neutro", "lock-fill", _("Cerrado")),
    "cerrada": StateLook("neutro", "lock-fill", _("Cerrada")),
    "en_contra": StateLook("neutro", "dash-circle-fill", _("En contra")),
    "abstencion": StateLook("neutro", "slash-circle", _("Abstención")),
    "generado": StateLook("curso", "circle-half", _("Generado")),
    "propuesta": StateLook("curso", "circle-half", _("Propuesta")),
    "propuesto": StateLook("curso", "circle-half", _("Por confirmar")),
    "espera_firma": StateLook("curso", "circle-half", _("En espera de la otra firma")),
    "en_firma": StateLook("curso", "circle-half", _("En firma")),
    "en_revision": StateLook("curso", "circle-half", _("En revisión")),
    "en_discusion": StateLook("curso", "circle-half", _("En discusión")),
    "contestando": StateLook("curso", "circle-half", _("Contestando")),
    "en_curso": StateLook("curso", "circle-half", _("En curso")),
    "a_favor": StateLook("curso", "check-circle-fill", _("A favor")),
    "registrada": StateLook("bien", "lock-fill", _("Registrada")),
    "presentado": StateLook("bien", "check-circle-fill", _("Presentado")),
    "en_plazo": StateLook("bien", "check-circle-fill", _("En plazo")),
    "contestada": StateLook("bien", "check-circle-fill", _("Contestada")),
    "atendida": StateLook("bien", "check-circle-fill", _("Atendida")),
    "adoptado": StateLook("bien", "check-circle-fill", _("Adoptado")),
    "adoptada": StateLook("bien", "check-circle-fill", _("Adoptada")),
    "aprobada": StateLook("bien", "check-circle-fill", _("Aprobada")),
    "cumplida": StateLook("bien", "check-circle-fill", _("Cumplida")),
    "cumplido": StateLook("bien", "check-circle-fill", _("Cumplido")),
    "vigente": StateLook("bien", "check-circle-fill", _("Vigente")),
    "valido": StateLook("bien", "check-circle-fill", _("Sello válido")),
    "completa": StateLook("bien", "check-circle-fill", _("Completa")),
    "notificado": StateLook("bien", "check-circle-fill", _("Notificado")),
    "firmado": StateLook("bien", "check-circle-fill", _("Firmado")),
    "firmada": StateLook("bien", "check-circle-fill", _("Firmada")),
    "verificada": StateLook("bien", "check-circle-fill", _("Verificada")),
    "abierta": StateLook("aviso", "hourglass-split", _("Abierta")),
    "tarde": StateLook("aviso", "exclamation-triangle-fill", _("Tarde")),
    "por_vencer": StateLook("aviso", "hourglass-split", _("Por vencer")),
    "en_espera": StateLook("aviso", "hourglass-split", _("En espera")),
    "incompleta": StateLook("aviso", "exclamation-triangle-fill", _("Incompleta")),
    "sin_contestar": StateLook("aviso", "exclamation-triangle-fill", _("Sin contestar")),
    "extemporaneo": StateLook("aviso", "exclamation-triangle-fill", _("Extemporáneo")),
    "extemporanea": StateLook("aviso", "exclamation-triangle-fill", _("Extemporánea")),
    "sin_movimientos": StateLook("aviso", "exclamation-triangle-fill", _("Sin movimientos")),
    "no_verificable": StateLook("aviso", "exclamation-triangle-fill", _("No verificable")),
    "sin_dato": StateLook("aviso", "question-circle", _("Sin dato")),
    "por_confirmar": StateLook("aviso", "exclamation-triangle-fill", _("Por confirmar")),
    "movido": StateLook("aviso", "calendar2-plus", _("Movido")),
    "corregida": StateLook("aviso", "arrow-left-right", _("Corregida por otra póliza")),
    "vencida": StateLook("grave", "hourglass-bottom", _("Vencida")),
    "omitida": StateLook("grave", "x-circle-fill", _("Omitida")),
    "vencido": StateLook("grave", "hourglass-bottom", _("Vencido")),
    "omiso": StateLook("grave", "x-circle-fill", _("Omiso")),
    "rebase": StateLook("grave", "x-octagon-fill", _("Rebase")),
    "no_cuadra": StateLook("grave", "x-octagon-fill", _("No cuadra")),
    "rechazado": StateLook("grave", "x-circle-fill", _("Rechazado")),
    "rechazada": StateLook("grave", "x-circle-fill", _("Rechazada")),
    "cancelado": StateLook("grave", "x-octagon-fill", _("Cancelado")),
    "invalido": StateLook("grave", "x-octagon-fill", _("Sello inválido")),
    "no_atendida": StateLook("grave", "x-circle-fill", _("No atendida")),
    "impugnada": StateLook("juicio", "bank", _("Impugnada")),
    "revocada": StateLook("juicio", "bank", _("Revocada para efectos")),
    "en_acatamiento": StateLook("juicio", "bank", _("En acatamiento")),
    "confirmada": StateLook("juicio", "bank", _("Confirmada")),
}


def state_look(key: str) -> StateLook:
    """Return the look of a state by its key. Raises UnknownState naming where to add it."""
    if key not in STATES:
        raise UnknownState(f"El estado «{key}» no tiene color, icono y palabra. Agréguelo en sif/web/states.py.")
    return STATES[key]
