"""Say on pages what became of mail, and ask for addresses: the words and fields that several pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sif.mail.models import Mensaje
from sif.mail.recipients import checked_address
from sif.mail.selectors import QUEUED
from sif.values import Refused
from sif.web.lazy import Words

LOOKS: dict[str, tuple[str, Words]] = {
    QUEUED: ("en_curso", _("En cola")),
    "enviado": ("cumplida", _("Enviado")),
    "pospuesto": ("por_vencer", _("Se intentará otra vez")),
    "cortado": ("por_vencer", _("No se sabe si salió")),
    "rechazado": ("vencida", _("Rechazado")),
    "abandonado": ("vencida", _("Sin enviar")),
    "devuelto": ("vencida", _("Devuelto")),
    "sin_direccion": ("sin_asignar", _("Sin dirección")),
}
"""How the state of a message looks, and its word."""
KINDS: dict[str, Words] = {
    "invitacion": _("Invitación"),
    "enlace": _("Enlace de contraseña"),
    "aviso": _("Aviso de notificación"),
    "direccion": _("Cambio de dirección"),
    "recordatorio": _("Recordatorio de plazo"),
    "acuse": _("Acuse"),
    "funcion": _("Cambio de una función"),
    "dos_personas": _("Acto de dos personas"),
}


class MailField(forms.CharField):
    """An address, which may be left blank."""

    def clean(self, value: object) -> str:
        """Return it without blanks around. Raises ValidationError for what no server takes."""
        text = str(super().clean(value)).strip()
        try:
            return checked_address(text) if text else ""
        except Refused as refused:
            raise ValidationError(refused.said) from refused


def mail_field(help_text: Words = "") -> MailField:
    """Make a field of an address."""
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    return MailField(label=_("Correo"), required=False, max_length=254, help_text=help_text, widget=widget)


def language_field() -> forms.ChoiceField:
    """Make a field of the language of the mail; blank, that of who fills the form."""
    choices = [("", _("El de esta página")), ("es-mx", "Español"), ("en", "English")]
    return forms.ChoiceField(label=_("Idioma del correo"), required=False, choices=choices)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as a page tells it: to whom, how it stands, since when, and the words of the server."""

    para: str
    quien: str
    estado: str
    palabra: Words
    cuando: datetime
    dicho: str


def posted(rows: Sequence[Mensaje], *, addressed: bool = True) -> list[Posted]:
    """Tell some messages of `messages()`; addressed: with their addresses."""
    return [_told(each, addressed) for each in rows]


def _told(each: Mensaje, addressed: bool) -> Posted:
    row: Any = each  # its state is an annotation
    state, word = LOOKS[row.estado]
    name = each.persona.nombre if each.persona else ""
    return Posted(each.para if addressed else "", name, state, word, row.estado_el, row.dicho)
