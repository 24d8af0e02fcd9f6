"""Notify an oficio: its document, its deposit in the mailbox and the correction that it opens, together."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sif.audit.models import Observacion
from sif.notices.services import deliver
from sif.proceedings.drawn import keep_document
from sif.proceedings.models import Oficio
from sif.proceedings.selectors import corrected_by
from sif.registry import trail
from sif.registry.models import Usuario
from sif.registry.services import open_correction


def notify(row: Oficio, observaciones: Sequence[Observacion], data: Mapping[str, Any], by: Usuario) -> Oficio:
    """Write an oficio that is not yet written, with what it notifies and the content of its document; in an act."""
    numero, due = row.numero, row.vence_el if row.da_plazo else None
    row.documento, row.emitido_por = keep_document(numero, data), by
    row.notificacion = deliver(row.sujeto, data["asunto"][:200], numero, row.documento.pdf_sha256, vence_el=due, by=by)
    row.save(force_insert=True)
    row.observaciones.set(observaciones)
    # A window ends on the instant before which one may record; an answer is in time on its last second.
    if due is not None:
        until = due + timedelta(seconds=1)
        open_correction(row.etapa, row.sujeto, row.notificado_el, until, numero, corrected_by(row, observaciones))
    trail.act("notificar", by, row)
    return row
