"""Compute roots and proofs of the Merkle tree of RFC 9162 section 2.1.

Leaves are the bytes of each entry, in order; digests are 32 bytes. Nothing is padded or repeated: an odd last node
rises.
"""

import hashlib
from collections.abc import Iterable, Sequence

_sha256 = hashlib.sha256  # looked up once: it is called for each node of a log


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(00 + leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 + left + right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """The tree of a log read leaf by leaf: it keeps the roots of the complete subtrees, at most one for each size."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        digest, place = leaf_hash(leaf), self.size
        while place & 1:
            digest = node_hash(self._peaks.pop(), digest)
            place >>= 1
        self._peaks.append(digest)
        self.size += 1

    def extend(self, digests: bytes) -> None:
        """Append leaves by their digests (those of `leaf_hash`, one after another), level by level."""
        level, place, peaks = digests, self.size, list[bytes]()
        while level:
            if place & 1:
                level = self._peaks.pop() + level
            pairs = len(level) // 64 * 64
            if pairs < len(level):
                peaks.append(level[pairs:])
            level = b"".join([_sha256(b"\x01" + level[i : i + 64]).digest() for i in range(0, pairs, 64)])
            place >>= 1
        self._peaks += reversed(peaks)
        self.size += len(digests) // 32

    def root(self) -> bytes:
        """Return the root of the leaves so far; of none, the SHA-256 of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        digest = self._peaks[-1]
        for left in reversed(self._peaks[:-1]):
            digest = node_hash(left, digest)
        return digest


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of these leaves; of none, the SHA-256 of nothing."""
    growing = GrowingTree()
    for leaf in leaves:
        growing.add(leaf)
    return growing.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sisters on the way from leaf `index` to the root, lowest first. Raises IndexError outside the log."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"El índice {index} no está en un registro de {len(leaves)} hojas.")
    level = [leaf_hash(leaf) for leaf in leaves]
    path = []
    while len(level) > 1:
        sister = index ^ 1
        if sister < len(level):
            path.append(level[sister])
        level = _level_above(level)
        index >>= 1
    return path


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that this path gives to leaf `index` of `size`; None if the path has not the length it must have."""
    if not 0 <= index < size:
        return None
    place, last, digest = index, size - 1, leaf_hash(leaf)
    for sister in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            digest = node_hash(sister, digest)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            digest = node_hash(digest, sister)
        place >>= 1
        last >>= 1
    return digest if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether `leaf` stands at `index` in the log of `size` leaves with this root."""
    return root_from_inclusion(leaf, index, size, path) == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the nodes that show the log of the first `old_size` leaves to be a beginning of this one.

    Empty when the sizes are equal. Raises ValueError unless 0 < old_size <= len(leaves).
    """
    if not 0 < old_size <= len(leaves):
        raise ValueError(
            f"No hay consistencia de {old_size} a {len(leaves)} hojas: el primero debe ser de 1 al segundo."
        )
    return _subproof([leaf_hash(leaf) for leaf in leaves], old_size, whole=True)


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the log of `new_size` leaves only added to that of `old_size` (both positive)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    nodes = list(path)
    if old_size & (old_size - 1) == 0:  # a complete tree is itself a node of the new one, so the proof leaves it out
        nodes.insert(0, old_root)
    if not nodes:
        return False
    return _roots_from_consistency(old_size, new_size, nodes) == (old_root, new_root)


def _roots_from_consistency(old_size: int, new_size: int, nodes: list[bytes]) -> tuple[bytes, bytes] | None:
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new = node_hash(new, node)
        place >>= 1
        last >>= 1
    return (old, new) if last == 0 else None


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def _root(level: list[bytes]) -> bytes:
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def _subproof(hashes: list[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(hashes):
        return [] if whole else [_root(hashes)]
    split = 1 << (len(hashes) - 1).bit_length() - 1  # the largest power of two below the size
    if old_size <= split:
        return [*_subproof(hashes[:split], old_size, whole=whole), _root(hashes[split:])]
    return [*_subproof(hashes[split:], old_size - split, whole=False), _root(hashes[:split])]
