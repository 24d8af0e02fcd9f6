"""Build the rows of the evidence that pólizas lack: of all the books of a person, or of one set."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sif.books.board import BoardRow, missing_by_class
from sif.books.models import ClaseEvidencia
from sif.registry.models import Contabilidad
from sif.web.columns import Column, Values, panel
from sif.web.lazy import law_words
from sif.web.tables import Empty, Link, Table, Thing


def missing_columns() -> tuple[Column, ...]:
    """Return the columns of what is missing: what, how many, how much money, and the page to go on."""
    return (
        Column("que", _("Qué falta"), "cosa"),
        Column("cuantas", _("Cuántas"), "numero"),
        Column("monto", _("Monto"), "dinero"),
        Column("sigue", _("Qué sigue"), "accion"),
    )


def evidence_rows(figures: Iterable[BoardRow], of: Contabilidad | None = None) -> list[Values]:
    """Return a row for each class of evidence that pólizas lack; its link opens them, those of some books if given."""
    names = dict(ClaseEvidencia.objects.values_list("pk", "nombre"))
    kept: list[tuple[str, int | str]] = [("contabilidad", of.pk)] if of else []
    return [
        {
            "que": Thing(
                _("Falta evidencia: %(what)s") % {"what": law_words(names.get(lack.clase, lack.clase))},
                debajo=_("La pide una cuenta que la póliza mueve."),
            ),
            "cuantas": lack.polizas,
            "monto": lack.monto,
            "sigue": Link(
                _("Ver las pólizas"), f"{reverse('party:polizas')}?{urlencode([*kept, ('falta', lack.clase)])}"
            ),
        }
        for lack in missing_by_class(figures)
    ]


def missing_table(figures: BoardRow, books: Contabilidad) -> Table:
    """Return the table of the evidence that the pólizas of some books lack."""
    nothing = Empty(_("Sus pólizas tienen las evidencias que piden."))
    return panel(_("Lo que falta"), evidence_rows([figures], books), missing_columns(), vacia=nothing)
