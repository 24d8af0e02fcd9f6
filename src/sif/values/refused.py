"""Refuse an act with every problem at once: the one exception that services raise for what a person can mend."""

from sif.values.problem import Problem


class Refused(ValueError):
    """An act that was not done and wrote nothing. `problems`: each with its place (the argument) and its cure."""

    problems: tuple[Problem, ...]
    status = 422
    """HTTP status of the answer."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(f"{each.mensaje} {each.cura}" for each in problems))


class Conflict(Refused):
    """An act that the stored state forbids or that somebody did before."""

    status = 409
