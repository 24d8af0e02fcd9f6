"""Keys are opened by their password only, and a sello verifies here as it does with OpenSSL."""

import base64
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from public_data import public
from sif.signing import minting
from sif.signing.certificates import read_certificate
from sif.signing.efirma import Firma, check_pair, exact_base64, judge_firma, open_key, sign, verify
from sif.signing.problems import SigningError

SAT_PAIRS = ["fiel/cañf770131pa3", "fiel/cacx7605101p8", "fiel/emisor2021", "csd/EKU9003173C9"]


def _code(key: bytes, password: str) -> str:
    with pytest.raises(SigningError) as caught:
        open_key(key, password)
    return caught.value.problems[0].codigo


@pytest.mark.parametrize("pair", SAT_PAIRS)
def test_keys_of_sat_open_and_answer_for_their_certificate(pair: str) -> None:
    folder, name = pair.split("/")
    cert = read_certificate(public("certs", folder, f"{name}.cer").read_bytes())
    key = open_key(public("certs", folder, f"{name}.key").read_bytes(), "12345678a")
    check_pair(key, cert)
    assert verify("||1.0|VOTO|Ñ||", sign("||1.0|VOTO|Ñ||", key), cert)


@pytest.mark.parametrize("cipher", ["tripledes_3key", "aes256_cbc"])
@pytest.mark.parametrize("password", ["12345678a", "contraseña", "€uro"])
def test_passwords_and_ciphers(alicia: Any, cipher: Any, password: str) -> None:
    closed = minting.encrypt_key(alicia.key, password, cipher)
    assert open_key(closed, password).private_numbers() == alicia.key.private_numbers()
    assert _code(closed, password.upper()) == "contrasena"
    assert _code(closed, "") == "contrasena"


def test_a_password_that_an_old_program_wrote_in_latin_1(alicia: Any) -> None:
    encoded = alicia.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption("contraseña".encode("latin-1")),
    )
    assert open_key(encoded, "contraseña").private_numbers() == alicia.key.private_numbers()


def test_keys_that_cannot_be_used(alicia: Any) -> None:
    der, pkcs8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    plain = alicia.key.private_bytes(der, pkcs8, serialization.NoEncryption())
    assert _code(plain, "x") == "llave_algoritmo"
    assert _code(alicia.minted.cer, "x") == "llave_ilegible"
    assert _code(b"", "x") == "llave_ilegible"
    assert _code(alicia.minted.key + b"\x00", "x") == "llave_ilegible"
    rc2 = alicia.minted.key.replace(bytes.fromhex("06082a864886f70d0307"), bytes.fromhex("06082a864886f70d0302"))
    assert rc2 != alicia.minted.key
    assert _code(rc2, "12345678a") == "llave_algoritmo"
    pbes1 = alicia.minted.key.replace(bytes.fromhex("06092a864886f70d01050d"), bytes.fromhex("06092a864886f70d010503"))
    assert _code(pbes1, "12345678a") in {"llave_algoritmo", "llave_ilegible"}


def test_the_pair_must_be_one(alicia: Any, pool: list[Any]) -> None:
    other = next(key for key in pool if key.private_numbers() != alicia.key.private_numbers())
    with pytest.raises(SigningError) as caught:
        check_pair(other, alicia.cert)
    assert caught.value.problems[0].codigo == "no_corresponde"
    assert "ROSA7701319A1" in caught.value.problems[0].mensaje


def test_one_changed_letter_spoils_the_seal(alicia: Any) -> None:
    cadena = "||1.0|INFORME|F1|100.10||"
    sello = sign(cadena, alicia.key)
    firma = Firma(cadena, sello, alicia.cert.der)
    assert judge_firma(firma, alicia.cert, "F1") == []
    forged = Firma(cadena.replace("100.10", "100.11"), sello, alicia.cert.der)
    found = judge_firma(forged, alicia.cert, "F1")
    assert [problem.codigo for problem in found] == ["sello_invalido"]
    assert "F1" in found[0].mensaje
    assert not verify(cadena, sello + "\n", alicia.cert)
    assert not verify(cadena, sello.replace("=", ""), alicia.cert)


def test_base64_has_one_writing() -> None:
    assert exact_base64("YQ==") == b"a"
    assert [exact_base64(text) for text in ("YR==", "YQ", "Y Q==", "ñ", "YQ==\n")] == [None] * 5


@settings(max_examples=120, deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_mutated_keys_never_crash_the_reader(alicia: Any, place: int, byte: int) -> None:
    data = bytearray(alicia.minted.key)
    data[place % len(data)] = byte
    try:
        open_key(bytes(data), "12345678a")
    except SigningError as error:
        assert error.problems[0].codigo in {"llave_ilegible", "llave_algoritmo", "contrasena"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no hay openssl en el PATH")
def test_openssl_says_the_same(alicia: Any, tmp_path: Path) -> None:
    cadena = "||1.0|INFORME|F1|Ñandú||"
    (tmp_path / "cadena").write_text(cadena, encoding="utf-8")
    (tmp_path / "sello").write_bytes(base64.b64decode(sign(cadena, alicia.key)))
    (tmp_path / "cer").write_bytes(alicia.minted.cer)
    made = ["openssl", "x509", "-inform", "DER", "-in", tmp_path / "cer", "-pubkey", "-noout", "-out", tmp_path / "pub"]
    subprocess.run(made, check=True)
    words = ["openssl", "dgst", "-sha256", "-verify", tmp_path / "pub", "-signature", tmp_path / "sello"]
    good = subprocess.run([*words, tmp_path / "cadena"], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.strip()) == (0, "Verified OK")
    (tmp_path / "cadena").write_text(cadena + " ", encoding="utf-8")
    assert subprocess.run([*words, tmp_path / "cadena"], capture_output=True, check=False).returncode == 1
