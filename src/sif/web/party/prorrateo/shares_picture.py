"""Build the picture of how an expense was shared among the campaigns."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.apportionment.models import Prorrateo
from sif.apportionment.selectors import ParteRow
from sif.web.charts import Chart, Point
from sif.web.formats import whole_number

MOST = 12  # campaigns with a bar of their own


def shares_picture(found: Prorrateo, parts: Sequence[ParteRow]) -> Chart:
    """Return the chart of the share of each campaign, the largest first, then the residue that no campaign bears."""
    ordered = sorted(parts, key=lambda part: (-part.monto.centavos, part.contabilidad_id))
    points = [
        Point(part.candidatura, (part.monto.centavos,), reverse("party:contabilidad", args=[part.contabilidad_id]))
        for part in ordered[:MOST]
    ]
    if rest := ordered[MOST:]:
        words = ngettext("%(n)s campaña más", "%(n)s campañas más", len(rest)) % {"n": whole_number(len(rest))}
        points.append(Point(words, (sum(part.monto.centavos for part in rest),)))
    if found.diferencia:
        points.append(Point(_("Diferencia por prorrateo"), (found.diferencia,)))
    return Chart(
        _("¿Cuánto del gasto tocó a cada campaña?"),
        "apiladas",
        _("Campaña"),
        (_("Importe"),),
        points,
        totales=(sum(point.valores[0] or 0 for point in points),),
        vacia=_("Este prorrateo no tiene partes en sus contabilidades."),
    )
