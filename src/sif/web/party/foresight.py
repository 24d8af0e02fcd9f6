"""Cache the preflight of a subject until its books change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import connection

from sif.audit.preflight import Preflight, Risk, preflight
from sif.books.board import stamp_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa
from sif.values import Money
from sif.web.law import PossibleSanction, possible_sanction

HOLDS = timedelta(hours=1)  # contracts, registrations and contributors change without a póliza


@dataclass(frozen=True, slots=True)
class Foresight:
    """A preflight and when it ran."""

    revision: Preflight
    corrida_el: datetime


@dataclass(frozen=True, slots=True)
class PricedRisk:
    """A risk with the sanction it would bring if nobody cured it; None where no criterion is known."""

    riesgo: Risk
    posible: PossibleSanction | None

    @property
    def sancion(self) -> Money | None:
        """What would be paid."""
        return self.posible.calculada.sancion if self.posible else None


def covers_subject(etapa: Etapa, libros: list[Contabilidad]) -> bool:
    """Whether those books are every one their subject has at that stage."""
    if not libros:
        return False
    own = set(Contabilidad.objects.filter(etapa=etapa, sujeto=libros[0].sujeto_id).values_list("pk", flat=True))
    return own <= {books.pk for books in libros}


def look_ahead(etapa: Etapa, libros: list[Contabilidad], *, anew: bool = False) -> Foresight:
    """The preflight of some books of one subject; the last one while no póliza or evidence came after it, for an hour.

    `anew` runs it again whatever is remembered.
    """
    numbers = sorted(books.pk for books in libros)
    key = f"revision:{connection.settings_dict['NAME']}:{etapa.pk}:{hash(tuple(numbers))}"
    stamp = (numbers, stamp_of(numbers), clock.today())
    held = None if anew else caches["figuras"].get(key)
    if held is not None and held[0] == stamp:
        found: Foresight = held[1]
        return found
    fresh = Foresight(preflight(etapa, libros, whole_subject=covers_subject(etapa, libros)), clock.now())
    caches["figuras"].set(key, (stamp, fresh), int(HOLDS.total_seconds()))
    return fresh


def priced(revision: Preflight, libros: list[Contabilidad]) -> list[PricedRisk]:
    """Its risks with the sanction each would bring as one conclusion, the most money first."""
    sujeto = libros[0].sujeto
    return [
        PricedRisk(risk, possible_sanction(
            risk.regla.outcome(risk.resultado).sanction, risk.monto, len(risk.hallazgos), revision.etapa, sujeto))
        for risk in revision.riesgos
    ]  # fmt: skip
