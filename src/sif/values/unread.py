"""Tell what of a text cannot be read: a stable key, what was seen, and what to do."""

from sif.values.problem import Problem


class Unread(ValueError):
    """A text typed or written in a file that says nothing usable."""

    codigo = "dato"

    def __init__(self, seen: str, cure: str = "", codigo: str = "") -> None:
        self.codigo, self.seen, self.cure = codigo or self.codigo, seen, cure
        super().__init__(f"{seen} {cure}".rstrip())

    def at(self, donde: str, codigo: str = "", cure: str = "") -> Problem:
        """Return the problem at its place, with the key and the cure of that place where it has its own."""
        return Problem(codigo or self.codigo, donde, self.seen, cure or self.cure)
