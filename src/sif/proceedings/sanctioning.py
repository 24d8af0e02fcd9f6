"""Compute sanctions from unattended conclusions: criterion, kind of person, UMA of its day, formal faults at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import cast

from django.conf import settings

from sif.law.offenders import SanctionForm, Terms, Vista, offender_kind, other_offender, uma_day_rule, vistas_of
from sif.law.parameters import NotInForce, uma_on
from sif.law.sanctions import (
    Criterion,
    Forma,
    Reduccion,
    SancionCalculada,
    criterion_on,
    reduce_monthly,
    sanction_by_criterion,
    sanction_on_units,
    split_by_share,
)
from sif.proceedings.capacity import Capacity, capacities_of
from sif.proceedings.machine import acts
from sif.proceedings.models import Conclusion, Dictamen, Sancion
from sif.proceedings.selectors import relapses
from sif.proceedings.wording import count, percent
from sif.registry import clock
from sif.registry.coalitions import members_on
from sif.registry.models import Etapa, SujetoObligado
from sif.values import Money, Problem, Refused


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sanction of one conclusion before it is written, on the terms of the person and the UMA of a day.

    anteriores: the firm resoluciones that make it recidivism; vistas: what the law leaves to who decides it;
    reduccion: the months that it takes of a ministración, where it is a reduction and the ministración is known.
    """

    conclusion: Conclusion
    criterion: Criterion
    unidades: int
    terms: Terms
    uma_del: date
    calculada: SancionCalculada
    anteriores: tuple[str, ...] = ()
    vistas: tuple[Mapping[str, str], ...] = ()
    ministracion: Money = Money(0)  # noqa: RUF009 - immutable
    reduccion: Reduccion | None = None

    def row_fields(self) -> dict[str, object]:
        """Return the fields of its `Sancion`, centavos and basis points."""
        by_amount, found = self.criterion.modo == "porcentaje", self.calculada
        return {
            "conclusion": self.conclusion,
            "criterio": self.criterion.clave,
            "monto_involucrado": self.conclusion.monto_no_atendido,
            "porcentaje_pb": self.criterion.valor if by_amount else None,
            "unidades": None if by_amount else self.unidades,
            "umas_por_unidad": None if by_amount else self.criterion.valor,
            "uma": self.terms.uma.centavos,
            "umas": found.umas,
            "forma": found.forma,
            "monto": found.sancion.centavos,
            "trabajo": list(found.trabajo),
            "persona": self.terms.clase.clave,
            "articulo": found.articulo,
            "maximo": None if found.maximo is None else found.maximo.centavos,
            "sobrante": found.sobrante.centavos,
            "uma_del": self.uma_del,
            "ministracion": self.ministracion.centavos if self.reduccion else None,
            "porcentaje_mensual_pb": self.reduccion.porcentaje_pb if self.reduccion else None,
            "meses": self.reduccion.meses if self.reduccion else None,
            "anteriores": list(self.anteriores),
            "vistas": [dict(each) for each in self.vistas],
        }


def units_of(conclusion: Conclusion) -> int:
    """Return the number of unattended facts of a conclusion: its own count, or all its hallazgos, one at least."""
    if conclusion.unidades_no_atendidas is not None:
        return conclusion.unidades_no_atendidas
    return max(1, len(conclusion.observacion.hallazgos.all()))


def reckon(
    dictamen: Dictamen, conclusions: Iterable[Conclusion], sesion_el: date, firmes: Collection[str] = ()
) -> list[Reckoning]:
    """Return the sanction of every unattended conclusion, by the criterion and the law of the last day of the stage.

    That is the day on which the reviewed conduct ended, so a criterion of later never reaches back; the UMA is of the
    day that `dia_uma` says. firmes: numbers of earlier resoluciones that are firm; without them nobody relapses. Raises
    Refused where no criterion, UMA or words of the law are known for their day.
    """
    day = dictamen.etapa.termina_el
    try:
        found = [
            _reckon_one(row, criterion_on(row.criterio, day, settings.JURISDICTION), sesion_el, firmes)
            for row in conclusions
            if row.referencia == Conclusion.Referencia.NO_ATENDIDA and row.criterio
        ]
        known = dict(capacities_of(dictamen.sujeto, dictamen.etapa, sesion_el, clock.now())).get(dictamen.sujeto.siglas)
        return [_by_month(row, known) for row in _accumulate(found)]
    except (KeyError, NotInForce) as error:
        raise Refused(_no_criterion(dictamen, day, error)) from error


def _reckon_one(row: Conclusion, criterion: Criterion, sesion_el: date, firmes: Collection[str]) -> Reckoning:
    etapa, sujeto = row.dictamen.etapa, row.dictamen.sujeto
    # A formal fault is counted once per conclusion, whatever the facts it gathers.
    units = 1 if criterion.clave == acts()["falta_formal"] else units_of(row)
    day = uma_day(etapa, (fact.dia for fact in row.observacion.hallazgos.all()), sesion_el)
    prior = firm_relapse(sujeto, criterion.clave, etapa, firmes)
    terms = terms_for(sujeto, etapa, criterion, day, reincidente=bool(prior))
    prior = () if terms.ajena else prior
    found = sanction_by_criterion(criterion, Money(row.monto_no_atendido), units, terms)
    return Reckoning(row, criterion, units, terms, day, found, prior, _told(terms, criterion.clave, etapa))


