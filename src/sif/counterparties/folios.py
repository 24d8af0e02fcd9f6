"""Derive from the contributions which folios of each series are used, cancelled or pending."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from sif.books.board import rows_of
from sif.catalogs.models import FolioCancelado, SerieRecibos
from sif.counterparties.subject_scope import whole_subject
from sif.law.receipts import ReceiptFormat, format_of
from sif.registry import clock
from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.selectors import Reach
from sif.values import Money

DIGITS = 4
_REVERSALS = """
WITH reversion AS MATERIALIZED (SELECT id, revierte_a_id FROM books_poliza WHERE revierte_a_id IS NOT NULL),
"""
_CITED = """
serie AS (SELECT * FROM unnest(%(series)s::bigint[], %(claves)s::text[], %(desde)s::int[], %(hasta)s::int[])
          AS s (id, clave, desde, hasta)),
cancelado AS (SELECT * FROM unnest(%(canceladas)s::bigint[], %(numeros)s::int[], %(cancelaciones)s::bigint[])
              AS c (serie_id, numero, id)),
leido AS (
    SELECT a.id, regexp_match(a.folio, '^\\s*(.+)-([0-9]{{1,9}})\\s*$') AS partes,
           a.poliza_id IN (SELECT revierte_a_id FROM reversion) AS revertida
    FROM books_aportacion a
    WHERE a.contabilidad_id = ANY(%(libros)s) AND a.poliza_id NOT IN (SELECT id FROM reversion) {only}),
citado AS (
    SELECT s.id AS serie_id, l.partes[2]::int AS numero, l.revertida, l.id AS aportacion_id
    FROM leido l JOIN serie s ON s.clave = upper(l.partes[1]) AND l.partes[2]::int BETWEEN s.desde AND s.hasta)
"""
CITED = _REVERSALS + _CITED.format(only="")
"""Each contribution by the series and number of its folio; one whose folio is of no series is not of these."""
CITED_AND_REVERTED = _REVERSALS + _CITED.format(
    only="""AND a.folio IN (SELECT o.folio FROM books_aportacion o
        WHERE o.contabilidad_id = ANY(%(libros)s) AND o.poliza_id IN (SELECT revierte_a_id FROM reversion))"""
)
"""The same of the folios alone that a reversed póliza cites."""
CONTROL = """,
tomado AS (
    SELECT serie_id, numero, bool_or(vigente) AS vigente, bool_or(cancelado) AS cancelado,
           row_number() OVER (PARTITION BY serie_id ORDER BY numero) AS lugar
    FROM (SELECT serie_id, numero, NOT revertida AS vigente, false AS cancelado FROM citado
          UNION ALL SELECT serie_id, numero, false, true FROM cancelado) t
    GROUP BY serie_id, numero)
SELECT t.serie_id, count(*) FILTER (WHERE vigente AND NOT cancelado), count(*) FILTER (WHERE cancelado),
       count(*) FILTER (WHERE NOT vigente AND NOT cancelado), count(*), max(t.numero),
       min(s.desde + t.lugar - 1) FILTER (WHERE t.numero <> s.desde + t.lugar - 1)
FROM tomado t JOIN serie s ON s.id = t.serie_id GROUP BY t.serie_id
"""
"""Of each series: used, cancelled, to be cancelled, taken, the last one and the first that was skipped."""
_EACH = """,
uso AS (
    SELECT *, count(*) FILTER (WHERE NOT revertida) OVER (PARTITION BY numero) AS vigentes FROM citado),
lugar AS (
    SELECT s.id AS serie_id, n AS numero FROM serie s, generate_series(coalesce(%(numero)s::int, s.desde), (
        SELECT coalesce(%(numero)s::int, max(t.numero)) FROM (
            SELECT max(numero) AS numero FROM citado UNION ALL SELECT max(numero) FROM cancelado) t)) AS n),
