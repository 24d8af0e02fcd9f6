"""Post a póliza whole, numbered and chained, and correct it by another."""

from collections.abc import Sequence
from datetime import datetime

from sif.books.models import Poliza
from sif.books.selectors import lines_of, reference_of
from sif.books.services.bulk import Entry, PolizaRefused, write_now
from sif.books.services.soporte import Support
from sif.books.services.writing import COLUMNS, Item
from sif.ledger import NewPoliza, reversal_of
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import windows_open
from sif.values import Problem

__all__ = ["Item", "PolizaRefused", "post_many", "post_poliza", "reverse_poliza"]


def post_poliza(
    poliza: NewPoliza,
    by: Usuario,
    *,
    support: Support = Support(),  # noqa: B008 - immutable
    arrived: datetime | None = None,
) -> Poliza:
    """Post one póliza with its support, all or nothing. Raises PolizaRefused."""
    return post_many([(poliza, support)], by, arrived=arrived)[0]


def post_many(items: Sequence[Item], by: Usuario, *, arrived: datetime | None = None) -> list[Poliza]:
    """Post pólizas in that order, all or none, as if one by one, and return them. Raises PolizaRefused.

    For as many as one wants to hold in memory; `post_stream` for any number. The rows of their contabilidades are
    locked: two people posting at once take consecutive numbers and links. `arrived`: when the act of which they are
    part came, whose windows hold (now unless told).
    """
    if not items:
        return []
    entry = Entry(by, arrived or clock.now(), alone=len(items) == 1)
    with acting(savepoint=False):  # with problems it wrote nothing that should be undone
        headers = entry.take(items, write_now)
    if entry.problems:
        raise PolizaRefused(*entry.problems)
    names = list(COLUMNS["books_poliza"])
    posted = [Poliza.from_db("default", names, header.row()) for header in headers]
    for row in posted:
        desk = entry.books[row.contabilidad_id].desk
        row.contabilidad, row.periodo, row.registrada_por = desk.contabilidad, desk.periods[row.periodo_id], by
    return posted


def reverse_poliza(poliza: Poliza, by: Usuario, *, concepto: str = "", arrived: datetime | None = None) -> Poliza:
    """Post the póliza that reverses another: same accounts and sides, negative, citing it. Once only.

    It is posted in the window that is open now: the normal one of its period, or a correction. Raises PolizaRefused.
    """
    cited = reference_of(poliza)
    moment = arrived or clock.now()
    windows = [window for window in windows_open(poliza.contabilidad, moment) if window.periodo_id == poliza.periodo_id]
    if not windows:
        raise PolizaRefused(
            _problem("cerrado", f"El periodo {poliza.periodo.numero} está cerrado.", "Espere la ventana de corrección.")
        )
    original = NewPoliza(
        poliza.contabilidad_id,
        poliza.periodo_id,
        poliza.tipo,
        poliza.subtipo,
        poliza.fecha_operacion,
        poliza.concepto,
        lines_of(poliza),
        clase=poliza.clase,
    )
    words = f"Reversión de {cited}. {concepto}".strip()
    reversal = reversal_of(original, poliza.pk, poliza.periodo_id, windows[0].tipo, words[:500])
    return post_poliza(reversal, by, arrived=moment)


def _problem(code: str, seen: str, cure: str) -> Problem:
    return Problem(code, "póliza", seen, cure)
