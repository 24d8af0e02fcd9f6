"""Carry a process from its books to the vote and publication, each act on its legal day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sif.audit import review
from sif.audit.models import Corrida, Hallazgo
from sif.audit.services import freeze, rules_of, run
from sif.demo.hearing import hear
from sif.demo.operations import Say, at
from sif.demo.world import World
from sif.disclosure.publish import propose_publicacion, publish_etapa
from sif.law.calendar import Milestone
from sif.proceedings.appraisals import Appraisal
from sif.proceedings.concurrence import bound_of, closing_order, meetings_of, units_of
from sif.proceedings.grounds import to_propose
from sif.proceedings.models import Conclusion, Dictamen, Oficio, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.resolving import close_vote, draft_resolucion, put_to_vote, vote
from sif.proceedings.second import issue_second, propose_second
from sif.proceedings.selectors import (
    answers_to,
    conclusiones_of,
    considered_answer,
    standing_of,
    subjects_of,
    total_of,
)
from sif.proceedings.services import (
    analyse,
    close_conclusion,
    close_dictamen,
    count_unattended,
    issue_oficio,
    open_dictamen,
)
from sif.proceedings.terms import informing_article
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado, Usuario
from sif.registry.stage_days import calendar_of
from sif.statutes.confirming import confirm, propose, waiting
from sif.values import Money

DISMISSED = {
    "RE001": "La demora se debió a un corte del servicio que consta en la bitácora de disponibilidad.",
    "EV003": "Las dos pólizas son parcialidades de una misma compra; la muestra es la misma con razón.",
    "AP001": "El depósito se hizo en ventanilla por la misma persona y consta su identificación.",
}
"""Why the auditor lets go the smallest hallazgo of each of these rules."""
ABSORBED_RULES = ("CF007", "CF012")
ABSORBED = "El mismo comprobante se observa por su uso repetido; no se observa dos veces."
ATTENDED = "Del análisis de la respuesta y de lo registrado en el periodo de corrección, la observación quedó atendida."
EXPLAINED = "La aclaración acredita que se trata de operaciones distintas; la observación queda sin efectos."
PARTLY = "La respuesta acredita {done} de {all} operaciones; las demás continúan sin la documentación solicitada."
YIELDED = "Los mismos hechos se sancionan en {names}; aquí sólo queda lo que aquélla no comprende."
UNATTENDED = "La respuesta no acredita lo solicitado; la observación no quedó atendida."
UNANSWERED = "El sujeto obligado no respondió; con lo que obra en el expediente, la observación no se subsana."
SILENCE = "El sujeto obligado no ejerció su garantía de audiencia; con lo que obra en el expediente, no quedó atendida."
UNREAD = (
    "Demostración con datos inventados: nadie tuvo a la vista el texto. Se confirma para que esta elección inventada "
    "llegue al voto; no dice nada de la ley."
)
"""What the two people of the demonstration write where no text says it: the truth."""
DISSENT = "Voto en contra de la individualización: el monto debió graduarse por la capacidad económica del sujeto."


@dataclass(slots=True)
class Outcome:
    """The results of the review of the campaign that ended."""

    corridas: list[Corrida] = field(default_factory=list)
    observaciones: int = 0
    descartes: int = 0
    oficios: int = 0
    corregidas: int = 0
    conclusiones: int = 0
    resoluciones: int = 0
    sanciones: Money = Money(0)  # noqa: RUF009 - immutable


def audit_stages(finished: Etapa, running: Etapa, say: Say) -> Outcome:
    """Freeze and run both stages: the finished one after its last report, the running one now."""
    outcome, rules = Outcome(), rules_of(finished)
    ready = calendar_of(finished)["informe"].fecha + timedelta(days=3)
    with clock.at(at(ready, 9)):
        outcome.corridas.append(run(freeze(finished, ready), rules))
    outcome.corridas.append(run(freeze(running, clock.today()), rules))
    say("instantáneas congeladas y reglas corridas")
    return outcome


def resolve(world: World, etapa: Etapa, outcome: Outcome, say: Say) -> None:
    """Carry the hallazgos of a finished stage to voted and published resoluciones, inside the terms of law."""
    days = calendar_of(etapa)
    _decide(world, outcome.corridas[0], days, outcome)
    oficios = _notify(world, etapa, days)
    outcome.oficios = len(oficios)
    say(f"{outcome.observaciones} observaciones adoptadas y {len(oficios)} oficios notificados")
    first = days["oficio"].fecha + timedelta(days=1)
    corrected = hear(world, oficios, first, days["respuesta"].fecha)
    outcome.corregidas = len(corrected)
    say(f"oficios contestados; {len(corrected)} observaciones corregidas en los libros")
    opens, told = _inform(world, etapa, oficios, corrected)
    if told:
        say(f"{told} oficios que informan si lo respondido subsana")
    dictamenes = _conclude(world, etapa, (opens, days["dictamen"].fecha), corrected, outcome)
    say(f"{len(dictamenes)} dictámenes cerrados con {outcome.conclusiones} conclusiones")
    for resolucion in _vote_all(world, dictamenes, days):
        outcome.resoluciones += 1
        outcome.sanciones = outcome.sanciones + Money(total_of(resolucion))
    with clock.at(at(days["consejo"].fecha, 19)):
        publish(world, etapa)
    say(f"{outcome.resoluciones} resoluciones votadas; sanciones por {outcome.sanciones}; etapa publicada")


def publish(world: World, etapa: Etapa, *, without_vote: bool = False) -> None:
    """Publish a stage as it stands: the Secretaría proposes and a reviewer publishes."""
    proposal = propose_publicacion(etapa, world.people["jorge"], without_vote=without_vote)
    publish_etapa(proposal, world.people["lucia"])


def _decide(world: World, corrida: Corrida, days: dict[str, Milestone], outcome: Outcome) -> None:
    """The auditor proposes to adopt nearly everything and to let a few go, each with its reason; another confirms."""
    found = list(Hallazgo.objects.filter(corrida=corrida, estado="hallazgo").order_by("monto", "pk"))
    dropped: dict[int, str] = {}
    for rule, reason in DISMISSED.items():
        of_rule = [row for row in found if row.regla == rule]
        if len(of_rule) > 1:
            dropped[of_rule[0].pk] = reason
    reused = {row.clave for row in found if row.regla == "CF011"}
    dropped |= {row.pk: ABSORBED for row in found if row.regla in ABSORBED_RULES and row.clave in reused}
    auditor, reviewer = world.people["dario"], world.people["elena"]
    with clock.at(at(days["oficio"].fecha - timedelta(days=4), 11)):
        proposed = []
        for reason in dict.fromkeys(dropped.values()):
            proposed += review.propose(
                [row for row in found if dropped.get(row.pk) == reason], "desechar", reason, auditor
            )
        kept = [row for row in found if row.pk not in dropped]
        proposed += review.propose(kept, "adoptar", "Se desprende de la revisión de los registros.", auditor)
    with clock.at(at(days["oficio"].fecha - timedelta(days=3), 11)):
        outcome.observaciones = len(review.confirm(proposed, reviewer).observaciones)
    outcome.descartes = len(dropped)


def _notify(world: World, etapa: Etapa, days: dict[str, Milestone]) -> list[Oficio]:
    """Return one oficio for each subject with observaciones, on the day of the calendar."""
    subjects = list(SujetoObligado.objects.filter(observaciones__etapa=etapa).distinct().order_by("numero"))
    with clock.at(at(days["oficio"].fecha, 9)):
        for subject in subjects:
            propose_oficio(etapa, subject, world.people["dario"])
    with clock.at(at(days["oficio"].fecha, 10)):
        return [issue_oficio(etapa, subject, world.people["elena"]) for subject in subjects]


def _inform(world: World, etapa: Etapa, oficios: Sequence[Oficio], corrected: set[int]) -> tuple[date, int]:
    """Tell each subject whether its answers cure what was observed, where the law orders it, until no term is left.

    What a second oficio leaves to cure is answered in its own term. Return the first day of the dictámenes and how
    many oficios told it.
    """
    opens, told = calendar_of(etapa)["respuesta"].fecha + timedelta(days=1), 0
    answered = list(oficios) if informing_article(etapa) else []
    while answered:
        issued = [_follow(world, each, corrected, opens) for each in answered]
        answered, told = [each for each in issued if each.da_plazo], told + len(issued)
        first, last = opens + timedelta(days=1), max(clock.legal_day(each.vence_el) for each in issued)
        corrected |= hear(world, answered, first, last)
        opens = last + timedelta(days=1)
    return opens, told


def _follow(world: World, oficio: Oficio, corrected: set[int], day: date) -> Oficio:
    """Appraise what was answered to an oficio as the dictamen will, and notify it; two people do it."""
    observed = list(standing_of(oficio))
    answers = answers_to(oficio, observed)
    said = []
    for row in observed:
        explained = row.pk in answers and row.regla == "EV003"
        if row.pk in corrected or explained:
            said.append(Appraisal(row.pk, subsana=True, razon=EXPLAINED if explained else ATTENDED))
        else:
            said.append(Appraisal(row.pk, subsana=False, razon=UNATTENDED if row.pk in answers else UNANSWERED))
    with clock.at(at(day, 9)):
        propose_second(oficio, said, world.people["dario"])
    with clock.at(at(day, 10)):
        return issue_second(oficio, world.people["elena"])


def _conclude(
    world: World, etapa: Etapa, span: tuple[date, date], corrected: set[int], outcome: Outcome
) -> list[Dictamen]:
    """Every subject has its dictamen, with one closed conclusion for each observation.

    span: the day on which they open and that on which they close.
    """
    elena, (opens, closes) = world.people["elena"], span
    closed = []
    for subject in subjects_of(etapa):
        with clock.at(at(opens, 9)):
            dictamen = open_dictamen(etapa, subject, elena)
            for conclusion in closing_order(conclusiones_of(dictamen)):
                _judge(conclusion, elena, corrected)
                outcome.conclusiones += 1
        with clock.at(at(closes, 12)):
            closed.append(close_dictamen(dictamen, world.people["lucia"]))
    return closed


def _judge(conclusion: Conclusion, by: Usuario, corrected: set[int]) -> None:
    """Weigh the answer: corrected, explained, half done, nothing, or silence."""
    observacion, kinds = conclusion.observacion, Conclusion.Referencia
    considered = considered_answer(conclusion)
    facts = list(observacion.hallazgos.order_by("clave"))
    answer = observacion.respuestas.order_by("-version").first()
    cured = len(answer.polizas.all()) if answer else 0
    if observacion.pk in corrected:
        analyse(conclusion, considered, ATTENDED, kinds.ATENDIDA, Money(0), by)
    elif answer and observacion.regla == "EV003":
        analyse(conclusion, considered, EXPLAINED, kinds.SIN_EFECTOS, Money(0), by)
    elif cured and len(facts) > 1:
        left = Money(sum(fact.monto for fact in facts[1:]))
        text = PARTLY.format(done=1, all=len(facts))
        count_unattended(analyse(conclusion, considered, text, kinds.NO_ATENDIDA, left, by), len(facts) - 1, by)
    else:
        text = UNATTENDED if answer else SILENCE
        analyse(conclusion, considered, text, kinds.NO_ATENDIDA, Money(observacion.monto), by)
    _leave_to_others(conclusion, considered, by)
    close_conclusion(conclusion, by)


def _leave_to_others(conclusion: Conclusion, considered: str, by: Usuario) -> None:
    """Take from what is left unattended what another conclusion already sanctions of the same facts."""
    rows, kinds = conclusiones_of(conclusion.dictamen), Conclusion.Referencia
    row = next(each for each in rows if each.pk == conclusion.pk)
    bound = bound_of(row, meetings_of(rows))
    if row.referencia != kinds.NO_ATENDIDA or not bound.de:
        return
    text = YIELDED.format(names=", ".join(each.clave for each in bound.de))
    if bound.hechos < 1:
        analyse(conclusion, considered, text, kinds.SIN_EFECTOS, Money(0), by)
        return
    left, units = Money(min(row.monto_no_atendido, bound.monto)), min(units_of(row), bound.hechos)
    count_unattended(analyse(conclusion, considered, f"{row.analisis} {text}", kinds.NO_ATENDIDA, left, by), units, by)


def _vote_all(world: World, dictamenes: Sequence[Dictamen], days: dict[str, Milestone]) -> list[Resolucion]:
    """Draw each resolución, confirm what it rests on, put it to the vote and vote it; two dissent from the first."""
    session = days["consejo"].fecha
    with clock.at(at(days["comision"].fecha, 12)):
        drafts = [draft_resolucion(row, session, world.people["irene"]) for row in dictamenes]
        for row in drafts:
            propose(to_propose(row, UNREAD), world.people["irene"])
    with clock.at(at(days["comision"].fecha, 13)):
        confirm(list(waiting()), world.people["jorge"])
        drafts = [put_to_vote(row, world.people["jorge"]) for row in drafts]
    with clock.at(at(session, 13)):
        for place, row in enumerate(drafts):
            for seat, councillor in enumerate(world.council):
                against = place == 0 and seat in (3, 7)
                vote(row, councillor, "en_contra" if against else "a_favor", DISSENT if against and seat == 3 else "")
        return [close_vote(row, world.people["jorge"]) for row in drafts]
