"""Word the result of an act over many hallazgos."""

from django.utils.translation import ngettext

from sif.registry.models import Usuario
from sif.web.formats import whole_number


def shared_words(many: int, who: Usuario | None) -> str:
    """Return the message for a number of hallazgos assigned to another person, or left unassigned."""
    if who is None:
        words = ngettext("%(n)s hallazgo quedó sin asignar.", "%(n)s hallazgos quedaron sin asignar.", many)
    else:
        words = ngettext("%(n)s hallazgo pasó a %(name)s.", "%(n)s hallazgos pasaron a %(name)s.", many)
    return words % {"n": whole_number(many), "name": who.nombre if who else ""}


def proposed_words(many: int) -> str:
    """Return the message for a number of proposed decisions."""
    return ngettext(
        "Se propuso %(n)s decisión; falta que otra persona la confirme.",
        "Se propusieron %(n)s decisiones; falta que otra persona las confirme.",
        many,
    ) % {"n": whole_number(many)}


def returned_words(many: int) -> str:
    """Return the message for a number of proposals sent back."""
    words = ngettext("Se devolvió %(n)s propuesta.", "Se devolvieron %(n)s propuestas.", many)
    return words % {"n": whole_number(many)}


def confirmed_words(made: int, joined: int, dropped: int) -> str:
    """Return the message for a confirmation: observaciones adopted, hallazgos joined to older ones, and dismissals."""
    told = (
        (made, ngettext("Se adoptó %(n)s observación.", "Se adoptaron %(n)s observaciones.", made)),
        (joined, ngettext("Se unió %(n)s hallazgo.", "Se unieron %(n)s hallazgos.", joined)),
        (dropped, ngettext("Se desechó %(n)s hallazgo.", "Se desecharon %(n)s hallazgos.", dropped)),
    )
    return " ".join(words % {"n": whole_number(many)} for many, words in told if many)
