"""Format and parse the short reference of a póliza: PN1/DR-2251/MAY-2024; ID 8802."""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
LETTERS = {"normal": "N", "correccion": "C", "ajuste": "A", "jornada": "J"}
_KINDS = {letter: kind for kind, letter in LETTERS.items()}
_FORM = re.compile(
    r"^P(?P<kind>[NCAJ])(?P<period>\d{1,2})\s*/\s*(?P<subtype>IG|EG|DR)\s*-?\s*(?P<number>\d{1,9})"
    r"(?:\s*[/ ]\s*(?:(?P<day>\d{2})-(?P<month>\d{2})-(?P<year>\d{4})|(?P<name>[A-Z]{3})-(?P<named_year>\d{4})))?"
    r"(?:\s*[;,]\s*ID\s*(?P<books>\d{1,6}))?$",
    re.ASCII,
)


class InvalidReference(ValueError):
    """The text is not a reference to a póliza."""


@dataclass(frozen=True, slots=True)
class PolizaReference:
    """The parts of a reference of a póliza; month, day and contabilidad only if written in the reference."""

    tipo: str
    periodo: int
    subtipo: str
    numero: int
    anio: int | None = None
    mes: int | None = None
    dia: int | None = None
    contabilidad_id: int | None = None


def reference(tipo: str, periodo: int, subtipo: str, numero: int, fecha_operacion: date, contabilidad_id: int) -> str:
    """Return the reference of a posted póliza."""
    month = f"{MONTHS[fecha_operacion.month - 1]}-{fecha_operacion.year}"
    return f"P{LETTERS[tipo]}{periodo}/{subtipo}-{numero}/{month}; ID {contabilidad_id}"


def parse_reference(text: str) -> PolizaReference:
    """Read a reference in any of the ways people write it. Raises InvalidReference."""
    match = _FORM.match(" ".join(text.upper().split()))
    if match is None or not _is_possible(match):
        raise InvalidReference(
            f"«{text}» no es la referencia de una póliza. Se escribe como PN1/DR-2251/MAY-2024; ID 8802."
        )
    year = match["year"] or match["named_year"]
    month = int(match["month"]) if match["month"] else MONTHS.index(match["name"]) + 1 if match["name"] else None
    return PolizaReference(
        tipo=_KINDS[match["kind"]],
        periodo=int(match["period"]),
        subtipo=match["subtype"],
        numero=int(match["number"]),
        anio=int(year) if year else None,
        mes=month,
        dia=int(match["day"]) if match["day"] else None,
        contabilidad_id=int(match["books"]) if match["books"] else None,
    )


def _is_possible(match: re.Match[str]) -> bool:
    """Return whether its numbers count from one, its month has a name and its day exists."""
    if match["day"]:
        try:
            date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            return False
    return int(match["period"]) > 0 and int(match["number"]) > 0 and (match["name"] or MONTHS[0]) in MONTHS
