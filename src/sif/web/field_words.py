"""Say what is wrong with a field in the words of the house, whichever form has it, ours or of a library."""

from collections.abc import Mapping

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

from sif.web.lazy import Words

_NO_FILE = _("No eligió ningún archivo.")
_NO_DAY = _("No es un día del calendario. Escríbalo como 18/05/2026.")
_NO_LIST = _("No se leyó lo elegido. Elíjalo otra vez.")
_UNKNOWN = _("«%(value)s» no es una de las opciones. Elija una de ellas.")
_GONE = _("Lo elegido no está entre las opciones. Elija una de ellas.")
_NO_NUMBER = _("No es un número. Escríbalo con cifras, como 12.5.")
_PICK = _("Elija una de las opciones.")

_KINDS: Mapping[type[forms.Field], Mapping[str, Words]] = {
    forms.Field: {"required": _("Falta este dato.")},
    forms.BooleanField: {"required": _("Marque esta casilla.")},
    forms.ChoiceField: {"required": _PICK, "invalid_choice": _UNKNOWN},
    forms.MultipleChoiceField: {"required": _PICK, "invalid_choice": _UNKNOWN, "invalid_list": _NO_LIST},
    forms.ModelChoiceField: {"required": _PICK, "invalid_choice": _GONE},
    forms.ModelMultipleChoiceField: {"invalid_choice": _GONE, "invalid_pk_value": _GONE, "invalid_list": _NO_LIST},
    forms.JSONField: {"invalid": _("No se leyó lo que respondió su equipo. Inténtelo otra vez.")},
    forms.IntegerField: {"invalid": _("No es un número entero. Escríbalo con cifras, como 12.")},
    forms.FloatField: {"invalid": _NO_NUMBER},
    forms.DecimalField: {"invalid": _NO_NUMBER},
    forms.DateField: {"invalid": _NO_DAY},
    forms.TimeField: {"invalid": _("No es una hora. Escríbala como 17:30.")},
    forms.UUIDField: {"invalid": _("No es un folio. Cópielo entero.")},
    forms.FileField: {
        "required": _NO_FILE,
        "invalid": _NO_FILE,
        "missing": _NO_FILE,
        "empty": _("El archivo está vacío."),
        "max_length": _("El nombre del archivo tiene %(length)d letras y se admiten %(max)d. Acórtelo."),
        "contradiction": _("Elija un archivo o quite el que está, no las dos cosas."),
    },
}
_CHECKS: Mapping[type, Words] = {
    validators.RegexValidator: _("No está escrito como se pide. Revíselo."),
    validators.EmailValidator: _("No es un correo. Escríbalo como nombre@ejemplo.mx."),
    validators.URLValidator: _("No es una dirección de internet. Escríbala desde https://."),
    validators.MaxValueValidator: _("Es más de lo que se admite. Escriba %(limit_value)s cuando más."),
    validators.MinValueValidator: _("Es menos de lo que se admite. Escriba %(limit_value)s cuando menos."),
    validators.MaxLengthValidator: _("Se admiten %(limit_value)d letras y van %(show_value)d. Acórtelo."),
    validators.MinLengthValidator: _("Se piden %(limit_value)d letras cuando menos y van %(show_value)d."),
    validators.ProhibitNullCharactersValidator: _("Hay en el texto un carácter que no se ve ni se guarda. Quítelo."),
}
_DIGITS: Mapping[str, Words] = {
    "invalid": _NO_NUMBER,
    "max_digits": _("Tiene demasiadas cifras: se admiten %(max)s en total."),
    "max_decimal_places": _("Tiene demasiados decimales: se admiten %(max)s."),
    "max_whole_digits": _("Tiene demasiadas cifras antes del punto: se admiten %(max)s."),
}


def speak() -> None:
    """Give each kind of field and each check of the library our words, before any form is made."""
    for kind, said in _KINDS.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **said}
    for check, words in _CHECKS.items():
        check.message = words  # type: ignore[attr-defined]
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **_DIGITS}  # type: ignore[dict-item]
