"""Raise the refusal of a prorrateo, which wrote nothing."""

from collections.abc import Sequence

from sif.values import Problem


class ProrrateoRefused(ValueError):
    """Nothing was written; `problems` says everything wrong, each with its place, article and cure."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.donde}: {p.mensaje} {p.cura}" for p in problems))
