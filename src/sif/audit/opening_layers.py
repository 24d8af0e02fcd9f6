"""Read what ordinary books of earlier exercises left unpaid, each charge with its own day."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from sif.books.accounts import beginning_for_role
from sif.counterparties.subject_scope import whole_subjects
from sif.registry.models import Contabilidad, Etapa

ORDINARIA = Contabilidad.Clase.ORDINARIA

_LINES = """
WITH propias AS (
  SELECT c.id AS libro, c.sujeto_id, e.inicia_el, p.ambito, p.entidad,
         row_number() OVER (PARTITION BY c.sujeto_id, c.etapa_id ORDER BY c.id) = 1 AS hereda
  FROM registry_contabilidad c JOIN registry_etapa e ON e.id = c.etapa_id JOIN registry_proceso p ON p.id = e.proceso_id
  WHERE c.clase = 'ordinaria' AND e.tipo = 'ordinario' AND c.etapa_id = %(etapa)s),
series AS (
  SELECT a.libro, b.id AS de, f.inicia_el, b.id = a.libro AS suyo
  FROM propias a JOIN registry_contabilidad b ON b.sujeto_id = a.sujeto_id AND b.clase = 'ordinaria'
  JOIN registry_etapa f ON f.id = b.etapa_id AND f.tipo = 'ordinario'
  JOIN registry_proceso q ON q.id = f.proceso_id AND q.ambito = a.ambito AND q.entidad = a.entidad
  WHERE a.libro = ANY(%(libros)s) AND (b.id = a.libro OR (a.hereda AND f.termina_el < a.inicia_el))),
lineas AS (
  SELECT s.libro, m.cuenta_id, m.auxiliar_tipo, coalesce(d.identidad, v.identidad, m.auxiliar_id) AS auxiliar,
         s.inicia_el, s.suyo, coalesce(p.revierte_a_id, p.id) AS poliza,
         CASE WHEN k.es_por_cobrar THEN m.cargo ELSE m.abono END AS crece,
         CASE WHEN k.es_por_cobrar THEN m.abono ELSE m.cargo END AS baja,
         ap.id IS NOT NULL AS acta, pa.fecha AS nacio, pa.referencia AS documento, pa.id AS partida
  FROM series s JOIN books_movimiento m ON m.contabilidad_id = s.de
  JOIN books_cuenta k ON k.codigo = m.cuenta_id AND (k.es_por_cobrar OR k.es_por_pagar)
  JOIN books_poliza p ON p.id = m.poliza_id
  LEFT JOIN registry_aportante d ON m.auxiliar_tipo = 'aportante' AND d.id = m.auxiliar_id
  LEFT JOIN catalogs_evento v ON m.auxiliar_tipo = 'evento' AND v.id = m.auxiliar_id
  LEFT JOIN books_apertura ap ON ap.poliza_id = m.poliza_id
  LEFT JOIN books_partidaapertura pa ON pa.apertura_id = ap.id AND pa.linea = m.linea),
abren AS (
  SELECT DISTINCT m.poliza_id AS poliza FROM series s JOIN books_movimiento m ON m.contabilidad_id = s.de
  WHERE m.cuenta_id LIKE %(patrimonio)s AND NOT EXISTS (
    SELECT FROM books_movimiento n JOIN books_cuenta k ON k.codigo = n.cuenta_id
    WHERE n.poliza_id = m.poliza_id AND (k.es_gasto OR k.es_ingreso))
  UNION SELECT a.poliza_id FROM series s JOIN books_apertura a ON a.contabilidad_id = s.de),
sumadas AS (
  SELECT l.libro, l.cuenta_id, l.auxiliar_tipo, l.auxiliar, l.inicia_el, l.suyo, l.poliza, a.poliza IS NOT NULL AS abre,
         sum(l.crece)::bigint AS crece, sum(l.baja)::bigint AS baja, l.acta, l.nacio, l.documento, l.partida
  FROM lineas l LEFT JOIN abren a ON a.poliza = l.poliza WHERE NOT l.suyo OR a.poliza IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, l.acta, l.nacio, l.documento, l.partida),
