"""Read uploaded invoices and ZIPs of them, each in one confined process."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sif.cfdi import Lectura, is_archive
from sif.registry.opening import ORDINARY, opened
from sif.sandbox.client import Unopened, is_of_the_file
from sif.sandbox.opening import Outcome
from sif.signing.authorities import read_authorities
from sif.values import Refused

BUNDLE = 500  # loose files opened by one process
BUNDLE_BYTES = 8 * 1024 * 1024
MOST_GUILTY = 3  # files of a bundle that pass a limit before the rest is refused with them
BUNDLE_NAMES = 24_000  # bytes of their names, which go in one request
SERVER = "facturas"  # the file server that holds SAT's schemas
_LONGEST_NAME = 200
_MIB = 1 << 20
File = tuple[str, bytes]


def read_invoices(files: Iterable[File]) -> Iterator[Lectura]:
    """Read files (name, bytes), each an XML or a ZIP of them, as `sif.cfdi.read_files` does; never raises on what they
    hold. One that cannot be opened stops none of the others."""
    for bundle in _bundles(files):
        yield from _read(bundle)


def _bundles(files: Iterable[File]) -> Iterator[list[File]]:
    """Loose files together, up to a number and two sizes; each ZIP alone."""
    held: list[File] = []
    size = names = 0
    for name, data in files:
        alone, told = is_archive(data), len(json.dumps(name[:_LONGEST_NAME]))
        full = len(held) == BUNDLE or size + len(data) > BUNDLE_BYTES or names + told > BUNDLE_NAMES
        if held and (alone or full or is_archive(held[0][1])):
            yield held
            held, size, names = [], 0, 0
        held.append((name[:_LONGEST_NAME], data))
        size, names = size + len(data), names + told
    if held:
        yield held


def _read(bundle: Sequence[File]) -> Iterator[Lectura]:
    """Read a bundle; where a file of it passes a limit each is read alone, up to MOST_GUILTY of them."""
    try:
        yield from _opened(bundle)
        return
    except Refused as wrong:
        last = wrong
    guilty = 0
    for each in bundle:
        if len(bundle) > 1 and is_of_the_file(last) and guilty < MOST_GUILTY:
            try:
                yield from _opened([each])
                continue
            except Refused as wrong:
                last, guilty = wrong, guilty + 1
        yield Lectura(each[0], None, "no_verificable", last.problems)


def _opened(bundle: Sequence[File]) -> list[Lectura]:
    """Read a whole bundle of invoice files in one process.

    Raises Refused.
    """
    authorities = _authorities(str(settings.DATOS / "certificados"))
    archive = is_archive(bundle[0][1])
    size = sum(len(data) for _, data in bundle)
    limits = replace(ORDINARY.grown(size), mib=ORDINARY.mib + 2 * size // _MIB)
    args = {
        "autoridades": [len(der) for der in authorities],
        "completas": archive,
        "archivos": [(name, len(data)) for name, data in bundle],
    }
    answer = opened("cfdi", b"".join((*authorities, *(data for _, data in bundle))), args, limits, server=SERVER)
    readings: list[Lectura] = list(answer.values(Lectura))
    if archive:
        return [_named(each, each.datos) for each in readings]
    if len(readings) != len(bundle):
        raise Unopened(Outcome("roto", answer.outcome.segundos, answer.outcome.pico))
    return [_named(each, data) for each, (_, data) in zip(readings, bundle, strict=True)]


def _named(reading: Lectura, data: bytes) -> Lectura:
    """Return a reading with the bytes that it is of, named by their digest as we compute it."""
    if reading.cfdi is None:
        return replace(reading, datos=b"")
    digest = hashlib.sha256(data).hexdigest()
    return replace(reading, datos=data, cfdi=replace(reading.cfdi, xml_sha256=digest))


@lru_cache(maxsize=4)
def _authorities(folder: str) -> tuple[bytes, ...]:
    """Return the certificates of the authorities that this installation trusts beside SAT's: those of its folder."""
    return tuple(each.der for each in read_authorities(Path(folder)))
