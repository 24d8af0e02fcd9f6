"""Parse and format keys of conclusions: 6_C38_FD, 6_C103 BIS_FD, 7.10-C27-MORENA-CL."""

import re
from dataclasses import dataclass

from sif.values import Problem, Refused

_BIS = ("BIS", "TER", "QUATER", "QUINQUIES")
_KEY = re.compile(
    r"^(?P<sujeto>\d{1,2}(?:\.\d{1,3})?)"
    r"(?P<sep>[_-])C(?P<numero>[1-9]\d{0,4}) ?(?P<bis>BIS|TER|QUATER|QUINQUIES)?"
    r"(?P=sep)(?:(?P<tramo>[A-ZÑ0-9&]+(?:[ ][A-ZÑ0-9&]+)*)(?P=sep))?(?P<ambito>[A-Z]{2})$"
)


class InvalidConclusionKey(Refused):
    """The text is not the key of a conclusion."""

    def __init__(self, seen: str) -> None:
        wanted = "número del sujeto, C y su número, y el ámbito de dos letras"
        super().__init__(
            Problem(
                "CONCLUSION_CLAVE",
                f"clave «{seen}»",
                f"«{seen}» no es la clave de una conclusión: {wanted}.",
                "Escríbala como 6_C38_FD, 8.2_C219 BIS_FD, 9.1_C17_COA JHH_OX o 7.10-C27-MORENA-CL.",
            )
        )


@dataclass(frozen=True, slots=True)
class ConclusionKey:
    """A key taken apart. sujeto: number of the subject (8.2: a coalition or organ of it); bis: BIS, TER or ''.

    tramo: the coalition or acronym between number and scope, or ''; ambito: FD or the two letters of the entity;
    guion: written with hyphens, as annual dictámenes do.
    """

    sujeto: str
    numero: int
    ambito: str
    bis: str = ""
    tramo: str = ""
    guion: bool = False

    def __str__(self) -> str:
        """Return the canonical writing: BIS stands apart from its number by one space."""
        mark = "-" if self.guion else "_"
        number = f"C{self.numero} {self.bis}" if self.bis else f"C{self.numero}"
        return mark.join(filter(None, (self.sujeto, number, self.tramo, self.ambito)))

    @property
    def order(self) -> tuple[tuple[int, ...], int, int]:
        """Sorts keys as a person does: C9 before C10, C10 before C10 BIS."""
        rank = _BIS.index(self.bis) + 1 if self.bis else 0
        return tuple(int(part) for part in self.sujeto.split(".")), self.numero, rank


def parse_conclusion_key(text: str) -> ConclusionKey:
    """Read a key however it was written (lower case, BIS glued to its number, hyphens); raises InvalidConclusionKey."""
    clean = " ".join(text.upper().split()).replace(" _", "_").replace("_ ", "_")
    match = _KEY.match(clean)
    if match is None:
        raise InvalidConclusionKey(text.strip())
    return ConclusionKey(
        match["sujeto"],
        int(match["numero"]),
        match["ambito"],
        match["bis"] or "",
        match["tramo"] or "",
        match["sep"] == "-",
    )
