"""Donor records that belong to one person: closed over exact keys alone, because a likeness makes no finding."""

import re
from collections.abc import Iterable

from sif.values import Rfc
from sif.values.keys import GENERIC_RFC

_CURP = re.compile(r"^[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d$")
_CLAVE_ELECTOR = re.compile(r"^[A-ZÑ]{6}\d{8}[HM]\d{3}$")
_SEPARATORS = re.compile(r"[\s\-./]")

DonorKeys = tuple[int, str | None, str | None, str | None]
"""aportante_id, rfc, curp, clave_elector, as captured."""


def personas(records: Iterable[DonorKeys]) -> list[tuple[int, int, str]]:
    """(aportante_id, persona_id, 'exacta') in order; persona_id is the least record that shares a key, by closure.

    A key counts only when it has its form: «N/A» or a generic RFC joins nobody. One without keys is its own person.
    """
    parent: dict[int, int] = {}
    owner: dict[tuple[str, str], int] = {}
    for record, rfc, curp, clave in records:
        parent.setdefault(record, record)
        for key in _keys(rfc, curp, clave):
            _join(parent, record, owner.setdefault(key, record))
    return [(record, _root(parent, record), "exacta") for record in sorted(parent)]


def _keys(rfc: str | None, curp: str | None, clave: str | None) -> Iterable[tuple[str, str]]:
    seen = _clean(rfc)
    if Rfc.maybe(seen) is not None and seen not in GENERIC_RFC:
        yield "rfc", seen
    if _CURP.match(_clean(curp)):
        yield "curp", _clean(curp)
    if _CLAVE_ELECTOR.match(_clean(clave)):
        yield "clave", _clean(clave)


def _clean(text: str | None) -> str:
    return _SEPARATORS.sub("", text or "").upper()


def _root(parent: dict[int, int], record: int) -> int:
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


def _join(parent: dict[int, int], one: int, other: int) -> None:
    one, other = sorted((_root(parent, one), _root(parent, other)))
    parent[other] = one
