"""Documents go out sealed as PAdES by the authority's key, and who holds one learns whether it is as it went out."""

import hashlib
import socket
import subprocess
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import typst
from asn1crypto import cms, pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from filing import tsa
from sif.filing import sealing
from sif.filing.authority import ACUSES_KEY, authority_key
from sif.filing.sealing import certificate_of, judge, sealed
from sif.registry.opening import VISITOR
from sif.sandbox.client import PERSON, Client, Opened
from sif.signing import pades
from sif.signing.chain import sha256_hex
from sif.signing.minting import mint_authority, new_key
from sif.signing.pades import (
    Certified,
    SealParts,
    SealRefused,
    judge_pdf,
    own_certificate,
    read_seal,
    seal_pdf,
)


@pytest.fixture
def paper(settings: Any, tmp_path: Path) -> bytes:
    """A tagged document, in an installation without files of its own."""
    settings.DATOS = tmp_path
    settings.SELLO_TIEMPO = ""
    return _drawn("Oficio de prueba")


def _drawn(text: str) -> bytes:
    made = typst.compile(f"#set document(title: [Oficio])\n= {text}\n".encode(), pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def _status(data: bytes, *roots: bytes) -> Any:
    (signature,) = PdfFileReader(BytesIO(data)).embedded_signatures
    trusted = ValidationContext(trust_roots=[asn1.Certificate.load(each) for each in roots])
    return validate_pdf_signature(signature, trusted, trusted)


def _der(path: Path) -> bytes:
    given: bytes = pem.unarmor(path.read_bytes())[2]
    return given


def _pdfsig(data: bytes, folder: Path) -> str:
    (folder / "sellado.pdf").write_bytes(data)
    command = ["pdfsig", "-nssdir", str(folder), "sellado.pdf"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def service(paper: bytes, settings: Any, tmp_path: Path) -> Callable[[], Any]:
    """A service of time stamps whose authority this installation believes."""
    folder = tmp_path / "certificados" / "sello-tiempo"
    folder.mkdir(parents=True)
    (folder / "autoridad.pem").write_bytes(tsa.make_authority(tmp_path / "tsa").read_bytes())
    return lambda: tsa.serving(tmp_path / "tsa")


def test_a_document_goes_out_with_a_seal_that_others_validate(paper: bytes, tmp_path: Path) -> None:
    given = sealed(paper)
    assert given.startswith(paper)
    status = _status(given, certificate_of(authority_key()).own)
    assert status.bottom_line and status.coverage.name == "ENTIRE_FILE" and status.timestamp_validity is None
    told = _pdfsig(given, tmp_path)
    assert "Signature is Valid" in told and "Total document signed" in told and "ETSI.CAdES.detached" in told
    known = judge(given)
    assert (known.sha256, known.bytes, known.hora) == (sha256_hex(paper), len(paper), None)
    assert known.sellado_por == sealing.NAME


def test_it_is_always_given_with_the_same_bytes_and_its_seal_is_made_again_when_lost(
    paper: bytes, tmp_path: Path
) -> None:
    first = sealed(paper)
    assert sealed(paper) == first
    (kept,) = (tmp_path / "documentos").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])  # a disk that lost a byte
    again = sealed(paper)
    assert again != first and judge(again) == judge(first) and sealed(paper) == again


def test_whatever_byte_changes_is_told(paper: bytes) -> None:
    given = sealed(paper)
    at, end = given.rfind(b"/Contents <") + 10, given.rfind(b">", 0, given.rfind(b"/ByteRange") + 20)
    spots = [0, 9, 500, len(paper) - 1, len(paper), len(given) - 1, *range(at, at + 4400, 23), end - 2]
    for spot in spots:
        other = bytearray(given)
        other[spot] ^= 1
        with pytest.raises(SealRefused):
            _judged_here(bytes(other))
    for other in (given[:-1], given + b"\n", given + given[len(paper) :], paper, b"", b"%PDF-", given[: len(paper)]):
        with pytest.raises(SealRefused):
            _judged_here(bytes(other))


def _hole(given: bytes) -> tuple[int, int]:
    """Where the seal of a PDF begins and ends, with its marks."""
    found = list(pades._RANGE.finditer(given))[-1]
    return int(found[1]), int(found[2])


def _judged_here(data: bytes) -> pades.SealedPdf:
    """A PDF judged in this process, sooner than in one for each seal."""
    return judge_pdf(data, [authority_key().public_key()], read_seal)


def test_the_figures_of_a_seal_have_one_writing(paper: bytes) -> None:
    given = sealed(paper)
    first, second = _hole(given)
    with pytest.raises(SealRefused, match="no se puede leer"):
        judge(given[:first] + given[first:second].lower() + given[second:])


