"""Read what a second oficio told of each answer: whether it cured what was observed, and why [LGPP 80.1.b.III]."""

from collections.abc import Mapping
from dataclasses import dataclass

from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.wording import legal_day
from sif.registry.models import Etapa, SujetoObligado


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The appraisal of what was answered to an observación, by the number of its row: whether it cures it, and why."""

    observacion: int
    subsana: bool
    razon: str


def appraisals_of(propuesto: OficioPropuesto | None) -> dict[int, Appraisal]:
    """Return the appraisals of a proposal of second oficio, by the number of the row of each observación."""
    found = (Appraisal(**each) for each in (propuesto and propuesto.valoraciones) or ())
    return {each.observacion: each for each in found}


type Told = tuple[Oficio | None, Mapping[int, Appraisal]]


def second_told(etapa: Etapa, sujeto: SujetoObligado) -> Told:
    """Return the second oficio notified to a subject at a stage, or None, and the appraisals that it told."""
    rows = Oficio.objects.filter(etapa=etapa, sujeto=sujeto, primero__isnull=False).select_related("propuesto")
    second = rows.first()
    return second, appraisals_of(second.propuesto if second else None)


def told_by(oficio: Oficio) -> Told:
    """Return the second oficio that follows an oficio, or that it is, with the appraisals that it told; None before.

    Whoever reads an oficio reads them: they are notified with it.
    """
    first = oficio.primero_id or oficio.pk
    second = Oficio.objects.filter(primero=first).select_related("propuesto").first()
    return second, appraisals_of(second.propuesto if second else None)


def told_words(second: Oficio, said: Appraisal) -> str:
    """Return what a second oficio told of an observación, in words: by which oficio, when and why."""
    how = "subsanada" if said.subsana else "no subsanada"
    day = legal_day(second.notificado_el)
    return f"El segundo oficio {second.numero}, notificado el {day}, la dijo {how}: «{said.razon.strip()}»"
