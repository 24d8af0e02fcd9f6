"""Build the picture of the first digits of the amounts of some books beside those that are expected."""

from django.utils.translation import gettext as _

from sif.audit.lens.chance import BENFORD
from sif.audit.lens.indicio import Indicio, share
from sif.web.charts import Chart, Point
from sif.web.formats import percent, whole_number

EXPECTED = tuple(round(10_000 * each) for each in BENFORD)


def digits_picture(each: Indicio, books: str) -> Chart:
    """Return the chart of the share of amounts by first digit, with the bound of the lens for the mean distance."""
    whole = sum(each.digitos)
    bound = _("%(n)s cargos. Desvío medio: %(seen)s; se señala desde %(bound)s.") % {
        "n": whole_number(whole),
        "seen": percent(each.medida),
        "bound": percent(each.referencia),
    }
    pairs = zip(each.digitos, EXPECTED, strict=True)
    return Chart(
        _("¿Con qué dígito empiezan los gastos de %(books)s?") % {"books": books},
        "columnas",
        _("Primer dígito"),
        (_("Observado"), _("Esperado")),
        [Point(str(digit), (share(many, whole), expected)) for digit, (many, expected) in enumerate(pairs, 1)],
        "porcentaje",
        nota=bound,
        marca=True,
    )
