"""Build the picture of whose amounts some indicios are, the largest first."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from sif.audit.lens.indicio import Indicio
from sif.web.charts import Chart, Point

BARS, LEAST = 12, 3
"""The most names that are drawn, and the least that are worth a picture."""


def amounts_pictures(found: Sequence[Indicio], who: Callable[[Indicio], str]) -> list[Chart]:
    """Return the chart of the sum of amounts of each name, of the largest; none where few have an amount."""
    sums: Counter[str] = Counter()
    for each in found:
        sums[who(each)] += each.monto
    largest = [Point(name, (centavos,)) for name, centavos in sums.most_common(BARS) if name and centavos > 0]
    if len(largest) < LEAST:
        return []
    return [
        Chart(_("¿De quién son los montos?"), "apiladas", _("Nombre"), (_("Monto"),), largest, nota=_("Los mayores.")),
    ]
