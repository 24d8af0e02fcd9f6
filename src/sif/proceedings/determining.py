"""Determine unreported spending by contabilidad after hearing: column B of the cap table, and the overrun it leaves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from sif.apportionment.models import ParteProrrateo
from sif.audit.models import Hallazgo
from sif.books.selectors import spent_against_cap
from sif.catalogs.models import CargaDeTabla
from sif.law.caps import Overrun, overrun
from sif.law.parameters import value_on
from sif.proceedings.machine import acts
from sif.proceedings.models import Conclusion, Determinado, Dictamen
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa
from sif.values import Money, Problem, Refused

ORIGIN = "revision"


def determines(conclusion: Conclusion) -> bool:
    """Return whether what a conclusion leaves unattended is spending that was not reported."""
    regla = conclusion.observacion.regla
    return any(
        each["conducta"] == conclusion.criterio and each.get("regla", regla) == regla
        for each in acts()["determinan_gasto"]
    )


def write_determined(conclusion: Conclusion, day: date, reparto: Mapping[int, Money] | None = None) -> None:
    """Write what a conclusion adds to column B of each contabilidad, and takes from who carried it; nothing for others.

    Raises Refused when the parts given do not add up, are of what was not observed or of a conclusion that leaves none
    of it, or when they are needed and were not given.
    """
    left = Money(conclusion.monto_no_atendido)
    if not determines(conclusion) or not left:
        if any(part.centavos for part in (reparto or {}).values()):
            raise Refused(_unneeded(conclusion, reparto or {}))
        return
    parts = dict(reparto) if reparto else _parts(conclusion)
    if reparto and (beyond := _beyond(conclusion, parts)):
        raise Refused(*beyond)
    if sum((part.centavos for part in parts.values()), 0) != left.centavos:
        raise Refused(_unsettled(conclusion, parts, left))
    moved = [*((number, part.centavos) for number, part in sorted(parts.items())), *_taken(conclusion, left.centavos)]
    Determinado.objects.bulk_create(
        Determinado(contabilidad_id=number, conclusion=conclusion, origen=ORIGIN, fecha=day, monto=centavos)
        for number, centavos in moved
        if centavos
    )


def _beyond(conclusion: Conclusion, parts: Mapping[int, Money]) -> list[Problem]:
    """Return what parts given by hand say that nobody was heard about: other books, more than observed, under zero."""
    observed = observed_by_books(conclusion)
    return [
        Problem(
            "DETERMINADO_NO_OBSERVADO",
            f"conclusión {conclusion.clave}, contabilidad {number}",
            f"El reparto le da ${part} y lo que se le observó son ${Money(observed.get(number, 0))}.",
            "Dé a cada contabilidad observada entre cero y lo que se le observó.",
        )
        for number, part in sorted(parts.items())
        if not 0 <= part.centavos <= observed.get(number, -1)
    ]


def _parts(conclusion: Conclusion) -> dict[int, Money]:
    """Return the observed amount of each contabilidad, or the whole unattended amount where there is only one."""
    observed = observed_by_books(conclusion)
    if len(observed) == 1:
        return {number: Money(conclusion.monto_no_atendido) for number in observed}
    return {number: Money(amount) for number, amount in observed.items()}


def observed_by_books(conclusion: Conclusion) -> dict[int, int]:
    """Return the centavos observed of each contabilidad by the facts of a conclusion."""
    observed: dict[int, int] = defaultdict(int)
    for fact in conclusion.observacion.hallazgos.all():
        observed[fact.contabilidad_id] += fact.monto
    return observed


def _taken(conclusion: Conclusion, left: int) -> list[tuple[int, int]]:
    """Return the negative amounts of the contabilidades that carried spending of another, so that the sum is zero.

    Empty where the rule transfers no spending or no carrier is recorded. Of a conclusion attended in part, in
    proportion.
    """
    rule = conclusion.observacion.regla
    if rule not in acts()["trasladan_gasto"]:
        return []
    weights: dict[int, int] = defaultdict(int)
    for fact in conclusion.observacion.hallazgos.all():
        for number, centavos in share_out(fact.monto, _carriers(fact, acts()["trasladan_gasto"][rule])).items():
            weights[number] += centavos
    return [(number, -centavos) for number, centavos in sorted(share_out(left, weights).items())]


def _carriers(fact: Hallazgo, resultado: str) -> dict[int, int]:
    """Return the contabilidades that carried spending a prorrateo did not charge where due, with the excess of each."""
    number = fact.fila.get("prorrateo_id")
    if not resultado:
        rows: Iterable[tuple[int, int]] = (
            ParteProrrateo.objects.filter(prorrateo=number)
            .exclude(contabilidad=fact.contabilidad_id)
            .values_list("contabilidad_id", "monto")
        )
    else:
        same = Hallazgo.objects.filter(corrida=fact.corrida_id, regla=fact.regla, resultado=resultado)
        rows = same.filter(fila__prorrateo_id=number).values_list("contabilidad_id", "monto")
    carried: dict[int, int] = defaultdict(int)
    for book, monto in rows:
        carried[book] += monto
    return carried


def share_out(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """A total in centavos in proportion to some weights, that adds up to it; nothing where there is no weight."""
    whole, before, given = sum(weights.values()), 0, {}
    if not whole:
        return {}
    for number, weight in sorted(weights.items()):
        after = before + weight
        given[number] = total * after // whole - total * before // whole
        before = after
    return given


def overruns_of(dictamen: Dictamen) -> dict[int, Overrun]:
    """The cap table of each contabilidad of the subject with a cap: A of its books today, B determined and standing."""
    from sif.proceedings.selectors import determined_by_contabilidad

    books = list(Contabilidad.objects.filter(etapa=dictamen.etapa, sujeto=dictamen.sujeto).order_by("pk"))
    unreported = determined_by_contabilidad(dictamen.etapa)
    return {
        number: overrun(
            row.egresos,
            Money(unreported.get(number, 0)),
            row.tope,
            dictamen.etapa.termina_el,
            jurisdiction=settings.JURISDICTION,
        )
        for number, row in spent_against_cap(books).items()
        if row.tope is not None
    }


@dataclass(frozen=True, slots=True)
class Result:
    """The result of the contest that a candidacy won, as loaded by the authority: votes of first, second and all."""

    primero: int
    segundo: int
    total: int

    @property
    def diferencia(self) -> int:
        """Votes between first and second."""
        return self.primero - self.segundo

    def is_presumed(self, day: date) -> bool:
        """Return whether the difference is under the share by which an overrun is presumed decisive [CPEUM 41.VI]."""
        return self.diferencia * 10_000 < self.total * value_on("margen_nulidad_pb", day, settings.JURISDICTION)


def results_of(etapa: Etapa) -> dict[int, Result] | None:
    """Return the contests won, by contabilidad of who won, of the last list loaded for a stage; None where none was."""
    loads = CargaDeTabla.objects.filter(Q(etapa=etapa) | Q(etapa__isnull=True), tabla="computos", al__lte=clock.today())
    last = loads.order_by("-al", "-pk").first()
    if last is None:
        return None
    rows = [row.valores for row in last.filas.all()]
    return {
        row["contabilidad_id"]: Result(row["votos_primero"], row["votos_segundo"], row["votos_total"]) for row in rows
    }


def check_overrun(closing: Conclusion, conclusions: Iterable[Conclusion]) -> Iterator[Problem]:
    """Yield the problems that keep an overrun conclusion from closing.

    The overrun closes after every conclusion of unreported spending, and for no more than the excess determined.
    """
    if closing.criterio != acts()["resulta_de_lo_determinado"]:
        return
    where = f"conclusión {closing.clave}"
    if pending := [row.clave for row in conclusions if determines(row) and row.cerrada_el is None]:
        yield Problem(
            "REBASE_SIN_DETERMINAR",
            where,
            f"Siguen abiertas {', '.join(pending)}, de gasto no reportado.",
            "Ciérrelas antes: el rebase se mide con lo que dejen determinado (columna B).",
        )
        return
    # What was found before the rule saw what is only observed said the figures that it was judged by.
    books = {fact.contabilidad_id for fact in closing.observacion.hallazgos.all() if "observado" in fact.fila}
    found = {number: row for number, row in overruns_of(closing.dictamen).items() if number in books}
    if not found:
        return
    most = sum(row.excess.centavos for row in found.values())
    if closing.monto_no_atendido > most:
        shown = "; ".join(f"{n}: A {r.a}, B {r.b}, C {r.c}, D {r.d}, E {r.e}" for n, r in found.items())
        yield Problem(
            "REBASE_MAYOR",
            where,
            f"Deja sin atender ${Money(closing.monto_no_atendido)}. {shown}.",
            f"Con lo determinado excede ${Money(most)}: deje eso, o ciérrela sin efectos.",
        )


def _given(parts: Mapping[int, Money]) -> str:
    return "; ".join(f"{number}: ${part}" for number, part in sorted(parts.items()))


def _unneeded(conclusion: Conclusion, parts: Mapping[int, Money]) -> Problem:
    return Problem(
        "DETERMINADO_SOBRA",
        f"conclusión {conclusion.clave}",
        f"El reparto por contabilidad es {_given(parts)} y la conclusión no deja gasto no reportado que repartir.",
        "Quite el reparto, o corrija la referencia o el importe no atendido.",
    )


def _unsettled(conclusion: Conclusion, parts: Mapping[int, Money], left: Money) -> Problem:
    given = _given(parts) or "ninguna contabilidad"
    return Problem(
        "DETERMINADO_SIN_REPARTO",
        f"conclusión {conclusion.clave}",
        f"Quedan ${left} de gasto no reportado y el reparto por contabilidad es {given}.",
        "Diga cuánto corresponde a cada contabilidad, de modo que sume lo no atendido.",
    )
