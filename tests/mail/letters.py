"""Letters of tests, queued as an act does."""

from typing import Any

from sif.mail.letters import Letter
from sif.mail.models import Mensaje
from sif.mail.outbox import queue
from sif.mail.recipients import Recipient
from sif.mail.selectors import messages

LINK = "https://sif.instituto.mx/cuenta/invitacion/secreto-que-abre/"


def letter() -> Letter:
    return Letter("Su cuenta", ("Nora <Paz> & Ñandú:",), (("Usuario", "nora"),), ("Abrir", LINK))


def queued(by: Any, to: str = "nora@ejemplo.mx", **options: Any) -> Mensaje:
    made = queue(
        "invitacion",
        Recipient(to, options.pop("idioma", "es-mx")),
        options.pop("write", letter),
        about=("Invitacion", 1),
        by=by,
        **options,
    )
    assert made is not None
    return made


def state(made: Mensaje) -> str:
    return str(messages().get(pk=made.pk).estado)
