"""Read who the demonstration invented."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to sign in as. rol and puede in words; sujeto: '' for the authority's people."""

    usuario: str
    nombre: str
    rol: str
    sujeto: str
    puede: str


def invented() -> list[Persona]:
    """Return the people of the demonstration; none where nobody built it, since real accounts are told to nobody."""
    return [] if settings.PRODUCTION else read_personas(settings.DATOS / "demo" / "personas.json") or []


def read_personas(path: Path) -> list[Persona] | None:
    """The people that the demonstration wrote down; None where there is no such file or it is not a list of them."""
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        names = ("usuario", "nombre", "rol", "sujeto", "puede")
        return [Persona(*(str(row.get(name) or "") for name in names)) for row in rows]
    except (OSError, ValueError, AttributeError, TypeError):
        return None
