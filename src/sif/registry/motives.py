"""Check the reason that an act on a proposal must give."""

from collections.abc import Iterator

from sif.values import Problem

FEWEST, MOST = 5, 300  # letters


def motive_problems(motivo: str, cure: str) -> Iterator[Problem]:
    """Say that a reason is too short or too long, and what to write."""
    if not FEWEST <= len(motivo.strip()) <= MOST:
        yield Problem("motivo", "motivo", f"El motivo no tiene de {FEWEST} a {MOST} letras.", cure)
