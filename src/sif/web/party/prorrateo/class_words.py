"""Translate the classes, criteria and kinds of campaign of a prorrateo."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from sif.values import Money
from sif.web.formats import percent
from sif.web.tables import Row, Table, Thing

CLASSES = {"generico": _("Genérico"), "conjunto": _("Conjunto"), "personalizado": _("Personalizado")}
"""The classes of shared expense."""
CLASSES_HELP = {
    "generico": _("No identifica a ninguna candidatura ni tipo de campaña."),
    "conjunto": _("Beneficia a dos o más campañas y no las nombra a todas."),
    "personalizado": _("Nombra o muestra a dos o más candidaturas."),
}
"""What each class means, in a line."""
CRITERIA = {
    "conjunto": _("Invita a votar por un conjunto de candidaturas sin especificarlas"),
    "propuesta": _("Difunde una política pública o propuesta del partido o la coalición"),
    "emblema": _("Publica el emblema, el lema o la plataforma electoral"),
    "nombre": _("Menciona el nombre de las candidaturas"),
    "imagen": _("Difunde la imagen de las candidaturas"),
    "voto": _("Promueve de manera expresa el voto a favor de esas campañas"),
}
"""By what an expense benefits a campaign."""
COLUMNS = {"P": _("Presidencia"), "S": _("Senaduría"), "D": _("Diputación federal"), "L": _("Campaña local")}
"""Kinds of campaign."""


def column_words(column: str, basis_points: int) -> Thing:
    """Return a kind of campaign with its percentage of law below: Senaduría, 50 %."""
    return Thing(COLUMNS[column], debajo=percent(basis_points))


def with_residue(table: Table, amount: Money) -> Table:
    """Draw the visible line of the residue after the parts of a table."""
    words = _("Queda en la concentradora: nadie carga lo que no se puede repartir.")
    cells = {"candidatura": Thing(_("Diferencia por prorrateo"), debajo=words), "importe": amount}
    return replace(table, filas=(*table.filas, Row(cells)))
