"""Cache the figures of the board of many books until the next póliza of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.models import prefetch_related_objects

from sif.law.articles import Supuesto, speaks_of_case
from sif.law.parameters import load_parameters
from sif.registry.models import Contabilidad, SujetoObligado
from sif.values import Money

REMEMBERED = 24 * 3600  # seconds; the stamp, not the time, says whether it still holds

STAMPS = """
SELECT c, coalesce((SELECT id FROM books_poliza WHERE contabilidad_id = c ORDER BY eslabon DESC LIMIT 1), 0),
       coalesce((SELECT max(id) FROM books_evidencia WHERE contabilidad_id = c), 0),
       (SELECT coalesce(max(id), 0) FROM books_evidenciasinefecto)
FROM unnest(%(libros)s::bigint[]) AS c
"""
SPENT = """
SELECT m.contabilidad_id, coalesce(sum(m.abono - m.cargo) FILTER (WHERE c.es_ingreso), 0)::bigint,
       coalesce(sum(m.cargo - m.abono) FILTER (WHERE c.es_gasto), 0)::bigint,
       coalesce(sum(m.abono - m.cargo) FILTER (WHERE c.es_ingreso AND c.auxiliar = 'contabilidad'), 0)::bigint
FROM (SELECT contabilidad_id, cuenta_id, sum(cargo) AS cargo, sum(abono) AS abono FROM books_movimiento
      WHERE contabilidad_id = ANY(%(libros)s) GROUP BY contabilidad_id, cuenta_id) m
JOIN books_cuenta c ON c.codigo = m.cuenta_id GROUP BY m.contabilidad_id
"""
# A póliza lacks a class that an account it moves asks for on its day, unless it was reversed, reverses another, or is
# supported where it came from (transfers, reclassifications, prorrateo: rule EV001 says the same).
_LACKING = """
WITH pedida AS (
    SELECT m.contabilidad_id, m.poliza_id, e.clase_id, min(m.cuenta_id) AS cuenta, p.total
    FROM books_movimiento m JOIN books_poliza p ON p.id = m.poliza_id
    JOIN books_cuentaevidencia e ON e.cuenta_id = m.cuenta_id AND e.obligatoria
         AND e.desde <= p.fecha_operacion AND p.fecha_operacion < e.hasta
    WHERE {of} AND p.revierte_a_id IS NULL AND p.clase = 'ordinaria'
      AND NOT EXISTS (SELECT FROM books_poliza r WHERE r.revierte_a_id = p.id)
    GROUP BY m.contabilidad_id, m.poliza_id, e.clase_id, p.total),
falta AS (
    SELECT q.* FROM pedida q WHERE NOT EXISTS (
        SELECT FROM books_evidencia v WHERE v.poliza_id = q.poliza_id AND v.clase_id = q.clase_id
          AND NOT EXISTS (SELECT FROM books_evidenciasinefecto x WHERE x.evidencia_id = v.id)))
"""
LACKING = _LACKING.format(of="m.contabilidad_id = ANY(%(libros)s)")
MISSING = f"""{LACKING}
SELECT contabilidad_id, clase_id, count(*), sum(total)::bigint
FROM falta GROUP BY contabilidad_id, clase_id ORDER BY contabilidad_id, clase_id
"""
_EACH = """
SELECT f.poliza_id, f.clase_id, f.cuenta, f.total, p.tipo, r.numero, p.subtipo, p.numero, p.fecha_operacion,
       p.contabilidad_id
FROM falta f JOIN books_poliza p ON p.id = f.poliza_id JOIN registry_periodo r ON r.id = p.periodo_id
ORDER BY f.contabilidad_id, f.poliza_id, f.clase_id
"""
MISSING_EACH = LACKING + _EACH
MISSING_WITHIN = f"""{LACKING}
SELECT count(DISTINCT poliza_id), coalesce(sum(total), 0)::bigint FROM (
    SELECT DISTINCT f.poliza_id, f.cuenta, f.total FROM falta f JOIN books_poliza p ON p.id = f.poliza_id
    WHERE p.fecha_operacion BETWEEN %(desde)s AND %(hasta)s) d
