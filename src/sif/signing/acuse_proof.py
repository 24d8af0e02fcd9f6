"""Locate the altered part of an acuse's proof: place, path, head or seal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sif.signing.efirma import exact_base64, verify_with_key
from sif.signing.heads import Head
from sif.signing.problems import SigningError
from sif.signing.tree import leaf_hash, node_hash, root_from_inclusion

_ROOT = re.compile(r"[0-9a-f]{64}")
_MAX_SEARCH = 20  # steps; 2^20 leaves is beyond any election's log


class Proof(TypedDict):
    """The proof of inclusion of an acuse, of checked form: a place in a tree, the path and the sealed head."""

    arbol: str
    indice: int
    tamano: int
    ruta: Sequence[str]
    raiz: str
    sello: str


@dataclass(frozen=True, slots=True)
class ProofState:
    """The valid parts of a proof of inclusion.

    included: the leaf leads to the stated root. sealed: the authority sealed the head.
    """

    included: bool
    sealed: bool


def state_of(prueba: Proof, leaf: bytes, key: RSAPublicKey | None) -> ProofState:
    """Try the proof of this leaf under this key of the authority (None: no key that can be read)."""
    return ProofState(included=_computed_root(prueba, leaf) == prueba["raiz"], sealed=_is_sealed(prueba, key))


def _computed_root(prueba: Proof, leaf: bytes) -> str | None:
    root = root_from_inclusion(leaf, prueba["indice"], prueba["tamano"], _steps(prueba))
    return root.hex() if root else None


def _steps(prueba: Proof) -> list[bytes]:
    return [bytes.fromhex(step) for step in prueba["ruta"]]


def _is_sealed(prueba: Proof, key: RSAPublicKey | None, raiz: str | None = None) -> bool:
    if key is None:
        return False
    try:
        head = Head(prueba["arbol"], raiz or prueba["raiz"], prueba["tamano"], prueba["sello"])
        return verify_with_key(head.cadena, head.sello, key)
    except SigningError:
        return False


def proof_changes(prueba: Proof, leaf: bytes, key: RSAPublicKey, published: Head | None) -> list[str]:
    """Return the names of what changed in a proof, as narrow as can be told; empty when it holds.

    `leaf` and `key` must be already believed. `published` is the head of raices.json for the tree it names, if any.
    """
    state = state_of(prueba, leaf, key)
    if exact_base64(prueba["sello"]) is None:
        return ["prueba.sello"]
    if state.sealed:
        return [] if state.included else _changes_below_head(prueba, leaf)
    if not state.included:
        return _changes_of_head(prueba, leaf, key)
    if published is not None and (published.raiz, published.tamano) == (prueba["raiz"], prueba["tamano"]):
        return ["prueba.sello"]
    if published is not None and published.raiz == prueba["raiz"] and published.sello == prueba["sello"]:
        return ["prueba.tamano"]
    return ["prueba.arbol, prueba.tamano o prueba.sello"]


def _changes_below_head(prueba: Proof, leaf: bytes) -> list[str]:
    """The head is the authority's: either the index or the way to it is not."""
    return ["prueba.indice"] if _reaches(leaf_hash(leaf), _steps(prueba), prueba["raiz"]) else ["prueba.ruta"]


def _changes_of_head(prueba: Proof, leaf: bytes, key: RSAPublicKey) -> list[str]:
    computed = _computed_root(prueba, leaf)
    if computed is not None and _is_sealed(prueba, key, computed):
        return ["prueba.raiz"]
    if _reaches(leaf_hash(leaf), _steps(prueba), prueba["raiz"]):
        return ["prueba.tamano"]
    return ["prueba"]


def _reaches(digest: bytes, steps: Sequence[bytes], root: str) -> bool:
    """Return whether these steps lead to the root by some order of left and right: then only the place is wrong."""
    if len(steps) > _MAX_SEARCH or not _ROOT.fullmatch(root):
        return False
    level = {digest}
    for step in steps:
        level = {node_hash(step, one) for one in level} | {node_hash(one, step) for one in level}
    return bytes.fromhex(root) in level
