"""Say how an observation stands."""

from collections.abc import Set

from django.utils.translation import gettext as _

from sif.audit.models import Observacion


def observacion_state(observacion: Observacion, notified: Set[int], answered: Set[int]) -> str | tuple[str, str]:
    """Return the state of an observación: adopted, notified, answered or without effect."""
    if hasattr(observacion, "sin_efecto"):
        return "sin_efectos", _("Sin efecto")
    if observacion.pk in answered:
        return "contestada"
    return (
        ("sin_contestar", _("Notificada, sin contestar")) if observacion.pk in notified else ("adoptada", _("Adoptada"))
    )
