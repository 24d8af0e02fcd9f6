"""Certificates as SAT writes them: read field by field, and judged with every error the server can see."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from public_data import public
from sat_pruebas import SIGNED, authorities_of_tests
from sif.signing import authorities, minting, revocation, sat_der
from sif.signing.certificates import judge_certificate, read_certificate
from sif.signing.problems import SigningError

AT = datetime(2024, 6, 1, tzinfo=UTC)
SPAN = (date(2023, 1, 1), date(2027, 1, 1))
# file, RFC, CURP, RFC of the representative, kind
SAT_TESTS = [
    ("fiel/cañf770131pa3.cer", "CAÑF770131PA3", "CANF770131HBCSBR08", "", "fiel"),
    ("fiel/cacx7605101p8.cer", "CACX7605101P8", "CACX760510MGTSHC04", "", "fiel"),
    ("fiel/aaa010101aaa.cer", "AAA010101AAA", "", "HEGT7610034S2", "fiel"),
    ("fiel/emisor2021.cer", "AAA010101AAA", "", "HEGT7610034S2", "csd"),
    ("csd/EKU9003173C9.cer", "EKU9003173C9", "", "VADA800927DJ3", "csd"),
    ("csd/cacx7605101p8_csd.cer", "CACX7605101P8", "CACX760510MGTSHC04", "", "csd"),
]


def _codes(problems: list[Any]) -> list[str]:
    return [problem.codigo for problem in problems]


@pytest.mark.parametrize(("file", "rfc", "curp", "representative", "kind"), SAT_TESTS)
def test_sat_test_certificates(file: str, rfc: str, curp: str, representative: str, kind: str) -> None:
    cert = read_certificate(public("certs", *file.split("/")).read_bytes())
    assert (cert.rfc, cert.curp, cert.rfc_representante, cert.kind) == (rfc, curp, representative, kind)
    assert len(cert.serie) == 20
    assert cert.serie.startswith("30001000000"), "the series of SAT's tests"
    assert _codes(judge_certificate(cert, cert.desde, authorities.sat_authorities(), kind=cert.kind)) == [
        "emisor_desconocido"
    ], "the authority of SAT's tests is not public"


@pytest.mark.parametrize("file", [*(f"fiel/{name}" for name in SIGNED), "csd/cacx7605101p8_csd", "csd/EKU9003173C9"])
def test_the_key_kept_of_the_authority_of_sats_tests_is_the_one_that_signed_them(file: str) -> None:
    der = public("certs", *f"{file}.cer".split("/")).read_bytes()
    table, cert = authorities_of_tests(), read_certificate(der)
    ours = file != "csd/EKU9003173C9"  # of the same name, and of the key that followed
    assert (authorities.issuers_of(der, table) or []) == ([table[1], table[0]] if ours else [])
    told = _codes(judge_certificate(cert, cert.desde, table, kind=cert.kind))
    assert told == ([] if ours else ["emisor_desconocido"])


def test_the_patch_of_asn1crypto_is_in_place() -> None:
    assert x509.NameTypeAndValue._oid_specs["unique_identifier"] is x509.DirectoryString


@pytest.mark.parametrize("encoding", ["teletex_string", "utf8_string", "bmp_string"])
def test_the_rfc_is_read_in_any_text_type(encoding: str) -> None:
    value: Any = "CAÑF770131PA3 / &ÑA010101AA1"
    if encoding == "teletex_string":  # Ñ as SAT writes it there: the Latin-1 byte, which is not true teletex
        value = x509.NotReallyTeletexString(contents=value.encode("latin-1"))
    text = x509.DirectoryString(name=encoding, value=value)
    attribute = x509.NameTypeAndValue({"type": "unique_identifier", "value": text})
    name = x509.Name(name="", value=x509.RDNSequence([x509.RelativeDistinguishedName([attribute])]))
    again = x509.Name.load(name.dump())
    assert sat_der.name_fields(again) == {"2.5.4.45": "CAÑF770131PA3 / &ÑA010101AA1"}


def test_a_minted_fiel_is_of_sats_shape(alicia: Any, demo_authority: minting.MintedAuthority) -> None:
    cert = alicia.cert
    assert (cert.rfc, cert.curp, cert.nombre) == ("ROSA7701319A1", "ROSA770131MDFSLL08", "ALICIA ROSAS NÚÑEZ")
    assert (cert.kind, cert.bits, cert.exponent, len(cert.serie)) == ("fiel", 2048, 65537, 20)
    assert judge_certificate(cert, AT, [demo_authority.authority], "rosa7701319a1") == []
    assert _codes(judge_certificate(cert, AT, authorities.sat_authorities())) == ["emisor_desconocido"]


def test_two_certificates_of_one_key_have_two_serials(mint: Callable[..., Any]) -> None:
    assert len({mint(hasta=date(2027, 1, day)).cert.serie for day in range(1, 9)}) == 8


@pytest.mark.parametrize(
    ("made", "asked", "code"),
    [
        ({"kind": "csd"}, {}, "es_sello"),
        ({}, {"kind": "csd"}, "es_efirma"),
        ({"hasta": date(2024, 5, 31)}, {}, "vencido"),
        ({"desde": date(2024, 6, 2)}, {}, "aun_no_vigente"),
        ({}, {"rfc": "XAXX010101000"}, "rfc_ajeno"),
    ],
)
def test_each_error_alone(
    mint: Callable[..., Any],
    demo_authority: minting.MintedAuthority,
    made: dict[str, Any],
    asked: dict[str, Any],
    code: str,
) -> None:
    cert = mint(**made).cert
    found = judge_certificate(cert, AT, [demo_authority.authority], **asked)
    assert _codes(found) == [code]
    assert found[0].mensaje
    assert found[0].cura


def test_an_authority_that_ended(pool: list[rsa.RSAPrivateKey]) -> None:
    ended = minting.mint_authority(date(2015, 1, 1), date(2024, 1, 1), keys=iter(pool))
    pair = minting.mint_fiel(ended, "ROSA7701319A1", "", "ALICIA", *SPAN)
    assert _codes(judge_certificate(read_certificate(pair.cer), AT, [ended.authority])) == ["emisor_vencido"]


def test_a_forger_with_the_name_of_the_authority(
    alicia: Any, demo_authority: minting.MintedAuthority, pool: list[rsa.RSAPrivateKey]
) -> None:
    forger = minting.mint_authority(keys=iter([minting.new_key(), pool[0]]))
    assert forger.authority.asunto == demo_authority.authority.asunto
    pair = minting.mint_fiel(forger, "ROSA7701319A1", "", "ALICIA", *SPAN)
    forged = read_certificate(pair.cer)
    assert _codes(judge_certificate(forged, AT, [demo_authority.authority])) == ["emisor_desconocido"]
    assert judge_certificate(alicia.cert, AT, [forger.authority, demo_authority.authority]) == []


@pytest.mark.parametrize(("bits", "exponent"), [(1024, 65537), (2048, 3)])
def test_a_weak_key(bits: int, exponent: int, demo_authority: minting.MintedAuthority) -> None:
    key = rsa.generate_private_key(public_exponent=exponent, key_size=bits)
    weak = minting.MintedAuthority(demo_authority.cer, demo_authority.private_key, iter([key]))
    cert = read_certificate(minting.mint_fiel(weak, "ROSA7701319A1", "", "ALICIA", *SPAN).cer)
    assert _codes(judge_certificate(cert, AT, [demo_authority.authority])) == ["llave_debil"]


def test_a_certificate_signed_with_sha1() -> None:
    sat = authorities.sat_authorities()
    ac3 = read_certificate(next(a.der for a in sat if a.desde.year == 2013))
    found = judge_certificate(ac3, datetime(2014, 1, 1, tzinfo=UTC), sat, kind="otro")
    assert _codes(found) == ["certificado_debil"]


def test_revocation(alicia: Any) -> None:
    since = datetime(2024, 5, 1, 12, tzinfo=UTC)
    ask = revocation.from_list({alicia.cert.serie: since}, "lista de demostración")
    assert _codes(revocation.judge_revocacion(alicia.cert, ask(alicia.cert, AT))) == ["revocado"]
    before = ask(alicia.cert, datetime(2024, 4, 1, tzinfo=UTC))
    assert (before.estado, revocation.judge_revocacion(alicia.cert, before)) == ("vigente", [])
    unknown = revocation.nobody_asked(alicia.cert, AT)
    assert (unknown.estado, revocation.judge_revocacion(alicia.cert, unknown)) == ("desconocido", [])


def test_sat_authorities_reach_their_roots_and_warn_before_they_end() -> None:
    sat = authorities.sat_authorities()
    assert len(sat) == 10
    for authority in sat:
        path = authorities.issuers_of(authority.der, sat)
        assert path is not None
        assert path[-1].is_root
    soon = authorities.ending_soon(sat, date(2026, 11, 25))
    assert [(a.nombre, a.hasta.date()) for a in soon] == [("AUTORIDAD CERTIFICADORA", date(2027, 5, 3))]
    assert authorities.ending_soon(sat, date(2026, 11, 1)) == []


def test_the_institution_extends_the_table(
    tmp_path: Path, alicia: Any, demo_authority: minting.MintedAuthority
) -> None:
    (tmp_path / "demo.cer").write_bytes(demo_authority.cer)
    assert judge_certificate(alicia.cert, AT, authorities.read_authorities(tmp_path)) == []
    (tmp_path / "officer.cer").write_bytes(alicia.minted.cer)
    with pytest.raises(SigningError, match=r"officer\.cer.*no es de una autoridad"):
        authorities.read_authorities(tmp_path)


def test_what_is_not_a_certificate(alicia: Any) -> None:
    cer = alicia.minted.cer
    cases = {
        b"": "vacío",
        b"-----BEGIN CERTIFICATE-----\n": "PEM",
        b"hola": "DER",
        cer + b"\x00": "estructura",
        cer[:-1]: "estructura",
        alicia.minted.key: "",
        cer + bytes(8192): "no debe pasar",
    }
    for data, word in cases.items():
        with pytest.raises(SigningError) as caught:
            read_certificate(data)
        assert caught.value.problems[0].codigo == "certificado_ilegible"
        assert word in caught.value.problems[0].mensaje


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.booleans())
def test_mutated_certificates_never_crash_the_reader(alicia: Any, place: int, byte: int, cut: bool) -> None:
    data = bytearray(alicia.minted.cer)
    place %= len(data)
    data[place] = byte
    try:
        cert = read_certificate(bytes(data[:place]) if cut else bytes(data))
        judge_certificate(cert, AT, [])
    except SigningError as error:
        assert error.problems[0].codigo in {"certificado_ilegible", "llave_debil"}
