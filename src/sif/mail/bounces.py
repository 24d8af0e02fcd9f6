"""Read a notification of delivery (RFC 3464) and keep that a message of ours was returned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from sif.mail.models import Intento, Mensaje
from sif.registry import clock
from sif.registry.scope import MAIL, acting, registering

MOST_BYTES = 1024 * 1024
"""Bytes of a notification that are read: it brings at most the headers of what it returns."""
MOST_PARTS = 50
_OURS = re.compile(r"[0-9a-f]{32}")
Resultado = Intento.Resultado


class NotABounce(ValueError):
    """What was given is no notification of delivery, or of no message of ours."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a notification says: of which of our messages, what was done with it, and the words of the server."""

    identificadores: tuple[str, ...]
    accion: str
    dicho: str


def read_bounce(data: bytes) -> Bounce:
    """Read a notification. Raises NotABounce."""
    if len(data) > MOST_BYTES:
        raise NotABounce(f"El mensaje pasa de {MOST_BYTES} bytes y no se lee.")
    whole = message_from_bytes(data, policy=default)
    parts = list(_parts(whole))
    status = next((each for each in parts if each.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise NotABounce("No es una notificación de entrega (RFC 3464): no trae message/delivery-status.")
    fields = [block for block in status.get_payload() if isinstance(block, Message)] if status.is_multipart() else []
    of_recipient = next((block for block in fields if block["action"]), None)
    if of_recipient is None:
        raise NotABounce("La notificación no dice qué se hizo con el mensaje (Action).")
    known = [text for block in fields for text in _OURS.findall(str(block["original-envelope-id"] or ""))]
    known += [text for each in parts for text in _returned(each)]
    words = f"{of_recipient['status'] or ''} {of_recipient['diagnostic-code'] or ''}"
    return Bounce(
        tuple(dict.fromkeys(known)), str(of_recipient["action"]).strip().lower(), " ".join(words.split())[:300]
    )


def _parts(whole: Message) -> Iterator[Message]:
    """The parts of a notification, but not what stands inside those it brings."""
    yield from (each for _n, each in zip(range(MOST_PARTS), whole.walk(), strict=False))


def _returned(part: Message) -> list[str]:
    """The identifiers in the headers of the message that a part returns, whole or in headers."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        part = message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=default)
    elif kind != "message/rfc822":
        return []
    else:
        inner: Any = part.get_payload()
        part = inner[0] if isinstance(inner, list) and inner else part
    return _OURS.findall(str(part["message-id"] or ""))


def note_bounce(data: bytes) -> tuple[Mensaje, bool]:
    """Keep that a message of ours was returned; whether it was news. Raises NotABounce.

    What only says that it is late changes nothing: the server that has it goes on.
    """
    found = read_bounce(data)
    if found.accion != "failed":
        raise NotABounce(f"La notificación dice «{found.accion[:20]}» y no que se devolvió: no cambia nada.")
    with registering(MAIL), acting():
        mensaje = Mensaje.objects.filter(identificador__in=found.identificadores).order_by("pk").first()
        if mensaje is None:
            raise NotABounce("La notificación no es de ningún mensaje de esta instalación.")
        last = Intento.objects.filter(mensaje=mensaje).order_by("-pk").first()
        if last is not None and last.resultado == Resultado.DEVUELTO:
            return mensaje, False
        Intento.objects.create(mensaje=mensaje, resultado=Resultado.DEVUELTO, dicho=found.dicho, hecho_el=clock.now())
    return mensaje, True
