"""Refuse an act with every problem at once: the one exception that services raise for what a person can mend."""

from sif.values.problem import Problem


class Refused(ValueError):
    """An act that was not done and wrote nothing. `problems`: each with its place (the argument) and its cure.

    Its text is for a terminal and a log: a line for each problem, with its place.
    """

    problems: tuple[Problem, ...]
    status = 422
    """HTTP status of the answer."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{each.donde}: {each}" if each.donde else str(each) for each in problems))

    @property
    def said(self) -> str:
        """The words of a page: what was seen and what to do, without the names of the places."""
        return " ".join(map(str, self.problems))


class Conflict(Refused):
    """An act that the stored state forbids or that somebody did before."""

    status = 409


def refusal(codigo: str, donde: str, mensaje: str, cura: str) -> Refused:
    """Make the refusal of one problem."""
    return Refused(Problem(codigo, donde, mensaje, cura))
