"""Say how an oficio and a dictamen stand."""

from django.utils.translation import gettext as _

from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.selectors import dictamen_state, oficio_state


def oficio_look(oficio: Oficio | None) -> tuple[str, str]:
    """State of an oficio as shown: not issued, its term running, or ended."""
    states = {
        "sin_oficio": ("sin_generar", _("Sin emitir")),
        "notificado": ("en_curso", _("En plazo de respuesta")),
        "vencido": ("cerrado", _("Plazo terminado")),
    }
    return states[oficio_state(oficio)]


def dictamen_look(dictamen: Dictamen | None) -> tuple[str, str]:
    """State of a dictamen as shown."""
    states = {
        "sin_abrir": ("sin_generar", _("Sin abrir")),
        "abierto": ("en_curso", _("Abierto")),
        "cerrado": ("cerrado", _("Cerrado")),
    }
    return states[dictamen_state(dictamen)]
