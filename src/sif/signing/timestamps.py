"""Request and verify RFC 3161 time stamps."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate, ObjectIdentifier
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class StampRefused(ValueError):
    """An answer does not date these bytes; the text says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a service of time stamps: its DER, and the number that the answer must repeat."""

    der: bytes
    nonce: int


def query_for(data: bytes) -> Query:
    """The question that asks for a time stamp over the SHA-256 of some bytes, with the certificate of who answers."""
    built = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    assert built.nonce is not None
    return Query(built.as_bytes(), built.nonce)


def stamped_at(data: bytes, answer: bytes) -> datetime:
    """Return the hour that an answer gives to some bytes, without asking who signed it. Raises StampRefused."""
    return _read(hashlib.sha256(data).digest(), answer).tst_info.gen_time


def judge_stamp(data: bytes, answer: bytes, roots: Sequence[Certificate], nonce: int | None = None) -> datetime:
    """Return the hour of an answer signed by a service under one of these authorities. Raises StampRefused.

    `nonce`: the number of the question, when the answer has just come.
    """
    return judge_digest(hashlib.sha256(data).digest(), answer, roots, nonce)


def judge_digest(digest: bytes, answer: bytes, roots: Sequence[Certificate], nonce: int | None = None) -> datetime:
    """Return the hour of an answer over the SHA-256 of some bytes, as `judge_stamp`."""
    read = _read(digest, answer)
    builder = VerifierBuilder(roots=list(roots))
    try:
        (builder if nonce is None else builder.nonce(nonce)).build().verify(read, digest)
    except (VerificationError, ValueError) as error:
        raise StampRefused(f"el sello de tiempo no es de un servicio en que se confíe: {error}") from error
    return read.tst_info.gen_time


def _read(digest: bytes, answer: bytes) -> TimeStampResponse:
    try:
        read = decode_timestamp_response(answer)
        imprint = read.tst_info.message_imprint
    except ValueError as error:
        raise StampRefused(f"el servicio de sellos de tiempo no dio un sello: {error}") from error
    if imprint.hash_algorithm != _SHA256 or imprint.message != digest:
        raise StampRefused("el sello de tiempo es de otros bytes")
    return read
