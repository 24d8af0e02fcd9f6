"""`sif acuse verificar` says of a sealed PDF, without network or base, whether it is as the authority gave it."""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from filing import tsa
from sif.commands import acuse as command
from sif.sandbox.client import Client, Unopened
from sif.sandbox.opening import Outcome
from sif.signing import heads
from sif.signing.chain import sha256_hex
from sif.signing.minting import new_key
from sif.signing.pades import own_certificate, seal_pdf

KEY, OTHER = new_key(), new_key()
CERTIFIED = own_certificate(KEY, "Autoridad de prueba")
PAPER = typst.compile(b"#set document(title: [Oficio])\n= Oficio de prueba\n", pdf_standards="ua-1")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sealed document, the certificate of the authority in both writings, and its published roots."""
    assert isinstance(PAPER, bytes)
    (tmp_path / "oficio.pdf").write_bytes(seal_pdf(PAPER, KEY, CERTIFIED, "Oficio", None))
    (tmp_path / "sello.cer").write_bytes(CERTIFIED.own)
    pem = x509.load_der_x509_certificate(CERTIFIED.own).public_bytes(Encoding.PEM)
    (tmp_path / "sello.pem").write_bytes(pem)
    (tmp_path / "otra.cer").write_bytes(own_certificate(OTHER, "Otra").own)
    roots = heads.build_heads([heads.build_head("acuses", [b"una"], KEY)], KEY, datetime(2026, 1, 1, tzinfo=UTC))
    (tmp_path / "raices.json").write_text(json.dumps(roots), encoding="utf-8")
    return tmp_path


@pytest.fixture
def sif(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str | Path) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="sif")
        command.register(parser.add_subparsers(required=True))
        args = parser.parse_args(["acuse", "verificar", *map(str, words)])
        code = args.run(args)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_whole_one_is_valid_by_the_certificate_or_by_the_roots(sif: Run, folder: Path) -> None:
    assert isinstance(PAPER, bytes)
    pdf = folder / "oficio.pdf"
    for words in (
        ("--certificado", folder / "sello.cer"),
        ("--certificado", folder / "sello.pem"),
        (folder / "raices.json",),
    ):
        code, out, err = sif(pdf, *words)
        assert (code, out.splitlines()[0], err) == (0, "VÁLIDO", "")
        assert sha256_hex(PAPER) in out and "Autoridad de prueba" in out
    code, out, _ = sif(pdf, "--certificado", folder / "sello.cer", "--json")
    shape = json.loads(out)
    assert (code, shape["veredicto"], shape["documento_sha256"]) == (0, "VÁLIDO", sha256_hex(PAPER))
    assert (shape["bytes"], shape["sin_comprobar"]) == (len(PAPER), [])


def test_a_certificate_and_roots_of_two_keys_judge_nothing(sif: Run, folder: Path) -> None:
    pdf, roots = folder / "oficio.pdf", folder / "raices.json"
    assert sif(pdf, "--certificado", folder / "sello.cer", roots)[0] == 0
    code, out, err = sif(pdf, "--certificado", folder / "otra.cer", roots)
    assert code == 2 and "son de claves distintas" in err and "VÁLIDO" not in out
    both = (folder / "otra.cer").read_bytes(), CERTIFIED.own
    pem = [x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in both]
    (folder / "varios.pem").write_bytes(b"".join(pem))
    assert sif(pdf, "--certificado", folder / "varios.pem")[0] == 1  # the first is who it is compared with


def test_what_changed_or_another_sealed_is_told(sif: Run, folder: Path) -> None:
    assert isinstance(PAPER, bytes)
    whole, cer = (folder / "oficio.pdf").read_bytes(), ("--certificado", folder / "sello.cer")
    code, out, _ = sif(folder / "oficio.pdf", "--certificado", folder / "otra.cer")
    assert code == 1 and out.splitlines()[0] == "ALTERADO" and "otra llave" in out
    for data in (
        whole[:100] + b"x" + whole[101:],
        whole + b"\n",
        PAPER,
        whole.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
    ):
        assert data != whole
        (folder / "alterado.pdf").write_bytes(data)
        code, out, _ = sif(folder / "alterado.pdf", *cer)
        assert (code, out.splitlines()[0]) == (1, "ALTERADO"), data[:20]
    for place in range(0, len(whole), len(whole) // 15):
        flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        (folder / "alterado.pdf").write_bytes(flipped)
        assert sif(folder / "alterado.pdf", *cer)[0] in (1, 2), place


def test_its_time_stamp_is_judged_with_the_certificate_of_who_gives_it(sif: Run, folder: Path, tmp_path: Path) -> None:
    assert isinstance(PAPER, bytes)
    authority = tsa.make_authority(tmp_path / "tsa")

    def stamp(question: bytes, _digest: bytes, _nonce: int) -> bytes:
        return tsa.answer(tmp_path / "tsa", question)

    (folder / "dado.pdf").write_bytes(seal_pdf(PAPER, KEY, CERTIFIED, "Oficio", stamp))
    words = folder / "dado.pdf", "--certificado", folder / "sello.cer"
    code, out, _ = sif(*words)
    assert code == 2 and out.splitlines()[0] == "VÁLIDO" and "sin comprobar  hora" in out
    assert sif(*words, "--tiempo", authority)[0] == 0
    code, out, _ = sif(*words, "--tiempo", folder / "otra.cer")
    assert code == 1 and "cambió  hora" in out


def test_without_whom_to_compare_with_nothing_is_said(sif: Run, folder: Path) -> None:
    pdf = folder / "oficio.pdf"
    for words, said in (
        ((), "--certificado sello.cer"),
        (("--certificado", folder / "oficio.pdf"), "no es un certificado"),
        (("--certificado", folder / "falta.cer"), "no existe"),
        (("--certificado", folder / "sello.cer", "--raiz", "0" * 64), "son de un acuse"),
    ):
        code, out, err = sif(pdf, *words)
        assert (code, out) == (2, "") and said in err
    spoiled = json.loads((folder / "raices.json").read_text()) | {"publicado_el": "2027-01-01T00:00:00-06:00"}
    (folder / "raices.json").write_text(json.dumps(spoiled), encoding="utf-8")
    assert sif(pdf, folder / "raices.json")[0] == 2


def test_a_file_beyond_the_cap_is_not_read(sif: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_MAX_PDF", 1000)
    code, out, err = sif(folder / "oficio.pdf", "--certificado", folder / "sello.cer")
    assert (code, out) == (2, "") and "pasa de 1000 bytes" in err


def test_its_seal_is_read_in_a_confined_process(sif: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cms.ContentInfo, "load", None)  # of this process: reading it here would fail
    assert sif(folder / "oficio.pdf", "--certificado", folder / "sello.cer")[0] == 0


def test_a_seal_that_is_not_opened_accuses_nobody(sif: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_about: object) -> None:
        raise Unopened(Outcome("tiempo", 2.0, 0))

    monkeypatch.setattr(Client, "ask", lambda *about, **_more: killed(*about))
    code, out, err = sif(folder / "oficio.pdf", "--certificado", folder / "sello.cer")
    assert (code, out) == (2, "") and "su sello no se abrió" in err
