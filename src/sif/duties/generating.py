"""Generate the duties of some subjects on a day, each once, from the law, the registry and what was recorded."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property, partial
from operator import attrgetter, itemgetter

from django.conf import settings

from sif.catalogs.selectors.campaign_terms import CampaignTerm, agenda_term, notice_term
from sif.duties import evidence
from sif.duties.drafts import Alike, Common, Drafts, Gathering, Names, Pen
from sif.duties.evidence import Accounts, Cohort, Proof, Reach
from sif.duties.periods import period_key, period_words
from sif.duties.plan import Planned, StagePlan, elections_known, legal_year
from sif.duties.subject_proofs import SubjectProofs
from sif.law.calendar import CONFIRMED, UNCONFIRMED
from sif.law.duties import Due, Duty, due_of, load_duties, owed_by_books, state_of
from sif.proceedings.terms import hearing_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, SujetoObligado
from sif.values.words import MONTHS

ORDINARY = Etapa.Tipo.ORDINARIO
UNPROVEN = frozenset({"ICT", "RMA", "IMU", "AUD", "PUB-T", "PUB-S", "PRO"})
"""Duties that may be met without this system: a record here proves them, and once their day has passed its lack accuses
nobody."""
BORROWED = frozenset({"AUD"})
"""Duties whose day no law sets and is that of their report: a record after it accuses nobody either."""
UNKNOWN = "por_confirmar"


@dataclass(frozen=True, slots=True)
class Obligacion:
    """A duty of a subject for a period or an act, and how it stands on a day.

    clave: unique among those of everybody; tipo: its key in the catalogue of law. sujeto: 0 for the authority.
    contabilidad and etapa: 0 where it is of the subject as a whole, or of a year that no process covers. vence_el: its
    last day, None where the law gives none. estado: one of law.duties.STATES. base and estatus: what fixes the day and
    how sure it is. evidencia: the folio or number of what met it, on cumplida_el.
    """

    clave: str
    tipo: str
    que: str
    sujeto: int
    contabilidad: int
    etapa: int
    abre_el: date
    vence_el: date | None
    articulo: str
    estado: str
    base: str
    estatus: str
    cumplida_el: date | None = None
    evidencia: str = ""
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """The owner of an obligation: subject, books and stage; the end of its key, and its distinctive words."""

    sujeto: int
    contabilidad: int
    etapa: int
    clave: str
    palabras: str


@dataclass(frozen=True, slots=True)
class Born:
    """An obligation that an act of some books gave rise to.

    named: returns the end of its key and its words, written when they are read.
    """

    duty: Duty
    libros: int
    abre: date
    due: Due
    proof: Proof | None
    named: Callable[[], tuple[str, str]]


def every_one(_common: Common) -> bool:
    """Want every duty."""
    return True


class Generation:
    """One generation of duties: each thing is read once, in as many queries whatever the number of books.

    dated: whether only what has a day of law is asked, so that what never has one is not read.
    """

    def __init__(self, reach: Reach, *, dated: bool = False) -> None:
        self.reach, self.law, self.dated = reach, load_duties(settings.JURISDICTION), dated

    @cached_property
    def subjects(self) -> dict[int, SujetoObligado]:
        """The subjects asked, by number of row."""
        rows = SujetoObligado.objects.all()
        return (rows if self.reach.sujetos is None else rows.filter(pk__in=self.reach.sujetos)).in_bulk()

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """The books asked, those that are alike together."""
        return list(evidence.cohorts_of(self.reach))

    @cached_property
    def of(self) -> dict[int, Cohort]:
        """With which others the books of a number are."""
        found: dict[int, Cohort] = {}
        for cohort in self.cohorts:
            found |= dict.fromkeys(cohort.libros, cohort)
        return found

    @cached_property
    def presented(self) -> dict[tuple[int, str], dict[int, tuple[date, str]]]:
        """Return the reports presented, by period and kind."""
        return evidence.presented(self.reach)

    @cached_property
    def holders(self) -> Names:
        """Return the names of the holders of the books, by number of the books."""
        return Names(partial(evidence.holders, self.reach), int)

    @cached_property
    def banks(self) -> Names:
        """The bank of an account, which is kept with its books."""
        return Names(partial(evidence.banks, self.reach), itemgetter(0))

    @cached_property
    def plans(self) -> dict[int, StagePlan]:
        """The plan of each stage in which somebody asked has books."""
        rows = Etapa.objects.select_related("proceso")
        elections = elections_known(rows)
        numbers = {cohort.etapa for cohort in self.cohorts}
        return {etapa.pk: StagePlan(etapa, elections) for etapa in rows if etapa.pk in numbers}

    def drafts(self, wanted: Callable[[Common], bool] = every_one) -> Drafts[Obligacion]:
        """Gather the duties wanted of the subjects asked; the words of those of books are written when shown."""
        found = Gathering[Obligacion](wanted)
        for act in self._acts_of_books():
            met = act.proof.dia if act.proof else None
            found.add((act.duty.clave, act.abre, act.due, met), act, self._begin_act, act, met)
        _add_written(found, self._of_no_books())
        return Drafts([*(group for group in self._by_thousands() if wanted(group.common)), *found.alike()])

    def _begin_act(self, act: Born, met: date | None) -> tuple[Common, Pen[Obligacion]]:
        """Say what the acts of a kind and a day, met on another, have in common."""
        duty = act.duty
        pen = Pen[Obligacion](
            key=lambda one: f"{duty.clave}-{one.named()[0]}",
            whose=lambda one: self.of[one.libros].sujeto,
            what=f"{duty.que},",
            own=lambda one: _own_words(one.named()[1], one.proof),
            write=lambda one: self._of_act(duty, self._whose(one.libros, *one.named()), one.abre, one.due, one.proof),
        )
        state = state_of(act.abre, act.due.fecha, self.reach.al, met)
        return Common(duty.clave, state, act.abre, act.due.fecha, met), pen

    def _whose(self, libros: int, clave: str, words: str) -> Whose:
        return Whose(self.of[libros].sujeto, libros, self.of[libros].etapa, clave, words)

    def counted(self) -> Counter[tuple[int, str, str]]:
        """Count every duty by subject, kind and state, without the words of those of books, which are most of them."""
        found = Counter((each.sujeto, each.tipo, each.estado) for each in self._of_no_books())
        for group in self._by_thousands():
            for sujeto, many in Counter(map(group.pen.whose, group.each)).items():
                found[sujeto, group.common.tipo, group.common.estado] += many
        for act in self._acts_of_books():
            state = state_of(act.abre, act.due.fecha, self.reach.al, act.proof.dia if act.proof else None)
            found[self.of[act.libros].sujeto, act.duty.clave, state] += 1
        return found

    def _by_thousands(self) -> Iterator[Alike[Obligacion]]:
        """Yield together, and not one by one, what each of the books owes: its reports, its accounts, their months."""
        for planned, cohort, met, libros in self._owed_by_books():
            yield self._reports(planned, cohort, met, libros)
        yield from self._accounts()

    def _of_no_books(self) -> Iterator[Obligacion]:
        """Yield what is asked of each subject as a whole."""
        yield from (self.by_date(*each) for each in self.planned_of_subjects())
        if self.reach.libros is None:
            yield from self._answers()

    # By date --------------------------------------------------------------------------------------------------------

    def _owed_by_books(self) -> Iterator[tuple[Planned, Cohort, date | None, Sequence[int]]]:
        """Yield what books that are alike owe in a period they lived, or presented of one they did not, by its day."""
        for cohort in self.cohorts:
            plan = self.plans[cohort.etapa]
            candidacy = cohort.clase == Contabilidad.Clase.CANDIDATURA
            for planned in plan.of(self.subjects[cohort.sujeto].tipo):
                if cohort.clase not in planned.duty.libros or planned.standing.estado:
                    continue
                lived = not candidacy or owed_by_books(planned.cut, cohort.abierta_el, cohort.cancelada_el)
                proofs = self._proofs(planned, cohort)
                owing = [pk for pk in cohort.libros if pk not in proofs] if proofs else cohort.libros
                if owing and lived:
                    yield planned, cohort, None, owing
                met: dict[date, list[int]] = defaultdict(list)
                for pk in cohort.libros if proofs else ():
                    if pk in proofs:
                        met[proofs[pk][0]].append(pk)
                for day, libros in met.items():
                    yield planned, cohort, day, libros

    def _proofs(self, planned: Planned, cohort: Cohort) -> Mapping[int, tuple[date, str]]:
        """Return the first presentation of what is planned by each of the books: its day and folio."""
        ordinary = self.plans[cohort.etapa].etapa.tipo == ORDINARY
        kind = (planned.duty.dentro_de or planned.duty.clave) if ordinary else ""
        return self.presented.get((planned.periodo, kind), {})

    def _reports(self, planned: Planned, cohort: Cohort, met: date | None, libros: Sequence[int]) -> Alike[Obligacion]:
        duty, end, words = planned.duty, period_key(planned.duty, planned.cut), period_words(planned.duty, planned.cut)
        proofs, names = self._proofs(planned, cohort) if met else {}, self.holders.known

        def proof(pk: int) -> Proof | None:
            return Proof(*proofs[pk]) if met else None

        def write(pk: int) -> Obligacion:
            whose = Whose(cohort.sujeto, pk, cohort.etapa, f"{pk}-{end}", f"{words}, {names[pk]} ({pk})")
            return self._made(planned, whose, proof(pk))

        pen = Pen[Obligacion](
            key=lambda pk: f"{duty.clave}-{pk}-{end}",
            whose=lambda _pk: cohort.sujeto,
            what=f"{duty.que}, {words},",
            own=lambda pk: _own_words(f"{names[pk]} ({pk})", proof(pk)),
            write=write,
            names=self.holders,
        )
        state = self._state(planned, met, cohort.etapa)
        return Alike(Common(duty.clave, state, planned.abre, planned.due.fecha, met), pen, libros)

    @cached_property
    def subject_proofs(self) -> SubjectProofs:
        """The proofs of the duties of the subjects asked as a whole."""
        return SubjectProofs(self.reach)

    def planned_of_subjects(self) -> Iterator[tuple[Planned, Whose]]:
        """Yield what is asked by date of each subject as a whole, and whose each is: of its stages, or of a year."""
        if self.reach.libros is None:
            yield from self._planned_of_stages()
            if self.reach.etapas is None:
                yield from self._uncovered()

    def by_date(self, planned: Planned, whose: Whose) -> Obligacion:
        """Write what is asked by date of a subject as a whole, with what proves it."""
        return self._made(planned, whose, self.subject_proofs.proof(planned, whose.sujeto, whose.etapa))

    def _planned_of_stages(self) -> Iterator[tuple[Planned, Whose]]:
        """Yield what the calendar of each stage asks of each subject that has books in it."""
        for etapa, sujeto in sorted({(cohort.etapa, cohort.sujeto) for cohort in self.cohorts}):
            plan, subject = self.plans[etapa], self.subjects[sujeto]
            for planned in plan.of(subject.tipo):
                if not planned.duty.libros or planned.standing.estado:
                    year = plan.etapa.proceso.nombre
                    whose = Whose(
                        sujeto,
                        0,
                        etapa,
                        f"{subject.numero}-e{etapa}-{period_key(planned.duty, planned.cut)}",
                        f"{period_words(planned.duty, planned.cut)}, {year}",
                    )
                    yield planned, whose

    def _made(self, planned: Planned, whose: Whose, proof: Proof | None) -> Obligacion:
        duty, due = planned.duty, planned.due
        state = self._state(planned, proof.dia if proof else None, whose.etapa)
        return written(duty, whose, planned.abre, due, state, proof, planned.standing.nota or due.nota)

    def _state(self, planned: Planned, met: date | None, etapa: int) -> str:
        """Return the state of a planned duty on the day of the query.

        met: the day on which the duty was met, or None; etapa: 0 where no process covers the duty.
        """
        state = planned.standing.estado if met is None else ""
        if not state:
            state = state_of(planned.abre, planned.due.fecha, self.reach.al, met, planned.cierra)
        lacking = state in ("vencida", "omitida") and (planned.duty.clave in UNPROVEN or not etapa)
        return UNKNOWN if lacking or (state == "tarde" and planned.duty.clave in BORROWED) else state

    def _uncovered(self) -> Iterator[tuple[Planned, Whose]]:
        """Yield the years of those whom the law asks each year, where no process of this installation covers them.

        The annual report of the year before, and what this year asks; of the year before too, what documents are
        deposited for, which may come late; and of any year, what something was deposited for.
        """
        covered = {
            (cohort.sujeto, self.plans[cohort.etapa].etapa.proceso.anio)
            for cohort in self.cohorts
            if self.plans[cohort.etapa].etapa.tipo == ORDINARY
        }
        elections = elections_known(Etapa.objects.select_related("proceso"))
        planned = cache(lambda kind, year: legal_year(kind, year, elections))
        this = self.reach.al.year
        kept = {place for place in self.subject_proofs.deposited if place[3] is not None}
        for pk, subject in self.subjects.items():
            if subject.tipo not in ("partido", "partido_local", "agrupacion"):
                continue
            years = {this - 1, this} | {last.year for whose, _kind, _etapa, last in kept if whose == pk and last}
            for year in sorted(years - {of for whose, of in covered if whose == pk}):
                for each in planned(subject.tipo, year):
                    late = bool(each.duty.deposito) and year == this - 1
                    if this in (year, each.abre.year) or late or (pk, each.duty.clave, *each.place(0)) in kept:
                        words = period_words(each.duty, each.cut)
                        words = words if each.duty.corte == "mes" else f"{words} de {year}"
                        yield each, Whose(pk, 0, 0, f"{subject.numero}-{period_key(each.duty, each.cut)}", words)

    # By act ---------------------------------------------------------------------------------------------------------

    def _acts_of_books(self) -> Iterator[Born]:
        """Yield what contracts and events gave rise to."""
        yield from self._contracts()
        yield from self._events()

    def _contracts(self) -> Iterator[Born]:
        duty = self.law["AVC"]
        for row in evidence.contracts(self.reach):
            due = _campaign_due(notice_term(row.suscrito_el, row.entrega_el))
            named = partial(_contract_named, row)
            yield Born(duty, row.contabilidad, row.suscrito_el, due, row.aviso, named)

    def _accounts(self) -> Iterator[Alike[Obligacion]]:
        """Yield the notice of each account and the statement of each month that it was open, those alike together."""
        due_from = cache(lambda day: due_of(self.law["CTA"], {"apertura": day}, settings.JURISDICTION))
        statements = not self.dated or self._due_of_statements.fecha is not None
        loads = evidence.loads(self.reach) if statements else {}
        for row in evidence.accounts(self.reach):
            days = (row.apertura_el, due_from(row.apertura_el), row.avisada_el)
            yield self._of_accounts(self.law["CTA"], days, row.cuentas)
            if statements:
                yield from self._statements(row, loads)

    def _statements(
        self, row: Accounts, loads: Mapping[int, list[tuple[date, date, date]]]
    ) -> Iterator[Alike[Obligacion]]:
        """Yield the statement of each month, met when one loaded reaches its last day."""
        duty, due = self.law["EDC"], self._due_of_statements
        for first, last in evidence.months(row.apertura_el, min(row.cancelada_el or self.reach.al, self.reach.al)):
            by_day: dict[date | None, list[tuple[int, int]]] = defaultdict(list)
            for one in row.cuentas:
                days = (day for since, until, day in loads.get(one[0], ()) if since <= last <= until)
                by_day[next(days, None)].append(one)
            for met, ones in by_day.items():
                yield self._of_accounts(duty, (last + timedelta(days=1), due, met), ones, first)

    def _of_accounts(
        self,
        duty: Duty,
        days: tuple[date, Due, date | None],
        ones: Sequence[tuple[int, int]],
        month: date | None = None,
    ) -> Alike[Obligacion]:
        """Say what is asked of accounts, each with its books: the days it opens, is due and was met; of which month."""
        (abre, due, met), names = days, self.banks.known
        end = f"-{month:%Y-%m}" if month else ""
        when = f", {MONTHS[month.month - 1]} de {month.year}" if month else ""

        def words(one: tuple[int, int]) -> str:
            return f"{names[one[0]]}{when} ({one[1]})"

        def proof(one: tuple[int, int]) -> Proof | None:
            return Proof(met, f"estado de {month:%Y-%m}" if month else f"cuenta {one[0]}") if met else None

        def write(one: tuple[int, int]) -> Obligacion:
            cohort = self.of[one[1]]
            whose = Whose(cohort.sujeto, one[1], cohort.etapa, f"{one[0]}{end}", words(one))
            return self._of_act(duty, whose, abre, due, proof(one))

        pen = Pen[Obligacion](
            key=lambda one: f"{duty.clave}-{one[0]}{end}",
            whose=lambda one: self.of[one[1]].sujeto,
            what=f"{duty.que},",
            own=lambda one: _own_words(words(one), proof(one)),
            write=write,
            names=self.banks,
        )
        return Alike(Common(duty.clave, state_of(abre, due.fecha, self.reach.al, met), abre, due.fecha, met), pen, ones)

    @cached_property
    def _due_of_statements(self) -> Due:
        return due_of(self.law["EDC"], {}, settings.JURISDICTION)

    def _events(self) -> Iterator[Born]:
        duty = self.law["AGE"]
        for row in evidence.events(self.reach):
            proof, due = Proof(row.registrado_el, f"evento {row.identidad}"), _campaign_due(agenda_term(row.fecha))
            yield Born(duty, row.contabilidad, row.registrado_el, due, proof, partial(_event_named, row))

    def _answers(self) -> Iterator[Obligacion]:
        duty, rows = self.law["RSP"], list(evidence.oficios(self.reach))
        stages = Etapa.objects.select_related("proceso").in_bulk({row.etapa for row in rows}) if rows else {}
        said: dict[tuple[int, str, bool], tuple[str, str]] = {}
        for row in rows:
            whose = Whose(row.sujeto, 0, row.etapa, str(row.pk), f"oficio {row.numero}")
            case = row.etapa, row.tipo, row.segundo
            if case not in said:
                said[case] = hearing_of(stages[row.etapa], row.tipo, second=row.segundo)
            article, sure = said[case]
            due = Due(row.vence_el, article, sure)
            yield replace(self._of_act(duty, whose, row.notificado_el, due, row.contestado), articulo=article)

    def _of_act(self, duty: Duty, whose: Whose, abre: date, due: Due, proof: Proof | None) -> Obligacion:
        state = state_of(abre, due.fecha, self.reach.al, proof.dia if proof else None)
        return written(duty, whose, abre, due, state, proof, due.nota)


def _own_words(words: str, proof: Proof | None) -> str:
    return f"{words} {proof.folio}" if proof else words


WRITTEN = Pen[Obligacion](
    key=attrgetter("clave"),
    whose=attrgetter("sujeto"),
    what="",
    own=lambda one: f"{one.que} {one.evidencia}",
    write=lambda one: one,
)
"""How what is written already is read."""


def _add_written(found: Gathering[Obligacion], rows: Iterable[Obligacion]) -> None:
    for each in rows:
        common = Common(each.tipo, each.estado, each.abre_el, each.vence_el, each.cumplida_el)
        found.add(common, each, _begin_written, common)


def _begin_written(common: Common) -> tuple[Common, Pen[Obligacion]]:
    return common, WRITTEN


def _contract_named(row: evidence.Signed) -> tuple[str, str]:
    return str(row.pk), f"contrato «{row.objeto}» ({row.contabilidad})"


def _event_named(row: evidence.Announced) -> tuple[str, str]:
    return str(row.identidad), f"«{row.nombre}», {row.fecha:%d/%m/%Y} ({row.contabilidad})"


def _campaign_due(term: CampaignTerm) -> Due:
    last = clock.legal_day(term.vence_el - timedelta(seconds=1))
    return Due(last, term.base, CONFIRMED if term.confirmado else UNCONFIRMED)


def written(duty: Duty, whose: Whose, abre: date, due: Due, state: str, proof: Proof | None, nota: str) -> Obligacion:
    return Obligacion(
        f"{duty.clave}-{whose.clave}",
        duty.clave,
        f"{duty.que}, {whose.palabras}",
        whose.sujeto,
        whose.contabilidad,
        whose.etapa,
        abre,
        due.fecha,
        duty.articulo,
        state,
        due.base,
        due.estatus,
        proof.dia if proof else None,
        proof.folio if proof else "",
        nota,
    )
