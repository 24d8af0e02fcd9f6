"""Read and seal the published heads of the logs of acuses (raices.json).

The file is public data that the authority repeats in a journal: whoever holds a root can prove an acuse without us.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from sif.signing import tree
from sif.signing.cadena import build
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.efirma import exact_base64, sign, verify_with_key
from sif.signing.hours import legal_hour

FORMAT = "sif-raices/1"
_RESERVED = {"formato", "autoridad", "publicado_el", "sello"}
_TREE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ROOT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The state of one log: its name, its root (64 hex), its size, and the authority's sello over the three."""

    arbol: str
    raiz: str
    tamano: int
    sello: str

    @property
    def cadena(self) -> str:
        """`||1.0|RAIZ|arbol|tamano|raiz||`."""
        return build("RAIZ", (self.arbol, str(self.tamano), self.raiz))


def spki_of(key: RSAPrivateKey | RSAPublicKey) -> str:
    """Return the public key as SPKI DER in base64, as acuses and heads carry it."""
    public = key.public_key() if isinstance(key, RSAPrivateKey) else key
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def read_spki(text: object) -> RSAPublicKey | None:
    """Return the RSA key of an SPKI in base64, or None."""
    data = exact_base64(text) if isinstance(text, str) else None
    try:
        key = load_der_public_key(data) if data else None
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


@dataclass(frozen=True, slots=True)
class Tramos:
    """Roots of consecutive groups of leaves of one tree, from leaf `desde` (0 the first), `cada` leaves in each group.

    A head says that something in its tree is not as it was; these say in which group of the leaves that entered since
    the head before. With one leaf in each group they say which leaf.
    """

    desde: int
    cada: int
    raices: tuple[str, ...]


def build_head(arbol: str, leaves: Sequence[bytes], authority: RSAPrivateKey) -> Head:
    """Return the sealed head of a log with these leaves. Raises ValueError for a name not in [a-z0-9-]."""
    return seal_head(arbol, tree.tree_root(leaves).hex(), len(leaves), authority)


def seal_head(arbol: str, raiz: str, tamano: int, authority: RSAPrivateKey) -> Head:
    """Return the sealed head of a log with this root and size. Raises ValueError for a name not in [a-z0-9-]."""
    if not _TREE_NAME.fullmatch(arbol) or arbol in _RESERVED:
        raise ValueError(
            f"«{arbol}» no puede nombrar un árbol: use minúsculas, cifras y guiones, salvo {sorted(_RESERVED)}."
        )
    return Head(arbol, raiz, tamano, sign(Head(arbol, raiz, tamano, "").cadena, authority))


def build_heads(
    heads: Sequence[Head],
    authority: RSAPrivateKey,
    publicado_el: datetime,
    tramos: Mapping[str, Tramos] | None = None,
) -> dict[str, object]:
    """raices.json: `autoridad` (SPKI), one entry per tree {raiz, tamano, sello, tramos}, and the seal over all."""
    raices: dict[str, object] = {
        "formato": FORMAT,
        "autoridad": spki_of(authority),
        "publicado_el": legal_hour(publicado_el),
    }
    for head in sorted(heads, key=lambda one: one.arbol):
        entry: dict[str, object] = {"raiz": head.raiz, "tamano": head.tamano, "sello": head.sello}
        if tramos and head.arbol in tramos:
            groups = tramos[head.arbol]
            entry["tramos"] = {"desde": groups.desde, "cada": groups.cada, "raices": list(groups.raices)}
        raices[head.arbol] = entry
    raices["sello"] = sign(_raices_cadena(raices), authority)
    return raices


def _raices_cadena(raices: Mapping[str, object]) -> str:
    """`||1.0|RAICES|publicado_el|sha256(everything but the seal, canonical JSON)||`."""
    body = {key: value for key, value in raices.items() if key != "sello"}
    return build("RAICES", (str(raices["publicado_el"]), sha256_hex(canonical_json(body))))


