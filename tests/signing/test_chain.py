"""Chains of digests and the one writing of a JSON value."""

import hashlib
from datetime import date

import pytest

from sif.signing.chain import canonical_json, link_digest, verify_chain


def _chain(contents: list[bytes]) -> list[tuple[bytes, bytes]]:
    links: list[tuple[bytes, bytes]] = []
    for content in contents:
        links.append((content, link_digest(links[-1][1] if links else None, content)))
    return links


def test_the_digest_can_be_repeated_with_sha256sum() -> None:
    first = link_digest(None, b"uno")
    assert first == hashlib.sha256(b"\x00uno").digest()
    assert link_digest(first, b"dos") == hashlib.sha256(b"\x01" + first + b"dos").digest()


def test_a_whole_chain_and_the_first_bad_link() -> None:
    links = _chain([b"uno", b"dos", b"tres", b"cuatro"])
    assert verify_chain(links) is None
    assert verify_chain([]) is None
    assert verify_chain([*links[:2], (b"tres.", links[2][1]), links[3]]) == 2
    assert verify_chain([links[0], *links[2:]]) == 1, "a vanished link shows at the next"
    assert verify_chain(links[1:]) == 0


def test_a_previous_digest_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="mide 3 bytes"):
        link_digest(b"abc", b"")


def test_one_writing() -> None:
    value = {"ñ": [1, True, None, "á\n"], "b": {"z": "", "a": -5}}
    assert canonical_json(value) == '{"b":{"a":-5,"z":""},"ñ":[1,true,null,"á\\n"]}'.encode()
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)
    assert list(eval(canonical_json({"\U0001f600": 1, "\uffee": 2}))) == ["\U0001f600", "\uffee"]  # noqa: S307


@pytest.mark.parametrize("value", [1.5, date(2024, 1, 1), {1: "a"}, b"x", {"a": [{"b": 0.1}]}])
def test_what_has_no_one_writing_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^\$"):
        canonical_json(value)
