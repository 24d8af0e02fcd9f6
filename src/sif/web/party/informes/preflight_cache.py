"""Read the preflight of small books from a cache, and of large ones from the answer of a job."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import connection

from sif.audit.preflight import Preflight, Risk, covers_subject, is_large, preflight
from sif.audit.preflight_tasks import last_answer, open_preflight, stamp
from sif.jobs.models import Trabajo
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.values import Money
from sif.web.law import PossibleSanction, possible_sanction

HOLDS = timedelta(hours=1)  # contracts, registrations and contributors change without a póliza


@dataclass(frozen=True, slots=True)
class Foresight:
    """A preflight, when it ran, and whether the books or the day are others since."""

    revision: Preflight
    corrida_el: datetime
    es_anterior: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The preflight that a page may show now, or None; whether a job computes it (`aparte`), and the open job."""

    prevision: Foresight | None
    aparte: bool = False
    trabajo: Trabajo | None = None


@dataclass(frozen=True, slots=True)
class PricedRisk:
    """A risk with the sanction it would bring if nobody cured it; None where no criterion is known."""

    riesgo: Risk
    posible: PossibleSanction | None

    @property
    def sancion(self) -> Money | None:
        """Return the sanction that would be paid, or None for a risk without one."""
        return self.posible.calculada.sancion if self.posible else None


def foresee(libros: list[Contabilidad], by: Usuario, *, anew: bool = False) -> Seen:
    """Return the preflight of some books of one subject and stage; a large set of books is left to a job.

    anew: review a small set again, without the cache.
    """
    if not is_large(libros):
        return Seen(_look_ahead(libros, anew=anew))
    answer = last_answer(libros, by)
    found = None
    if answer is not None:
        is_old = answer.revision.corte != clock.today() or answer.sello != stamp(libros)
        found = Foresight(answer.revision, answer.corrida_el, is_old)
    return Seen(found, aparte=True, trabajo=open_preflight(libros, by))


def _look_ahead(libros: list[Contabilidad], *, anew: bool) -> Foresight:
    """Return the preflight of small books; the last one while no póliza or evidence came after it, for an hour."""
    etapa, numbers = libros[0].etapa, sorted(books.pk for books in libros)
    key = f"revision:{connection.settings_dict['NAME']}:{etapa.pk}:{hash(tuple(numbers))}"
    seen = (numbers, stamp(libros), clock.today())
    held = None if anew else caches["figuras"].get(key)
    if held is not None and held[0] == seen:
        found: Foresight = held[1]
        return found
    fresh = Foresight(preflight(etapa, libros, whole_subject=covers_subject(etapa, libros)), clock.now())
    caches["figuras"].set(key, (seen, fresh), int(HOLDS.total_seconds()))
    return fresh


def priced(revision: Preflight, libros: list[Contabilidad]) -> list[PricedRisk]:
    """Its risks with the sanction each would bring as one conclusion, the most money first."""
    sujeto = libros[0].sujeto
    return [
        PricedRisk(
            risk,
            possible_sanction(
                risk.regla.outcome(risk.resultado).sanction,
                risk.monto,
                len(risk.hallazgos),
                revision.etapa,
                sujeto,
                [each.day for each in risk.hallazgos],
            ),
        )
        for risk in revision.riesgos
    ]
