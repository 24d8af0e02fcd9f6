"""Deposit the document that proves a duty of a subject, and list what was deposited for it.

What is deposited is never changed or withdrawn, as no article gives for it: a correction is a later deposit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from sif.books.services import store_file
from sif.duties.evidence import Reach
from sif.duties.generating import Generation, Obligacion
from sif.duties.handover import checked_paper
from sif.duties.plan import Planned
from sif.filing.deposit_acuses import keep_acuse
from sif.filing.mailing import mail_deposit
from sif.filing.models import Deposito
from sif.law.duties import DONE
from sif.registry import clock, trail
from sif.registry.locks import lock_sujeto
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.registry.spoken_names import named
from sif.values import Problem, Refused

NOT_OWED = ("suspendida", "no_aplica")


@dataclass(frozen=True, slots=True)
class NewDeposit:
    """A deposit as it is asked for: of which duty, by its key; its file, and the day of the act that it proves."""

    clave: str
    nombre: str
    archivo: bytes
    dia: date | None = None


@dataclass(frozen=True, slots=True)
class Receivable:
    """A duty for which documents are deposited: how it stands, its period, and the stage that it is of, or 0.

    acto: whether the document proves an act of a day of its own.
    """

    obligacion: Obligacion
    desde: date
    hasta: date
    etapa: int
    acto: bool

    @property
    def primero(self) -> date:
        """The first day on which it is deposited: that of its period for an act, and else that on which it opens."""
        return self.desde if self.acto else self.obligacion.abre_el


def receivable(sujeto: int, clave: str, al: date) -> Receivable | None:
    """Return the duty of a subject with a key as it stands on a day, if documents are deposited for it."""
    made = Generation(Reach(al, frozenset([sujeto])))
    for planned, whose in made.planned_of_subjects():
        if planned.duty.deposito and clave == f"{planned.duty.clave}-{whose.clave}":
            return _receivable(planned, made.by_date(planned, whose))
    return None


def _receivable(planned: Planned, row: Obligacion) -> Receivable:
    stage, _day = planned.place(row.etapa)
    return Receivable(row, planned.cut.desde, planned.cut.hasta, stage, planned.duty.deposito == DONE)


def deposits_of(found: Receivable) -> QuerySet[Deposito]:
    """Return what was deposited for a duty, the first one first."""
    duty = found.obligacion
    rows = Deposito.objects.filter(sujeto=duty.sujeto, obligacion=duty.tipo, etapa=found.etapa or None)
    rows = rows if found.etapa else rows.filter(hasta=found.hasta)
    return rows.select_related("sujeto", "depositado_por").order_by("depositado_el", "pk")


def deposit(sujeto: SujetoObligado, new: NewDeposit, by: Usuario) -> Deposito:
    """Deposit a document for a duty of a subject; late is not refused: its day says so.

    It is of the day on which it arrives, not of that on which another act on the subject lets it through. The file is
    kept once the act was judged; who deposits is mailed. The acuse is drawn after the act (ADR 0333): where
    it cannot be, or the process dies before, the worker draws it. Raises Refused: ajena, obligacion, sin_efecto, antes,
    dia, repetido, and those of a file that is no readable PDF.
    """
    arrived = clock.now()
    _refuse_stranger(sujeto, by)
    paper = checked_paper("", new.nombre, new.archivo)
    with acting():
        lock_sujeto(sujeto.pk)
        _refuse_stranger(sujeto, by)
        found = _judged(sujeto, new, arrived.date())
        if deposits_of(found).filter(sha256=paper.sha256).exists():
            told = "Ese archivo ya está depositado para esta obligación."
            raise Refused(Problem("repetido", "archivo", told, "Elija otro."))
        number = Deposito.objects.filter(sujeto=sujeto).count() + 1
        made = Deposito(
            folio=f"DO-{sujeto.pk}-{number:04d}",
            sujeto=sujeto,
            obligacion=found.obligacion.tipo,
            etapa_id=found.etapa or None,
            desde=found.desde,
            hasta=found.hasta,
            cumplida_el=(new.dia if found.acto else None) or arrived.date(),
            nombre=paper.nombre[-255:],
            sha256=paper.sha256,
            bytes=paper.bytes,
            depositado_el=arrived,
            depositado_por=by,
        )
        store_file(new.archivo)
        made.save()
        trail.act("depositar", by, made)
        mail_deposit(made, by)
    keep_acuse(made.pk)  # out of the lock: a slow drawing keeps nobody of the subject waiting
    return made


def _refuse_stranger(sujeto: SujetoObligado, by: Usuario) -> None:
    if not may(by, "presentar", sujeto=sujeto):
        told = f"{by.nombre} no presenta {named(sujeto.nombre, 'por')}."
        raise Refused(Problem("ajena", "", told, "Lo deposita su responsable de finanzas."))


def _judged(sujeto: SujetoObligado, new: NewDeposit, today: date) -> Receivable:
    """Return the duty that a deposit that arrives today is for. Raises Refused."""
    found = receivable(sujeto.pk, new.clave, today)
    if found is None:
        told = f"{sujeto.nombre} no tiene una obligación {new.clave} que se cumpla con un depósito."
        raise Refused(Problem("obligacion", "", told, "Elíjala de sus obligaciones."))
    if problems := [*_problems(found, new, today)]:
        raise Refused(*problems)
    return found


def _problems(found: Receivable, new: NewDeposit, today: date) -> Iterator[Problem]:
    """Yield why a duty takes no deposit, or not of that day."""
    if found.obligacion.estado in NOT_OWED:
        told = "En este periodo la ley no pide lo que se deposita."
        yield Problem("sin_efecto", "", told, found.obligacion.nota)
    elif today < found.primero:
        told = f"Se deposita desde el {found.primero:%d/%m/%Y}."
        yield Problem("antes", "", told, "Espere a ese día.")
    elif found.acto and new.dia is None:
        yield Problem("dia", "dia", "Falta el día en que se hizo.", "Escríbalo como 18/05/2026.")
    elif found.acto and new.dia is not None and not found.desde <= new.dia <= today:
        told = f"El {new.dia:%d/%m/%Y} no está entre el {found.desde:%d/%m/%Y} y hoy."
        yield Problem("dia", "dia", told, "Escriba el día en que se hizo.")
