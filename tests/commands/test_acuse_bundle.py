"""`sif acuse verificar` judges a bundle that a stranger may have written: it says what is wrong, and harms nobody."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands.test_acuse_pdf import CERTIFIED, KEY, PAPER, Run, folder, sif
from filing import tsa
from sif.signing.acuse_form import Unreadable
from sif.signing.bundle import verify_bundle, write_bundle
from sif.signing.chain import sha256_hex
from sif.signing.pades import read_seal, seal_pdf

__all__ = ["folder", "sif"]

HOUR = "2026-12-01T10:00:00-06:00"
KEYS = [KEY.public_key()]


def bundle(stamp: Callable[[bytes, bytes, int], bytes] | None = None, **more: bytes) -> bytes:
    assert isinstance(PAPER, bytes)
    files = {"documento.pdf": seal_pdf(PAPER, KEY, CERTIFIED, "Oficio", stamp), **more}
    return write_bundle("NOT-2026-000001", sha256_hex(PAPER), HOUR, files, KEY)


def rewritten(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A bundle with another manifest, as who has no key writes it."""
    with zipfile.ZipFile(io.BytesIO(bundle())) as box:
        files = {name: box.read(name) for name in box.namelist()}
    manifest = json.loads(files["manifiesto.json"])
    change(manifest)
    files["manifiesto.json"] = json.dumps(manifest).encode("ascii")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        for name, data in files.items():
            box.writestr(name, data)
    return stream.getvalue()


def test_it_says_the_hour_at_which_it_was_made_and_another_is_told(sif: Run, folder: Path) -> None:
    words = folder / "n.zip", "--certificado", folder / "sello.cer"
    words[0].write_bytes(bundle())
    code, out, _ = sif(*words)
    assert code == 0 and f"emitido el  {HOUR}" in out
    words[0].write_bytes(rewritten(lambda manifest: manifest.update(emitido_el="2026-12-02T10:00:00-06:00")))
    code, out, _ = sif(*words)
    assert code == 1 and "cambió  cadena: no es la de los datos del manifiesto" in out


def test_entries_that_share_their_bytes_are_refused_before_they_are_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        box.writestr("uno.bin", b"x" * 5000)
        for number in range(50):  # each says that it is where the first is
            again = zipfile.ZipInfo(f"otro{number}.bin")
            again.file_size, again.compress_size, again.header_offset, again.CRC = 5000, 5000, 0, 0
            box.filelist.append(again)
    with pytest.raises(Unreadable, match="encimados"):
        verify_bundle(stream.getvalue(), KEYS, read_seal)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.update(folio="NOT\ud800"),
        lambda made: made.update(folio="NOT|2026"),
        lambda made: made.update(autoridad="\ud800"),
        lambda made: made.update(sello_autoridad="a\x00"),
        lambda made: made.update(documento="\x9b2J"),
        lambda made: made["archivos"][0].update(sha256="\ud800"),
        lambda made: made["archivos"][0].update(nombre="\x1b[2JVÁLIDO"),
        lambda made: made["archivos"][0].update(nombre="../documento.pdf"),
    ],
)
def test_a_manifest_with_what_no_bundle_says_is_unreadable(
    sif: Run, folder: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    (folder / "n.zip").write_bytes(rewritten(change))
    code, out, err = sif(folder / "n.zip", "--certificado", folder / "sello.cer")
    assert (code, out) == (2, "") and "manifiesto.json" in err and err.strip().isprintable()


def test_a_file_of_another_name_is_not_printed(sif: Run, folder: Path) -> None:
    data = io.BytesIO(bundle())
    with zipfile.ZipFile(data, "a") as box:
        box.writestr("\x1b[2J\x1b[1;1HVÁLIDO", b"")
    (folder / "n.zip").write_bytes(data.getvalue())
    code, out, err = sif(folder / "n.zip", "--certificado", folder / "sello.cer")
    assert (code, out) == (2, "") and "\x1b" not in err


def test_the_time_stamp_of_its_document_is_judged_as_that_of_the_document_alone(
    sif: Run, folder: Path, tmp_path: Path
) -> None:
    authority = tsa.make_authority(tmp_path / "tsa")
    words = folder / "n.zip", "--certificado", folder / "sello.cer"
    words[0].write_bytes(bundle(lambda question, _digest, _nonce: tsa.answer(tmp_path / "tsa", question)))
    code, out, _ = sif(*words)
    assert code == 2 and out.splitlines()[0] == "VÁLIDO" and "sin comprobar  documento.pdf: hora: falta" in out
    assert sif(*words, "--tiempo", authority)[0] == 0
    code, out, _ = sif(*words, "--tiempo", folder / "otra.cer")
    assert code == 1 and "cambió  documento.pdf: hora" in out
