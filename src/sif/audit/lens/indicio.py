"""Define an indicio and the statistical criteria, ours and not the law's, that produce it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sif.law.sources import read_data

_FILE = Path(__file__).with_name("lens.yaml")


@dataclass(frozen=True, slots=True)
class Lente:
    """One way of looking: its name, what it looks at in words, and its figures (integers, by name)."""

    clave: str
    titulo: str
    mira: str
    limites: MappingProxyType[str, int]


@dataclass(frozen=True, slots=True)
class Indicio:
    """An anomaly that a lens found in the books, as a pointer for review: it accuses nobody and decides nothing.

    clave: the matter of the anomaly, the same in every snapshot. casos: its operations; monto: their centavos. medida
    and referencia: the measure and the reference compared with it, in the unit of the lens (basis points, or a count).
    polizas: its first pólizas in order of number, to be opened. digitos: for a lens of first digits, the count of
    amounts that begin with each digit, 1 to 9.
    """

    lente: str
    clave: str
    contabilidades: tuple[int, ...]
    sujetos: tuple[int, ...]
    casos: int
    monto: int
    medida: int
    referencia: int
    dice: str
    polizas: tuple[int, ...] = ()
    digitos: tuple[int, ...] = ()


@cache
def lenses() -> dict[str, Lente]:
    """Return every lens by its key, in the order in which they are shown."""
    entries = read_data(_FILE)
    return {
        key: Lente(key, entry["titulo"], entry["mira"], MappingProxyType(entry["limites"]))
        for key, entry in entries.items()
    }


def share(part: int, whole: int) -> int:
    """That part of the whole in basis points, rounded down; 0 of nothing."""
    return part * 10_000 // whole if whole else 0


def percent(points: int) -> str:
    """Basis points as people read them: 1234 is «12.3 %»."""
    return f"{points // 100}.{points % 100 // 10} %"
