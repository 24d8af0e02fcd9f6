"""The log of acuses against the published vectors of RFC 9162, and against itself at every small size."""

import json
from pathlib import Path
from typing import Any

import pytest

from sif.signing import tree

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("tree_vectors.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["hojas"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["raices"]]


def _path(row: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(step) for step in row["ruta"]]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_of_reference(size: int) -> None:
    assert tree.tree_root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize("row", VECTORS["inclusion"])
def test_inclusion_of_reference(row: dict[str, Any]) -> None:
    index, size = row["indice"], row["tamano"]
    assert tree.inclusion_proof(LEAVES[:size], index) == _path(row)
    assert tree.verify_inclusion(LEAVES[index], index, size, _path(row), ROOTS[size])


@pytest.mark.parametrize("row", VECTORS["consistencia"])
def test_consistency_of_reference(row: dict[str, Any]) -> None:
    old, new = row["de"], row["a"]
    assert tree.consistency_proof(LEAVES[:new], old) == _path(row)
    assert tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], _path(row))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 13, 16, 33, 64, 65, 129])
def test_every_leaf_and_no_other_place(size: int) -> None:
    leaves = [str(n).encode() for n in range(size)]
    root = tree.tree_root(leaves)
    for index, leaf in enumerate(leaves):
        path = tree.inclusion_proof(leaves, index)
        assert tree.verify_inclusion(leaf, index, size, path, root)
        assert not tree.verify_inclusion(leaf + b"x", index, size, path, root)
        assert not tree.verify_inclusion(leaf, index, size, [*path, root], root)
        assert not tree.verify_inclusion(leaf, index, size, path[:-1], root) or not path
        assert not any(tree.verify_inclusion(leaf, other, size, path, root) for other in range(size) if other != index)


def test_every_growth_up_to_forty() -> None:
    leaves = [str(n).encode() for n in range(40)]
    roots = [tree.tree_root(leaves[:n]) for n in range(41)]
    for new in range(1, 41):
        for old in range(1, new + 1):
            path = tree.consistency_proof(leaves[:new], old)
            assert tree.verify_consistency(old, new, roots[old], roots[new], path)
            assert not tree.verify_consistency(old, new, roots[old - 1], roots[new], path)
            assert not tree.verify_consistency(old, new, roots[old], roots[new], [*path, roots[new]])
            if path:
                assert not tree.verify_consistency(old, new, roots[old], roots[new], path[:-1])
                assert not tree.verify_consistency(old, new, roots[old], roots[new], [path[0], *path])


def test_places_outside_the_log_are_refused() -> None:
    with pytest.raises(IndexError, match="no está en un registro de 3"):
        tree.inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(ValueError, match="consistencia"):
        tree.consistency_proof(LEAVES[:3], 0)
    assert not tree.verify_inclusion(LEAVES[0], 0, 0, [], ROOTS[0])
    assert not tree.verify_consistency(3, 2, ROOTS[3], ROOTS[2], [])


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 13])
def test_a_log_read_by_groups_grows_the_same_tree(step: int) -> None:
    leaves = [bytes([n]) for n in range(70)]
    growing = tree.GrowingTree()
    for begin in range(0, len(leaves), step):
        growing.extend(b"".join(tree.leaf_hash(leaf) for leaf in leaves[begin : begin + step]))
        assert (growing.size, growing.root()) == (len(leaves[: begin + step]), tree.tree_root(leaves[: begin + step]))