def test_a_file_of_nothing_but_ranges_takes_no_memory_of_its_own() -> None:
    hostile = b"%PDF-1.7 " + b"/ByteRange[0 1 1 1]" * 50_000
    tracemalloc.start()
    try:
        with pytest.raises(SealRefused, match="el sello no cubre todo el archivo"):
            judge_pdf(hostile, [], read_seal)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_the_seal_of_another_key_is_told_though_it_is_whole(paper: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger, given = new_key(), sealed(paper)
    with pytest.raises(SealRefused, match="no es un PDF que se pueda sellar"):
        seal_pdf(given, stranger, own_certificate(stranger, "Otro"), sealing.REASON, None)  # it has its seal
    forged = seal_pdf(paper, stranger, own_certificate(stranger, sealing.NAME), sealing.REASON, None)
    with pytest.raises(SealRefused, match="lo selló otra llave"):
        judge(forged)
    monkeypatch.setattr(pades, "FIELD", "OtroSello")
    twice = seal_pdf(given, stranger, own_certificate(stranger, "Otro"), sealing.REASON, None)
    with pytest.raises(SealRefused, match="lo selló otra llave"):
        judge(twice)


def test_the_institution_brings_the_certificate_of_its_authority(paper: bytes, tmp_path: Path) -> None:
    root, key = mint_authority(), authority_key()
    issued = _issued(root.cer, root.private_key, key)
    folder = tmp_path / "certificados" / sealing.FOLDER
    folder.mkdir()
    (folder / "raiz.cer").write_bytes(root.cer)
    assert sealed(paper) == paper  # none is of the key: the document is not lost, and the log says why
    (folder / "sello.pem").write_bytes(issued.public_bytes(Encoding.PEM))
    given = sealed(paper)
    assert _status(given, root.cer).bottom_line
    assert judge(given).sellado_por == "Instituto de prueba"


def _issued(root: bytes, signer: Any, key: Any) -> x509.Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256

    issuer = x509.load_der_x509_certificate(root).subject
    own = x509.load_der_x509_certificate(own_certificate(key, "Instituto de prueba").own)
    builder = x509.CertificateBuilder(issuer, own.subject, key.public_key(), 7, *pades.SPAN)
    return builder.add_extension(pades._uses(), critical=True).sign(signer, SHA256())


def test_a_document_without_a_key_to_seal_it_is_given_as_it_is(
    paper: bytes, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PRODUCTION = True
    assert sealed(paper) == paper and ACUSES_KEY in caplog.text
    settings.PRODUCTION = False
    assert sealed(b"%PDF-1.7 nada") == b"%PDF-1.7 nada" and "no es un PDF que se pueda sellar" in caplog.text


def test_a_service_of_time_stamps_dates_the_seal(
    paper: bytes, service: Callable[[], Any], settings: Any, tmp_path: Path
) -> None:
    with service() as settings.SELLO_TIEMPO:
        given = sealed(paper)
    assert sealed(paper) == given  # the service is gone: its stamp was kept
    root = _der(tmp_path / "certificados" / "sello-tiempo" / "autoridad.pem")
    status = _status(given, certificate_of(authority_key()).own, root)
    assert status.bottom_line and status.timestamp_validity.valid and status.timestamp_validity.trusted
    assert "Signature is Valid" in _pdfsig(given, tmp_path)
    known = judge(given)
    assert known.hora == status.timestamp_validity.timestamp and not known.sin_hora
    other = tsa.make_authority(tmp_path / "otra").read_bytes()
    (tmp_path / "certificados" / "sello-tiempo" / "autoridad.pem").write_bytes(other)
    assert judge(given).hora is None and "no es de un servicio en que se confíe" in judge(given).sin_hora


def test_a_changed_time_stamp_is_told(paper: bytes, service: Callable[[], Any], settings: Any) -> None:
    with service() as settings.SELLO_TIEMPO:
        given = sealed(paper)
    token = _judged_here(given).estampa
    spot = given.find(token[-80:].hex().upper().encode())
    other = given[: spot + 100] + (b"0" if given[spot + 100 : spot + 101] != b"0" else b"1") + given[spot + 101 :]
    assert judge(other).hora is None and judge(other).sin_hora


def _with_other_attributes(given: bytes, change: Callable[[cms.SignerInfo], None]) -> bytes:
    """A sealed PDF whose seal says something else where nobody signed, as long as before."""
    first, second = _hole(given)
    before = bytes.fromhex(given[first + 1 : second - 1].decode())
    whole = cms.ContentInfo.load(before)
    (signer,) = whole["content"]["signer_infos"]
    change(signer)
    after: bytes = whole.dump()  # forced, each part would be written twice for each part that holds it
    assert not before.startswith(after)
    figures = after.hex().upper().encode()
    return given[: first + 1] + figures.ljust(second - first - 2, b"0") + given[second - 1 :]


def test_a_time_stamp_taken_away_is_told(paper: bytes, service: Callable[[], Any], settings: Any) -> None:
    undated = sealed(paper)
    with service() as settings.SELLO_TIEMPO:
        given = sealed(paper)

    def take(signer: cms.SignerInfo) -> None:
        del signer["unsigned_attrs"]

    cut = judge(_with_other_attributes(given, take))
    assert (cut.sha256, cut.hora, cut.sin_hora) == (sha256_hex(paper), None, sealing.TAKEN)
    assert not judge(given).sin_hora and not judge(undated).sin_hora
    (signature,) = PdfFileReader(BytesIO(given)).embedded_signatures
    assert signature.sig_object["/Reason"] == sealing.STAMPED  # a reader of PDF says it too


def test_a_seal_carries_nothing_else_that_nobody_signed(
    paper: bytes, service: Callable[[], Any], settings: Any
) -> None:
    with service() as settings.SELLO_TIEMPO:
        given = sealed(paper)

    def add(signer: cms.SignerInfo) -> None:
        signer["unsigned_attrs"].append(cms.CMSAttribute({"type": "signing_time", "values": []}))

    with pytest.raises(SealRefused, match="no se puede leer"):
        judge(_with_other_attributes(given, add))


def test_a_document_does_not_wait_for_a_service_that_is_silent(
    paper: bytes, service: Callable[[], Any], settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as hurried, socket.create_server(("127.0.0.1", 0)) as silent:
        hurried.setattr(sealing, "SECONDS", 0.05)  # it accepts, and says nothing
        settings.SELLO_TIEMPO = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        given = sealed(paper)
    assert judge(given).hora is None and _status(given, certificate_of(authority_key()).own).bottom_line
    (signature,) = PdfFileReader(BytesIO(given)).embedded_signatures
    assert signature.sig_object["/Reason"] == sealing.UNSTAMPED
    with service() as settings.SELLO_TIEMPO:
        assert judge(sealed(paper)).hora is None  # it is left alone for a while
        (tmp_path / "documentos" / "sin-sello-de-tiempo").unlink()
        assert judge(sealed(paper)).hora is not None


def test_the_certificate_that_a_key_gives_itself_is_the_same_in_every_process() -> None:
    key = new_key()
    assert own_certificate(key, "Sello") == own_certificate(key, "Sello") != own_certificate(key, "Otro")


def test_a_seal_is_read_in_a_confined_process_by_the_one_place_of_visitors(
    paper: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, whose, ask = sealed(paper), list[str](), Client.ask

    def asked(self: Client, op: str, *args: Any, **more: Any) -> Opened:
        whose.append(PERSON.get())
        return ask(self, op, *args, **more)

    monkeypatch.setattr(Client, "ask", asked)
    monkeypatch.setattr(cms.ContentInfo, "load", None)  # of this process: reading it here would fail
    assert judge(given).sha256 == sha256_hex(paper)
    assert whose == [VISITOR]


def test_a_seal_longer_than_any_of_ours_is_not_read(paper: bytes) -> None:
    def reader(figures: bytes) -> SealParts:
        raise SealRefused("cambio", "se leyó")

    for length, said in ((pades.LONGEST, "se leyó"), (pades.LONGEST + 1, "no cubre todo el archivo")):
        with pytest.raises(SealRefused, match=said):
            judge_pdf(_hollow(0, length), [], reader)
    key = new_key()
    long = Certified(own_certificate(key, "Sello").own, (bytes(30_000),))
    with pytest.raises(SealRefused, match="ocupan demasiado"):
        seal_pdf(paper, key, long, sealing.REASON, None)


def _hollow(before: int, length: int) -> bytes:
    """A file of zeros with a seal of zeros, so long with its marks."""
    head, seal = b"%PDF-1.7 " + bytes(before), b"<" + b"0" * (length - 2) + b">"
    said = b"/ByteRange[0 %d %d " % (len(head), len(head) + len(seal))
    return head + seal + said + b"%08d]" % (len(said) + 9)


def test_a_large_file_is_judged_without_a_copy_of_it() -> None:
    hostile, lie = _hollow(8 * 2**20, 100), SealParts(b"", b"", b"", b"", b"")
    tracemalloc.start()
    try:
        with pytest.raises(SealRefused, match="su contenido no es el que se selló"):
            judge_pdf(hostile, [], lambda _figures: lie)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_what_reads_a_seal_is_not_believed_alone(paper: bytes) -> None:
    key = authority_key().public_key()
    given, other = sealed(paper), sealed(_drawn("Otro oficio"))
    (first, second), (start, end) = _hole(given), _hole(other)
    true = read_seal(given[first + 1 : second - 1])
    lie = replace(true, digest=hashlib.sha256(other[:start] + other[end:]).digest())
    with pytest.raises(SealRefused, match="su contenido no es el que se selló"):
        judge_pdf(other, [key], lambda _figures: lie)


def test_what_is_drawn_anew_each_time_leaves_no_seal_and_asks_for_no_hour(
    paper: bytes, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SELLO_TIEMPO = "http://127.0.0.1:9/"
    monkeypatch.setattr(sealing, "_stamp", Mock(side_effect=AssertionError("se pidió una hora")))
    given = sealed(paper, anew=True)
    assert judge(given).sha256 == sha256_hex(paper) and not judge(given).sin_hora
    assert not (tmp_path / "documentos").exists()
