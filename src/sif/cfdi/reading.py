"""Read files that claim to be invoices; the result is always a Lectura, never an exception.

Many are read a score at a time, stage by stage: all are parsed, then all have their fields taken, and so on. Each stage
is a different library, and going through all of them for one file after another costs nearly half as much again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from sif.cfdi.document import Cfdi, Lectura, SealState
from sif.cfdi.fields import not_a_cfdi, read_fields, version_of
from sif.cfdi.parsing import Unreadable, parse
from sif.cfdi.schema import check_schema
from sif.cfdi.seal import check_seal, check_timbre
from sif.cfdi.trust import Trust, as_trust
from sif.signing.authorities import Authority
from sif.values import Problem

SCORE = 20  # files whose trees are held at once
HELD = 2 * 1024 * 1024  # bytes of files whose trees are held at once, unless one alone is larger
Part = Lectura | tuple[bytes, str]
"""A file to read, its bytes and name, or the answer about one that could not be taken out of its container."""


def read(data: bytes, name: str = "", authorities: Trust | Sequence[Authority] | None = None) -> Lectura:
    """Read the bytes of one XML called `name`, check it against SAT's schema and catalogues, and verify its seals.

    Never raises on what the bytes hold.

    `authorities` are those whose certificates are believed, SAT's when None; for many files make one `trust(...)`,
    which may also hold the certificates of the PAC, and pass it each time.
    """
    return next(read_parts([(data, name)], authorities))


def read_parts(parts: Iterable[Part], authorities: Trust | Sequence[Authority] | None = None) -> Iterator[Lectura]:
    """Read many files as `read` does, in their order; what already has its answer keeps its place."""
    trust = as_trust(authorities)
    held: list[Part] = []
    size = 0
    for part in parts:
        length = 0 if isinstance(part, Lectura) else len(part[0])
        if held and (len(held) == SCORE or size + length > HELD):
            yield from _read_held(held, trust)
            held, size = [], 0
        held.append(part)
        size += length
    yield from _read_held(held, trust)


@dataclass(slots=True)
class _Work:
    """One file as far as it has been read; `answer` once there is nothing more to ask of it."""

    data: bytes
    name: str
    answer: Lectura | None = None
    root: etree._Element | None = None
    version: str = ""
    cfdi: Cfdi | None = None
    sello: SealState = "no_verificable"
    timbre_sello: SealState = "ausente"
    problems: list[Problem] = field(default_factory=list)


def _read_held(parts: Sequence[Part], trust: Trust) -> Iterator[Lectura]:
    works = [_Work(b"", "", part) if isinstance(part, Lectura) else _parsed(*part) for part in parts]
    going = [(work, work.root) for work in works if work.root is not None]
    for work, root in going:
        sha256 = hashlib.sha256(work.data).hexdigest()
        work.cfdi = read_fields(root, work.version, sha256, work.problems)
    for work, root in going:
        work.sello, found = check_seal(root, work.version, work.cfdi, trust)
        work.problems += found
    for work, root in going:
        if work.cfdi is not None:
            work.timbre_sello, found = check_timbre(root, work.cfdi, work.version, trust)
            work.problems += found
    for work, root in going:
        work.problems += check_schema(root, work.version)
    for work in works:
        yield work.answer or Lectura(
            work.name, work.cfdi, work.sello, tuple(work.problems), work.timbre_sello, work.data
        )


def _parsed(data: bytes, name: str) -> _Work:
    try:
        root, problems = parse(data)
    except Unreadable as error:
        return _Work(data, name, Lectura(name, None, "no_verificable", error.problems))
    version = version_of(root)
    if version is None:
        return _Work(data, name, Lectura(name, None, "no_verificable", (*problems, not_a_cfdi(root))))
    return _Work(data, name, root=root, version=version, problems=problems)
