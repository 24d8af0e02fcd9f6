"""Describe a problem found in something received: code, place, message and cure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem found in received data, with its cure.

    codigo: stable key. donde: exact place. mensaje: the value seen and the value wanted. cura: the next step.
    """

    codigo: str
    donde: str
    mensaje: str
    cura: str

    def __str__(self) -> str:
        """Return the message and the cure as one text."""
        return f"{self.mensaje} {self.cura}".rstrip()

    def as_dict(self) -> dict[str, str]:
        """Return the shape that commands and the API print."""
        return asdict(self)