def verify_heads(raices: object) -> list[str]:
    """Verify the seals of a raices.json; return its problems in Spanish, empty when all the seals hold."""
    if not isinstance(raices, dict) or raices.get("formato") != FORMAT:
        return [f"raices.json: no es un archivo {FORMAT}"]
    key = read_spki(raices.get("autoridad"))
    if key is None:
        return ["raices.json: la clave pública de la autoridad no se puede leer"]
    try:
        sealed = verify_with_key(_raices_cadena(raices), str(raices.get("sello")), key)
    except (ValueError, KeyError):
        sealed = False
    if not sealed:
        return ["raices.json: su sello no corresponde a su contenido"]
    wrong = [name for name in raices if name not in _RESERVED and not _head_holds(raices, name, key)]
    return [f"raices.json: el sello del árbol «{name}» no corresponde" for name in wrong]


def _head_holds(raices: Mapping[str, object], name: str, key: RSAPublicKey) -> bool:
    head = read_head(raices, name)
    return head is not None and verify_with_key(head.cadena, head.sello, key)


def read_head(raices: Mapping[str, object], arbol: str) -> Head | None:
    """Return the head of a tree in raices.json, or None if it is not there or is malformed."""
    entry = raices.get(arbol)
    if arbol in _RESERVED or not isinstance(entry, dict) or not _TREE_NAME.fullmatch(arbol):
        return None
    raiz, tamano, sello = entry.get("raiz"), entry.get("tamano"), entry.get("sello")
    if not isinstance(raiz, str) or not _ROOT.fullmatch(raiz) or not isinstance(sello, str):
        return None
    if not isinstance(tamano, int) or isinstance(tamano, bool) or tamano < 0:
        return None
    return Head(arbol, raiz, tamano, sello)


def trees_of(raices: Mapping[str, object]) -> list[str]:
    """Return the names of the trees that a raices.json publishes, in order."""
    return sorted(name for name in raices if name not in _RESERVED)


def read_tramos(raices: Mapping[str, Any], arbol: str) -> Tramos | None:
    """The groups of a tree in a raices.json whose seal was verified, or None if it has none or they are malformed."""
    found = raices[arbol].get("tramos") if isinstance(raices.get(arbol), dict) else None
    if not isinstance(found, dict):
        return None
    desde, cada, roots = found.get("desde"), found.get("cada"), found.get("raices")
    if type(desde) is not int or type(cada) is not int or desde < 0 or cada < 1:
        return None
    if not isinstance(roots, list) or not all(isinstance(root, str) and _ROOT.fullmatch(root) for root in roots):
        return None
    return Tramos(desde, cada, tuple(roots))


def build_proof(head: Head, leaves: Sequence[bytes], index: int) -> dict[str, object]:
    """The `prueba` of an acuse: its place in the log (`leaves` as of that head) and the sealed head it leads to."""
    if len(leaves) != head.tamano:
        raise ValueError(
            f"La cabeza es de {head.tamano} hojas y el registro trae {len(leaves)}: pase las de ese corte."
        )
    return {
        "arbol": head.arbol,
        "indice": index,
        "tamano": head.tamano,
        "ruta": [step.hex() for step in tree.inclusion_proof(leaves, index)],
        "raiz": head.raiz,
        "sello": head.sello,
    }


def build_consistency(old: Head, new: Head, leaves: Sequence[bytes]) -> dict[str, object]:
    """Build the published proof that a log only grew between two heads; `leaves` are the leaves of the new head.

    Raises ValueError for heads of two different logs, or for another number of leaves.
    """
    if old.arbol != new.arbol or len(leaves) != new.tamano:
        raise ValueError("Las dos cabezas deben ser del mismo árbol, y las hojas las de la segunda.")
    path = tree.consistency_proof(leaves, old.tamano)
    return {
        "arbol": new.arbol,
        "de": {"raiz": old.raiz, "tamano": old.tamano},
        "a": {"raiz": new.raiz, "tamano": new.tamano},
        "ruta": [step.hex() for step in path],
    }
