"""Count the terms of review of each stage, and what an accord changes of them [LGPP 80]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from sif.law.citations import Citation, days_read
from sif.law.days import KINDS, UnknownTerm, add_days
from sif.law.parameters import NotInForce, ValueSpan, load_parameters
from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Span

MILESTONES = ("informe", "oficio", "respuesta", "dictamen", "comision", "consejo")
SECOND_ANSWER = "segunda_respuesta"
CONFIRMED, UNCONFIRMED = "confirmado", "por confirmar"
_SECOND = "segunda respuesta"
_FILE = frozenset({"etapas", "acuerdos", "en_proceso", "impugnacion"})
_STAGE = frozenset({"desde", "dias", "base", "estatus", "en_proceso", "tramos"})
_TERM_OPTIONAL = frozenset({"dias", "parametro", "cuenta", "tramo", "articulo", "cita", "base"})
_ACCORD = frozenset({"etapa", "asunto", "fin", "estatus", "fuente", "plazos", "fechas"})


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch of the review: `dias` days, natural or business, that end at (or lead to) a milestone."""

    hito: str
    dias: int
    cuenta: str
    tramo: str
    base: str
    articulo: str = ""
    cita: str = ""
    estatus: str = UNCONFIRMED


@dataclass(frozen=True, slots=True)
class StageTerms:
    """The terms of the review of a stage while they are in force.

    linked: whether it is of an electoral process, where every day counts; by_report: whether each report of the stage
    opens a review of its own. estatus: of the way in which its days are counted. informs: the article by which its
    subject is told, before the dictamen, whether its answer cures what was observed; empty where no law orders it.
    """

    span: Span
    terms: tuple[Term, ...]
    linked: bool
    by_report: bool
    estatus: str
    informs: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day of the review. base: the stretch and its article; movida_de: the day it had before an accord moved it.

    estatus: whether every figure and every way of counting that leads to it was read in the law. si_segundo: whether
    it counts the term of a second answer that nobody granted: it is the longest day, and provisional [LGPP 80.1.b.III].
    """

    hito: str
    fecha: date
    base: str
    movida_de: date | None = None
    estatus: str = UNCONFIRMED
    si_segundo: bool = False


@dataclass(frozen=True, slots=True)
class Accord:
    """An accord that sets the terms of one review: its numbers, where it starts to count and the days it fixes."""

    clave: str
    etapa: str
    asunto: str
    fin: date
    estatus: str
    fuente: str
    plazos: tuple[int, ...]
    fechas: MappingProxyType[str, date]
    inicio_revision: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The facts of a review on which its terms depend, and the days that an accord fixes.

    fechas: the fixed day of each milestone, from which the next term is counted. segundo_oficio: the day of notice of
    the second oficio, which no term fixes [LGPP 80.1.b.III]; without that day, the term of the second answer starts the
    day the first answer ends. one_oficio: the review had no second oficio. no_errors: the review found no errors, and
    no answer is due.
    """

    fechas: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    segundo_oficio: date | None = None
    one_oficio: bool = False
    no_errors: bool = False


BY_LAW = Course()


@cache
def _data(jurisdiction: str) -> dict[str, Any]:
    content = read_data(data_path(jurisdiction, "law", "calendario.yaml"))
    return only_keys(content, _FILE, frozenset(), "calendario.yaml")


def _term(raw: object, cuenta: str, jurisdiction: str, where: str) -> Term:
    row = only_keys(raw, frozenset({"hito"}), _TERM_OPTIONAL, where)
    kind, tramo = row.get("cuenta", cuenta), row.get("tramo", row["hito"])
    if row["hito"] not in MILESTONES or kind not in KINDS or ("dias" in row) == ("parametro" in row):
        raise LawDataError(f"{where}: hito, cuenta o días no sirven ({row}). Dé `dias` o `parametro`.")
    if "parametro" in row:
        value = load_parameters(jurisdiction)[row["parametro"]].valores[-1]
        return Term(row["hito"], value.valor, kind, tramo, value.base, value.articulo, value.cita, value.estatus)
    articulo, cita = row.get("articulo", ""), row.get("cita", "")
    if not row.get("base", articulo) or bool(articulo) != bool(cita):
        raise LawDataError(f"{where}: falta la base, o `articulo` y `cita` no van juntos ({row}).")
    read = CONFIRMED if articulo else UNCONFIRMED
    return Term(row["hito"], row["dias"], kind, tramo, row.get("base", articulo), articulo, cita, read)


@cache
def _stages(jurisdiction: str) -> MappingProxyType[str, tuple[StageTerms, ...]]:
    stages = {}
    for etapa, history in _data(jurisdiction)["etapas"].items():
        stages[etapa] = tuple(
            _stage(raw, jurisdiction, f"calendario.yaml, {etapa}, lista {place}")
            for place, raw in enumerate(history, 1)
        )
    return MappingProxyType(stages)