def _told(terms: Terms, criterio: str, etapa: Etapa) -> tuple[Mapping[str, str], ...]:
    """Return the consequences for the offender that the law leaves to another authority.

    Of another person than the subject, on whom nothing is imposed, at least what its letter leaves to who decides.
    """
    kind, day = terms.clase, etapa.termina_el
    rows = vistas_of(criterio, etapa.tipo, day, settings.JURISDICTION, etapa.proceso.ambito)
    found: list[Vista | SanctionForm] = [each for each in rows if each.persona == kind.clave]
    if terms.ajena and not found:
        found = [kind.must("vista", day)]
    return tuple(
        {"consecuencia": each.consecuencia, "articulo": each.articulo, "decide": each.decide, "persona": kind.clave}
        for each in found
    )


def terms_for(
    sujeto: SujetoObligado, etapa: Etapa, criterion: Criterion, uma_del: date, *, reincidente: bool = False
) -> Terms:
    """Return the terms on which a subject is sanctioned in a stage; raises KeyError (no such kind) or NotInForce.

    Those of another person, where the law charges to it what was seen in the books of the subject.
    """
    other = other_offender(criterion.clave, sujeto.tipo, etapa.tipo, settings.JURISDICTION)
    kind = offender_kind(other.persona if other else acts()["personas"][sujeto.tipo], settings.JURISDICTION)
    uma = uma_on(uma_del, settings.JURISDICTION)
    if other:
        return Terms(kind, etapa.termina_el, uma, ajena=other.dice)
    return Terms(kind, etapa.termina_el, uma, criterion.excess_in(etapa.tipo), reincidente)


def uma_day(etapa: Etapa, days: Iterable[date | None], sesion_el: date) -> date:
    """The day whose UMA a sanction uses: of the last fact (the last of the stage if none has a day), or the session."""
    if uma_day_rule(etapa.termina_el, settings.JURISDICTION).regla == "imposicion":
        return sesion_el
    return max((each for each in days if each), default=etapa.termina_el)


def firm_relapse(sujeto: SujetoObligado, criterio: str, etapa: Etapa, firmes: Collection[str]) -> tuple[str, ...]:
    """Return the firm resoluciones by which a subject relapses; of a coalition, only when each of its members does."""
    if not firmes:
        return ()
    each = [
        [number for number in numbers if number in firmes]
        for numbers in relapses(sujeto, criterio, etapa, clock.now()).values()
    ]
    return tuple(sorted({number for numbers in each for number in numbers})) if all(each) else ()


def _accumulate(found: Sequence[Reckoning]) -> Iterator[Reckoning]:
    """Formal faults are one sanction of so many units; each row keeps its part, which is exact."""
    formal = [row for row in found if row.criterion.clave == acts()["falta_formal"]]
    if len(formal) < 2:
        yield from found
        return
    last = max(formal, key=lambda row: row.uma_del)
    whole = sanction_on_units(len(formal), last.criterion.valor, last.terms)
    names = ", ".join(row.conclusion.clave for row in formal)
    parts = iter(zip(_parts(whole.sancion, len(formal)), _parts(whole.sobrante, len(formal)), strict=True))
    for row in found:
        if row.criterion.clave != last.criterion.clave:
            yield row
            continue
        amount, rest = next(parts)
        part = f"Parte de {row.conclusion.clave}: {amount}"
        work = (f"Faltas formales acumuladas ({names})", *whole.trabajo, part)
        umas = amount.centavos // last.terms.uma.centavos
        made = replace(whole, sancion=amount, umas=umas, trabajo=work, sobrante=rest)
        yield replace(row, terms=last.terms, uma_del=last.uma_del, calculada=made)


def _by_month(row: Reckoning, known: Capacity | None) -> Reckoning:
    """A reduction with its months, where the ministración of who answers is known; never over its half with others.

    Those of one resolución are taken one after the other. A coalition has none: each member has its own.
    """
    if row.calculada.forma != "reduccion" or known is None or not known.mensual:
        return row
    found = reduce_monthly(row.calculada.sancion, known.mensual, row.terms, en_curso_pb=known.en_curso_pb)
    waits = " Empieza cuando terminen las reducciones que ya llegan a la mitad." if found.espera else ""
    step = (
        f"Se reduce el {percent(found.porcentaje_pb)} de cada ministración mensual de {known.mensual} ({found.cuota}) "
        f"durante {count(found.meses, 'mes', 'meses')}; el último, {found.ultima}.{waits}"
    )
    made = replace(row.calculada, trabajo=(*row.calculada.trabajo, step))
    return replace(row, calculada=made, ministracion=known.mensual, reduccion=found)


