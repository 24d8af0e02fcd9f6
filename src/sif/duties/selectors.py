"""Read the duties of a subject or of some books, and how many of each kind stand how."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sif.duties.drafts import Common, Drafts
from sif.duties.evidence import Reach
from sif.duties.generating import Generation, Obligacion
from sif.duties.reviewing import of_authority
from sif.duties.urgency import REMINDERS
from sif.registry.models import SujetoObligado


def drafts_of(sujetos: Iterable[int], al: date) -> Drafts[Obligacion]:
    """Every duty of some subjects as it stands on a legal day; the words of each are written when it is shown."""
    return Generation(Reach(al, frozenset(sujetos))).drafts()


def drafts_of_books(libros: Iterable[int], sujetos: Iterable[int], al: date) -> Drafts[Obligacion]:
    """Return the same of some books alone, for who sees only some of a subject."""
    return Generation(Reach(al, frozenset(sujetos), libros=frozenset(libros))).drafts()


def obligations_of(sujetos: Iterable[int], al: date) -> list[Obligacion]:
    """Return every duty of some subjects as it stands on a legal day, written, by the day it is due."""
    return list(drafts_of(sujetos, al))


def obligations_of_authority(al: date) -> list[Obligacion]:
    """Return the duties of the authority while it reviews, by due day."""
    return in_order(of_authority(al))


def compliance(
    al: date, sujetos: Collection[int] | None = None, etapas: Collection[int] | None = None
) -> Counter[tuple[int, str, str]]:
    """Count the duties by subject, kind and state."""
    reach = Reach(al, None if sujetos is None else frozenset(sujetos), None if etapas is None else frozenset(etapas))
    return Generation(reach).counted()


def urgent(al: date, etapas: Collection[int]) -> Drafts[Obligacion]:
    """Return the unmet duties of some stages that are overdue or within the first reminder, by due day.

    The words of each duty are written when it is shown: most of a stage may be overdue.
    """
    horizon = al + timedelta(days=REMINDERS[0])

    def presses(common: Common) -> bool:
        if common.cumplida_el is not None or common.vence_el is None:
            return False
        late = common.estado in ("vencida", "omitida")
        return late or (common.estado in ("abierta", "programada") and common.vence_el <= horizon)

    return Generation(Reach(al, None, frozenset(etapas)), dated=True).drafts(presses)


def in_order(rows: Iterable[Obligacion]) -> list[Obligacion]:
    """Order duties by the day they are due; those without a day of law go last."""
    return sorted(rows, key=lambda row: (row.vence_el or date.max, row.tipo, row.abre_el, row.clave))


def subject_named(text: str) -> SujetoObligado | None:
    """Return the subject of an acronym, a number or an RFC, whatever its capitals; None where there is none."""
    asked = text.strip()
    for path in ("siglas__iexact", "numero", "rfc__iexact", "nombre__iexact"):
        found = SujetoObligado.objects.filter(**{path: asked}).order_by("pk").first() if asked else None
        if found is not None:
            return found
    return None
