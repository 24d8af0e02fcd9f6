"""Write the bundle of a notification as a ZIP that the authority seals, and judge one offline, byte by byte."""

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sif.signing.acuse_form import Unreadable, archivos_digest, read_json
from sif.signing.cadena import build
from sif.signing.chain import sha256_hex
from sif.signing.efirma import sign, verify_with_key
from sif.signing.heads import spki_of
from sif.signing.pades import Reader
from sif.signing.sealed_verdict import verify_sealed_pdf
from sif.signing.verdict import ALTERADO, VALIDO, Verdict

FORMAT = "sif-paquete/1"
MANIFEST = "manifiesto.json"
DOCUMENT = "documento.pdf"
MARK = b"PK\x03\x04"
MOST_FILES, MOST_BYTES = 100, 64 * 1024 * 1024
_HEAD, _LENGTHS = 30, (26, 28)
"""Of the header that stands before each file of a ZIP: its bytes, and where it says how long two more parts are."""
_STAMP = (1980, 1, 1, 0, 0, 0)  # the hour of a file inside a ZIP says nothing: it is the same in each
_KEYS = ("formato", "folio", "documento", "emitido_el", "archivos", "cadena", "autoridad", "sello_autoridad")


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The names of files that a bundle has: none leaves its folder or writes on a terminal."""


def write_bundle(
    folio: str, documento: str, emitido_el: str, files: Mapping[str, bytes], authority: RSAPrivateKey
) -> bytes:
    """Return the ZIP of some files with their sealed manifest.

    folio: of the notification. documento: the SHA-256 (hex) of what was notified. emitido_el: the legal hour
    at which it is made. The same files and hour give the same bytes.
    """
    listed = [{"nombre": name, "bytes": len(data), "sha256": sha256_hex(data)} for name, data in files.items()]
    cadena = _cadena(folio, documento, emitido_el, listed)
    manifest = {
        "formato": FORMAT,
        "folio": folio,
        "documento": documento,
        "emitido_el": emitido_el,
        "archivos": listed,
        "cadena": cadena,
        "autoridad": spki_of(authority),
        "sello_autoridad": sign(cadena, authority),
    }
    return _zipped({MANIFEST: _written(manifest), **files})


def _cadena(folio: str, documento: str, emitido_el: str, listed: Sequence[Mapping[str, object]]) -> str:
    """`||1.0|PAQUETE|folio|documento|emitido_el|sha256(archivos)||`."""
    return build("PAQUETE", [folio, documento, emitido_el, archivos_digest(listed)])


def _written(manifest: Mapping[str, object]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as box:  # stored: every program writes it equal
        for name, data in files.items():
            box.writestr(zipfile.ZipInfo(name, _STAMP), data)
    return stream.getvalue()


def verify_bundle(
    data: bytes, keys: Sequence[RSAPublicKey], reader: Reader, clocks: Sequence[x509.Certificate] = ()
) -> tuple[Verdict, dict[str, str]]:
    """Judge a bundle by the keys of the authority; returns its folio and its hour too. Raises Unreadable if it is none.

    reader: reads the parts of the seal of its document; clocks: judge its hour. Both as `verify_sealed_pdf` asks.

    It is whole: the seal of its manifest, every file that it lists and no other, the document that was notified under
    the seal of its PDF, and the ZIP itself, which is written in one way.
    """
    files = _read(data)
    if MANIFEST not in files:
        raise Unreadable(f"el ZIP no trae {MANIFEST}: no es un paquete de notificación")
    manifest = read_json(files.pop(MANIFEST))
    _must_be_manifest(manifest)
    found, pending = _changes(manifest, files, keys), []
    if (
        not found
        and _zipped({MANIFEST: _written(manifest), **{name: files[name] for name in _names(manifest)}}) != data
    ):
        found.append("escritura: el ZIP no está escrito como se emitió")
    if not found:
        verdict, sealed = verify_sealed_pdf(files.get(DOCUMENT, b""), keys, reader, clocks)
        found = [f"{DOCUMENT}: {change}" for change in verdict.cambios]
        pending = [f"{DOCUMENT}: {lacking}" for lacking in verdict.sin_comprobar]
        if sealed is not None and sealed.contenido_sha256 != manifest["documento"]:
            found.append(f"{DOCUMENT}: no es el documento que se notificó")
    told = {"folio": str(manifest["folio"]), "emitido_el": str(manifest["emitido_el"])}
    return Verdict(ALTERADO if found else VALIDO, found, pending), told


def _names(manifest: Mapping[str, Any]) -> list[str]:
    return [str(entry["nombre"]) for entry in manifest["archivos"]]


def _changes(manifest: Mapping[str, Any], files: Mapping[str, bytes], keys: Sequence[RSAPublicKey]) -> list[str]:
    """Return every change of what the manifest lists and of its seal, by its part."""
    found = []
    folio, documento, hour = (str(manifest[key]) for key in ("folio", "documento", "emitido_el"))
    if manifest["cadena"] != _cadena(folio, documento, hour, manifest["archivos"]):
        found.append("cadena: no es la de los datos del manifiesto")
    if not any(verify_with_key(manifest["cadena"], manifest["sello_autoridad"], key) for key in keys):
        found.append("sello_autoridad: no es el de la clave que se dio")
    if not any(manifest["autoridad"] == spki_of(key) for key in keys):
        found.append("autoridad: no es la clave que se dio")
    for entry in manifest["archivos"]:
        name = entry["nombre"]
        if name not in files:
            found.append(f"{name}: falta")
        elif (len(files[name]), sha256_hex(files[name])) != (entry["bytes"], entry["sha256"]):
            found.append(f"{name}: cambió")
    return found + [f"{name}: sobra" for name in files if name not in _names(manifest)]


def _must_be_manifest(manifest: Any) -> None:
    """Raise Unreadable for what has not the keys and the types of a manifest."""
    if not isinstance(manifest, dict) or manifest.get("formato") != FORMAT:
        raise Unreadable(f"{MANIFEST} no es de {FORMAT}")
    entries = manifest.get("archivos")
    texts = [manifest.get(key) for key in _KEYS if key != "archivos"]
    if tuple(manifest) != _KEYS or not all(isinstance(each, str) for each in texts) or not isinstance(entries, list):
        raise Unreadable(f"{MANIFEST} no lleva las claves de {FORMAT}: {', '.join(_KEYS)}")
    kinds = {"nombre": str, "bytes": int, "sha256": str}
    for entry in entries:
        if not isinstance(entry, dict) or {key: type(value) for key, value in entry.items()} != kinds:
            raise Unreadable(f"{MANIFEST}: cada archivo lleva nombre, bytes y sha256")
        if not _NAME.fullmatch(entry["nombre"]):
            raise Unreadable(f"{MANIFEST}: el nombre de un archivo lleva solo letras sin acento, cifras, ., _ y -")
    values = [manifest[key] for key in ("folio", "documento", "emitido_el")] + [each["sha256"] for each in entries]
    if not all(each.isprintable() for each in (*texts, *values)) or any("|" in each for each in values):
        raise Unreadable(f"{MANIFEST} trae caracteres que un paquete no lleva: de control, invisibles o barras")


def _read(data: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP, stored and not too many. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            entries = box.infolist()
            if len(entries) > MOST_FILES or any(each.compress_type != zipfile.ZIP_STORED for each in entries):
                raise Unreadable("el ZIP no está escrito como un paquete de notificación: descárguelo otra vez")
            if sum(each.file_size for each in entries) > len(data):
                raise Unreadable("los archivos del ZIP suman más bytes que él: están encimados")
            if not all(_NAME.fullmatch(each.filename) for each in entries):
                raise Unreadable("el nombre de un archivo del ZIP lleva otros caracteres que los de un paquete")
            found = {each.filename: _stored(data, each) for each in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise Unreadable(f"el ZIP no se puede leer ({error})") from error
    if len(found) != len(entries):
        raise Unreadable("el ZIP repite un nombre de archivo")
    return found


def _stored(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a file that is stored as it is, whatever its CRC says: its digest judges it."""
    head = entry.header_offset
    names = (int.from_bytes(data[head + at : head + at + 2], "little") for at in _LENGTHS)
    start = head + _HEAD + sum(names)
    return data[start : start + entry.file_size]
