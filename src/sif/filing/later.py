"""Query the operations posted in a period after its report was presented."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sif.filing.figures import TIPO, lines_of
from sif.filing.models import Informe
from sif.filing.preparing import CORRECTION
from sif.registry.models import Contabilidad, Ventana
from sif.registry.selectors import windows_open

Key = tuple[int, int]
"""Contabilidad and period."""


@dataclass(frozen=True, slots=True)
class Later:
    """Operations of a period posted after the books were frozen for the version presented last, and since when."""

    informe_id: int
    polizas: int
    desde: datetime


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line of the form whose amount of the period is one in the report presented and another in the books."""

    linea: str
    titulo: str
    informe: int
    libros: int

    @property
    def diferencia(self) -> int:
        """What the books say over the report, in centavos."""
        return self.libros - self.informe


_LATER = """
SELECT t.i, x.n, x.desde FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS t(i, c, p, e)
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(registrada_el) AS desde FROM books_poliza
    WHERE contabilidad_id = t.c AND eslabon > t.e AND periodo_id = t.p
) x WHERE x.n > 0
"""


def later_operations(books: Iterable[Contabilidad]) -> dict[Key, Later]:
    """The reports of some books that were presented and whose period has operations posted afterwards; two queries."""
    presented = Informe.objects.filter(
        contabilidad__in=[row.pk for row in books], tipo=TIPO, presentacion__isnull=False
    ).order_by("version")
    last: dict[Key, tuple[int, int]] = {}
    columns = ("contabilidad_id", "periodo_id", "pk", "contenido__libros__eslabon")
    for number, periodo, pk, eslabon in presented.values_list(*columns):
        last[number, periodo] = (pk, int(eslabon))
    if not last:
        return {}
    by_pk = {pk: key for key, (pk, _link) in last.items()}
    asked = zip(*((pk, *key, link) for key, (pk, link) in last.items()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LATER, [list(column) for column in asked])
        return {by_pk[pk]: Later(pk, count, since) for pk, count, since in cursor.fetchall()}


def differences(informe: Informe) -> list[LineDifference]:
    """The lines of a presented report that the books no longer say, in the order of the form."""
    now, _moved = lines_of(informe.contabilidad, informe.periodo)
    said = {row["linea"]: int(row["periodo"]) for row in informe.contenido["lineas"]}
    found = (LineDifference(row.linea, row.titulo, said.get(row.linea, 0), row.periodo) for row in now)
    return [each for each in found if each.diferencia]


def correction_of(contabilidad: Contabilidad, periodo_id: int) -> Ventana | None:
    """The window in which these books may present a corrected version for that period now, if it is open."""
    rows = windows_open(contabilidad)
    return next((row for row in rows if row.tipo == CORRECTION and row.periodo_id == periodo_id), None)
