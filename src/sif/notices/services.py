"""Deposit a notice, whose instant is the legal one, and record each first reading."""

from collections.abc import Collection
from datetime import datetime

from sif.notices.mailing import alert
from sif.notices.models import LecturaNotificacion, Notificacion
from sif.notices.selectors import sees
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import is_authority


def deliver(
    sujeto: SujetoObligado,
    asunto: str,
    acto: str,
    documento_sha256: str,
    vence_el: datetime | None = None,
    *,
    by: Usuario | None = None,
) -> Notificacion:
    """Deposit an act in a subject's mailbox; it takes effect at this instant, opened or not [RF 9.1.f].

    documento_sha256: the digest that names the document kept. vence_el: when its term ends, aware. The folio is
    NOT-AAAA-NNNNNN, without gaps inside a year. by: who acts, in whose name the people of the subject are alerted by
    mail. Raises ValueError for a term already ended or a malformed digest.
    """
    moment = clock.now()
    if len(documento_sha256) != 64:
        raise ValueError(f"«{documento_sha256}» no es una SHA-256 de 64 cifras; guarde antes el documento.")
    if vence_el is not None and vence_el <= moment:
        raise ValueError(f"El plazo del acto {acto} vence el {vence_el}, antes de notificarse. Corrija el plazo.")
    with acting():
        made = Notificacion.objects.create(
            folio=_next_folio(moment.year),
            sujeto=sujeto,
            asunto=asunto,
            acto=acto,
            documento_sha256=documento_sha256,
            depositada_el=moment,
            vence_el=vence_el,
        )
        alert(made, by)
    return made


def _next_folio(year: int) -> str:
    """Return the next of the year; the lock makes two deposits at once take different ones."""
    hold("notices.folio")
    last = Notificacion.objects.filter(folio__startswith=f"NOT-{year}-").order_by("-folio").first()
    return f"NOT-{year}-{int(last.folio.rsplit('-', 1)[1]) + 1 if last else 1:06d}"


def read(notificacion: Notificacion, usuario: Usuario, *, named: Collection[int] = ()) -> LecturaNotificacion | None:
    """Record that a person of the subject opened a notification: the first time counts, later ones return it.

    named: as in `selectors.mailbox`. The authority may look without leaving a reading (None). Raises PermissionError
    for anybody else.
    """
    if not sees(usuario, notificacion, named):
        if is_authority(usuario):
            return None
        raise PermissionError(
            "Esta notificación no es de los libros de usted. Si debe verla, pídala a su Responsable de Finanzas."
        )
    with acting():
        found = LecturaNotificacion.objects.get_or_create(
            notificacion=notificacion, usuario=usuario, defaults={"leida_el": clock.now()}
        )
    return found[0]
