"""Query lots: counts, rows by page, and the result of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from sif.batch.models import ClaveApi, FilaLote, Lote, PolizaCargada
from sif.batch.review import POSTED_KINDS, external_id
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.registry.models import Usuario


@dataclass(frozen=True, slots=True)
class Cuentas:
    """Counts of a lot. cosas: pólizas, or rows of a catalogue; elegidas_malas: chosen with something wrong."""

    filas: int
    filas_malas: int
    cosas: int
    malas: int
    elegidas: int
    elegidas_malas: int
    aplicadas: int
    por_aplicar: int

    @property
    def buenas(self) -> int:
        """Things without anything wrong."""
        return self.cosas - self.malas


@dataclass(frozen=True, slots=True)
class CosaVista:
    """A thing as the preview shows it: its rows, whether it was chosen, and what came of it."""

    clave: str
    filas: tuple[FilaLote, ...]
    elegida: bool
    resultado: str
    eslabon: int | None = None

    @property
    def is_sound(self) -> bool:
        """Return whether no row has a problem."""
        return not any(row.problemas for row in self.filas)


def lotes(contabilidades: Iterable[int]) -> QuerySet[Lote]:
    """Return the lots of some books, the last first."""
    rows = Lote.objects.filter(contabilidad__in=list(contabilidades))
    return rows.select_related("contabilidad", "recibido_por").order_by("-recibido_el", "-pk")


def applied_keys(lote: Lote) -> list[str]:
    """Return the keys of the things of a lot that were applied."""
    if lote.tipo in POSTED_KINDS:
        prefix = len(external_id(lote.tipo, ""))
        return [text[prefix:] for text in lote.polizas.values_list("externo", flat=True)]
    return list(lote.filas.exclude(resultado="").values_list("clave", flat=True).distinct())


def keys_of(lote: Lote) -> list[str]:
    """Return every key of a lot."""
    return list(lote.filas.values_list("clave", flat=True).distinct())


_COUNTS = """
SELECT coalesce(sum(n), 0), coalesce(sum(m), 0), count(*), count(*) FILTER (WHERE m > 0), count(*) FILTER (WHERE e),
       count(*) FILTER (WHERE e AND m > 0 AND NOT a), count(*) FILTER (WHERE a), count(*) FILTER (WHERE e AND NOT a)
FROM (
    SELECT clave, count(*) AS n, count(*) FILTER (WHERE problemas <> '[]') AS m, bool_and(elegida) AS e,
           bool_or(resultado <> '') OR clave IN (
               SELECT substr(externo, %s) FROM batch_polizacargada WHERE lote_id = %s) AS a
    FROM batch_filalote WHERE lote_id = %s GROUP BY {by}
) things
"""


def counts_of(lote: Lote) -> Cuentas:
    """Return the counts of a lot, in one query."""
    by_thing = "clave" if lote.tipo in POSTED_KINDS else "clave, fila"
    start = len(external_id(lote.tipo, "")) + 1
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(by=by_thing), [start, lote.pk, lote.pk])
        counts = Cuentas(*(int(number) for number in cursor.fetchone()))
    if counts.cosas or lote.estado != Lote.Estado.APLICADO:
        return counts
    posted = lote.polizas.count()  # of a file posted as it was read: its rows were not kept
    return Cuentas(0, 0, posted, 0, posted, 0, posted, 0)


def things_page(lote: Lote, first: int, last: int, *, only_bad: bool = False) -> list[CosaVista]:
    """Things first..last (from 1, both included) of a lot, in the order of the file."""
    keys = _page_of_keys(lote, first, last, only_bad)
    rows: dict[str, list[FilaLote]] = {}
    found = lote.filas.filter(fila__in=[n for numbers in keys.values() for n in numbers])
    for row in found.order_by("fila"):
        name = row.clave if lote.tipo in POSTED_KINDS else f"{row.clave}#{row.fila}"
        rows.setdefault(name, []).append(row)
    done = _posted(lote, [row.clave for group in rows.values() for row in group])
    return [_shown(rows[name], done) for name in keys if name in rows]


def _page_of_keys(lote: Lote, first: int, last: int, only_bad: bool) -> dict[str, list[int]]:
    by_thing = "clave" if lote.tipo in POSTED_KINDS else "clave, fila"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT clave, array_agg(fila ORDER BY fila) FROM batch_filalote WHERE lote_id = %s GROUP BY {by_thing} "
            "HAVING NOT %s OR bool_or(problemas <> '[]') ORDER BY min(fila) LIMIT %s OFFSET %s",
            [lote.pk, only_bad, max(0, last - first + 1), max(0, first - 1)],
        )
        found = cursor.fetchall()
    if lote.tipo in POSTED_KINDS:
        return dict(found)
    return {f"{key}#{rows[0]}": rows for key, rows in found}


def _posted(lote: Lote, keys: Sequence[str]) -> Mapping[str, PolizaCargada]:
    if lote.tipo not in POSTED_KINDS:
        return {}
    names = {external_id(lote.tipo, key): key for key in keys}
    rows = lote.polizas.filter(externo__in=names).select_related("poliza__periodo")
    return {names[row.externo]: row for row in rows}


def _shown(rows: Sequence[FilaLote], done: Mapping[str, PolizaCargada]) -> CosaVista:
    posted = done.get(rows[0].clave)
    words = reference_of(posted.poliza) if posted else rows[0].resultado
    chosen = all(row.elegida for row in rows)
    return CosaVista(rows[0].clave, tuple(rows), chosen, words, posted.poliza.eslabon if posted else None)


def bad_rows(lote: Lote) -> QuerySet[FilaLote]:
    """Return the rows with something wrong, in the order of the file."""
    return lote.filas.exclude(problemas=[]).order_by("fila")


def posted_of(lote: Lote) -> QuerySet[PolizaCargada]:
    """Return the pólizas that a lot posted, in the order of their chain."""
    return lote.polizas.select_related("poliza__periodo").order_by("poliza__eslabon")


def lot_of(poliza: Poliza) -> Lote | None:
    """Return the lot that brought a póliza in from a file or another program, or None where it was typed here."""
    return Lote.objects.filter(polizas__poliza=poliza).first()


def keys_of_person(user: Usuario) -> QuerySet[ClaveApi]:
    """Return the keys of programs that act as a person, the last made first, each with its revocation."""
    return ClaveApi.objects.filter(usuario=user).select_related("revocacion").order_by("-creada_el")
