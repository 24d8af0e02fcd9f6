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
from sif.signing.bundle import MOST_BYTES, MOST_FILES, TooLarge, verify_bundle, write_bundle, write_stage_bundle
from sif.signing.chain import sha256_hex
from sif.signing.pades import read_seal, seal_pdf
from sif.signing.verdict import ALTERADO

__all__ = ["folder", "sif"]

HOUR = "2026-12-01T10:00:00-06:00"
KEYS = [KEY.public_key()]


FOLIOS = ("NOT-2026-000001", "NOT-2026-000002")


def bundle(stamp: Callable[[bytes, bytes, int], bytes] | None = None, folio: str = FOLIOS[0], **more: bytes) -> bytes:
    assert isinstance(PAPER, bytes)
    files = {"documento.pdf": seal_pdf(PAPER, KEY, CERTIFIED, "Oficio", stamp), **more}
    return write_bundle(folio, sha256_hex(PAPER), HOUR, files, KEY)


def of_a_stage(**given: bytes) -> bytes:
    """The bundle of two notifications; given: another of a folio, which is sealed as if it were its own."""
    bundles = {folio: given.get(folio.replace("-", "_")) or bundle(folio=folio) for folio in FOLIOS}
    return write_stage_bundle("PAZ", "2026/campana", HOUR, bundles, KEY)


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """A ZIP with other files under its same manifest, written as the first, as who has no key does."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        files = {name: box.read(name) for name in box.namelist()}
    change(files)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        for name, held in files.items():
            box.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), held)
    return stream.getvalue()


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


def test_the_bundle_of_a_stage_is_whole_or_names_the_notification_that_changed(sif: Run, folder: Path) -> None:
    words = folder / "n.zip", "--certificado", folder / "sello.cer"
    words[0].write_bytes(data := of_a_stage())
    code, out, _ = sif(*words)
    assert code == 0 and "sujeto  PAZ" in out and "etapa  2026/campana" in out and f"emitido el  {HOUR}" in out
    first, second = (f"{folio}.zip" for folio in FOLIOS)
    where = data.index(b"%PDF-", data.index(second.encode(), data.index(b"PK\x03\x04", 4)))
    words[0].write_bytes(data[: where + 20] + bytes([data[where + 20] ^ 1]) + data[where + 21 :])
    code, out, _ = sif(*words)
    changed = [line.split("cambió  ", 1)[1] for line in out.splitlines() if "cambió  " in line]
    assert code == 1 and changed == [f"{second}: cambió", f"{second}: documento.pdf: cambió"]
    words[0].write_bytes(repacked(data, lambda files: files.pop(first)))
    assert sif(*words)[:2][0] == 1 and f"cambió  {first}: falta" in sif(*words)[1]
    words[0].write_bytes(repacked(data, lambda files: files.update({first: files[second]})))
    code, out, _ = sif(*words)
    assert code == 1 and f"cambió  {first}: cambió" in out and f"{first}: es el paquete de {FOLIOS[1]}" in out
    words[0].write_bytes(repacked(data, lambda files: files.update({"otro.zip": files[second]})))
    assert "cambió  otro.zip: sobra" in sif(*words)[1]


def test_one_bit_anywhere_alters_the_bundle_of_a_stage() -> None:
    data = of_a_stage()
    told = 0
    for place in {*range(0, len(data), len(data) // 120), *range(30), *range(len(data) - 30, len(data))}:
        try:
            verdict, _ = verify_bundle(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], KEYS, read_seal)
        except Unreadable:
            continue
        told += 1
        assert verdict.veredicto == ALTERADO, place
    assert told > 60


def test_a_stage_sealed_over_another_bundle_or_over_one_of_a_stage_is_altered() -> None:
    swapped = of_a_stage(NOT_2026_000001=bundle(folio=FOLIOS[1]))
    assert verify_bundle(swapped, KEYS, read_seal)[0].cambios == [f"{FOLIOS[0]}.zip: es el paquete de {FOLIOS[1]}"]
    nested = of_a_stage(NOT_2026_000001=of_a_stage())
    assert verify_bundle(nested, KEYS, read_seal)[0].cambios == [
        f"{FOLIOS[0]}.zip: manifiesto.json no es de sif-paquete/1"
    ]
    paper = of_a_stage(NOT_2026_000001=b"nada")
    (change,) = verify_bundle(paper, KEYS, read_seal)[0].cambios
    assert change.startswith(f"{FOLIOS[0]}.zip: el ZIP no se puede leer")


def test_what_is_left_to_compare_is_told_of_each_notification(sif: Run, folder: Path, tmp_path: Path) -> None:
    authority = tsa.make_authority(tmp_path / "tsa")
    stamped = bundle(lambda question, _digest, _nonce: tsa.answer(tmp_path / "tsa", question))
    words = folder / "n.zip", "--certificado", folder / "sello.cer"
    words[0].write_bytes(of_a_stage(NOT_2026_000001=stamped))
    code, out, _ = sif(*words)
    assert code == 2 and f"sin comprobar  {FOLIOS[0]}.zip: documento.pdf: hora: falta" in out
    assert sif(*words, "--tiempo", authority)[0] == 0


def test_no_bundle_is_written_that_would_not_be_judged() -> None:
    many = {f"NOT-2026-{number:06d}": b"" for number in range(MOST_FILES)}
    with pytest.raises(TooLarge):
        write_stage_bundle("PAZ", "2026/campana", HOUR, many, KEY)
    many.popitem()
    write_stage_bundle("PAZ", "2026/campana", HOUR, many, KEY)
    half = bytes(MOST_BYTES // 2)
    with pytest.raises(TooLarge):
        write_stage_bundle("PAZ", "2026/campana", HOUR, dict.fromkeys(FOLIOS, half), KEY)
