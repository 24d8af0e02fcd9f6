"""Say who makes up each coalition of a stage, as the law makes it public, and read it back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sif.registry.coalitions import shares_on


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a coalition as published: its share in basis points, since when, and the accord, '' if none."""

    siglas: str
    nombre: str
    participacion_pb: int
    desde: str
    acuerdo: str


def members_on(day: date) -> dict[int, list[Member]]:
    """Return who makes up each coalition on a day, by its number; the members of the largest shares first."""
    return {
        coalition: [
            Member(
                part.sujeto.siglas,
                part.sujeto.nombre,
                part.participacion_pb,
                part.desde.isoformat(),
                part.convenio.acuerdo if part.convenio else "",
            )
            for part in parts
        ]
        for coalition, parts in shares_on(day).items()
    }


def read_members(kept: list[dict[str, Any]] | None) -> tuple[Member, ...] | None:
    """Return the members of a published statement; None where they were not kept."""
    return None if kept is None else tuple(Member(**each) for each in kept)
