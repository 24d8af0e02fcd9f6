"""Find the facts that two conclusions share, and what each may still sanction: one fact, one consequence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import combinations

from django.conf import settings

from sif.audit.models import Hallazgo
from sif.law.concurrence import Charge, Concurrence, Pair, load_concurrence
from sif.law.parameters import NotInForce
from sif.law.sanctions import criterion_on
from sif.proceedings.machine import acts
from sif.proceedings.models import Conclusion
from sif.proceedings.wording import count
from sif.values import Money, Problem


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a conclusion: the identifiers that its row names, and its centavos."""

    conclusion: int
    monto: int
    nombra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two conclusions that share facts. gana wins where the pair makes one yield; par is None where none is declared.

    comunes: each shared fact as both saw it, of who wins first.
    """

    gana: Conclusion
    cede: Conclusion
    par: Pair | None
    comunes: tuple[tuple[Fact, Fact], ...]

    @property
    def monto(self) -> int:
        """Centavos that both saw of the same facts, at most."""
        return sum(min(won.monto, lost.monto) for won, lost in self.comunes)


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that a conclusion may leave unattended: centavos, facts, and the conclusions that take the rest."""

    monto: int
    hechos: int
    de: tuple[Conclusion, ...]


def meetings_of(conclusions: Sequence[Conclusion]) -> list[Meeting]:
    """Return every two conclusions of a dictamen that may be sanctioned of a fact, in the order of their keys."""
    conclusions = [row for row in conclusions if row.criterio]
    table = load_concurrence(settings.JURISDICTION)
    order = {row.pk: place for place, row in enumerate(conclusions)}
    shared: dict[tuple[int, int], list[tuple[Fact, Fact]]] = defaultdict(list)
    for one, other in _same_facts(list(_facts(conclusions, table)), table):
        first, second = sorted((one, other), key=lambda fact: order[fact.conclusion])
        shared[order[first.conclusion], order[second.conclusion]].append((first, second))
    return [
        _meeting(conclusions[first], conclusions[second], facts, table)
        for (first, second), facts in sorted(shared.items())
    ]


def _facts(conclusions: Sequence[Conclusion], table: Concurrence) -> Iterator[Fact]:
    """Yield the facts of some conclusions by what their rows name, read without the rest of each row."""
    by_observation = {row.observacion_id: row.pk for row in conclusions}
    names = tuple(dict.fromkeys((*table.comunes, *table.partes)))
    rows = Hallazgo.objects.filter(observaciones__in=by_observation).order_by("pk")
    wanted = (f"fila__{name}" for name in names)
    for observacion, monto, *values in rows.values_list("observaciones", "monto", *wanted).iterator():
        named = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        yield Fact(by_observation[observacion], monto, named)


def _same_facts(facts: Sequence[Fact], table: Concurrence) -> Iterator[tuple[Fact, Fact]]:
    """Yield each two facts of different conclusions that are the same one, once."""
    named: dict[tuple[str, object], list[int]] = defaultdict(list)
    for place, fact in enumerate(facts):
        for name in table.comunes:
            if name in fact.nombra:
                named[name, fact.nombra[name]].append(place)
    seen = set()
    for places in named.values():
        for pair in combinations(places, 2):
            one, other = facts[pair[0]], facts[pair[1]]
            if pair not in seen and one.conclusion != other.conclusion and table.same_fact(one.nombra, other.nombra):
                seen.add(pair)
                yield one, other


def _meeting(first: Conclusion, second: Conclusion, facts: list[tuple[Fact, Fact]], table: Concurrence) -> Meeting:
    settled = table.settle(_charge(first), _charge(second))
    if settled is not None and settled.gana == 1:
        return Meeting(second, first, settled.par, tuple((other, one) for one, other in facts))
    return Meeting(first, second, settled.par if settled else None, tuple(facts))


def _charge(row: Conclusion) -> Charge:
    return Charge(row.observacion.regla, row.criterio)


def bound_of(row: Conclusion, meetings: Iterable[Meeting]) -> Bound:
    """Return the most that a conclusion may leave unattended beside those to which it yields, as these were left.

    Of one fact two winners that saw different parts take both, and the same part once; nobody takes more than what it
    left unattended itself.
    """
    ahead = [each for each in meetings if each.cede.pk == row.pk and _takes(each)]
    left = {each.gana.pk: each.gana.monto_no_atendido for each in ahead}
    met: dict[int, list[tuple[int, Fact, Fact]]] = defaultdict(list)
    for each in ahead:
        for won, lost in each.comunes:
            met[id(lost)].append((each.gana.pk, won, lost))
    taken, whole = 0, 0
    for several in met.values():
        lost, here, parts = several[0][2], 0, set()
        for winner, won, _ in sorted(several, key=lambda each: -each[1].monto):
            if (part := _part(won)) in parts:
                continue
            take = min(won.monto, lost.monto - here, left[winner])
            left[winner] -= take
            here += take
            parts.add(part)
        taken += here
        whole += here == lost.monto
    observed = row.observacion
    return Bound(observed.monto - taken, observed.hallazgos.count() - whole, tuple(each.gana for each in ahead))


