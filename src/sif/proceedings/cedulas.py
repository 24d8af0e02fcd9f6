"""Say whose act a notification is, for its cédula: the organ, who notified it, and the session that approved it."""

from sif.audit.models import ObservacionSinEfecto
from sif.notices.cedula import Issued, cedula_pdf
from sif.notices.models import Notificacion
from sif.proceedings.machine import acts
from sif.proceedings.models import Oficio, ResolucionVotada
from sif.registry.scope import everything


def cedula_of(notificacion: Notificacion) -> bytes:
    """Return the cédula of a notification, for who sees the notification."""
    return cedula_pdf(notificacion, issued(notificacion))


def issued(notificacion: Notificacion) -> Issued | None:
    """Return whose act a notification is; None of what is no oficio, nothing left without effect and no resolución.

    Whoever sees the notification reads who issued it on the act itself; the wall of accounts shows few of them.
    """
    organs = acts()["organos"]
    with everything():
        oficio = Oficio.objects.filter(notificacion=notificacion).select_related("emitido_por").first()
        if oficio is not None:
            who = oficio.emitido_por.named_at(oficio.notificado_el)
            return Issued(f"{organs['auditoria']} · {organs['direccion']}", who)
        left = ObservacionSinEfecto.objects.filter(notificacion=notificacion).select_related("hecho_por").first()
        if left is not None:
            who = left.hecho_por.named_at(left.hecho_el)
            return Issued(f"{organs['auditoria']} · {organs['direccion']}", who)
        voted = ResolucionVotada.objects.filter(documento__pdf_sha256=notificacion.documento_sha256)
        row = voted.select_related("contada_por", "resolucion").filter(resolucion__numero=notificacion.acto).first()
        if row is None:
            return None
        who = row.contada_por.named_at(row.votada_el) if row.contada_por else ""
        return Issued(organs["consejo"], who, row.resolucion.sesion_el)
