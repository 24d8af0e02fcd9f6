"""Write the filtered queue as CSV or XLSX."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from sif.audit.models import Hallazgo
from sif.audit.review_selectors import Standing, standings
from sif.registry.masks import covered
from sif.values import Money
from sif.web.authority_seat import books_words
from sif.web.files import file_response
from sif.web.law import rule_title, severity_words
from sif.web.states import state_look

BATCH = 1_000  # rows read at once


def _heads() -> list[str]:
    return [
        _("Regla"),
        _("Título"),
        _("Clave"),
        _("Sujeto"),
        _("Contabilidad"),
        _("Nombre"),
        _("Estado"),
        _("Decisión"),
        _("Día"),
        _("Monto (MXN)"),
        _("Mensaje"),
        _("Motivo"),
        _("Falta"),
        _("Asignado"),
    ]


def _rows(hallazgos: QuerySet[Hallazgo], *, spoken: bool) -> Iterator[list[object]]:
    for batch in batched(hallazgos.iterator(BATCH), BATCH):
        known = standings(batch)
        for row in batch:
            yield _cells(row, known[row.pk], spoken=spoken)


def _cells(row: Hallazgo, standing: Standing, *, spoken: bool) -> list[object]:
    """Return the cells of a hallazgo. spoken: with its states in words, for who reads a workbook."""
    books = row.contabilidad
    decided = standing.observacion or standing.descarte or standing.propuesta
    return [
        row.regla,
        rule_title(row.regla),
        row.clave,
        books.sujeto.nombre,
        books.pk,
        books_words(books),
        _state_words(row.estado) if spoken else row.estado,
        _state_words(standing.estado) if spoken else standing.estado,
        row.dia,
        Money(row.monto),
        covered(row.mensaje),
        decided.motivo if decided else "",
        severity_words(row.regla),
        standing.asignado.nombre if standing.asignado else "",
    ]


def _state_words(state: str) -> object:
    return _("Hallazgo") if state == "hallazgo" else state_look(state).palabra


def export_response(hallazgos: QuerySet[Hallazgo], kind: str, name: str) -> HttpResponse:
    """Answer the filtered set as csv or xlsx. Raises LongFile."""
    heads = _heads()
    return file_response(kind, name, heads, _rows(hallazgos, spoken=kind == "xlsx"), titles=heads)
