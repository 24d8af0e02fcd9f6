"""Describe a problem found in something received: code, place, message and cure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What was seen wrong. codigo: stable key; donde: exact place; mensaje: seen and wanted; cura: what to do next."""

    codigo: str
    donde: str
    mensaje: str
    cura: str

    def __str__(self) -> str:
        """What was seen and what to do, as a sentence."""
        return f"{self.mensaje} {self.cura}".rstrip()

    def as_dict(self) -> dict[str, str]:
        """Return the shape that commands and the API print."""
        return asdict(self)