vivas AS (
  SELECT libro, cuenta_id, auxiliar_tipo, auxiliar FROM sumadas GROUP BY 1, 2, 3, 4
  HAVING sum(crece) <> sum(baja) OR bool_or(abre))
SELECT s.libro, s.cuenta_id, nullif(s.auxiliar_tipo, ''), s.auxiliar, s.inicia_el, s.suyo, s.poliza, o.fecha_operacion,
       'P' || (CASE o.tipo WHEN 'normal' THEN 'N' WHEN 'correccion' THEN 'C' WHEN 'ajuste' THEN 'A' ELSE 'J' END)
       || r.numero || '/' || o.subtipo || '-' || o.numero || '; ID ' || o.contabilidad_id, s.crece, s.baja, s.abre,
       s.acta, s.nacio, s.documento, s.partida
FROM sumadas s JOIN vivas v ON v.libro = s.libro AND v.cuenta_id = s.cuenta_id AND v.auxiliar_tipo = s.auxiliar_tipo
  AND v.auxiliar IS NOT DISTINCT FROM s.auxiliar
JOIN books_poliza o ON o.id = s.poliza JOIN registry_periodo r ON r.id = o.periodo_id
ORDER BY s.libro, s.cuenta_id, s.auxiliar_tipo, s.auxiliar, s.inicia_el, coalesce(s.nacio, o.fecha_operacion), s.poliza,
  s.partida
