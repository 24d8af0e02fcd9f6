"""Say in the language of the page the detail and the proof of a duty, which are recorded in Spanish."""

import re
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from sif.values.words import MONTHS
from sif.web.formats import long_month

_MONTH = re.compile(rf"(?P<mes>{'|'.join(MONTHS)}) de (?P<anio>\d{{4}})(?P<libros> \(\d+\))?")
_PERIOD = re.compile(r"(?P<corte>trimestre|semestre|periodo|ejercicio|etapa)(?: (?P<n>\d+))?(?: de (?P<anio>\d{4}))?")
_PROOF = re.compile(r"(?P<que>cuenta|evento|nombramiento|estado de) (?P<cual>[\d-]+)")
_CONTRACT = ", contrato «"


def detail_words(text: str) -> str:
    """Return what tells a duty from others of its kind, which begins with a comma: its period, contract or books.

    What is a name is left as it was written.
    """
    if text.startswith(_CONTRACT):
        return f", {_('contrato')} «{text.removeprefix(_CONTRACT)}"
    return ", ".join(_part(part) for part in text.split(", "))


def proof_words(text: str) -> str:
    """Return what met a duty: its account, event, appointment or statement; a folio is left as it is."""
    found = _PROOF.fullmatch(text)
    return _PROOFS[found["que"]]() % {"which": found["cual"]} if found else text


def _part(part: str) -> str:
    if month := _MONTH.fullmatch(part):
        words = long_month(date(int(month["anio"]), MONTHS.index(month["mes"]) + 1, 1))
        return f"{words}{month['libros'] or ''}"
    if (period := _PERIOD.fullmatch(part)) is None:
        return part
    words = " ".join(filter(None, (_PERIODS[period["corte"]](), period["n"])))
    return _("%(period)s de %(year)s") % {"period": words, "year": period["anio"]} if period["anio"] else words


_PERIODS: dict[str, Callable[[], str]] = {
    "trimestre": lambda: _("trimestre"),
    "semestre": lambda: _("semestre"),
    "periodo": lambda: _("periodo"),
    "ejercicio": lambda: _("ejercicio"),
    "etapa": lambda: _("etapa"),
}
_PROOFS: dict[str, Callable[[], str]] = {
    "cuenta": lambda: _("cuenta %(which)s"),
    "evento": lambda: _("evento %(which)s"),
    "nombramiento": lambda: _("nombramiento %(which)s"),
    "estado de": lambda: _("estado de %(which)s"),
}
