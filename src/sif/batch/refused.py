"""Raise the refusal of a lot as problems with their place; nothing was written."""

from collections.abc import Sequence

from sif.values import Problem


class LoteRefused(ValueError):
    """The act was not done and nothing of it was kept; `problems` says everything wrong, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.donde}: {p.mensaje} {p.cura}" for p in problems))


def refuse(codigo: str, donde: str, mensaje: str, cura: str) -> LoteRefused:
    """A refusal for one reason."""
    return LoteRefused([Problem(codigo, donde, mensaje, cura)])
