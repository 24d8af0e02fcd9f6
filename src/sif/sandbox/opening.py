"""Define limits, outcome and output of one opening, for client and server alike."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO

from sif.values import Problem

REFUSED, MEMORY, OUTPUT, BROKEN = 10, 11, 12, 13  # exit codes of a child
FILES = "archivos"  # the server of the openers that have no other
MOST_PROBLEMS, LONGEST_WORDS = 50, 400  # of a refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """The resource limits of one opening of a file.

    mib: MiB of address space beyond the memory of the server. cpu: seconds of processor. wall: seconds of wall clock.
    output: bytes of output.
    """

    mib: int = 512
    cpu: int = 10
    wall: int = 30
    output: int = 32 << 20

    def grown(self, size: int) -> "Limits":
        """Return the limits of a file of `size` bytes that a person may well have filled row by row.

        Six seconds and twelve times its bytes for each MiB: what a small file claims stays small.
        """
        more = 6 * size >> 20
        return Limits(self.mib, self.cpu + more, self.wall + 3 * more, self.output + 12 * size)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an opening, as measured by the server.

    motivo: "" for a complete opening, else the key of the failure. segundos: running time. pico: peak memory in KiB.
    espera: seconds in line.
    """

    motivo: str
    segundos: float
    pico: int
    espera: float = 0.0


def cut(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return the first problems of a refusal, each word of them of readable length."""
    first = islice(problems, MOST_PROBLEMS)
    return [{name: text[:LONGEST_WORDS] for name, text in each.as_dict().items()} for each in first]


class OutputFull(Exception):
    """The opener wrote more than its limit."""


class Writer:
    """Write the answer of an opener to its pipe, up to a limit of bytes."""

    def __init__(self, descriptor: int, most: int) -> None:
        self._descriptor, self._left, self._kept = descriptor, most, bytearray()

    def write(self, data: bytes) -> None:
        """Add bytes. Raises OutputFull."""
        self._left -= len(data)
        if self._left < 0:
            raise OutputFull
        self._kept += data
        if len(self._kept) > 1 << 16:
            self.flush()

    def line(self, value: object) -> None:
        """Add a value as a line of JSON. Raises OutputFull."""
        self.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n")

    def flush(self) -> None:
        """Send what is kept."""
        view = memoryview(self._kept)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._kept = bytearray()


Opener = Callable[[IO[bytes], Mapping[str, object], Writer], None]
