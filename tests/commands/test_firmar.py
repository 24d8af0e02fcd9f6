"""`sif firmar` signs our cadenas, with the right e.firma, and nothing else."""

import argparse
import base64
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from public_data import public
from sif.commands import firmar
from sif.signing import minting
from sif.signing.cadena import build
from sif.signing.certificates import read_certificate
from sif.signing.efirma import verify

Run = Callable[..., tuple[int, str, str]]
RFC = "ROSA7701319A1"


@pytest.fixture(scope="module")
def pairs() -> dict[str, minting.Minted]:
    authority = minting.mint_authority()
    today = datetime.now(UTC).date()
    span = (today - timedelta(days=30), today + timedelta(days=300))
    return {
        "fiel": minting.mint_fiel(authority, RFC, "", "ALICIA", *span),
        "csd": minting.mint_csd(authority, RFC, "", "ALICIA", *span),
        "vieja": minting.mint_fiel(authority, RFC, "", "ALICIA", date(2019, 1, 1), date(2023, 1, 1)),
        "futura": minting.mint_fiel(authority, RFC, "", "ALICIA", today + timedelta(days=9), span[1]),
    }


@pytest.fixture
def folder(pairs: dict[str, minting.Minted], tmp_path: Path) -> Path:
    for name, pair in pairs.items():
        (tmp_path / f"{name}.cer").write_bytes(pair.cer)
        (tmp_path / f"{name}.key").write_bytes(pair.key)
    (tmp_path / "secreto").write_text(pairs["fiel"].password + "\r\n", encoding="utf-8")
    (tmp_path / "cadena").write_text(_cadena("F1", pairs["fiel"]) + "\n", encoding="utf-8")
    return tmp_path


def _cadena(folio: str, pair: minting.Minted, rfc: str = RFC) -> str:
    serie = read_certificate(pair.cer).serie
    middle = ["1", "Partido Ñ", "101234", "IC normal", "2024-03-01", "2024-05-29", "100", "99", "0" * 64]
    return build("INFORME", [folio, *middle, rfc, serie, "2024-05-31T23:31:00-06:00"])


@pytest.fixture
def sif(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv(firmar.PASSWORD_VARIABLE, raising=False)

    def run(*words: str, cer: str = "fiel", key: str = "fiel", cadena: str = "cadena") -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="sif")
        firmar.register(parser.add_subparsers(required=True))
        source = cadena if cadena == "-" else str(folder / cadena)
        files = ["--cadena", source, "--cer", str(folder / f"{cer}.cer"), "--key", str(folder / f"{key}.key")]
        args = parser.parse_args(["firmar", *files, "--contrasena-archivo", str(folder / "secreto"), *words])
        code = args.run(args)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_sello_verifies(sif: Run, folder: Path, pairs: dict[str, minting.Minted]) -> None:
    code, out, err = sif()
    cert = read_certificate(pairs["fiel"].cer)
    assert (code, err) == (0, "")
    assert verify(_cadena("F1", pairs["fiel"]), out.strip(), cert)


def test_many_after_one_password(sif: Run, pairs: dict[str, minting.Minted], monkeypatch: pytest.MonkeyPatch) -> None:
    cadenas = [_cadena(f"F{n}", pairs["fiel"]) for n in range(5)]
    data = io.BytesIO("\r\n".join(cadenas).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    code, out, _ = sif("--json", cadena="-")
    shape = json.loads(out)
    cert = read_certificate(base64.b64decode(shape["certificado"]))
    assert (code, [row["folio"] for row in shape["sellos"]]) == (0, ["F0", "F1", "F2", "F3", "F4"])
    assert all(verify(text, row["sello"], cert) for text, row in zip(cadenas, shape["sellos"], strict=True))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"cer": "csd", "key": "csd"}, "sello digital"),
        ({"cer": "vieja", "key": "vieja"}, "venció el 2023-01-01"),
        ({"cer": "futura", "key": "futura"}, "vale desde"),
        ({"key": "csd"}, "no es la del certificado"),
        ({"cer": "nada"}, "nada.cer"),
    ],
)
def test_the_wrong_files(sif: Run, files: dict[str, str], words: str) -> None:
    code, out, err = sif(**files)
    assert (code, out) == (2, "")
    assert words in err


def test_key_and_certificate_swapped(sif: Run, folder: Path, pairs: dict[str, minting.Minted]) -> None:
    (folder / "al_reves.cer").write_bytes(pairs["fiel"].key)
    assert "cámbielos" in sif(cer="al_reves")[2]
    (folder / "al_reves.key").write_bytes(pairs["fiel"].cer)
    assert "no es una llave .key" in sif(key="al_reves")[2]


def test_a_wrong_password_and_the_variable(sif: Run, folder: Path) -> None:
    (folder / "secreto").write_text("otra\n", encoding="utf-8")
    code, out, err = sif()
    assert (code, out) == (2, "")
    assert "no abre esta llave" in err
    assert "otra" not in err.replace("otra vez", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vac"),
        (b"\xff", "UTF-8"),
        (b"sesion=abc123", "no es una cadena original"),
        (b"||1.0|ACUSE|F1||", "ACUSE"),
        (b"||1.0|INFORME|F1||", "13 datos"),
        (b"||1.0|VOTO|a||\n||1.0|VOTO| b||", "renglón 2"),
    ],
)
def test_what_is_not_ours_is_not_signed(sif: Run, folder: Path, content: bytes, words: str) -> None:
    (folder / "cadena").write_bytes(content)
    code, out, err = sif()
    assert (code, out) == (2, "")
    assert words in err


def test_a_cadena_prepared_for_somebody_else(sif: Run, folder: Path, pairs: dict[str, minting.Minted]) -> None:
    (folder / "cadena").write_text(_cadena("F1", pairs["fiel"], "XAXX010101000"), encoding="utf-8")
    assert "XAXX010101000" in sif()[2]
    (folder / "cadena").write_text(_cadena("F1", pairs["vieja"]), encoding="utf-8")
    assert "se preparó para el certificado" in sif()[2]


def test_a_real_test_e_firma_within_its_years() -> None:
    cer = public("certs", "fiel", "cañf770131pa3.cer").read_bytes()
    key = public("certs", "fiel", "cañf770131pa3.key").read_bytes()
    cert, sellos = firmar.sign_all(["||1.0|VOTO|Ñ||"], (cer, key), "12345678a", datetime(2022, 1, 1, tzinfo=UTC))
    assert cert.rfc == "CAÑF770131PA3"
    assert verify("||1.0|VOTO|Ñ||", sellos[0], cert)