fila AS (
    SELECT l.numero, u.aportacion_id, c.id AS cancelado_id,
           CASE WHEN c.id IS NOT NULL THEN 'cancelado' WHEN u.aportacion_id IS NULL THEN 'pendiente'
                WHEN u.vigentes > 1 THEN 'repetido' WHEN u.vigentes = 1 THEN 'usado' ELSE 'revertido' END AS estado
    FROM lugar l LEFT JOIN cancelado c ON c.numero = l.numero
    LEFT JOIN uso u ON u.numero = l.numero AND c.id IS NULL AND (NOT u.revertida OR u.vigentes = 0))
"""
EACH = (
    _EACH
    + """,
hoja AS (SELECT * FROM fila ORDER BY numero {order}, aportacion_id {order} LIMIT %(cuantos)s OFFSET %(antes)s)
SELECT h.numero, h.estado, a.fecha, d.nombre, a.monto, a.contabilidad_id, p.eslabon, h.cancelado_id
FROM hoja h LEFT JOIN books_aportacion a ON a.id = h.aportacion_id
LEFT JOIN registry_aportante d ON d.id = a.aportante_id
LEFT JOIN books_poliza p ON p.id = a.poliza_id ORDER BY h.numero {order}, h.aportacion_id {order}
"""
)
"""Each folio of one series up to the last taken, or one of them, in that order."""
COUNTED = (
    _EACH
    + """
SELECT count(*), coalesce(sum(a.monto) FILTER (WHERE f.estado IN ('usado', 'repetido')
       AND (%(vistos)s::bigint[] IS NULL OR a.contabilidad_id = ANY(%(vistos)s::bigint[]))), 0)::bigint
