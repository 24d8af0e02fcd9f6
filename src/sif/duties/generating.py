"""Generate the duties of some subjects on a day, each once, from the law, the registry and what was recorded."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, partial
from operator import attrgetter

from django.conf import settings

from sif.catalogs.selectors.campaign_terms import CampaignTerm, agenda_term, notice_term
from sif.duties import evidence
from sif.duties.drafts import Common, Drafts, Gathering, Pen
from sif.duties.evidence import Account, Books, Proof, Reach
from sif.duties.plan import MONTHLY, Planned, StagePlan, elections_known, legal_year
from sif.law.calendar import CONFIRMED, UNCONFIRMED
from sif.law.cuts import Cut
from sif.law.duties import Due, Duty, due_of, load_duties, owed_by_books, repeated, state_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, SujetoObligado

ORDINARY = Etapa.Tipo.ORDINARIO
UNPROVEN = frozenset({"ICT", "RMA", "IMU", "AUD", "PUB-T", "PUB-S", "PRO"})
"""Duties that this system keeps no record of: once their day has passed, nobody is accused of them here."""
UNKNOWN = "por_confirmar"
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


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
    """Whose an obligation is, the end of its key, and the words that tell it from others of its kind."""

    sujeto: int
    contabilidad: int
    etapa: int
    clave: str
    palabras: str


@dataclass(frozen=True, slots=True)
class Born:
    """What an act of some books gave rise to; named: the end of its key and its words, written when they are read."""

    duty: Duty
    books: Books
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
    def books(self) -> dict[int, Books]:
        """The books asked, by number."""
        return {each.pk: each for each in evidence.books_of(self.reach)}

    @cached_property
    def plans(self) -> dict[int, StagePlan]:
        """The plan of each stage in which somebody asked has books."""
        rows = Etapa.objects.select_related("proceso")
        elections = elections_known(rows)
        numbers = {each.etapa for each in self.books.values()}
        return {etapa.pk: StagePlan(etapa, elections) for etapa in rows if etapa.pk in numbers}

    def drafts(self, wanted: Callable[[Common], bool] = every_one) -> Drafts[Obligacion]:
        """Gather the duties wanted of the subjects asked; the words of those of books are written when shown."""
        found = Gathering[Obligacion](wanted)
        for planned, books, proof in self._owed_by_books():
            met = proof.dia if proof else None
            key = (id(planned), books.etapa, met)
            found.add(key, (books, proof), self._begin_planned, planned, books.etapa, proof)
        for act in self._acts_of_books():
            met = act.proof.dia if act.proof else None
            found.add((act.duty.clave, act.abre, act.due, met), act, self._begin_act, act, met)
        _add_written(found, self._of_no_books())
        return found.drafts()

    def _begin_planned(self, planned: Planned, etapa: int, proof: Proof | None) -> tuple[Common, Pen[Obligacion]]:
        """Say what the books that owe something planned, and met it on a day, have in common."""
        duty, met = planned.duty, proof.dia if proof else None
        end = _key(duty, planned.cut)
        pen = Pen[Obligacion](
            key=lambda one: f"{duty.clave}-{one[0].pk}-{end}",
            whose=lambda one: one[0].sujeto,
            what=f"{duty.que}, {period_words(duty, planned.cut)},",
            own=lambda one: _own_words(f"{one[0].titular} ({one[0].pk})", one[1]),
            write=lambda one: self._of_books(planned, *one),
        )
        return Common(duty.clave, self._state(planned, proof, etapa), planned.abre, planned.due.fecha, met), pen

    def _begin_act(self, act: Born, met: date | None) -> tuple[Common, Pen[Obligacion]]:
        """Say what the acts of a kind and a day, met on another, have in common."""
        duty = act.duty
        pen = Pen[Obligacion](
            key=lambda one: f"{duty.clave}-{one.named()[0]}",
            whose=lambda one: one.books.sujeto,
            what=f"{duty.que},",
            own=lambda one: _own_words(one.named()[1], one.proof),
            write=self._of_born,
        )
        state = state_of(act.abre, act.due.fecha, self.reach.al, met)
        return Common(duty.clave, state, act.abre, act.due.fecha, met), pen

    def _of_born(self, act: Born) -> Obligacion:
        whose = Whose(act.books.sujeto, act.books.pk, act.books.etapa, *act.named())
        return self._of_act(act.duty, whose, act.abre, act.due, act.proof)

    def counted(self) -> Counter[tuple[int, str, str]]:
        """Count every duty by subject, kind and state, without the words of those of books, which are most of them."""
        found = Counter((each.sujeto, each.tipo, each.estado) for each in self._of_no_books())
        alike = dict[tuple[int, int, date | None], str]()  # of one plan and one day met, the state is the same
        for planned, books, proof in self._owed_by_books():
            key = (id(planned), books.etapa, proof.dia if proof else None)
            state = alike.get(key)
            if state is None:
                state = alike[key] = self._state(planned, proof, books.etapa)
            found[books.sujeto, planned.duty.clave, state] += 1
        for act in self._acts_of_books():
            state = state_of(act.abre, act.due.fecha, self.reach.al, act.proof.dia if act.proof else None)
            found[act.books.sujeto, act.duty.clave, state] += 1
        return found

    def _of_no_books(self) -> Iterator[Obligacion]:
        """Yield what is asked of each subject as a whole."""
        yield from self._of_subjects()
        if self.reach.libros is None:
            yield from self._answers()
            if self.reach.etapas is None:
                yield from self._uncovered()

    # By date --------------------------------------------------------------------------------------------------------

    def _owed_by_books(self) -> Iterator[tuple[Planned, Books, Proof | None]]:
        """Yield what some books owe in a period they lived, or what they presented of one that ended before."""
        presented = evidence.presented(self.reach)
        for books in self.books.values():
            plan = self.plans[books.etapa]
            ordinary, candidacy = plan.etapa.tipo == ORDINARY, books.clase == Contabilidad.Clase.CANDIDATURA
            for planned in plan.of(self.subjects[books.sujeto].tipo):
                duty = planned.duty
                if books.clase not in duty.libros or planned.standing.estado:
                    continue
                kind = (duty.dentro_de or duty.clave) if ordinary else ""
                proof = presented.get((books.pk, planned.periodo, kind))
                lived = not candidacy or proof or owed_by_books(planned.cut, books.abierta_el, books.cancelada_el)
                if lived:
                    yield planned, books, proof

    def _of_subjects(self) -> Iterator[Obligacion]:
        """Yield what the calendar of each stage asks of each subject that has books in it."""
        if self.reach.libros is not None:
            return
        told = evidence.percentages(self.reach)
        for etapa, sujeto in sorted({(books.etapa, books.sujeto) for books in self.books.values()}):
            plan, subject = self.plans[etapa], self.subjects[sujeto]
            for planned in plan.of(subject.tipo):
                if not planned.duty.libros or planned.standing.estado:
                    year = plan.etapa.proceso.nombre
                    whose = Whose(
                        sujeto,
                        0,
                        etapa,
                        f"{subject.numero}-e{etapa}-{_key(planned.duty, planned.cut)}",
                        f"{period_words(planned.duty, planned.cut)}, {year}",
                    )
                    yield self._made(planned, whose, told.get((etapa, sujeto)) if planned.duty.clave == "POR" else None)

    def _of_books(self, planned: Planned, books: Books, proof: Proof | None) -> Obligacion:
        duty, cut = planned.duty, planned.cut
        words = f"{period_words(duty, cut)}, {books.titular} ({books.pk})"
        whose = Whose(books.sujeto, books.pk, books.etapa, f"{books.pk}-{_key(duty, cut)}", words)
        return self._made(planned, whose, proof)

    def _made(self, planned: Planned, whose: Whose, proof: Proof | None) -> Obligacion:
        duty, due = planned.duty, planned.due
        state = self._state(planned, proof, whose.etapa)
        return _obligacion(duty, whose, planned.abre, due, state, proof, planned.standing.nota or due.nota)

    def _state(self, planned: Planned, proof: Proof | None, etapa: int) -> str:
        """How what is planned stands on the day asked; etapa: 0 where no process covers it."""
        state = planned.standing.estado if proof is None else ""
        if not state:
            met = proof.dia if proof else None
            state = state_of(planned.abre, planned.due.fecha, self.reach.al, met, planned.cierra)
        if state in ("vencida", "omitida") and (planned.duty.clave in UNPROVEN or not etapa):
            state = UNKNOWN
        return state

    def _uncovered(self) -> Iterator[Obligacion]:
        """Yield the year of those whom the law asks each year, where no process of this installation covers it.

        The annual report of the year before, and what this year asks; nothing of it is proven here.
        """
        covered = {
            (books.sujeto, self.plans[books.etapa].etapa.proceso.anio)
            for books in self.books.values()
            if self.plans[books.etapa].etapa.tipo == ORDINARY
        }
        elections = elections_known(Etapa.objects.select_related("proceso"))
        years = (self.reach.al.year - 1, self.reach.al.year)
        planned = {
            (kind, year): legal_year(kind, year, elections)
            for kind in ("partido", "partido_local", "agrupacion")
            for year in years
        }
        for pk, subject in self.subjects.items():
            for year in years:
                if (pk, year) in covered:
                    continue
                for each in planned.get((subject.tipo, year), ()):
                    if self.reach.al.year in (year, each.abre.year):
                        words = period_words(each.duty, each.cut)
                        words = words if each.duty.corte == "mes" else f"{words} de {year}"
                        whose = Whose(pk, 0, 0, f"{subject.numero}-{_key(each.duty, each.cut)}", words)
                        yield self._made(each, whose, None)

    # By act ---------------------------------------------------------------------------------------------------------

    def _acts_of_books(self) -> Iterator[Born]:
        """Yield what contracts, accounts and events gave rise to."""
        yield from self._contracts()
        yield from self._accounts()
        yield from self._events()

    def _contracts(self) -> Iterator[Born]:
        duty = self.law["AVC"]
        for row in evidence.contracts(self.reach):
            due, books = _campaign_due(notice_term(row.suscrito_el, row.entrega_el)), self.books[row.contabilidad]
            named = partial(_contract_named, row, books)
            yield Born(duty, books, row.suscrito_el, due, row.aviso, named)

    def _accounts(self) -> Iterator[Born]:
        duty = self.law["CTA"]
        due_from = cache(lambda day: due_of(duty, {"apertura": day}, settings.JURISDICTION))
        statements = not self.dated or self._due_of_statements.fecha is not None
        for row in evidence.accounts(self.reach, statements=statements):
            books = self.books[row.contabilidad]
            proof = Proof(row.avisada_el, f"cuenta {row.pk}") if row.avisada_el else None
            named = partial(_account_named, row, books)
            yield Born(duty, books, row.apertura_el, due_from(row.apertura_el), proof, named)
            if statements:
                yield from self._statements(row, books)

    def _statements(self, row: Account, books: Books) -> Iterator[Born]:
        """Yield the statement of each month that an account was open, met when one loaded reaches its last day."""
        duty, due = self.law["EDC"], self._due_of_statements
        for first, last in evidence.months(row.apertura_el, min(row.cancelada_el or self.reach.al, self.reach.al)):
            loaded = [day for since, until, day in row.estados if since <= last <= until]
            proof = Proof(loaded[0], f"estado de {first:%Y-%m}") if loaded else None
            yield Born(duty, books, last + timedelta(days=1), due, proof, partial(_month_named, row, books, first))

    @cached_property
    def _due_of_statements(self) -> Due:
        return due_of(self.law["EDC"], {}, settings.JURISDICTION)

    def _events(self) -> Iterator[Born]:
        duty = self.law["AGE"]
        for row in evidence.events(self.reach):
            books, proof = self.books[row.contabilidad], Proof(row.registrado_el, f"evento {row.identidad}")
            yield Born(
                duty, books, row.registrado_el, _campaign_due(agenda_term(row.fecha)), proof,
                partial(_event_named, row, books),
            )  # fmt: skip

    def _answers(self) -> Iterator[Obligacion]:
        duty = self.law["RSP"]
        for row in evidence.oficios(self.reach):
            whose = Whose(row.sujeto, 0, row.etapa, str(row.pk), f"oficio {row.numero}")
            due = Due(row.vence_el, duty.articulo, CONFIRMED)
            yield self._of_act(duty, whose, row.notificado_el, due, row.contestado)

    def _of_act(self, duty: Duty, whose: Whose, abre: date, due: Due, proof: Proof | None) -> Obligacion:
        state = state_of(abre, due.fecha, self.reach.al, proof.dia if proof else None)
        return _obligacion(duty, whose, abre, due, state, proof, due.nota)


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


def _contract_named(row: evidence.Signed, books: Books) -> tuple[str, str]:
    return str(row.pk), f"contrato «{row.objeto}» ({books.pk})"


def _account_named(row: Account, books: Books) -> tuple[str, str]:
    return str(row.pk), f"{row.banco} ({books.pk})"


def _month_named(row: Account, books: Books, first: date) -> tuple[str, str]:
    return f"{row.pk}-{first:%Y-%m}", f"{row.banco}, {MONTHS[first.month - 1]} de {first.year} ({books.pk})"


def _event_named(row: evidence.Announced, books: Books) -> tuple[str, str]:
    return str(row.identidad), f"«{row.nombre}», {row.fecha:%d/%m/%Y} ({books.pk})"


def _campaign_due(term: CampaignTerm) -> Due:
    last = clock.legal_day(term.vence_el - timedelta(seconds=1))
    return Due(last, term.base, CONFIRMED if term.confirmado else UNCONFIRMED)


def _obligacion(
    duty: Duty, whose: Whose, abre: date, due: Due, state: str, proof: Proof | None, nota: str
) -> Obligacion:
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


def _key(duty: Duty, cut: Cut) -> str:
    """The end of the key of a period: its number, with its year where the number is of a year."""
    return f"{cut.hasta.year}-{cut.numero}" if duty.corte in MONTHLY else str(cut.numero)


def period_words(duty: Duty, cut: Cut) -> str:
    """How a period is told from others of its duty: trimestre 2, enero de 2026, periodo 1."""
    if duty.corte == "mes":
        return f"{MONTHS[cut.hasta.month - 1]} de {cut.hasta.year}"
    names = {"trimestre": "trimestre", "semestre": "semestre", "treinta": "periodo"}
    if duty.corte in names:
        return f"{names[duty.corte]} {cut.numero}"
    return "ejercicio" if duty.corte == "ejercicio" else "etapa"


def of_authority(al: date) -> Iterator[Obligacion]:
    """Yield what the law asks of the authority while it reviews: the progress to tell, and its recommendations."""
    law = load_duties(settings.JURISDICTION)
    rows = Etapa.objects.select_related("proceso").order_by("inicia_el", "pk")
    elections = elections_known(rows)
    for etapa in rows:
        plan = StagePlan(etapa, elections)
        words = f"{etapa.get_tipo_display()}, {etapa.proceso.nombre}"
        duty = law["REC"]
        whose = Whose(0, 0, etapa.pk, f"e{etapa.pk}", words)
        state = state_of(etapa.inicia_el, None, al)
        yield _obligacion(duty, whose, etapa.inicia_el, due_of(duty, {}), state, None, "")
        if etapa.tipo in law["AVR"].etapas:
            yield from _progress(law["AVR"], plan, words, al)


def _progress(duty: Duty, plan: StagePlan, words: str, al: date) -> Iterator[Obligacion]:
    """Yield each progress of a review, from the day its first report is due until its dictamen [LGPP 84.2]."""
    if not plan.periods:
        return
    first = plan.windows[plan.periods[0].pk][0]
    begins = first + timedelta(days=1)
    for number, day in enumerate(repeated(duty, first, plan.review["dictamen"].fecha), 1):
        whose = Whose(0, 0, plan.etapa.pk, f"e{plan.etapa.pk}-{number}", f"número {number}, {words}")
        state = state_of(begins, day, al)
        yield _obligacion(
            duty,
            whose,
            begins,
            Due(day, duty.articulo, UNCONFIRMED, duty.limits[0].basis.nota),
            UNKNOWN if state == "vencida" else state,
            None,
            "",
        )
        begins = day + timedelta(days=1)
