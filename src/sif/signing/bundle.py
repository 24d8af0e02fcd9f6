"""Write the bundle of a notification, or of all of a subject in a stage, as a ZIP that the authority seals.

Judge one offline too, byte by byte: of that of a stage, whose files are bundles of notifications, each of those.
"""

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
OF_A_STAGE = "sif-paquete-etapa/1"
MANIFEST = "manifiesto.json"
DOCUMENT = "documento.pdf"
MARK = b"PK\x03\x04"
MOST_FILES, MOST_BYTES = 100, 64 * 1024 * 1024
_SUFFIX = ".zip"
_HEAD, _LENGTHS = 30, (26, 28)
"""Of the header that stands before each file of a ZIP: its bytes, and where it says how long two more parts are."""
_STAMP = (1980, 1, 1, 0, 0, 0)  # the hour of a file inside a ZIP says nothing: it is the same in each
_FORMS = {FORMAT: ("PAQUETE", ("folio", "documento")), OF_A_STAGE: ("PAQUETE_ETAPA", ("sujeto", "etapa"))}
"""Of each format, the kind of its cadena and what its manifest says of its own."""


class TooLarge(ValueError):
    """A bundle would have more files or bytes than `verify_bundle` judges."""


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The names of files that a bundle has: none leaves its folder or writes on a terminal."""


def write_bundle(
    folio: str, documento: str, emitido_el: str, files: Mapping[str, bytes], authority: RSAPrivateKey
) -> bytes:
    """Return the ZIP of some files with their sealed manifest. Raises TooLarge.

    folio: of the notification. documento: the SHA-256 (hex) of what was notified. emitido_el: the legal hour
    at which it is made. The same files and hour give the same bytes.
    """
    return _bundle(FORMAT, {"folio": folio, "documento": documento, "emitido_el": emitido_el}, files, authority)


def write_stage_bundle(
    sujeto: str, etapa: str, emitido_el: str, bundles: Mapping[str, bytes], authority: RSAPrivateKey
) -> bytes:
    """Return the ZIP of the bundles of a subject in a stage, each under its folio, with their sealed manifest.

    bundles: what `write_bundle` gave, by the folio of its notification. Raises TooLarge.
    """
    files = {f"{folio}{_SUFFIX}": data for folio, data in bundles.items()}
    return _bundle(OF_A_STAGE, {"sujeto": sujeto, "etapa": etapa, "emitido_el": emitido_el}, files, authority)


def _bundle(formato: str, said: Mapping[str, str], files: Mapping[str, bytes], authority: RSAPrivateKey) -> bytes:
    listed = [{"nombre": name, "bytes": len(data), "sha256": sha256_hex(data)} for name, data in files.items()]
    cadena = _cadena({"formato": formato, **said, "archivos": listed})
    manifest = {
        "formato": formato,
        **said,
        "archivos": listed,
        "cadena": cadena,
        "autoridad": spki_of(authority),
        "sello_autoridad": sign(cadena, authority),
    }
    if len(files) + 1 > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise TooLarge
    data = _zipped({MANIFEST: _written(manifest), **files})
    if len(data) > MOST_BYTES:
        raise TooLarge
    return data


def _cadena(manifest: Mapping[str, Any]) -> str:
    """`||1.0|PAQUETE|folio|documento|emitido_el|sha256(archivos)||`, or `PAQUETE_ETAPA|sujeto|etapa|…`."""
    kind, own = _FORMS[manifest["formato"]]
    values = [manifest[key] for key in (*own, "emitido_el")]
    return build(kind, [*values, archivos_digest(manifest["archivos"])])


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
    """Judge a bundle by the keys of the authority; returns what it is of and its hour too. Raises Unreadable.

    reader: reads the parts of the seal of a document; clocks: judge its hour. Both as `verify_sealed_pdf` asks.

    It is whole: the seal of its manifest, every file that it lists and no other, and the ZIP itself, which is written
    in one way. That of a notification brings the document that was notified under the seal of its PDF; that of a stage,
    a whole bundle of each notification.
    """
    return _judged(data, keys, reader, clocks, tuple(_FORMS))


def _judged(
    data: bytes,
    keys: Sequence[RSAPublicKey],
    reader: Reader,
    clocks: Sequence[x509.Certificate],
    formats: Sequence[str],
) -> tuple[Verdict, dict[str, str]]:
    files = _read(data)
    if MANIFEST not in files:
        raise Unreadable(f"el ZIP no trae {MANIFEST}: no es un paquete de notificación")
    manifest = read_json(files.pop(MANIFEST))
    _must_be_manifest(manifest, formats)
    found = _changes(manifest, files, keys)
    pending: list[str] = []
    if (
        not found
        and _zipped({MANIFEST: _written(manifest), **{name: files[name] for name in _names(manifest)}}) != data
    ):
        found.append("escritura: el ZIP no está escrito como se emitió")
    if manifest["formato"] == OF_A_STAGE:
        listed = {name: files[name] for name in _names(manifest) if name in files}
        changes, pending = _of_each(listed, keys, reader, clocks)
        found += changes
    elif not found:
        verdict, sealed = verify_sealed_pdf(files.get(DOCUMENT, b""), keys, reader, clocks)
        found = [f"{DOCUMENT}: {change}" for change in verdict.cambios]
        pending = [f"{DOCUMENT}: {lacking}" for lacking in verdict.sin_comprobar]
        if sealed is not None and sealed.contenido_sha256 != manifest["documento"]:
            found.append(f"{DOCUMENT}: no es el documento que se notificó")
    told = {key: str(manifest[key]) for key in (*_FORMS[manifest["formato"]][1], "emitido_el") if key != "documento"}
    return Verdict(ALTERADO if found else VALIDO, found, pending), told


def _of_each(
    files: Mapping[str, bytes],
    keys: Sequence[RSAPublicKey],
    reader: Reader,
    clocks: Sequence[x509.Certificate],
) -> tuple[list[str], list[str]]:
    """Return what changed in each bundle of a stage, and what of it is left to compare, by its name."""
    found: list[str] = []
    pending: list[str] = []
    for name, data in files.items():
        try:
            verdict, told = _judged(data, keys, reader, clocks, (FORMAT,))  # one of a stage holds none of another
        except Unreadable as error:
            found.append(f"{name}: {error}")
            continue
        found += [f"{name}: {change}" for change in verdict.cambios]
        pending += [f"{name}: {lacking}" for lacking in verdict.sin_comprobar]
        if name != f"{told['folio']}{_SUFFIX}":
            found.append(f"{name}: es el paquete de {told['folio']}")
    return found, pending


def _names(manifest: Mapping[str, Any]) -> list[str]:
    return [str(entry["nombre"]) for entry in manifest["archivos"]]


def _changes(manifest: Mapping[str, Any], files: Mapping[str, bytes], keys: Sequence[RSAPublicKey]) -> list[str]:
    """Return every change of what the manifest lists and of its seal, by its part."""
    found = []
    if manifest["cadena"] != _cadena(manifest):
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


def _must_be_manifest(manifest: Any, formats: Sequence[str]) -> None:
    """Raise Unreadable for what has not the keys and the types of a manifest."""
    formato = manifest.get("formato") if isinstance(manifest, dict) else None
    if not isinstance(formato, str) or formato not in formats:
        raise Unreadable(f"{MANIFEST} no es de {' ni de '.join(formats)}")
    said = (*_FORMS[formato][1], "emitido_el")
    keys = ("formato", *said, "archivos", "cadena", "autoridad", "sello_autoridad")
    entries = manifest.get("archivos")
    texts = [manifest.get(key) for key in keys if key != "archivos"]
    if tuple(manifest) != keys or not all(isinstance(each, str) for each in texts) or not isinstance(entries, list):
        raise Unreadable(f"{MANIFEST} no lleva las claves de {formato}: {', '.join(keys)}")
    kinds = {"nombre": str, "bytes": int, "sha256": str}
    for entry in entries:
        if not isinstance(entry, dict) or {key: type(value) for key, value in entry.items()} != kinds:
            raise Unreadable(f"{MANIFEST}: cada archivo lleva nombre, bytes y sha256")
        if not _NAME.fullmatch(entry["nombre"]):
            raise Unreadable(f"{MANIFEST}: el nombre de un archivo lleva solo letras sin acento, cifras, ., _ y -")
    values = [manifest[key] for key in said] + [each["sha256"] for each in entries]
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
