"""Reverse a wrong póliza and post the right one in its place, in one transaction."""

from dataclasses import dataclass, replace

from sif.books.models import Poliza
from sif.books.selectors import reference_of, substitute_of, substitution_words
from sif.books.services.evidencias import ALWAYS_ADMITTED, Handed, store_file
from sif.books.services.polizas import PolizaRefused, post_poliza, reverse_poliza
from sif.books.services.soporte import NewEvidencia, Support
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.values import Problem


@dataclass(frozen=True, slots=True)
class Correction:
    """The correction of a póliza: the original, the reason, and the PDF of the original, evidence of the substitute."""

    original: Poliza
    motivo: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Rerecorded:
    """The póliza that reverses the wrong one (posted now or before), and the right one."""

    reversion: Poliza
    nueva: Poliza


def rerecord(
    correction: Correction,
    new: NewPoliza,
    by: Usuario,
    *,
    support: Support = Support(),  # noqa: B008 - immutable
) -> Rerecorded:
    """Reverse a póliza and post the right one, which cites it and carries its PDF as «otra» evidence; both or neither.

    One that was already reversed alone is only re-recorded, and only once. Raises PolizaRefused.
    """
    original, arrived = correction.original, clock.now()
    with acting():
        lock_contabilidades([original.contabilidad_id])
        if problems := _problems(correction, new):
            raise PolizaRefused(*problems)
        reversion = Poliza.objects.filter(revierte_a=original).select_related("periodo").first()
        if reversion is None:
            reversion = reverse_poliza(original, by, concepto=correction.motivo, arrived=arrived)
        cited = reference_of(original)
        kept = store_file(correction.pdf, Handed(original.contabilidad, by))
        image = NewEvidencia(ALWAYS_ADMITTED, f"cancelada {_file_name(cited)}.pdf", kept.sha256)
        words = f"{substitution_words(original)} {new.concepto}".strip()
        right = replace(new, concepto=words[:500])
        nueva = post_poliza(
            right, by, support=replace(support, evidencias=(*support.evidencias, image)), arrived=arrived
        )
        return Rerecorded(reversion, nueva)


def _file_name(cited: str) -> str:
    return cited.split(";")[0].replace("/", "-")


def _problems(correction: Correction, new: NewPoliza) -> list[Problem]:
    original, place = correction.original, "póliza que se corrige"
    if new.contabilidad_id != original.contabilidad_id:
        return [Problem("ajena", place, "Es de otra contabilidad.", "Corríjala en la suya.")]
    if original.revierte_a_id is not None:
        return [Problem("revierte", place, "Una póliza que revierte a otra no se sustituye.", "Registre otra póliza.")]
    if (other := substitute_of(original)) is not None:
        say = f"{reference_of(original)} ya se sustituyó con {reference_of(other)}."
        return [Problem("sustituida", place, say, "Si también está mal, corrija esa.")]
    if not correction.motivo.strip():
        return [Problem("motivo", "motivo", "Falta el motivo.", "Escriba por qué se corrige.")]
    return []
