"""Draw the public financing of a subject."""

from django.utils.translation import gettext_lazy as _

from sif.audit.grants import grants_of
from sif.registry.models import SujetoObligado
from sif.web.admin.words import AMBITS
from sif.web.columns import Column, panel
from sif.web.tables import Empty, Table

CONCEPTS = {
    "ordinario": _("Actividades ordinarias"),
    "campana": _("Gastos de campaña"),
    "especificas": _("Actividades específicas"),
}
COLUMNS = (
    Column("anio", _("Año"), "cosa", show=lambda row: str(row.anio)),
    Column("concepto", _("Para qué"), words=CONCEPTS),
    Column("ambito", _("Ámbito"), words=AMBITS),
    Column("entidad", _("Entidad"), "clave"),
    Column("monto", _("Importe"), "dinero"),
)


def granted(sujeto: SujetoObligado) -> Table:
    """Draw what the last list grants to a subject."""
    return panel(
        _("Financiamiento público"), grants_of(sujeto), COLUMNS, vacia=Empty(_("La lista vigente no le otorga nada."))
    )
