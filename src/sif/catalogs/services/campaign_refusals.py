"""Collect every reason why a campaign record is refused, each at its field."""

from collections.abc import Iterator, Mapping, Sequence

from sif.registry.models import Contabilidad, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.values import Problem, Refused


def refuse(problems: Sequence[Problem]) -> None:
    """Raise Refused if there is any problem."""
    if problems:
        raise Refused(*problems)


def must_capture(
    by: Usuario, *, contabilidad: Contabilidad | None = None, sujeto: SujetoObligado | None = None
) -> None:
    """Raise Refused sin_permiso unless the person captures for those books, or for that subject."""
    if contabilidad is not None and contabilidad.estatus != Contabilidad.Estatus.ACTIVA:
        raise Refused(
            Problem(
                "cancelada",
                "contabilidad",
                f"La contabilidad {contabilidad.pk} está cancelada.",
                "Conserva sus datos y ya no registra.",
            )
        )
    if not may(by, "capturar", contabilidad=contabilidad, sujeto=sujeto):
        whose = f"la contabilidad {contabilidad.pk}" if contabilidad else "este sujeto"
        raise Refused(
            Problem(
                "sin_permiso",
                "registro",
                f"{by.nombre} no registra en {whose}.",
                "Si debe hacerlo, pídalo a su responsable de finanzas.",
            )
        )


def check_words(
    values: Mapping[str, str], room: Mapping[str, int], optional: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Each text is there, fits its room (letters) and is text."""
    for name, letters in room.items():
        text = values[name].strip()
        if not text and name not in optional:
            yield Problem("falta", name, "Está vacío.", "Escríbalo.")
        elif len(text) > letters:
            yield Problem("largo", name, f"Tiene {len(text)} caracteres y caben {letters}.", "Abrévielo.")
        elif any(ord(char) < 32 or "\ud800" <= char <= "\udfff" for char in text):
            yield Problem("caracteres", name, "Tiene caracteres que no son texto.", "Escríbalo otra vez.")


def check_choice(name: str, value: str, choices: Sequence[str]) -> Iterator[Problem]:
    """A value is one of a list."""
    if value not in choices:
        yield Problem("opcion", name, f"«{value}» no es una opción.", f"Use una de: {', '.join(choices)}.")


def check_entidad(value: str) -> Iterator[Problem]:
    """Yield the key of a state: three capital letters."""
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        yield Problem("entidad", "entidad", f"«{value}» no es clave de entidad.", "Use tres letras, por ejemplo MEX.")


def already(name: str, value: str, what: str) -> Problem:
    """Return a key that another record has."""
    return Problem("repetido", name, f"Ya hay {what} con «{value}».", "Use otra clave, o corrija la que ya está.")


def choices_of(model: type, field: str) -> tuple[str, ...]:
    """Return the keys that a column admits."""
    return tuple(key for key, _words in model._meta.get_field(field).choices)  # type: ignore[attr-defined]
