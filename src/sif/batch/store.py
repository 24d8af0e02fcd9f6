"""Rows of lots in the table, in and out in pieces: hundreds of thousands without keeping them in memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from json import JSONEncoder

from django.db import connection
from django.db.models import F, Min, Window

from sif.batch.kinds import POLIZAS
from sif.batch.models import FilaLote, Lote
from sif.batch.polizas import Fila
from sif.values import Problem

PIECE = 2000
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Cosa:
    """What is applied at once: the rows of one póliza, or the row of one thing of a catalogue."""

    clave: str
    filas: tuple[Fila, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing wrong was seen in it."""
        return not any(row.problemas for row in self.filas)


def insert_rows(lote: Lote, rows: Iterable[Fila]) -> None:
    """Write new rows of a lot. One statement for each thousands: COPY is refused where rows have walls."""
    for piece in batched(rows, PIECE):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO batch_filalote "
                "(lote_id, contabilidad_id, fila, clave, celdas, problemas, elegida, resultado) "
                "SELECT %s, %s, f, k, c::jsonb, p::jsonb, true, '' "
                "FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS t(f, k, c, p)",
                [
                    lote.pk, lote.contabilidad_id, [row.fila for row in piece], [row.clave for row in piece],
                    [_json(row.celdas) for row in piece], [_json(problems_json(row.problemas)) for row in piece],
                ],
            )  # fmt: skip


def save_problems(lote: Lote, rows: Iterable[Fila]) -> None:
    """Write again the problems of rows that are already there."""
    for piece in batched(rows, PIECE):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE batch_filalote SET problemas = t.p::jsonb FROM unnest(%s::int[], %s::text[]) AS t(f, p) "
                "WHERE lote_id = %s AND fila = t.f AND problemas IS DISTINCT FROM t.p::jsonb",
                [[row.fila for row in piece], [_json(problems_json(row.problemas)) for row in piece], lote.pk],
            )


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """As they are kept: `columna` instead of a place, since the row says the rest."""
    return [{"codigo": p.codigo, "columna": p.donde, "mensaje": p.mensaje, "cura": p.cura} for p in problems]


def _json(value: object) -> str:
    return _encode(value).replace("\\u0000", "")


def as_fila(row: FilaLote) -> Fila:
    """A row of the table as one in work, without the problems it had."""
    return Fila(row.fila, row.clave, row.celdas)


def things_of(kind: str, rows: Iterable[Fila]) -> Iterator[Cosa]:
    """Rows in order, as things: those of the same key together, or each by itself."""
    if kind != POLIZAS:
        yield from (Cosa(row.clave, (row,)) for row in rows)
        return
    for key, group in groupby(rows, key=lambda row: row.clave):
        yield Cosa(key, tuple(group))


def stored_things(lote: Lote, *, chosen: bool = False, keys: Sequence[str] | None = None) -> Iterator[Cosa]:
    """Things of a lot as they stand in the table, in the order of their first row; only the chosen, or of those keys.

    The rows of a póliza come together even where the file had them apart.
    """
    rows = FilaLote.objects.filter(lote=lote)
    if chosen:
        rows = rows.filter(elegida=True)
    if keys is not None:
        rows = rows.filter(clave__in=list(keys))
    if lote.tipo == POLIZAS:
        first = Window(Min("fila"), partition_by=F("clave"))
        rows = rows.annotate(primera=first).order_by("primera", "fila")
    else:
        rows = rows.order_by("fila")
    return things_of(lote.tipo, (as_fila(row) for row in rows.iterator(chunk_size=PIECE)))
