"""Compute digests and hash chains."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

DIGEST_BYTES = 32


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal figures."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(obj: object) -> bytes:
    """Return the one UTF-8 writing of a JSON value, as RFC 8785 for what we use: keys in order, no spaces.

    Accepts dict with text keys, list, tuple, str, int, bool and None. Raises ValueError on anything else: a float has
    no exact value to sign, and a date has no single writing.
    """
    return json.dumps(_plain(obj, "$"), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _plain(obj: object, place: str) -> object:
    if obj is None or isinstance(obj, bool | int | str):
        return obj
    if isinstance(obj, Mapping):
        for key in obj:
            if not isinstance(key, str):
                raise ValueError(f"{place}: la clave {key!r} no es texto; JSON solo admite claves de texto.")
        # RFC 8785 orders keys by their UTF-16 units
        ordered = sorted(obj, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _plain(obj[key], f"{place}.{key}") for key in ordered}
    if isinstance(obj, Sequence) and not isinstance(obj, bytes | bytearray | memoryview):
        return [_plain(item, f"{place}[{index}]") for index, item in enumerate(obj)]
    raise ValueError(f"{place}: un {type(obj).__name__} no tiene una escritura única; páselo a texto o a entero.")


def link_digest(previous: bytes | None, content: bytes) -> bytes:
    """The digest (32 bytes) of a link: SHA-256 of 00 + content for the first, of 01 + previous + content for the rest.

    `previous` is the digest of the link before, None for the first. Raises ValueError if it is not 32 bytes.
    """
    if previous is None:
        return hashlib.sha256(b"\x00" + content).digest()
    if len(previous) != DIGEST_BYTES:
        raise ValueError(f"La huella anterior mide {len(previous)} bytes; una SHA-256 mide {DIGEST_BYTES}.")
    return hashlib.sha256(b"\x01" + previous + content).digest()


def verify_chain(items: Iterable[tuple[bytes, bytes]]) -> int | None:
    """The index of the first link (content, kept digest) that does not follow from those before; None if all do."""
    previous: bytes | None = None
    for index, (content, kept) in enumerate(items):
        if link_digest(previous, content) != kept:
            return index
        previous = kept
    return None
