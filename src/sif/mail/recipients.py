"""Say whom a message is for: an address, a language and the account, if there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from sif.mail.letters import LANGUAGES
from sif.mail.models import Direccion
from sif.registry.models import Usuario
from sif.values import Problem, Refused


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a message: an address ('' where none is known), a language, and the account if there is one."""

    correo: str
    idioma: str
    persona: Usuario | None = None


def checked_address(text: str) -> str:
    """Return an address that a server takes, without blanks around. Raises Refused: its signs are those of ASCII."""
    found = text.strip()
    try:
        validate_email(found)
        right = found.isascii() and found.isprintable() and len(found) <= 254
    except ValidationError:
        right = False
    if not right:
        raise Refused(
            Problem("correo", "correo", _("Eso no es una dirección de correo."), _("Escríbala como nombre@dominio.mx."))
        )
    return found


def recipient_of(person: Usuario) -> Recipient:
    """Return whom to write to for a person; who may read the address, its wall says."""
    return recipients_of([person])[0]


def recipients_of(people: Sequence[Usuario]) -> list[Recipient]:
    """Return whom to write to for several people, in their order."""
    rows = Direccion.objects.filter(usuario__in=people).order_by("usuario", "-pk").distinct("usuario")
    last = {row.usuario_id: row for row in rows}
    known = [(each, last.get(each.pk)) for each in people]
    return [Recipient(row.correo if row else "", row.idioma if row else LANGUAGES[0], each) for each, row in known]
