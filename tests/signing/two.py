"""Acuses of two signatures, whole and altered, and what must be named of each."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import repeat
from typing import Any

from sif.signing import acuse, cadena, heads, minting
from sif.signing.certificates import read_certificate
from sif.signing.efirma import Firma, open_key, sign
from signing.conftest import RECEIVED, Log, Officer, campos_of

OTHER = "SOMB800101AB1"


def second(key: Any) -> Officer:
    """Another person, whose e.firma has this key."""
    mint = minting.mint_authority(keys=repeat(key))
    pair = minting.mint_fiel(mint, OTHER, "ROSA770131MDFSLL08", "BERTA SOLÍS MORA", date(2023, 1, 1), date(2027, 1, 1))
    return Officer(pair, read_certificate(pair.cer), open_key(pair.key, pair.password))


def signed_by(officer: Officer, **others: Any) -> Firma:
    """The signature of a report by an officer; others: fields of the report that differ."""
    text = cadena.informe_cadena(replace(campos_of(officer), **others))
    return Firma(text, sign(text, officer.key), officer.minted.cer)


def two_of(first: Officer, other: Firma, authority: Any) -> dict[str, Any]:
    """The acuse of a report that a person signs with another, with its proof in a log of its own."""
    made = acuse.build_acuse(campos_of(first), signed_by(first), [], RECEIVED, authority, other)
    leaves = [acuse.leaf_of(made)]
    head = heads.build_head("acuses-2024", leaves, authority)
    return acuse.with_proof(made, heads.build_proof(head, leaves, 0))


def roots_of(one: dict[str, Any], authority: Any) -> dict[str, Any]:
    """The published roots that vouch for an acuse alone in its log."""
    head = heads.build_head("acuses-2024", [acuse.leaf_of(one)], authority)
    return heads.build_heads([head], authority, RECEIVED)


def altered(
    log: Log, alicia: Officer, berta: Officer
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], list[str]]]:
    """Each acuse by what was done to it, with the roots of before, and the parts that must be named."""
    whole = two_of(alicia, signed_by(berta), log.authority)
    raices = roots_of(whole, log.authority)
    yield "dos firmas", whole, raices, []
    for part, new in (
        ("cadena", lambda text: text.replace("14999999", "14999998")),
        ("sello", lambda text: ("A" if text[0] != "A" else "B") + text[1:]),
        ("certificado", lambda text: text[:40] + ("A" if text[40] != "A" else "B") + text[41:]),
        ("algoritmo", lambda _text: "RSA-SHA1"),
    ):
        one = copy.deepcopy(whole)
        one["otra_firma"][part] = new(one["otra_firma"][part])
        yield f"otra {part}", one, raices, [f"otra_firma.{part}"]
    one = {key: value for key, value in whole.items() if key != "otra_firma"} | {"formato": "sif-acuse/1"}
    yield "sin la otra", one, raices, ["formato"]
    single = acuse.build_acuse(campos_of(alicia), signed_by(alicia), [], RECEIVED, log.authority)
    put = {**single, "formato": "sif-acuse/2", "otra_firma": whole["otra_firma"]}
    yield "con otra que nadie selló", put, raices, ["formato"]
    swapped = {**whole, "firma": whole["otra_firma"], "otra_firma": whole["firma"]}
    parts = [f"{name}.{part}" for name in ("firma", "otra_firma") for part in ("cadena", "sello", "certificado")]
    yield "cambiadas de lugar", swapped, raices, parts
    for name, other, named in (
        ("la misma persona", signed_by(alicia), ["otra_firma"]),
        ("otro informe", signed_by(berta, version=2), ["otra_firma.cadena"]),
        ("otras cifras", signed_by(berta, contenido="0" * 64), ["otra_firma.cadena"]),
        (
            "de otra llave",
            replace(signed_by(berta), sello=signed_by(alicia).sello),
            ["otra_firma.cadena, otra_firma.sello o otra_firma.certificado"],
        ),
        ("de nadie", replace(signed_by(berta), certificado=b"x"), ["otra_firma.certificado"]),
        (
            "no es un informe",
            Firma("||1.0|VOTO|a||", sign("||1.0|VOTO|a||", berta.key), berta.minted.cer),
            ["otra_firma.certificado", "otra_firma.cadena"],
        ),
    ):
        sealed = two_of(alicia, other, log.authority)
        yield name, sealed, roots_of(sealed, log.authority), named