FROM fila f LEFT JOIN books_aportacion a ON a.id = f.aportacion_id
"""
)
"""How many of them there are, and the sum of those used in some books."""


@dataclass(frozen=True, slots=True)
class FolioRow:
    """A folio of a series. estado: usado, repetido (cited twice), revertido (its póliza was), cancelado, pendiente."""

    numero: int
    folio: str
    estado: str
    fecha: date | None = None
    aportante: str = ""
    monto: Money | None = None
    contabilidad_id: int | None = None
    eslabon: int | None = None
    motivo: str = ""
    cancelo: str = ""


@dataclass(frozen=True, slots=True)
class SerieControl:
    """A series with how many of its folios stand in each state; siguiente: the next to use, None once spent."""

    serie: SerieRecibos
    formato: ReceiptFormat | None
    usados: int
    cancelados: int
    pendientes: int
    por_cancelar: int
    saltados: int
    siguiente: int | None

    @property
    def autorizados(self) -> int:
        """Return the number of folios of the series."""
        return self.serie.hasta - self.serie.desde + 1


def folio_text(clave: str, numero: int) -> str:
    """RSEF-0012: the key of its series and its number."""
    return f"{clave}-{numero:0{DIGITS}d}"


def parse_folio(text: str) -> tuple[str, int] | None:
    """Return the key of the series and the number of a folio as written, or None."""
    clave, _dash, number = text.strip().upper().rpartition("-")
    return (clave, int(number)) if clave and number.isascii() and number.isdigit() and len(number) < 10 else None


def series_of(sujeto: SujetoObligado) -> list[SerieRecibos]:
    """Return the series authorised to a subject, by key and first folio."""
    return list(SerieRecibos.objects.filter(sujeto=sujeto).order_by("clave", "desde"))


def folio_control(sujeto: SujetoObligado) -> list[SerieControl]:
    """Return each series of a subject with its folios used, cancelled and pending, and the next to use."""
    return _controls(sujeto, CITED)


def to_cancel(sujeto: SujetoObligado) -> int:
    """Count the folios of a subject whose póliza was reversed and which nobody has cancelled."""
    return sum(row.por_cancelar for row in _controls(sujeto, CITED_AND_REVERTED))


def _controls(sujeto: SujetoObligado, cited: str) -> list[SerieControl]:
    series = series_of(sujeto)
    if not series:
        return []
    taken = {row[0]: row[1:] for row in _asked(cited + CONTROL, sujeto, series)}
    return [_control(serie, *taken.get(serie.pk, (0, 0, 0, 0, serie.desde - 1, None))) for serie in series]


def _asked(query: str, sujeto: SujetoObligado, series: Sequence[SerieRecibos], **more: object) -> list[tuple[Any, ...]]:
    """Ask about every contribution of the whole subject: whoever asks, a folio is used or it is not."""
    out = FolioCancelado.objects.filter(serie__in=series).order_by("pk").values_list("serie", "numero", "pk")
    cancelled = list(zip(*out, strict=True)) or [(), (), ()]
    values = {
        "libros": list(Contabilidad.objects.filter(sujeto=sujeto).values_list("pk", flat=True)),
        "series": [each.pk for each in series],
        "claves": [each.clave for each in series],
        "desde": [each.desde for each in series],
        "hasta": [each.hasta for each in series],
    }
    names = ("canceladas", "numeros", "cancelaciones")
    values |= {name: list(column) for name, column in zip(names, cancelled, strict=True)}
    with whole_subject(sujeto):
        return rows_of(query, **values, **more)


def _control(
    serie: SerieRecibos, used: int, cancelled: int, reverted: int, taken: int, last: int, gap: int | None
) -> SerieControl:
    """Say how a series stands; past its end, the next folio is the first that was skipped."""
    return SerieControl(
        serie,
        format_of(serie.clave, settings.JURISDICTION),
        used,
        cancelled,
        serie.hasta - serie.desde + 1 - taken,
        reverted,
        last - serie.desde + 1 - taken,
        last + 1 if last < serie.hasta else gap,
    )


def next_folio(controls: Sequence[SerieControl], form: ReceiptFormat, contabilidad_id: int) -> str:
    """Return the folio that some books would use now, '' when there is none left.

    A series marked with the number of these books comes first, then those without mark or with one that is no number:
    a series marked for other books is theirs.
    """
    own, shared = f"{form.clave}-{contabilidad_id}", []
    for row in controls:
        if row.formato != form or row.siguiente is None:
            continue
        if row.serie.clave == own:
            return folio_text(own, row.siguiente)
        if not row.serie.clave.removeprefix(form.clave).lstrip("-").isdigit():
            shared.append(row)
    return folio_text(shared[0].serie.clave, shared[0].siguiente or 0) if shared else ""


def folios_of(
    serie: SerieRecibos, reach: Reach | None = None, *, numero: int | None = None, page: tuple[int, int] | None = None
) -> list[FolioRow]:
    """Return every folio of a series up to the last one taken: a folio in two contributions comes once for each.

    reach: of who looks; of a folio used in books out of it, only the state is told. numero: that folio alone. page:
    how many, the last first, and how many of them to leave before.
    """
    limit = {"numero": numero, "cuantos": page and page[0], "antes": page[1] if page else 0}
    rows = _asked(CITED + EACH.format(order="DESC" if page else "ASC"), serie.sujeto, [serie], **limit)
    cancelled = FolioCancelado.objects.select_related("cancelado_por").in_bulk([row[-1] for row in rows if row[-1]])
    told = None if reach is None or reach.is_whole(serie.sujeto_id) else reach.libros
    return [_row(serie, row, cancelled.get(row[-1]), told) for row in rows]


def folios_counted(serie: SerieRecibos, reach: Reach | None = None) -> tuple[int, Money]:
    """Return how many rows `folios_of` has, and the sum of those used that are within reach."""
    told = None if reach is None or reach.is_whole(serie.sujeto_id) else list(reach.libros)
    ((count, total),) = _asked(CITED + COUNTED, serie.sujeto, [serie], numero=None, vistos=told)
    return count, Money(total)


def _row(
    serie: SerieRecibos, row: tuple[Any, ...], cancelled: FolioCancelado | None, told: Collection[int] | None
) -> FolioRow:
    number, state, day, donor, amount, books, link, _cancelled = row
    folio = folio_text(serie.clave, number)
    if cancelled is not None:
        day = clock.legal_day(cancelled.cancelado_el)
        who = cancelled.cancelado_por.named_at(cancelled.cancelado_el)
        return FolioRow(number, folio, state, day, motivo=cancelled.motivo, cancelo=who)
    if books is None or (told is not None and books not in told):
        return FolioRow(number, folio, state)
    return FolioRow(number, folio, state, day, donor, Money(amount), books, link)
