"""Queue a message in the transaction of the act that causes it: what is rolled back sends nothing."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from sif.mail.letters import Writer, draw
from sif.mail.models import Carta, Intento, Mensaje
from sif.mail.recipients import Recipient, checked_address
from sif.mail.sealing import seal
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering

LASTS = timedelta(days=3)
"""How long a message is tried, unless told: what nobody could deliver in three days is no longer news."""


def is_configured() -> bool:
    """Return whether this installation sends mail."""
    return bool(settings.SMTP_SERVIDOR)


def queue(
    clase: str,
    to: Recipient,
    write: Writer,
    *,
    about: tuple[str, int],
    by: Usuario | None,
    until: datetime | None = None,
    clave: str | None = None,
) -> Mensaje | None:
    """Queue a message about a thing, in the act of who acts; None where no mail is sent or `clave` was queued before.

    Whoever gave no address has it kept that nobody was written to. by: None under the pass of nobody. Raises Refused
    for an address that no server takes.
    """
    if not is_configured():
        return None
    address = checked_address(to.correo) if to.correo else ""
    drawn, now = draw(write, to.idioma), clock.now()
    try:
        with acting(), registering(by.pk if by else 0):
            made = Mensaje.objects.create(
                identificador=uuid.uuid4().hex,
                clase=clase,
                para=address,
                persona=to.persona,
                idioma=to.idioma,
                asunto=drawn.asunto,
                huella=drawn.huella,
                tipo=about[0],
                objeto=about[1],
                clave=clave,
                encolado_el=now,
                caduca_el=until or now + LASTS,
                pedido_por=by,
            )
            if address:
                sealed = seal(drawn.texto, drawn.html, made.identificador)
                Carta.objects.create(mensaje=made, cuerpo=sealed, proximo_el=now)
            else:
                Intento.objects.create(mensaje=made, resultado=Intento.Resultado.SIN_DIRECCION, hecho_el=now)
    except IntegrityError:
        with transaction.atomic():
            if clave is None or not _queued(clave):
                raise
        return None
    return made


def _queued(clave: str) -> bool:
    with registering():
        return Mensaje.objects.filter(clave=clave).exists()