def _stage(raw: object, jurisdiction: str, where: str) -> StageTerms:
    row = only_keys(raw, _STAGE, frozenset({"hasta", "nota", "por_informe", "informa"}), where)
    terms = tuple(
        _term(t, row["dias"], jurisdiction, f"{where}, tramo {place}") for place, t in enumerate(row["tramos"], 1)
    )
    if tuple(dict.fromkeys(term.hito for term in terms)) != MILESTONES:
        raise LawDataError(f"{where}: los hitos deben ser {', '.join(MILESTONES)}, en ese orden.")
    until, told = row.get("hasta"), row.get("informa", {})
    informs = str(told.get("articulo") or told.get("base", ""))
    if "informa" in row and (not informs or not any(term.tramo == _SECOND for term in terms)):
        raise LawDataError(f"{where}: «informa» quiere su artículo o su base, y un tramo «{_SECOND}» ({told}).")
    span = Span(day(row["desde"], where), None if until is None else day(until, where))
    counted = status(row["estatus"], where)
    return StageTerms(span, terms, row["en_proceso"], "por_informe" in row, counted, informs)


def load_stages(jurisdiction: str) -> dict[str, tuple[Term, ...]]:
    """Return the terms of the law by stage as they stand, in the order in which they are added."""
    return {etapa: history[-1].terms for etapa, history in _stages(jurisdiction).items()}


def stage_terms(etapa: str, fin: date, jurisdiction: str) -> StageTerms:
    """The terms in force on the last day of what is reviewed, with the figures of that day. Raises UnknownTerm."""
    stages = _stages(jurisdiction)
    if etapa not in stages:
        raise UnknownTerm(f"La etapa «{etapa}» no se conoce; son {', '.join(stages)}.")
    for place, found in enumerate(stages[etapa]):
        if fin in found.span:
            return replace(found, terms=_on(etapa, place, fin, jurisdiction))
    raise UnknownTerm(f"Los plazos de «{etapa}» rigen desde el {stages[etapa][0].span.desde} y llegó {fin}.")


def second_answer_term(etapa: str, fin: date, jurisdiction: str) -> Term | None:
    """Return the term of the answer to a second oficio in a review, or None where the law gives no second oficio.

    It is of five days that are not extended, from the notice [LGPP 80.1.b.III]. Raises UnknownTerm.
    """
    return next((term for term in stage_terms(etapa, fin, jurisdiction).terms if term.tramo == _SECOND), None)


def _on(etapa: str, place: int, fin: date, jurisdiction: str) -> tuple[Term, ...]:
    """Return the stretches of a stage with the value of their parameters on a day, and as sure as the text of that day.

    A reform that a judgement left without effect leaves days whose words were not read.
    """
    terms = list(_stages(jurisdiction)[etapa][place].terms)
    for at, raw in enumerate(_data(jurisdiction)["etapas"][etapa][place]["tramos"]):
        if "parametro" not in raw:
            read = days_read(
                Citation("", "", terms[at].articulo, terms[at].cita, jurisdiction=jurisdiction), jurisdiction
            )
            if not any(fin in span for span in read):
                terms[at] = replace(terms[at], estatus=UNCONFIRMED)
            continue
        try:
            value = load_parameters(jurisdiction)[raw["parametro"]].on(fin)
        except NotInForce as unknown:
            raise UnknownTerm(str(unknown)) from unknown
        terms[at] = replace(
            terms[at],
            dias=value.valor,
            base=value.base,
            articulo=value.articulo,
            cita=value.cita,
            estatus=value.estatus,
        )
    return tuple(terms)


@cache
def _accords(jurisdiction: str) -> MappingProxyType[str, Accord]:
    found: dict[str, Accord] = {}
    for clave, raw in _data(jurisdiction)["acuerdos"].items():
        where = f"calendario.yaml, {clave}"
        row = only_keys(raw, _ACCORD, frozenset({"inicio_revision"}), where)
        start = row.get("inicio_revision")
        found[clave] = Accord(
            clave=clave,
            etapa=row["etapa"],
            asunto=row["asunto"],
            fin=day(row["fin"], where),
            estatus=status(row["estatus"], where),
            fuente=row["fuente"],
            plazos=tuple(row["plazos"]),
            fechas=MappingProxyType({hito: day(fecha, where) for hito, fecha in row["fechas"].items()}),
            inicio_revision=None if start is None else day(start, where),
        )
    return MappingProxyType(found)


