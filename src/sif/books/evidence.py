"""Query the evidence of a póliza, with every other póliza that uses the same file."""

from collections.abc import Iterable
from dataclasses import dataclass

from sif.books.models import Evidencia, Poliza
from sif.ledger import reference


@dataclass(frozen=True, slots=True)
class OtherUse:
    """Another póliza that the same file supports, of those in the reader's scope."""

    poliza_id: int
    contabilidad_id: int
    eslabon: int
    referencia: str


def other_uses(evidencias: Iterable[Evidencia]) -> dict[int, list[OtherUse]]:
    """For each piece in force, the other pólizas where its file is in force too; only those that have any."""
    pieces = [piece for piece in evidencias if not hasattr(piece, "sin_efecto")]
    rows = (
        Evidencia.objects.filter(archivo__in={piece.archivo_id for piece in pieces}, sin_efecto__isnull=True)
        .select_related("poliza__periodo")
        .order_by("poliza_id")
    )
    by_file: dict[str, list[Poliza]] = {}
    for row in rows:
        by_file.setdefault(row.archivo_id, []).append(row.poliza)
    found = {
        piece.pk: list(
            dict.fromkeys(_use(other) for other in by_file.get(piece.archivo_id, ()) if other.pk != piece.poliza_id)
        )
        for piece in pieces
    }
    return {number: uses for number, uses in found.items() if uses}


def _use(poliza: Poliza) -> OtherUse:
    named = reference(
        poliza.tipo,
        poliza.periodo.numero,
        poliza.subtipo,
        poliza.numero,
        poliza.fecha_operacion,
        poliza.contabilidad_id,
    )
    return OtherUse(poliza.pk, poliza.contabilidad_id, poliza.eslabon, named)
