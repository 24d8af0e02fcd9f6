"""Read what was told of each answer: whether it cured what was observed, and why [LGPP 80.1.b.III]."""

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


type Told = Mapping[int, tuple[Oficio, Appraisal]]


def last_told(etapa: Etapa, sujeto: SujetoObligado) -> Told:
    """Return what a subject was last told of each answer and in which oficio, by the number of the observación's row.

    Whoever reads an oficio reads it: it is notified with it.
    """
    rows = Oficio.objects.filter(etapa=etapa, sujeto=sujeto, primero__isnull=False)
    rows = rows.select_related("propuesto", "primero").order_by("pk")
    return {pk: (row, said) for row in rows for pk, said in appraisals_of(row.propuesto).items()}


def told_words(oficio: Oficio, said: Appraisal) -> str:
    """Return what an oficio told of the answer to an observación, in words: by which oficio, when and why."""
    how = "subsanada" if said.subsana else "no subsanada"
    day = legal_day(oficio.notificado_el)
    which = "El oficio de resultado" if oficio.informa else "El segundo oficio"
    return f"{which} {oficio.numero}, notificado el {day}, la dijo {how}: «{said.razon.strip()}»"
