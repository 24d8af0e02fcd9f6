"""Draw the annexes of a version of a report as a table, each with its file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.annexes import Annexed, annexes_in
from sif.filing.models import Informe
from sif.web.columns import Column, panel
from sif.web.lazy import law_words
from sif.web.tables import Table, Thing
from sif.web.templatetags.piezas import digest


def annexes_table(informe: Informe) -> Table | None:
    """Return the annexes of a version, or None for one that was frozen before reports had them."""
    place = [informe.contabilidad_id, informe.tipo, informe.periodo.numero, informe.version]

    def named(each: Annexed) -> Thing:
        url = reverse("party:anexo", args=[*place, each.clave])
        return Thing(law_words(each.titulo), url, debajo=each.archivo, articulo=each.base)

    columns = (
        Column("titulo", _("Anexo"), "cosa", show=named),
        Column("renglones", _("Renglones"), "numero"),
        Column("bytes", _("Bytes"), "numero"),
        Column("sha256", _("SHA-256"), "texto", show=lambda each: digest(each.sha256), phone="row"),
    )
    found = annexes_in(informe)
    return panel(_("Anexos"), found, columns) if found else None