def every_day_article(jurisdiction: str) -> str:
    """The article by which every day counts for what is of an electoral process; its law says of which processes."""
    article: str = _data(jurisdiction)["en_proceso"]["articulo"]
    return article


def load_accords(jurisdiction: str) -> dict[str, Accord]:
    """Return the accords on terms that we know, by number (INE/CG502/2023)."""
    return dict(_accords(jurisdiction))


def _given_terms(terms: tuple[Term, ...], plazos: Sequence[int], restarted: bool, given_by: str) -> tuple[Term, ...]:
    """Return the stage's terms with the numbers given in place of the law's, and what gives them.

    Six numbers are the six milestones. When the review restarts on a day of its own they count from it, so there is
    none for the report and six are: oficio, answer, dictamen, Comisión, presentation to the Consejo, Consejo; five
    leave the presentation out, and seven put the report first.
    """
    numbers, names = list(plazos), list(MILESTONES)
    by_law = restarted and len(numbers) < 7
    if restarted:
        numbers = [terms[0].dias, *numbers] if by_law else numbers
        if len(numbers) == 7:
            names.insert(5, "presentación al Consejo")
    if len(numbers) != len(names) or any(number < 0 for number in numbers):
        wanted = "5, 6 o 7 números (sin el del informe, salvo que sean 7)" if restarted else "6 números, uno por hito"
        raise UnknownTerm(
            f"Los plazos {','.join(map(str, plazos))} no sirven: se quieren {wanted}, de cero o más días."
        )
    given = [
        term
        for name, number in zip(names, numbers, strict=True)
        for term in _stretches(terms, name, number, given_by, whole=len(names) == 7)
    ]
    return (terms[0], *given[1:]) if by_law else tuple(given)


def _stretches(terms: tuple[Term, ...], name: str, number: int, given_by: str, *, whole: bool) -> tuple[Term, ...]:
    """Return the stretches of a number given: the last of the milestone takes what those that the law fixes leave.

    So the second answer of the annual review [LGPP 80.1.b.III] and the seventy-two hours are not lost under an accord.
    whole: the presentation to the Consejo has its own number.
    """
    hito = name if name in MILESTONES else "consejo"
    law = tuple(term for term in terms if term.hito == hito)
    before = () if whole and hito == "consejo" else law[:-1]
    left = number - sum(term.dias for term in before)
    if left < 0:
        before, left = (), number
    tramo = name if name not in MILESTONES else law[-1].tramo
    return (*before, Term(hito, left, law[-1].cuenta, tramo, given_by))


def review_calendar(
    etapa: str,
    fin: date,
    plazos: Sequence[int] | None = None,
    inicio_revision: date | None = None,
    *,
    jurisdiction: str,
    given_by: str = "plazo dado",
    course: Course = BY_LAW,
) -> list[Milestone]:
    """Return the six days of a review: informe, oficio, respuesta, dictamen, comision, consejo.

    fin: last day of the period reported (of the campaign; 31 December for the annual report). plazos: days in place of
    the law's, six as the milestones; with inicio_revision, see _given_terms. inicio_revision: day from which the oficio
    is counted instead of the day of the report. given_by: the accord that gives plazos. course: see Course; a second
    oficio adds `segunda_respuesta`, and without errors there is no answer. Raises UnknownTerm.
    """
    stage = stage_terms(etapa, fin, jurisdiction)
    terms = stage.terms
    if plazos is not None:
        terms = _given_terms(terms, plazos, inicio_revision is not None, given_by)
    found: dict[str, Milestone] = {}
    reached, sure, longest = fin, stage.estatus == CONFIRMED and inicio_revision is None, False
    for term in _happening(terms, course):
        if term.hito == "oficio" and inicio_revision is not None:
            reached = inicio_revision
        if term.tramo == _SECOND and course.segundo_oficio is not None:
            reached = course.segundo_oficio
        reached = add_days(reached, term.dias, term.cuenta, None, jurisdiction=jurisdiction)
        key = SECOND_ANSWER if term.tramo == _SECOND and course.segundo_oficio is not None else term.hito
        sure = sure and term.estatus == CONFIRMED
        longest = longest or (term.tramo == _SECOND and course.segundo_oficio is None)
        day = _milestone(key, reached, term, found.get(key), CONFIRMED if sure else UNCONFIRMED)
        found[key] = replace(day, si_segundo=longest)
        if key in course.fechas and term is _last_of(terms, term.hito):
            reached, sure = course.fechas[key], False
            found[key] = replace(found[key], fecha=reached, estatus=UNCONFIRMED)
    return list(found.values())


def _happening(terms: tuple[Term, ...], course: Course) -> list[Term]:
    """Return the stretches that there are in a course: without errors there is no answer, first nor second."""
    if course.no_errors:
        return [term for term in terms if term.hito != "respuesta" and term.tramo != _SECOND]
    return [term for term in terms if term.tramo != _SECOND or not course.one_oficio]