def _parts(total: Money, many: int) -> list[Money]:
    """Return a total in so many parts, as equal as centavos let, that add up to it."""
    edges = [total.centavos * place // many for place in range(many + 1)]
    return [Money(after - before) for before, after in pairwise(edges)]


def restore(sancion: Sancion) -> Reckoning:
    """Return a written sanction as it was reckoned, for the document of its vote: nothing is computed again."""
    etapa, sujeto = sancion.resolucion.dictamen.etapa, sancion.resolucion.dictamen.sujeto
    criterion = criterion_on(sancion.criterio, etapa.termina_el, settings.JURISDICTION)
    kind = offender_kind(sancion.persona or acts()["personas"][sujeto.tipo], settings.JURISDICTION)
    terms = Terms(kind, etapa.termina_el, Money(sancion.uma), criterion.excess_in(etapa.tipo), bool(sancion.anteriores))
    made = SancionCalculada(
        sancion=Money(sancion.monto),
        forma=cast("Forma", sancion.forma),
        umas=sancion.umas,
        trabajo=tuple(sancion.trabajo),
        articulo=sancion.articulo or kind.articulo,
        estatus="",  # what it rests on is in its bases
        maximo=None if sancion.maximo is None else Money(sancion.maximo),
        sobrante=Money(sancion.sobrante or 0),
    )
    units = 1 if sancion.unidades is None else sancion.unidades
    if sancion.unidades is None and criterion.clave != acts()["falta_formal"]:
        units = units_of(sancion.conclusion)
    day, prior, told = sancion.uma_del or etapa.termina_el, tuple(sancion.anteriores or ()), tuple(sancion.vistas or ())
    monthly, months = Money(sancion.ministracion or 0), None
    if sancion.porcentaje_mensual_pb is not None:
        months = reduce_monthly(made.sancion, monthly, terms, sancion.porcentaje_mensual_pb)
    return Reckoning(sancion.conclusion, criterion, units, terms, day, made, prior, told, monthly, months)


def _no_criterion(dictamen: Dictamen, day: date, error: Exception) -> Problem:
    return Problem(
        "SANCION_SIN_CRITERIO",
        f"dictamen {dictamen.numero}",
        f"No hay criterio, texto de la sanción o UMA para el {day}: {error}",
        "Complete law/criteria.yaml, law/sanciones.yaml, law/parameters/uma.yaml o las personas de acts.yaml.",
    )


def shares_of(sujeto: SujetoObligado, day: date) -> dict[int, int]:
    """Return the share of each member of a coalition on a day, in basis points by id; empty when it is no coalition."""
    return {row.sujeto_id: row.participacion_pb for row in members_on(sujeto, day)}


def shares_in(conclusion: Conclusion, shares: dict[int, int]) -> dict[int, int]:
    """Return what each member answers for of a conclusion, in basis points by id: its share, or what its own rows are.

    A row that names a party (`partido_id`) is of that party alone: a limit of parties is broken by whoever exceeds it.
    """
    owed: dict[int, int] = {}
    for fact in conclusion.observacion.hallazgos.all():
        member = fact.fila.get("partido_id")
        if member not in shares:
            return shares
        owed[member] = owed.get(member, 0) + fact.monto
    whole = sum(owed.values())
    if not whole:
        return shares
    edges = [sum(list(owed.values())[:place]) * 10_000 // whole for place in range(len(owed) + 1)]
    return {member: edges[place + 1] - edges[place] for place, member in enumerate(owed)}


def split(monto: Money, shares: dict[int, int]) -> dict[int, Money]:
    """Split an amount among members by share, in whole pesos [sanction of Coahuila 2017].

    A member that would pay nothing is left out.
    """
    if not shares:
        return {}
    parts = split_by_share(monto, {str(member): share for member, share in shares.items()})
    return {int(member): amount for member, amount in parts.items() if amount}


def member_totals(dictamen: Dictamen, sanctions: Iterable[Reckoning]) -> list[tuple[SujetoObligado, int, Money]]:
    """Each member of a coalition with its share and what it pays of all the sanctions; nothing without members."""
    shares = shares_of(dictamen.sujeto, dictamen.etapa.termina_el)
    totals = dict.fromkeys(shares, Money(0))
    for row in sanctions:
        for member, amount in split(row.calculada.sancion, shares_in(row.conclusion, shares)).items():
            totals[member] += amount
    members = SujetoObligado.objects.in_bulk(shares)
    return [(members[member], share, totals[member]) for member, share in shares.items()]


def paid_alone(sanctions: Iterable[Reckoning], parts: Iterable[tuple[SujetoObligado, int, Money]]) -> str:
    """Return the sentence on the conclusions that are not split by share; empty where all are."""
    shares = {sujeto.pk: share for sujeto, share, _ in parts}
    named = ", ".join(row.conclusion.clave for row in sanctions if shares_in(row.conclusion, shares) is not shares)
    told = "La paga sólo el partido que rebasó su propio límite, por lo que rebasó, y no los demás integrantes"
    return f" {told}: {named}." if named else ""
