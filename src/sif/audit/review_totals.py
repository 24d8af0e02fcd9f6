"""Add up the review of a run by rule, contabilidad and person, and keep the sums while nobody does anything."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import connection

from sif.audit.models import Corrida
from sif.registry.models import Contabilidad

RULE, BOOKS, PERSON = "regla", "contabilidad", "asignado"
STATES = ("sin_dato", "adoptado", "desechado", "propuesto", "en_espera", "pendiente")
"""How a hallazgo stands, what comes first being what is said of it; en_espera is pending too."""
DECIDED, PENDING = frozenset({"adoptado", "desechado"}), frozenset({"en_espera", "pendiente"})
RUNS_KEPT = 8  # of which a process remembers the sums
COUNTS_KEPT = 256  # filters of one run whose counts a process remembers
type Done = tuple[object, ...]
type Counted = dict[Hashable, tuple[int, int]]

_SUMS = """
    WITH hecho AS (
        SELECT h.asunto_id, 1 AS como FROM audit_observacion_hallazgos o JOIN audit_hallazgo h ON h.id = o.hallazgo_id
        UNION ALL SELECT h.asunto_id, 2 FROM audit_descarte d JOIN audit_hallazgo h ON h.id = d.hallazgo_id
        UNION ALL SELECT p.asunto_id, 3 FROM audit_propuesta p
            WHERE NOT EXISTS (SELECT FROM audit_propuestaresuelta r WHERE r.propuesta_id = p.id)
        UNION ALL SELECT p.asunto_id, 4 FROM audit_pedido p
            WHERE NOT EXISTS (SELECT FROM audit_pedidorespondido r WHERE r.pedido_id = p.id)),
    primero AS MATERIALIZED (SELECT asunto_id, min(como) AS como FROM hecho GROUP BY asunto_id),
    fino AS MATERIALIZED (
        SELECT h.regla, h.contabilidad_id, CASE h.estado WHEN 'hallazgo' THEN coalesce(p.como, 5) ELSE 0 END AS como,
            g.usuario_id, count(*) AS cuantos, sum(h.monto) AS monto
        FROM audit_hallazgo h LEFT JOIN primero p ON p.asunto_id = h.asunto_id
        LEFT JOIN audit_asignacion g ON g.asunto_id = h.asunto_id AND g.retirada_el IS NULL
        WHERE h.corrida_id = %(corrida)s GROUP BY 1, 2, 3, 4),
    reparto AS (SELECT * FROM audit_reparto WHERE etapa_id = %(etapa)s AND retirado_el IS NULL),
    dado AS (
        SELECT f.*, coalesce(f.usuario_id, ambos.usuario_id, s.usuario_id, r.usuario_id, 0) AS quien
        FROM fino f JOIN registry_contabilidad c ON c.id = f.contabilidad_id
        LEFT JOIN reparto ambos ON ambos.regla = f.regla AND ambos.sujeto_id = c.sujeto_id
        LEFT JOIN reparto s ON s.regla = '' AND s.sujeto_id = c.sujeto_id
        LEFT JOIN reparto r ON r.regla = f.regla AND r.sujeto_id IS NULL)
    SELECT CASE GROUPING(d.regla, d.contabilidad_id) WHEN 1 THEN 'regla' WHEN 2 THEN 'contabilidad' ELSE 'asignado' END,
        coalesce(d.regla, d.contabilidad_id::text, d.quien::text), d.como, sum(d.cuantos)::bigint, sum(d.monto)::bigint
    FROM dado d GROUP BY GROUPING SETS ((d.como, d.regla), (d.como, d.contabilidad_id), (d.como, d.quien))
    ORDER BY 1, 2, 3"""
"""What is done of each matter is gathered first; a run is then read once, by the index of its matters alone."""

_DONE = """
    SELECT (SELECT max(id) FROM audit_hallazgo), (SELECT (count(*), max(id))::text FROM audit_observacion_hallazgos),
        (SELECT (count(*), max(id))::text FROM audit_descarte), (SELECT (count(*), max(id))::text FROM audit_propuesta),
        (SELECT (count(*), max(id))::text FROM audit_propuestaresuelta),
        (SELECT (count(*), max(id))::text FROM audit_pedido),
        (SELECT (count(*), max(id))::text FROM audit_pedidorespondido),
        (SELECT (count(*), max(id), count(retirada_el), max(retirada_el))::text FROM audit_asignacion),
        (SELECT (count(*), max(id), count(retirado_el), max(retirado_el))::text FROM audit_reparto)"""
"""How many acts there are. None is ever taken away, so as many acts are the same acts: what they add up to stands."""


@dataclass(frozen=True, slots=True)
class Total:
    """Hallazgos of a run that stand alike, and their centavos, under one key of RULE, BOOKS or PERSON (0: nobody)."""

    por: str
    clave: str
    estado: str
    cuantos: int
    monto: int


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom are some books: their subject, and the key of their state, '' for the whole country."""

    sujeto: int
    entidad: str


@dataclass(frozen=True)
class Totals:
    """The review of a run added up, as it stood when a page asked; done: how many acts there were of each kind.

    counted: what each filter leaves of it, by filter; the threads that serve pages share it.
    """

    filas: tuple[Total, ...]
    done: Done
    counted: Counted

    def count(self, asked: Hashable, how: Callable[[], tuple[int, int]]) -> tuple[int, int]:
        """Return the hallazgos and centavos that a filter leaves; they are counted once while nobody does anything."""
        found = self.counted.get(asked)
        if found is None:
            found = how()
            if len(self.counted) >= COUNTS_KEPT:
                self.counted.clear()
            self.counted[asked] = found
        return found

    def by(self, field: str) -> list[Total]:
        """Return the sums by RULE, BOOKS or PERSON, in order of key."""
        return [each for each in self.filas if each.por == field]

    def keys(self, field: str) -> list[str]:
        """Return the rules, books or people that have any, in order."""
        return list(dict.fromkeys(each.clave for each in self.by(field)))

    @cached_property
    def whose(self) -> dict[str, Whose]:
        """The subject and the state of the books that have any, by key; read once for each page."""
        rows = Contabilidad.objects.filter(pk__in=[int(key) for key in self.keys(BOOKS)]).values_list(
            "pk", "sujeto", "candidatura__territorio__entidad", "etapa__proceso__entidad"
        )
        return {str(pk): Whose(sujeto, (whole or "") if own is None else own) for pk, sujeto, own, whole in rows}


def totals_of(corrida: Corrida) -> Totals:
    """Return the sums of a run as it stands. A page asks them once; acts do not ask them."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE)
        done = tuple(cursor.fetchone() or ())
    return Totals(*_added_up(corrida.pk, corrida.instantanea.etapa_id, done))


@lru_cache(maxsize=RUNS_KEPT)
def _added_up(corrida: int, etapa: int, done: Done) -> tuple[tuple[Total, ...], Done, Counted]:
    """The sums, added up again where an act was done since: how many there are is part of what they are kept by."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"corrida": corrida, "etapa": etapa})
        found = cursor.fetchall()
    return tuple(Total(by, key, STATES[how], many, amount) for by, key, how, many, amount in found), done, {}
