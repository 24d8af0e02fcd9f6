"""Read a notification of delivery (RFC 3464) and keep that a message of ours was returned.

Anybody writes to the address of returns, so its lines are read one by one and nothing in them is unfolded, decoded or
nested: what this looks for stands in headers of one part or another.
"""

import re
from dataclasses import dataclass

from sif.mail.models import Intento, Mensaje
from sif.registry import clock
from sif.registry.scope import MAIL, acting, registering

MOST_BYTES = 64 * 1024
"""Bytes of a notification that are read: it brings at most the headers of what it returns."""
MOST_SAID = 300
_OURS = re.compile(r"[0-9a-f]{32}")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_FIELD = re.compile(r"([A-Za-z-]{1,40}):(.*)", re.DOTALL)
_STATUS, _RETURNED = "message/delivery-status", ("message/rfc822", "text/rfc822-headers")
Resultado = Intento.Resultado


class NotABounce(ValueError):
    """A message that is not a notification of delivery, or not one of a message of this installation."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """The content of a notification of delivery: our messages named in it, the action, and the words of the server."""

    identificadores: tuple[str, ...]
    accion: str
    dicho: str


def read_bounce(data: bytes) -> Bounce:
    """Read a notification. Raises NotABounce."""
    if len(data) > MOST_BYTES:
        raise NotABounce(f"El mensaje pasa de {MOST_BYTES} bytes y no se lee.")
    kind, has_status, known, said = "", False, list[str](), dict[str, str]()
    for line in _FOLD.sub(b" ", data).decode("utf-8", "replace").split("\n"):
        if line.startswith("--"):
            kind = ""  # another part begins
        field = _FIELD.match(line)
        if field is None:
            continue
        name, value = field[1].lower(), field[2]
        if name == "content-type" and not kind:
            kind = value.partition(";")[0].strip().lower()
            has_status = has_status or kind == _STATUS
        elif (kind == _STATUS and name == "original-envelope-id") or (kind in _RETURNED and name == "message-id"):
            known += _OURS.findall(value)
        elif kind == _STATUS and name in ("action", "status", "diagnostic-code"):
            said.setdefault(name, _printed(value))
    if not has_status:
        raise NotABounce("No es una notificación de entrega (RFC 3464): no trae message/delivery-status.")
    if not said.get("action"):
        raise NotABounce("La notificación no dice qué se hizo con el mensaje (Action).")
    words = f"{said.get('status', '')} {said.get('diagnostic-code', '')}".strip()
    return Bounce(tuple(dict.fromkeys(known)), said["action"].lower(), words[:MOST_SAID])


def _printed(text: str) -> str:
    """Return the signs of a text that a page shows, in one line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


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
