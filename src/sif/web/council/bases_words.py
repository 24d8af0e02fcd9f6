"""Say a basis of the law and how it stands as the pages of this desk do."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.law.articles import Supuestos
from sif.law.citations import Citation
from sif.law.parameters import load_parameters
from sif.law.sanctions import load_criteria
from sif.statutes.models import BasePropuesta
from sif.statutes.selectors import Base
from sif.values import Problem
from sif.web.admin.words import AMBITS, STAGES, SUBJECTS
from sif.web.frame import Crumb, Frame
from sif.web.law import figure_words, key_words, rule_title
from sif.web.lazy import law_words
from sif.web.penalties import basis_words
from sif.web.places import told_words

READ, CONFIRMED, PROPOSED, UNREAD = "leida", "confirmada", "propuesta", "por_confirmar"
AGREES, DIFFERS, ABSENT, NO_TEXT = "coincide", "difiere", "no_hallada", "sin_texto"


def state_words() -> dict[str, str]:
    """Return the words for each state of a basis."""
    return {
        READ: _("Leída en la ley"),
        CONFIRMED: _("Confirmada aquí"),
        PROPOSED: _("Espera a otra persona"),
        UNREAD: _("Por confirmar"),
    }


def text_words() -> dict[str, str]:
    """Return the words for each result of comparing a basis with the loaded texts."""
    return {AGREES: _("Coincide"), DIFFERS: _("Difiere"), ABSENT: _("No hallada"), NO_TEXT: _("Sin texto cargado")}


def subject_of(citation: Citation) -> str:
    """Return the name of the rule, figure, conduct or sanction that a citation grounds, or else its place."""
    kind, _sep, rest = citation.clave.partition(" ")
    key = rest.partition(" ")[0]
    if kind == "regla":
        return f"{key}. {rule_title(key)}"
    if kind == "cifra":
        return load_parameters(settings.JURISDICTION)[key].nombre
    if kind == "criterio":
        return law_words(load_criteria(settings.JURISDICTION)[key][0].conducta)
    return basis_words(kind, rest.split(" ")) or key_words(citation.donde)


def cases_words(said: Supuestos) -> str:
    """Return the cases of which a text speaks, in words; '' where it leaves nobody out."""
    named = ((said.sujetos, SUBJECTS), (said.etapas, STAGES), (said.ambitos, AMBITS))
    return "; ".join(", ".join(str(words.get(key, key)) for key in keys) for keys, words in named if keys)


def case_words(row: BasePropuesta) -> str:
    """For which cases a basis is confirmed, in words."""
    one = Supuestos(*((each,) if each else () for each in (row.sujeto, row.etapa, row.ambito)))
    return cases_words(one) or _("todos los casos")


def said_words(citation: Citation) -> str:
    """Return the words that a citation quotes, and its figure with the unit."""
    figure = figure_words(*citation.figura) if citation.figura else ""
    return " ".join(filter(None, (f"«{citation.cita}»" if citation.cita else "", figure)))


def frame(page: str = "") -> Frame:
    """Return the frame of these pages, which are of no stage."""
    first = Crumb(_("Leyes y bases"), reverse("council:leyes"))
    return Frame("council", "leyes", (first, Crumb(page)) if page else (first,))


def state_of(row: Base) -> tuple[str, str]:
    """Return the look of a basis: its state in the table of states, and its words."""
    looks = {READ: "verificada", CONFIRMED: "vigente", PROPOSED: "propuesta", UNREAD: "por_confirmar"}
    return looks[row.estado], state_words()[row.estado]


def tell(request: HttpRequest, problems: Sequence[Problem]) -> None:
    """Say the first refusals as messages, and how many more there are."""
    for each in problems[:5]:
        messages.error(request, told_words(each))
    if len(problems) > 5:
        messages.error(request, _("Y %(n)d más por lo mismo.") % {"n": len(problems) - 5})
