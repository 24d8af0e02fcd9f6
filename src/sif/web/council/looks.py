"""Say how a resolución stands."""

from django.utils.translation import gettext as _

from sif.proceedings.models import Resolucion


def resolucion_look(resolucion: Resolucion) -> tuple[str, str]:
    """State of a resolución as shown; without words of its own it takes those of the table of states."""
    if resolucion.estado == Resolucion.Estado.PROYECTO:
        return "borrador", _("Proyecto")
    return str(resolucion.estado), ""
