"""Define `sif-acuse/1` and, where two people sign, `sif-acuse/2`: keys, order, types, canonical serialization."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sif.signing.cadena import INFORME_FIELDS, INFORME_INTEGERS
from sif.signing.chain import sha256_hex

FORMAT = "sif-acuse/1"
TWO_SIGNERS = "sif-acuse/2"
OTHER = "otra_firma"
_TOP = (
    "formato",
    "folio",
    "recibido_el",
    "informe",
    "firma",
    "archivos",
    "cadena",
    "autoridad",
    "sello_autoridad",
    "prueba",
)
_TOP_OF = {FORMAT: _TOP, TWO_SIGNERS: (*_TOP[:5], OTHER, *_TOP[5:])}
_FIRMA = ("cadena", "sello", "certificado", "algoritmo")
_ARCHIVO = ("nombre", "bytes", "sha256")
_PRUEBA = ("arbol", "indice", "tamano", "ruta", "raiz", "sello")
_HEX = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What the name of a file cannot bear: its line joins those of the others by line feeds."""


class Unreadable(ValueError):
    """The bytes are not an acuse at all; the message says why, in Spanish."""


def acuse_bytes(acuse: Mapping[str, object]) -> bytes:
    """The file of an acuse: UTF-8, keys in the order of the form, two spaces of indent, one line feed at the end."""
    return (json.dumps(_in_order(acuse), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _in_order(acuse: Mapping[str, Any]) -> dict[str, object]:
    ordered = {key: acuse[key] for key in _TOP_OF[acuse["formato"]]}
    ordered["informe"] = {key: acuse["informe"][key] for key in INFORME_FIELDS}
    for name in ("firma", OTHER):
        if name in ordered:
            ordered[name] = {key: acuse[name][key] for key in _FIRMA}
    ordered["archivos"] = [{key: entry[key] for key in _ARCHIVO} for entry in acuse["archivos"]]
    if acuse["prueba"] is not None:
        ordered["prueba"] = {key: acuse["prueba"][key] for key in _PRUEBA}
    return ordered


def read_json(data: bytes) -> Any:
    """JSON strictly: UTF-8, no repeated key, no NaN, no mark at the beginning. Raises Unreadable."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(f"el byte {error.start} no es texto UTF-8") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"no es JSON: línea {error.lineno}, columna {error.colno}") from error
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable("contiene un número que no cabe") from error
    except RecursionError as error:
        raise Unreadable("no es JSON de este formato: está anidado sin medida") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("repite una clave")
    return found


def _no_constant(text: str) -> object:
    raise Unreadable(f"contiene {text}, que no es JSON")


def archivos_digest(archivos: Sequence[Mapping[str, object]]) -> str:
    """SHA-256 (hex) of the lines `name:bytes:sha256` joined by a line feed."""
    return sha256_hex("\n".join(f"{a['nombre']}:{a['bytes']}:{a['sha256']}" for a in archivos).encode("utf-8"))


def firma_digests(cadena: str, sello: str, certificado: bytes | None) -> tuple[str, str, str]:
    """Return the SHA-256 (hex) of the three parts of a signature; nothing of a certificate that is not base64."""
    whole = sha256_hex(certificado) if certificado else ""
    return sha256_hex(cadena.encode("utf-8")), sha256_hex(sello.encode("utf-8")), whole


def form_faults(acuse: object) -> list[str]:
    """Return every key that is missing, that is too many, or whose value is of another type; with the path of each."""
    form = acuse.get("formato") if isinstance(acuse, dict) else None
    if not isinstance(acuse, dict) or not isinstance(form, str) or form not in _TOP_OF:
        raise Unreadable(f"no es un acuse {FORMAT} ni {TWO_SIGNERS}")
    faults = _keys(acuse, "", _TOP_OF[form])
    faults += _texts(acuse, "", ("folio", "recibido_el", "cadena", "autoridad", "sello_autoridad"))
    faults += _object(acuse, "informe", INFORME_FIELDS, INFORME_INTEGERS)
    faults += _object(acuse, "firma", _FIRMA, ())
    faults += _object(acuse, OTHER, _FIRMA, ()) if form == TWO_SIGNERS else []
    faults += _archivos(acuse.get("archivos"))
    if acuse.get("prueba") is not None:
        faults += _object(acuse, "prueba", _PRUEBA, ("indice", "tamano"), lists=("ruta",))
    return faults


def _keys(found: Mapping[str, object], place: str, wanted: Sequence[str]) -> list[str]:
    return [f"{place}{key}: falta" for key in wanted if key not in found] + [
        f"{place}{_shown(key)}: sobra" for key in found if key not in wanted
    ]


def _shown(key: str) -> str:
    return key if key.isidentifier() and len(key) < 40 else ascii(key[:40])


def _object(
    acuse: Mapping[str, object], name: str, wanted: Sequence[str], integers: Sequence[str], lists: Sequence[str] = ()
) -> list[str]:
    found = acuse.get(name)
    if not isinstance(found, dict):
        return [f"{name}: no es un objeto"] if name in acuse else []
    faults = _keys(found, f"{name}.", wanted)
    faults += [f"{name}.{key}: no es un entero" for key in integers if key in found and not _is_integer(found[key])]
    faults += [
        f"{name}.{key}: no es una lista de huellas" for key in lists if key in found and not _is_hex_list(found[key])
    ]
    texts = [key for key in wanted if key not in integers and key not in lists]
    return faults + _texts(found, f"{name}.", texts)


def _texts(found: Mapping[str, object], place: str, keys: Sequence[str]) -> list[str]:
    return [f"{place}{key}: no es texto" for key in keys if key in found and not _is_text(found[key])]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any(0xD800 <= ord(char) < 0xE000 for char in value)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_hex_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(step, str) and _HEX.fullmatch(step) for step in value)


def _archivos(found: object) -> list[str]:
    if not isinstance(found, list):
        return ["archivos: no es una lista"]
    faults: list[str] = []
    for index, entry in enumerate(found):
        place = f"archivos[{index}]"
        if not isinstance(entry, dict):
            faults.append(f"{place}: no es un objeto")
            continue
        faults += _keys(entry, f"{place}.", _ARCHIVO) + _texts(entry, f"{place}.", ("nombre", "sha256"))
        if "bytes" in entry and not (_is_integer(entry["bytes"]) and entry["bytes"] >= 0):
            faults.append(f"{place}.bytes: no es un entero de cero o más")
        if isinstance(digest := entry.get("sha256"), str) and not _HEX.fullmatch(digest):
            faults.append(f"{place}.sha256: no es una huella")
        if isinstance(name := entry.get("nombre"), str) and _CONTROL.search(name):
            faults.append(f"{place}.nombre: lleva un carácter de control")
    return faults
