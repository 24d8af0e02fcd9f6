"""Save drafts as typed, with a version number that detects concurrent edits."""

from sif.books.folios import attached, attached_to
from sif.books.models import Borrador, Comprobante, Poliza, Recepcion
from sif.books.services.polizas import PolizaRefused, post_poliza
from sif.books.services.soporte import Support
from sif.books.services.sustituciones import Correction, rerecord
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem


class BorradorConflict(RuntimeError):
    """Somebody else saved the draft meanwhile; `current` is what it says now, and nothing was overwritten."""

    def __init__(self, current: Borrador) -> None:
        self.current = current
        who = current.guardado_por.nombre
        super().__init__(
            f"{who} guardó este borrador a las {current.guardado_el.astimezone(clock.legal_zone()):%H:%M}."
        )


def save_borrador(
    contabilidad: Contabilidad,
    contenido: dict[str, object],
    by: Usuario,
    *,
    borrador: tuple[int, int] | None = None,
    comprobante: Comprobante | None = None,
) -> Borrador:
    """Save a new draft, or the draft (number, version seen). Raises BorradorConflict if its version moved on."""
    if not may(by, "capturar", contabilidad=contabilidad):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )
    with acting():
        if borrador is None:
            return Borrador.objects.create(
                contabilidad=contabilidad,
                comprobante=comprobante,
                contenido=contenido,
                guardado_el=clock.now(),
                guardado_por=by,
            )
        number, seen = borrador
        row = (
            Borrador.objects.select_for_update(of=("self",))
            .select_related("guardado_por")
            .get(pk=number, contabilidad=contabilidad)
        )
        if row.version != seen:
            raise BorradorConflict(row)
        row.contabilidad = contabilidad
        row.contenido, row.version, row.guardado_el, row.guardado_por = contenido, seen + 1, clock.now(), by
        row.save()
        return row


def post_borrador(
    borrador: Borrador,
    poliza: NewPoliza,
    by: Usuario,
    *,
    support: Support = Support(),  # noqa: B008 - immutable
    correction: Correction | None = None,
) -> Poliza:
    """Post what a draft became and drop the draft, both or neither. Posting the same draft twice posts it once.

    With a `correction` the wrong póliza is reversed in the same act and this one takes its place. Raises PolizaRefused.
    """
    with acting():
        row = Borrador.objects.select_for_update().filter(pk=borrador.pk).first()
        if row is None:
            raise PolizaRefused(
                Problem("borrador", "borrador", "Este borrador ya se registró o se descartó.", "Búsquela en Pólizas.")
            )
        if row.contabilidad_id != poliza.contabilidad_id:
            raise PolizaRefused(
                Problem("borrador", "borrador", "El borrador es de otra contabilidad.", "Regístrela desde la suya.")
            )
        if correction is None:
            _refuse_counted(poliza, support)
            posted = post_poliza(poliza, by, support=support)
        else:
            posted = rerecord(correction, poliza, by, support=support).nueva
        row.delete()
        return posted


def _refuse_counted(poliza: NewPoliza, support: Support) -> None:
    """Refuse an invoice whose XML is already evidence of a póliza of the same books that charges its expense."""
    numbers = [number for number, _amount in support.comprobantes]
    rows = Recepcion.objects.filter(contabilidad=poliza.contabilidad_id, comprobante__in=numbers)
    told = attached_to(rows.select_related("comprobante"), spent=True) if numbers else {}
    if told:
        raise PolizaRefused(*map(attached, dict.fromkeys(told.values())))


def discard_borrador(borrador: Borrador, by: Usuario) -> None:
    """Throw a draft away. Raises PermissionError for a stranger."""
    if not may(by, "capturar", contabilidad=borrador.contabilidad):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )
    with acting():
        borrador.delete()
