"""Query the operations posted in a period after its report was presented."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection

from sif.filing.figures import LineDifference, changes, lines_of
from sif.filing.models import Informe
from sif.filing.owed import report_of
from sif.registry.models import Contabilidad

Key = tuple[int, int, str]
"""Contabilidad, period and kind of report."""


@dataclass(frozen=True, slots=True)
class Later:
    """Operations of a period posted after the books were frozen for the version presented last, and since when."""

    informe_id: int
    polizas: int
    desde: datetime


_LATER = """
SELECT t.i, x.n, x.desde FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS t(i, c, p, e)
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(registrada_el) AS desde FROM books_poliza
    WHERE contabilidad_id = t.c AND eslabon > t.e AND (t.p = 0 OR periodo_id = t.p)
) x WHERE x.n > 0
"""


def later_operations(books: Iterable[Contabilidad]) -> dict[Key, Later]:
    """The reports of some books that were presented and whose period has operations posted afterwards; two queries."""
    presented = Informe.objects.filter(contabilidad__in=[row.pk for row in books], presentacion__isnull=False).order_by(
        "version"
    )
    last: dict[Key, tuple[int, int, int]] = {}
    columns = ("contabilidad_id", "periodo_id", "tipo", "pk", "contenido__libros__eslabon", "periodo__desde")
    for number, periodo, tipo, pk, eslabon, desde, first in presented.values_list(
        *columns, "contenido__periodo__desde"
    ):
        own = 0 if first < desde.isoformat() else periodo  # a report of the whole stage is of all its periods
        last[number, periodo, tipo] = (pk, own, int(eslabon))
    if not last:
        return {}
    by_pk = {pk: key for key, (pk, _own, _link) in last.items()}
    asked = zip(*((pk, key[0], own, link) for key, (pk, own, link) in last.items()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LATER, [list(column) for column in asked])
        return {by_pk[pk]: Later(pk, count, since) for pk, count, since in cursor.fetchall()}


def differences(informe: Informe) -> list[LineDifference]:
    """Return the lines of a presented report that the books no longer say, in the order of the form."""
    report = report_of(informe.contabilidad, informe.periodo, informe.tipo)
    if report is None:
        return []
    now, _moved = lines_of(informe.contabilidad, report)
    return changes(informe.contenido, {"lineas": [asdict(row) for row in now]})
