"""Raise the refusal of a catalogue with every problem at its field; nothing was written."""

from datetime import date

from sif.registry.models import Contabilidad, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.values import Curp, InvalidKey, Problem, Refused, Rfc
from sif.values.texts import is_blank


def refuse_stranger(by: Usuario, *, sujeto: SujetoObligado | None = None, books: Contabilidad | None = None) -> None:
    """Raise Refused unless the person captures for that subject, or in those books."""
    if not may(by, "capturar", sujeto=sujeto, contabilidad=books):
        owner = sujeto.nombre if sujeto else f"la contabilidad {books.pk}" if books else ""
        raise Refused(
            Problem(
                "ajeno",
                "",
                f"{by.nombre} no registra en los catálogos de {owner}.",
                "Si debe hacerlo, pídalo a su responsable de finanzas.",
            )
        )


class Check:
    """Gathers what is wrong with a record, field by field, and refuses at the end if anything is."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, codigo: str, donde: str, mensaje: str, cura: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(codigo, donde, mensaje, cura))

    def text(self, donde: str, value: str, room: int, *, what: str = "") -> str:
        """Return the text without spaces around it; `what` names what is missing where it is obligatory."""
        clean = " ".join(value.split())
        if what and is_blank(clean):
            self.say("falta", donde, f"Falta {what}.", "Escríbalo.")
        if len(clean) > room:
            self.say("largo", donde, f"Tiene {len(clean)} caracteres y caben {room}.", "Abrévielo.")
        if any(not letter.isprintable() for letter in clean):
            self.say("caracteres", donde, "Tiene caracteres que no son texto.", "Escríbalo otra vez.")
        return clean

    def key(self, donde: str, value: str, kind: type[Rfc] | type[Curp], *, needed: bool = False) -> str:
        """Return the canonical key, '' where it is absent and may be."""
        if not value.strip():
            if needed:
                self.say("falta", donde, f"Falta {'el RFC' if kind is Rfc else 'la CURP'}.", "Escríbalo completo.")
            return ""
        try:
            return str(kind(value))
        except InvalidKey as refused:
            self.say(donde, donde, refused.seen, refused.cure)
            return ""

    def days(self, donde: str, desde: date, hasta: date) -> None:
        """The last day is not before the first."""
        if hasta < desde:
            self.say("dias", donde, f"Termina el {hasta:%d/%m/%Y}, antes de empezar el {desde:%d/%m/%Y}.", "Corríjalo.")

    def done(self) -> None:
        """Raise Refused with everything noted."""
        if self.problems:
            raise Refused(*self.problems)