"""
MISSING_OF = _LACKING.format(of="m.poliza_id = ANY(%(polizas)s)") + _EACH
"""What each póliza lacks, of some books and of some pólizas: the second reads no other row of their books."""
GIVEN = """
WITH revertida AS MATERIALIZED (
    SELECT unnest(ARRAY[id, revierte_a_id]) AS id FROM books_poliza WHERE revierte_a_id IS NOT NULL),
dado AS (
    SELECT a.calidad, a.aportante_id, sum(a.monto) AS monto FROM books_aportacion a
    WHERE a.contabilidad_id = ANY(%(libros)s) AND a.fecha >= make_date(%(anio)s, 1, 1)
      AND a.fecha < make_date(%(anio)s + 1, 1, 1) AND a.poliza_id NOT IN (SELECT id FROM revertida)
    GROUP BY a.calidad, a.aportante_id),
suyo AS (
    SELECT g.calidad, sum(g.monto) AS monto FROM dado g JOIN registry_aportante d ON d.id = g.aportante_id
    GROUP BY g.calidad, d.identidad)
SELECT calidad, sum(monto)::bigint, max(monto)::bigint FROM suyo GROUP BY calidad
"""
"""What each kind of donor gave to some books in a year, and the most that one of them gave; reversals apart."""
WITH_LIMITS = (SujetoObligado.Tipo.PARTIDO, SujetoObligado.Tipo.PARTIDO_LOCAL)
LIMIT_ARTICLE = "LGPP 56.2"
LIMITS = (
    ("limite_simpatizantes_total", "simpatizante"),
    ("limite_candidatos_total", "candidatura"),
    ("limite_militantes_total", "militante"),
    ("limite_simpatizante_individual", ""),
)
"""The yearly limits of contributions to a party and whose they are; '' is the largest single sympathiser."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Pólizas that lack a class of evidence: how many, and the sum of their totals."""

    clase: str
    polizas: int
    monto: Money


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Income, spending and missing evidence of some books, with their cap (None where they have none).

    traspasado: the part of their income that other books transferred, which those count as income too.
    """

    contabilidad_id: int
    ingresos: Money
    traspasado: Money
    egresos: Money
    tope: Money | None
    faltan: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """A yearly limit of contributions and how much of it was used; limite is None when none is known for it.

    obliga: whether the article speaks of this kind of subject; the figure of one of which it does not is not known.
    """

    clave: str
    nombre: str
    base: str
    usado: Money
    limite: Money | None
    obliga: bool


def board(contabilidades: Sequence[Contabilidad]) -> dict[int, BoardRow]:
    """Return the row of each set of books, by number.

    Posted pólizas and evidence never change, so the figures of some books are a function of the last link of their
    chain and the last piece of evidence: they are derived once for each such stamp and remembered by the process.
    """
    prefetch_related_objects(list(contabilidades), "topes")
    stamps = {row[0]: row[1:] for row in rows_of(STAMPS, libros=[books.pk for books in contabilidades])}
    found = caches["figuras"].get_many([_name(number) for number in stamps])
    held = {number: found[_name(number)] for number in stamps if _name(number) in found}
    known = {number: value for number, (stamp, value) in held.items() if stamp == stamps[number]}
    stale = [number for number in stamps if number not in known]
    if stale:
        fresh = _derive(stale)
        caches["figuras"].set_many({_name(number): (stamps[number], fresh[number]) for number in stale}, REMEMBERED)
        known |= fresh
    return {books.pk: _row(books, known[books.pk]) for books in contabilidades}


def stamp_of(numbers: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """Return the stamp of some books, changed by each new póliza, piece of evidence or voiding of evidence.

    The last voiding is read over every book in scope, not over these books alone.
    """
    return tuple(sorted(rows_of(STAMPS, libros=list(numbers))))


_Figures = tuple[int, int, int, tuple[tuple[str, int, int], ...]]


def _name(number: int) -> str:
    return f"tablero:{connection.settings_dict['NAME']}:{number}"


def _derive(numbers: list[int]) -> dict[int, _Figures]:
    spent = {number: figures for number, *figures in rows_of(SPENT, libros=numbers)}
    missing: dict[int, list[tuple[str, int, int]]] = {}
    for number, clase, count, total in rows_of(MISSING, libros=numbers):
        missing.setdefault(number, []).append((clase, count, total))
    return {number: (*spent.get(number, (0, 0, 0)), tuple(missing.get(number, ()))) for number in numbers}


def _row(books: Contabilidad, figures: _Figures) -> BoardRow:
    income, spending, transferred, missing = figures
    return BoardRow(
        books.pk,
        Money(income),
        Money(transferred),
        Money(spending),
        None if books.tope is None else Money(books.tope),
        tuple(Missing(clase, count, Money(total)) for clase, count, total in missing),
    )


def missing_by_class(rows: Iterable[BoardRow]) -> list[Missing]:
    """Sum the missing evidence of many books by class, the most money first."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        for lack in row.faltan:
            count, total = sums.get(lack.clase, (0, 0))
            sums[lack.clase] = (count + lack.polizas, total + lack.monto.centavos)
    found = [Missing(clase, count, Money(total)) for clase, (count, total) in sums.items()]
    return sorted(found, key=lambda lack: (-lack.monto.centavos, lack.clase))