def _last_of(terms: tuple[Term, ...], hito: str) -> Term:
    return [term for term in terms if term.hito == hito][-1]


def _milestone(hito: str, fecha: date, term: Term, before: Milestone | None, estatus: str) -> Milestone:
    step = f"{term.dias} días {'hábiles' if term.cuenta == 'habiles' else 'naturales'} ({term.base})"
    if term.tramo != term.hito and hito != SECOND_ANSWER:
        step = f"{term.tramo} {fecha}: {step}"
    return Milestone(hito, fecha, f"{before.base}; {step}" if before else step, estatus=estatus)


def period_calendars(
    etapa: str,
    fines: Sequence[date],
    plazos: Sequence[int] | None = None,
    *,
    jurisdiction: str,
    given_by: str = "plazo dado",
) -> list[list[Milestone]]:
    """Return the review of each report of a stage, by the last day of each period; the last one has all its milestones.

    Where each report opens its own review [LGPP 80.1.d.II-III] the ones before have report, oficio and answer, and the
    dictamen waits for the last [LGPP 80.1.d.IV]; elsewhere the report alone.
    """
    found = []
    for place, fin in enumerate(fines, 1):
        days = review_calendar(etapa, fin, plazos, None, jurisdiction=jurisdiction, given_by=given_by)
        if place < len(fines):
            alone = stage_terms(etapa, fin, jurisdiction).by_report
            days = days[:3] if alone else days[:1]
        found.append(days)
    return found


def accord_calendar(clave: str, fin: date | None = None, *, jurisdiction: str) -> list[Milestone]:
    """Return the days of a review under an accord; a day that differs from the law's keeps the old one in movida_de.

    fin defaults to the end of the stage that the accord governs. Raises UnknownTerm for an accord we do not know.
    """
    accords = _accords(jurisdiction)
    if clave not in accords:
        raise UnknownTerm(f"El acuerdo «{clave}» no se conoce; son {', '.join(accords)}.")
    accord = accords[clave]
    end = fin if fin is not None else accord.fin
    legal = review_calendar(accord.etapa, end, jurisdiction=jurisdiction)
    course = Course(accord.fechas)
    agreed = review_calendar(
        accord.etapa, end, accord.plazos, accord.inicio_revision, jurisdiction=jurisdiction, course=course
    )
    moved = []
    for before, after in zip(legal, agreed, strict=True):
        old = before.fecha if before.fecha != after.fecha else None
        moved.append(replace(after, base=f"{accord.clave}: {after.base}", movida_de=old))
    return moved


@dataclass(frozen=True, slots=True)
class AppealTerm:
    """The term to appeal: its number of days, the kind of days to count, and the articles that set both."""

    dias: int
    cuenta: str
    articulo: str


def appeal_term(fecha: date, jurisdiction: str, *, linked: bool) -> AppealTerm:
    """Return the term to appeal in force on a day, of what is linked to an electoral process or of what is not."""
    rules, figure = _data(jurisdiction)["impugnacion"], _appeal_figure(fecha, jurisdiction)
    rule = rules["en_proceso"] if linked else rules["fuera"]
    return AppealTerm(figure.valor, rule["dias"], f"{rule['articulo']}; {figure.base}")


def appeal_base(day: date, jurisdiction: str) -> str:
    """Return the article that gives the days of an appeal, as in force on a day."""
    return _appeal_figure(day, jurisdiction).base


def _appeal_figure(day: date, jurisdiction: str) -> ValueSpan:
    return load_parameters(jurisdiction)[_data(jurisdiction)["impugnacion"]["parametro"]].on(day)


def appeal_day(notified: date, etapa: str, jurisdiction: str) -> Milestone:
    """Return the last day to appeal what was decided on the review of a stage, from the day of its notice.

    What is not linked to an electoral process is counted in business days, also while one runs [LGSMIME 7.2].
    """
    rules, figure = _data(jurisdiction)["impugnacion"], _appeal_figure(notified, jurisdiction)
    linked = stage_terms(etapa, notified, jurisdiction).linked
    rule = rules["en_proceso"] if linked else rules["fuera"]
    last = add_days(notified, figure.valor, rule["dias"], None, jurisdiction=jurisdiction)
    words = "hábiles" if rule["dias"] == "habiles" else "naturales"
    base = f"{figure.valor} días {words} ({figure.base}, {rule['articulo']})"
    sure = figure.estatus == CONFIRMED and rule["dias"] == "naturales"
    return Milestone("impugnacion", last, base, estatus=CONFIRMED if sure else UNCONFIRMED)
