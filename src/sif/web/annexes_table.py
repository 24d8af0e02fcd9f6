"""Draw the annexes of a version of a report as a table, each with its file."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.annexes import Annexed, annexes_in
from sif.filing.models import Informe
from sif.law.annexes import left_out_of
from sif.web.columns import Column, panel
from sif.web.lazy import law_words
from sif.web.tables import Table, Thing
from sif.web.templatetags.piezas import digest


def left_out(tipo: str) -> list[dict[str, object]]:
    """Return what the law asks for with a kind of report and the system does not attach, in words, and why."""
    found = left_out_of(tipo, settings.JURISDICTION)
    return [{"que": law_words(each.que), "razon": law_words(each.razon), "base": each.base} for each in found]


def annexes_table(informe: Informe, address: Callable[[str], str] | None = None) -> Table | None:
    """Return the annexes of a version, or None for one that was frozen before reports had them.

    address: returns where the file of an annex is, by its key; that of the party desk unless told.
    """
    place = [informe.contabilidad_id, informe.tipo, informe.periodo.numero, informe.version]

    def named(each: Annexed) -> Thing:
        url = address(each.clave) if address else reverse("party:anexo", args=[*place, each.clave])
        return Thing(law_words(each.titulo), url, debajo=each.archivo, articulo=each.fundamento)

    columns = (
        Column("titulo", _("Anexo"), "cosa", show=named),
        Column("renglones", _("Renglones"), "numero"),
        Column("bytes", _("Bytes"), "numero"),
        Column("sha256", _("SHA-256"), "texto", show=lambda each: digest(each.sha256), phone="row"),
    )
    found = annexes_in(informe)
    return panel(_("Anexos"), found, columns) if found else None
