"""Record looks at whole personal keys before they are shown, and query them."""

from dataclasses import dataclass

from sif.registry import clock, events
from sif.registry.masks import SHOWN, may_look
from sif.registry.models import Mirada, Usuario
from sif.registry.scope import acting


@dataclass(frozen=True, slots=True)
class NewLook:
    """A look at whole personal keys, to be recorded before the keys are shown.

    objeto: the number of the row, None for a file of `renglones` rows.
    """

    sujeto_id: int
    tipo: str
    objeto: int | None
    campos: tuple[str, ...]
    renglones: int = 1


PURPOSES: dict[str, str] = {
    "cotejar": "Cotejar un documento",
    "recibo": "Expedir o entregar un recibo",
    "corregir": "Corregir un registro",
    "titular": "Atender a la persona titular",
    "autoridad": "Atender un requerimiento de autoridad",
    "revision": "Revisar un hallazgo",
}
"""What whole keys may be looked at for; the words of who looks say of which document, person or matter."""
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason of a look at whole keys: a key of PURPOSES, and the document, person or matter in words."""

    finalidad: str
    palabras: str


class LookRefused(PermissionError):
    """The person may not look at those keys whole, or said no reason; the message says what to do."""


def look(new: NewLook, reason: Reason, by: Usuario) -> Mirada:
    """Record that a person looks at whole keys, and for what. Raises LookRefused; nothing is to be shown then."""
    if not may_look(by, new.sujeto_id) or not set(new.campos) <= SHOWN.keys():
        raise LookRefused("Los datos completos los ve el responsable de finanzas del sujeto. Pídaselos.")
    return keep_look(new, words_of(reason), by)


def words_of(reason: Reason) -> str:
    """Return a reason in words. Raises LookRefused for no purpose of the list, or for words that say nothing."""
    if reason.finalidad not in PURPOSES:
        raise LookRefused("Falta para qué los ve. Elíjalo de la lista: queda en el registro.")
    words = reason.palabras.split()
    if len({word.casefold() for word in words if len(word) > 1}) < FEWEST_WORDS:
        raise LookRefused(
            f"«{reason.palabras.strip()[:40]}» no dice para qué los ve. Escriba de qué documento, persona o asunto se"
            f" trata, en {FEWEST_WORDS} palabras o más: queda en el registro."
        )
    return f"{PURPOSES[reason.finalidad]}: {' '.join(words)}"


def keep_look(new: NewLook, reason: str, by: Usuario) -> Mirada:
    """Record a look at keys that a document must carry whole, as a receipt to be signed, whoever may open it."""
    with acting():
        made = Mirada.objects.create(
            sujeto_id=new.sujeto_id,
            persona=by,
            tipo=new.tipo,
            objeto=new.objeto,
            campos=",".join(new.campos),
            renglones=new.renglones,
            motivo=reason[:200],
            mirada_el=clock.now(),
        )
    events.log("acceso", persona=by.pk, verbo="mirar", tipo=new.tipo, id=new.objeto, sujeto=new.sujeto_id)
    return made
