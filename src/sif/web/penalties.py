"""Say a sanction to people, on every desk: its form, and what is paid where something is."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from sif.law.offenders import offender_kind
from sif.law.sanctions import load_criteria
from sif.values import Money
from sif.web.formats import currency_amount
from sif.web.lazy import law_words


def imposed_words(forma: str, monto: Money | int) -> str:
    """Return an imposed sanction in words: its form with the amount, or its form alone where nothing is paid."""
    words = forma_words(forma)
    return _("%(form)s de %(amount)s") % {"form": words, "amount": currency_amount(monto)} if monto else words


def forma_words(forma: str) -> str:
    """Return the form of a sanction as people read it."""
    names = {
        "amonestacion": _("amonestación pública"),
        "multa": _("multa"),
        "vista": _("vista a quien decide"),
        "un_tanto_igual": _("multa de un tanto igual al exceso"),
        "reduccion": _("reducción de ministraciones"),
    }
    return names.get(forma, forma)


def basis_words(kind: str, key: Sequence[str]) -> str:
    """Return the words for the object of a basis of `sanciones.yaml`, by its key, or '' for another file."""
    if kind == "sancion":
        return f"{_(offender_kind(key[0], settings.JURISDICTION).nombre)}: {forma_words(key[1])}"
    if kind == "vista":
        return f"{law_words(load_criteria(settings.JURISDICTION)[key[0]][0].conducta)}: {forma_words(kind)}"
    return _("Día cuya UMA se toma para una multa") if kind == "dia_uma" else ""