def missing_within(contabilidad_id: int, desde: date, hasta: date) -> tuple[int, Money]:
    """Count the pólizas of some books that lack evidence between two days, and sum their totals.

    A total counts once for each account that requires a lacking class; of several accounts for one class, for the
    first.
    """
    ((count, total),) = rows_of(MISSING_WITHIN, libros=[contabilidad_id], desde=desde, hasta=hasta)
    return count, Money(total)


def limits_used(sujeto: SujetoObligado, day: date) -> list[LimitUsed]:
    """Return the use of each yearly limit of contributions [LGPP 56.2] of a party in the year of a day.

    Reversed contributions do not count. The caller's scope must cover every book of the subject: a book out of scope is
    not counted.
    """
    if sujeto.tipo not in WITH_LIMITS:
        return []
    given = _given(sujeto, day.year)
    parameters = load_parameters(settings.JURISDICTION)
    rows, binds = [], limits_bind(sujeto)
    for clave, calidad in LIMITS:
        parameter = parameters[clave]
        span = next((v for v in parameter.valores if v.desde <= day and (v.hasta is None or day < v.hasta)), None)
        limit = Money(span.valor) if span and binds else None
        whole, _largest = given.get(calidad, (0, 0))
        _whole, largest = given.get("simpatizante", (0, 0))
        used = Money(whole if calidad else largest)
        base = span.base if span else LIMIT_ARTICLE
        rows.append(LimitUsed(clave, parameter.nombre, base, used, limit, binds))
    return rows


def _given(sujeto: SujetoObligado, year: int) -> dict[str, tuple[int, int]]:
    """Return the total given by each kind of donor in a year and the largest of one donor.

    The figures are cached by stamp of the books.
    """
    books = list(Contabilidad.objects.filter(sujeto=sujeto).order_by("pk").values_list("pk", flat=True))
    name, stamp = f"aportado:{connection.settings_dict['NAME']}:{sujeto.pk}:{year}", stamp_of(books)
    held = caches["figuras"].get(name)
    if held is None or held[0] != stamp:
        rows = rows_of(GIVEN, libros=books, anio=year)
        held = stamp, {kind: (whole, largest) for kind, whole, largest in rows}
        caches["figuras"].set(name, held, REMEMBERED)
    found: dict[str, tuple[int, int]] = held[1]
    return found


def limits_bind(sujeto: SujetoObligado) -> bool:
    """Return whether the law read sets the yearly limits of contributions of this kind of party [LGPP 56.2].

    Those of a local party are of the law of its state, which was not read; of who is no party nothing is doubted here.
    """
    case = Supuesto(sujeto.tipo, "campana", "federal")
    return sujeto.tipo not in WITH_LIMITS or speaks_of_case(LIMIT_ARTICLE, case, settings.JURISDICTION)


def rows_of(query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of one of these queries, in the scope of the connection."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
