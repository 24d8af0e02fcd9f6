"""Group donor records of one person by exact keys alone."""

import re
from collections.abc import Iterable
from functools import lru_cache

from sif.values import Rfc
from sif.values.keys import GENERIC_RFC

_CURP = re.compile(r"^[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d$")
_CLAVE_ELECTOR = re.compile(r"^[A-ZÑ]{6}\d{8}[HM]\d{3}$")
_SEPARATORS = re.compile(r"[\s\-./]")
_KINDS = ("rfc", "curp", "clave")

DonorKeys = tuple[int, str | None, str | None, str | None]
"""aportante_id, rfc, curp, clave_elector, as captured."""


def personas(records: Iterable[DonorKeys]) -> list[tuple[int, int, str]]:
    """(aportante_id, persona_id, 'exacta') in order; persona_id is the least record that shares a key, by closure.

    A key counts only when it has its form: «N/A» or a generic RFC joins nobody. One without keys is its own person.
    """
    parent: dict[int, int] = {}
    owners: tuple[dict[str, int], ...] = tuple({} for _ in _KINDS)
    for record, *keys in records:
        parent.setdefault(record, record)
        for kind, owner, text in zip(_KINDS, owners, keys, strict=True):
            if text:
                key = (text if text.isalnum() else _SEPARATORS.sub("", text)).upper()
                first = owner.setdefault(key, record)
                if first != record and _names_somebody(kind, key):
                    _join(parent, record, first)
    return [(record, _root(parent, record), "exacta") for record in sorted(parent)]


@lru_cache(maxsize=1024)
def _names_somebody(kind: str, text: str) -> bool:
    if kind == "rfc":
        return Rfc.maybe(text) is not None and text not in GENERIC_RFC
    return (_CURP if kind == "curp" else _CLAVE_ELECTOR).match(text) is not None


def _root(parent: dict[int, int], record: int) -> int:
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


def _join(parent: dict[int, int], one: int, other: int) -> None:
    one, other = sorted((_root(parent, one), _root(parent, other)))
    parent[other] = one