def closing_order(conclusions: Sequence[Conclusion]) -> list[Conclusion]:
    """The conclusions of a dictamen so that each comes after those to which it may yield, and an overrun after all."""
    rows = {row.pk: row for row in conclusions}
    order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(rows, ()))
    for each in meetings_of(conclusions):
        if each.par is not None and each.par.yields:
            order.add(each.cede.pk, each.gana.pk)
    found = [rows[pk] for pk in order.static_order()]
    return sorted(found, key=lambda row: row.criterio == acts()["resulta_de_lo_determinado"])


def _takes(meeting: Meeting) -> bool:
    pair = meeting.par
    return pair is not None and pair.yields and meeting.gana.referencia == Conclusion.Referencia.NO_ATENDIDA


def _part(fact: Fact) -> tuple[tuple[str, object], ...]:
    parts = load_concurrence(settings.JURISDICTION).partes
    return tuple((name, fact.nombra[name]) for name in parts if name in fact.nombra)


def check_concurrence(conclusions: Sequence[Conclusion], closing: Conclusion | None = None) -> list[Problem]:
    """Check that conclusions sanction no fact twice and that each pair on the same facts has its consequence declared.

    closing: check that conclusion alone; the conclusions to which it may yield must be closed, and no declaration is
    checked. A conclusion that was not left unattended is skipped.
    """
    meetings = meetings_of(conclusions)
    asked = [row for row in conclusions if closing is None or row.pk == closing.pk]
    unattended = [row for row in asked if row.referencia == Conclusion.Referencia.NO_ATENDIDA]
    found = [problem for row in unattended for problem in _of_one(row, meetings, closing is not None)]
    return [*found, *([] if closing is not None else _undeclared(meetings))]


def _of_one(row: Conclusion, meetings: Sequence[Meeting], waits: bool) -> Iterator[Problem]:
    where = f"conclusión {row.clave}"
    ahead = [each.gana for each in meetings if each.cede.pk == row.pk and each.par is not None and each.par.yields]
    if waits and (pending := [each.clave for each in ahead if each.cerrada_el is None]):
        yield Problem(
            "CONCURRENCIA_PENDIENTE",
            where,
            f"Ve los mismos hechos que {', '.join(pending)}, ante la que cede, y sigue abierta.",
            "Cierre antes aquélla: de cómo termine depende lo que aquí queda por sancionar.",
        )
        return
    bound = bound_of(row, meetings)
    names = ", ".join(each.clave for each in bound.de)
    if _by_units(row):
        over, some = units_of(row) > bound.hechos, bound.hechos > 0
        said, cure = f"Sanciona {count(units_of(row), 'hecho', 'hechos')}", count(bound.hechos, "hecho", "hechos")
    else:
        over, some = row.monto_no_atendido > bound.monto, bound.monto > 0
        said, cure = f"Deja sin atender ${Money(row.monto_no_atendido)}", f"a lo más ${Money(bound.monto)}"
    if over:
        seen, todo = f"{said} y {names} ya sanciona parte de esos mismos hechos.", f"Deje sin atender {cure}"
        ending = todo if some else "Ciérrela «sin efectos»"
        yield Problem("DOBLE_SANCION", where, seen, f"{ending} y diga en su análisis cuál los absorbe.")


def _by_units(row: Conclusion) -> bool:
    if row.criterio == acts()["falta_formal"]:
        return True
    try:
        criterion = criterion_on(row.criterio, row.dictamen.etapa.termina_el, settings.JURISDICTION)
    except (KeyError, NotInForce):
        return False
    return criterion.modo == "umas_por_unidad"


def units_of(row: Conclusion) -> int:
    """Return the facts that a conclusion sanctions; a formal fault is one, whatever the facts it gathers."""
    if row.criterio == acts()["falta_formal"]:
        return 1
    return row.observacion.hallazgos.count() if row.unidades_no_atendidas is None else row.unidades_no_atendidas


def _undeclared(meetings: Iterable[Meeting]) -> Iterator[Problem]:
    for each in meetings:
        both = (each.gana, each.cede)
        if each.par is None and all(row.referencia == Conclusion.Referencia.NO_ATENDIDA for row in both):
            yield Problem(
                "CONCURRENCIA_SIN_DECLARAR",
                f"conclusiones {each.gana.clave} y {each.cede.clave}",
                f"Ven los mismos hechos y nadie dijo si «{each.gana.criterio}» y «{each.cede.criterio}» se suman.",
                "Declare el par en law/concurrencia.yaml, o cierre una «sin efectos».",
            )
