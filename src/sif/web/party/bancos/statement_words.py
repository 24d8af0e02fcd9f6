"""Word what became of a bank statement."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.values import Problem
from sif.web.places import told_words

WARNED = 5  # oddities of a file that are told


def loaded_words(new: int, known: int, *, is_again: bool) -> str:
    """Return the message for a loaded statement: the numbers of new movements and of movements already in the account.

    is_again: the same file was loaded before.
    """
    if is_again:
        return _("Ese estado ya estaba cargado: nada cambió.")
    count = ngettext("%(n)d movimiento nuevo", "%(n)d movimientos nuevos", new) % {"n": new}
    words = _("Estado de cuenta cargado: %(new)s") % {"new": count}
    had = _(" y %(n)d que ya estaban") % {"n": known} if known else ""
    return f"{words}{had}."


def warned_words(odd: Sequence[Problem]) -> list[str]:
    """Return the first oddities of a file, and how many more there are."""
    told = [told_words(each) for each in odd[:WARNED]]
    if len(odd) > WARNED:
        told.append(_("Y %(n)d avisos más de este archivo.") % {"n": len(odd) - WARNED})
    return told