"""


@dataclass(frozen=True, slots=True)
class Charge:
    """The effect of one póliza on the balance of an account and its auxiliary.

    abre: the póliza opens an exercise. acta: an act of opening says so, and then `nacio`, `documento` and `partida` are
    those of a document that it brings.
    """

    suyo: bool
    poliza: int
    fecha: date
    referencia: str
    crece: int
    baja: int
    abre: bool
    acta: bool = False
    nacio: date | None = None
    documento: str | None = None
    partida: int | None = None


Layer = tuple[int, str, date, int, int, int, bool]
"""A row of `capas_iniciales` of one account and auxiliary, from the voucher on."""


@dataclass(slots=True)
class _Queue:
    """Charges that are not paid yet, the oldest first; `a_favor`: what was paid beyond them all."""

    pending: deque[list[int]] = field(default_factory=deque)
    charges: dict[int, Charge] = field(default_factory=dict)
    original: dict[int, int] = field(default_factory=dict)
    a_favor: int = 0

    @property
    def owed(self) -> int:
        return sum(left for _, left in self.pending)

    def live(self, exercise: Sequence[Charge]) -> list[Layer]:
        """Live one exercise; returns the rows by which what opened it does not count again what was owed before it."""
        brought, plain = _documents(exercise), [each for each in exercise if each.nacio is None]
        before, favour, said = self.owed, self.a_favor, list[Layer]()
        new: list[tuple[Charge, int]] = []
        for charge in brought:
            again = min(max(charge.crece, 0), before)
            before -= again
            new.append((charge, charge.crece - again))
        for charge in plain:
            again = min(max(charge.crece, 0), before) if charge.abre else 0
            restated = min(charge.baja, favour) if charge.acta else 0
            before, favour = before - again, favour - restated
            new.append((replace(charge, baja=charge.baja - restated), charge.crece - again))
            if charge.abre:
                said.append((charge.poliza, charge.referencia, charge.fecha, -again, -again, -restated, True))
        if all(not charge.suyo for charge in exercise):
            for charge, crece in sorted(new, key=lambda each: each[0].fecha):
                self._add(charge, crece)
            self._pay(sum(charge.baja for charge, _ in new))
            return []
        said += _undone(exercise)
        said += [(c.poliza, c.referencia, c.fecha, left, left, c.baja, False) for c, left in new[: len(brought)]]
        return [row for row in said if any(row[3:6]) or row[6]]

    def _add(self, charge: Charge, crece: int) -> None:
        if crece > 0:
            self.pending.append([charge.poliza, crece])
            self.charges[charge.poliza], self.original[charge.poliza] = charge, crece

    def _pay(self, amount: int) -> None:
        left = amount + self.a_favor
        while left > 0 and self.pending:
            paid = min(left, self.pending[0][1])
            left -= paid
            self.pending[0][1] -= paid
            if not self.pending[0][1]:
                self.pending.popleft()
        self.a_favor = left


def _documents(exercise: Sequence[Charge]) -> list[Charge]:
    """Return each document that acts of opening brought, an adjustment with what it adjusts, the oldest first.

    Its number is that of its first row, negative: no póliza has one.
    """
    found: dict[tuple[date, str], Charge] = {}
    for each in sorted((each for each in exercise if each.nacio), key=lambda each: each.partida or 0):
        assert each.nacio is not None
        key, net = (each.nacio, each.documento or ""), each.crece - each.baja
        if key in found:
            found[key] = replace(found[key], crece=found[key].crece + net)
        else:
            cited = f"{each.referencia}, {each.documento}" if each.documento else each.referencia
            row = replace(each, poliza=-(each.partida or 0), fecha=each.nacio, referencia=cited, crece=net, baja=0)
            found[key] = row
    rows = [each if each.crece >= 0 else replace(each, crece=0, baja=-each.crece) for each in found.values()]
    return sorted(rows, key=lambda each: each.fecha)


def _undone(exercise: Sequence[Charge]) -> Iterator[Layer]:
    """Yield the rows that take away the lines of the openings of an exercise whose documents stand by themselves."""
    sums: dict[int, list[int]] = {}
    heads: dict[int, Charge] = {}
    for each in exercise:
        if each.nacio:
            row = sums.setdefault(each.poliza, [0, 0])
            row[0], row[1], heads[each.poliza] = row[0] + each.crece, row[1] + each.baja, each
    for poliza, (crece, baja) in sums.items():
        yield poliza, heads[poliza].referencia, heads[poliza].fecha, -crece, -crece, -baja, True


def layers(exercises: Iterable[Sequence[Charge]]) -> Iterator[Layer]:
    """The rows of `capas_iniciales` of one account and auxiliary, from the voucher on; exercises in order of time.

    What is unpaid keeps its day. An entry that opens an exercise against equity adds only what no earlier book owed.
    """
    queue, last, opened = _Queue(), None, list[Layer]()
    for exercise in exercises:
        opened = queue.live(exercise)
        last = exercise[-1]
    for poliza, left in queue.pending:
        charge = queue.charges[poliza]
        yield poliza, charge.referencia, charge.fecha, queue.original[poliza], left, 0, False
    yield from opened
    if queue.a_favor and last is not None:
        yield last.poliza, last.referencia, last.fecha, 0, 0, queue.a_favor, False


def _scope(books: Etapa | Sequence[Contabilidad], own: Sequence[Contabilidad]) -> AbstractContextManager[None]:
    """Open the books that were before; who freezes a whole stage has them open."""
    return nullcontext() if isinstance(books, Etapa) else whole_subjects({each.sujeto for each in own})


def opening_layers(etapa: Etapa, books: Etapa | Sequence[Contabilidad]) -> Iterator[tuple[object, ...]]:
    """The rows of `capas_iniciales` of a stage, or of some of its books, which read those of their subject before."""
    asking = etapa.contabilidades.all() if isinstance(books, Etapa) else books
    own = [each for each in asking if each.clase == ORDINARIA]
    if not own:
        return
    asked: dict[str, Any] = {"etapa": etapa.pk, "libros": [each.pk for each in own]}
    with _scope(books, own), connection.cursor() as cursor:
        cursor.execute(_LINES, asked | {"patrimonio": beginning_for_role("patrimonio") + "%"})
        lines = cursor.fetchall()
    for account, rows in groupby(lines, key=lambda row: row[:4]):
        exercises = [[Charge(*row[5:]) for row in some] for _, some in groupby(rows, key=lambda row: row[4])]
        for cells in layers(exercises):
            yield *account, *cells
