"""Altered acuses, and what a verifier must name of each: one table for the command and for the page verificar.html."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sif.signing import acuse, heads
from sif.signing.acuse_form import Unreadable, read_json
from sif.signing.efirma import sign
from sif.signing.tree import leaf_hash, node_hash
from signing import two
from signing.conftest import RECEIVED, Log, Officer, acuse_of

PLACE = 5
ZEROS = "0" * 64


def flip(text: str, at: int = 40) -> str:
    """Change one character of a base64 text."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


# path of the key, new value, what must be named with raices.json, what must be named without it
MUTATIONS: list[tuple[str, Any, list[str], list[str] | None]] = [
    ("folio", "IC-2024-000006", ["folio"], None),
    ("recibido_el", "2024-05-30T23:40:12-06:00", ["recibido_el"], None),
    ("informe.folio", "otro", ["informe.folio"], None),
    ("informe.version", 2, ["informe.version"], None),
    ("informe.sujeto", "Partido del Agora", ["informe.sujeto"], None),
    ("informe.id_contabilidad", "101235", ["informe.id_contabilidad"], None),
    ("informe.tipo", "IC correccion", ["informe.tipo"], None),
    ("informe.desde", "2024-03-02", ["informe.desde"], None),
    ("informe.hasta", "2024-05-30", ["informe.hasta"], None),
    ("informe.ingresos", 15000001, ["informe.ingresos"], None),
    ("informe.egresos", 14999998, ["informe.egresos"], None),
    ("informe.contenido", ZEROS, ["informe.contenido"], None),
    ("informe.firmante", "XAXX010101000", ["informe.firmante"], None),
    ("informe.serie", "00001000000500003416", ["informe.serie"], None),
    ("informe.preparado_el", "2024-05-31T23:31:01-06:00", ["informe.preparado_el"], None),
    ("firma.cadena", lambda text: text.replace("14999999", "14999998"), ["firma.cadena"], None),
    ("firma.sello", flip, ["firma.sello"], None),
    ("firma.certificado", flip, ["firma.certificado"], None),
    ("firma.algoritmo", "RSA-SHA1", ["firma.algoritmo"], None),
    ("archivos.0.nombre", "estado.pdf", ["archivos"], None),
    ("archivos.0.bytes", 13, ["archivos"], None),
    ("archivos.1.sha256", ZEROS, ["archivos"], None),
    ("archivos", [], ["archivos"], None),
    ("cadena", lambda text: text.replace("23:40:12", "23:40:11"), ["cadena"], None),
    ("sello_autoridad", flip, ["sello_autoridad"], None),
    ("autoridad", lambda text: flip(text, 80), ["autoridad"], None),
    ("prueba.indice", 4, ["prueba.indice"], None),
    ("prueba.tamano", 12, ["prueba.tamano"], ["prueba.arbol, prueba.tamano o prueba.sello"]),
    ("prueba.tamano", 5, ["prueba.tamano"], None),
    ("prueba.ruta.1", ZEROS, ["prueba.ruta"], None),
    ("prueba.ruta", [], ["prueba.ruta"], None),
    ("prueba.ruta", lambda path: path[:-1], ["prueba.ruta"], None),
    ("prueba.ruta", lambda path: [*path, ZEROS], ["prueba.ruta"], None),
    ("prueba.raiz", ZEROS, ["prueba.raiz"], None),
    ("prueba.sello", flip, ["prueba.sello"], ["prueba.arbol, prueba.tamano o prueba.sello"]),
    ("prueba.arbol", "acuses-2025", ["prueba.arbol, prueba.tamano o prueba.sello"], None),
]


def mutate(one: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of keys, or what a function makes of the one that is there."""
    *way, last = path.split(".")
    place: Any = one
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    key: Any = int(last) if last.isdigit() else last
    new = value(place[key]) if callable(value) else value
    assert place[key] != new
    place[key] = new


@dataclass(frozen=True)
class Case:
    """The files that a person gives to a verifier, and the name of what was done to them."""

    name: str
    data: bytes
    raices: bytes | None = None
    raiz: str | None = None


def judged(case: Case) -> dict[str, Any]:
    """Return what `sif acuse verificar --json` says of a case."""
    try:
        raices = read_json(case.raices) if case.raices is not None else None
        found = acuse.verify_acuse_file(case.data, raices, raiz=case.raiz)
    except Unreadable:
        return {"veredicto": "ILEGIBLE", "cambios": [], "sin_comprobar": []}
    return {"veredicto": found.veredicto, "cambios": found.cambios, "sin_comprobar": found.sin_comprobar}


def written(value: object) -> bytes:
    """Write a value as JSON, whatever it is."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def altered_cases(log: Log, alicia: Officer, forger: Any) -> Iterator[Case]:
    """Every case that both verifiers are asked."""
    whole = log.acuses[PLACE]
    data, raices = acuse.acuse_bytes(whole), written(log.raices)
    yield Case("intacto con raíces", data, raices)
    yield Case("intacto con la raíz de un periódico", data, None, log.head.raiz)
    yield Case("intacto sin raíz", data)
    yield Case("la raíz escrita es otra", data, None, ZEROS)
    yield Case("anterior al corte", acuse.acuse_bytes({**whole, "prueba": None}), raices)
    yield Case("anterior al corte y sin raíces", acuse.acuse_bytes({**whole, "prueba": None}))
    for path, value, *_names in MUTATIONS:
        one = copy.deepcopy(whole)
        mutate(one, path, value)
        yield Case(f"{path} con raíces", acuse.acuse_bytes(one), raices)
        yield Case(f"{path} sin raíces", acuse.acuse_bytes(one))
    yield from _types(whole)
    yield from _together(whole, raices)
    yield from _proofs(log, alicia, forger)
    yield from _roots(log, data)
    yield from _writings(data)
    yield from _two(log, alicia, forger)


def _two(log: Log, alicia: Officer, forger: Any) -> Iterator[Case]:
    for name, one, raices, _named in two.altered(log, alicia, two.second(forger)):
        yield Case(f"{name} con sus raíces", acuse.acuse_bytes(one), written(raices))
        yield Case(f"{name} sin raíces", acuse.acuse_bytes({**one, "prueba": None}))
    whole = two.two_of(alicia, two.signed_by(two.second(forger)), log.authority)
    for value in (1, None, [1], {"x": "y"}, {"cadena": 1}):
        yield Case(f"otra_firma es {value!r}", written({**whole, "otra_firma": value}))
    yield Case("la forma no es texto", written({**whole, "formato": ["sif-acuse/2"]}))
    yield Case("la forma es de otra cosa", written({**whole, "formato": "toString"}))


def _together(whole: dict[str, Any], raices: bytes) -> Iterator[Case]:
    first, second, *others = whole["archivos"]
    swallowed = f"{first['sha256']}\n{second['nombre']}:{second['bytes']}:{second['sha256']}"
    for name, files in {
        "un archivo dentro de la huella del anterior": [first | {"sha256": swallowed}, *others],
        "un archivo dentro del nombre del siguiente": [
            second | {"nombre": f"{first['nombre']}:{first['bytes']}:{first['sha256']}\n{second['nombre']}"},
            *others,
        ],
        "menos bytes que ninguno": [first | {"bytes": -1}, second, *others],
        "una huella en mayúsculas": [first | {"sha256": first["sha256"].upper()}, second, *others],
    }.items():
        yield Case(name, acuse.acuse_bytes({**whole, "archivos": files}), raices)
    one = copy.deepcopy(whole)
    one["informe"]["egresos"] = 1
    one["firma"]["cadena"] = one["firma"]["cadena"].replace("14999999", "1")
    yield Case("cifra y cadena a la vez", acuse.acuse_bytes(one), raices)
    one = copy.deepcopy(whole)
    one["recibido_el"] = "2024-05-31T23:40:11-06:00"
    one["cadena"] = one["cadena"].replace("23:40:12", "23:40:11")
    yield Case("hora y cadena del acuse a la vez", acuse.acuse_bytes(one), raices)
    yield Case("lo mismo, sin prueba", acuse.acuse_bytes({**one, "prueba": None}))


def _proofs(log: Log, alicia: Officer, forger: Any) -> Iterator[Case]:
    raices = written(log.raices)
    foreign = {**log.acuses[PLACE], "prueba": log.acuses[PLACE - 1]["prueba"]}
    yield Case("la prueba de otro acuse", acuse.acuse_bytes(foreign), raices)
    for index in (-1, 11, 2**70):
        one = copy.deepcopy(log.acuses[PLACE])
        one["prueba"]["indice"] = index
        yield Case(f"lugar {index} del registro", acuse.acuse_bytes(one), raices)
    forged = acuse_of(alicia, forger)
    head = heads.build_head("acuses-2024", [acuse.leaf_of(forged)], forger)
    forged = acuse.with_proof(forged, heads.build_proof(head, [acuse.leaf_of(forged)], 0))
    yield Case("falsificación entera, sin raíz", acuse.acuse_bytes(forged))
    yield Case("falsificación entera, con raíces", acuse.acuse_bytes(forged), raices)
    yield Case("falsificación entera, con la raíz", acuse.acuse_bytes(forged), None, log.head.raiz)
    text = str(forged["firma"]["cadena"])
    for name, cadena in {"espacios": text.replace("IC normal", "IC  normal"), "otra clase": "||1.0|VOTO|a||"}.items():
        bad = copy.deepcopy(forged)
        bad["firma"] |= {"cadena": cadena, "sello": sign(cadena, alicia.key)}
        yield Case(f"sella una cadena con {name}", acuse.acuse_bytes(_resealed(bad, forger)))
    for name, cer in {"otra llave": forged["autoridad"], "nada": "", "no DER": "AAAA"}.items():
        bad = copy.deepcopy(forged)
        bad["firma"]["certificado"] = cer
        yield Case(f"su certificado es {name}", acuse.acuse_bytes(_resealed(bad, forger)))


def _resealed(one: dict[str, Any], forger: Any) -> dict[str, Any]:
    """The same acuse with the seal that a forger gives to what it says now, alone in a log of his own."""
    import base64

    from sif.signing.acuse_form import archivos_digest
    from sif.signing.chain import sha256_hex

    firma = one["firma"]
    cer = base64.b64decode(firma["certificado"])
    digests = [
        sha256_hex(firma["cadena"].encode()),
        sha256_hex(firma["sello"].encode()),
        sha256_hex(cer) if cer else "",
    ]
    parts = [one["folio"], one["recibido_el"], *digests, archivos_digest(one["archivos"])]
    cadena = f"||1.0|ACUSE|{'|'.join(parts)}||"
    return {**one, "cadena": cadena, "sello_autoridad": sign(cadena, forger), "prueba": None}


def _roots(log: Log, data: bytes) -> Iterator[Case]:
    for spoil in ("sello", "publicado_el", "autoridad", "formato", "acuses-2023", "sobra"):
        raices = copy.deepcopy(log.raices)
        if spoil == "acuses-2023":
            raices[spoil] = {"raiz": ZEROS, "tamano": 3, "sello": ""}
        elif spoil == "sobra":
            raices[spoil] = [1, 2.5, True, None, "ñ\u2028😀"]
        else:
            raices[spoil] = flip(raices[spoil], 3)
        yield Case(f"raíces con otro {spoil}", data, written(raices))
    leaves = [acuse.leaf_of(each) for each in log.acuses]
    later = heads.build_head("acuses-2024", [*leaves, b"otro"], log.authority)
    yield Case("raíces de otro corte", data, written(heads.build_heads([later], log.authority, RECEIVED)))
    alone = heads.build_head("acuses-2023", leaves[:3], log.authority)
    yield Case("raíces sin el árbol", data, written(heads.build_heads([alone], log.authority, RECEIVED)))
    root = node_hash(leaf_hash(b"otra"), leaf_hash(b"hoja")).hex()
    other = heads.seal_head("acuses-2024", root, len(leaves), log.authority)
    yield Case("otra raíz publicada", data, written(heads.build_heads([other], log.authority, RECEIVED)))
    tramos = {"acuses-2024": heads.Tramos(0, 1, (ZEROS,))}
    grouped = heads.build_heads([log.head], log.authority, RECEIVED, tramos)
    yield Case("raíces con tramos", data, written(grouped))
    yield Case("raíces que no son JSON", data, b"{")


def _types(whole: dict[str, Any]) -> Iterator[Case]:
    for key in ("prueba", "informe", "firma", "archivos", "cadena"):
        for value in (1, True, [1], {"x": "y"}, "x", 1.5, {"a'b": 1, 'c"d': 2, "\x07ñ😀": 3, "n" * 50: 4}):
            yield Case(f"{key} es {value!r}", written({**whole, key: value}))
    one = copy.deepcopy(whole)
    del one["informe"]["serie"], one["firma"]["sello"], one["folio"]
    one["prueba"]["ruta"][0] = "A" * 64
    one["prueba"]["indice"] = 5.0
    one["archivos"] = [one["archivos"][0] | {"bytes": "12"}, 3, {}]
    yield Case("faltan claves", written(one))
    yield Case("media letra", written(whole).replace(b"2024-000005", b"2024-\\ud800"))


def _writings(data: bytes) -> Iterator[Case]:
    whole = json.loads(data)
    for name, other in {
        "en un renglón": json.dumps(whole).encode(),
        "con otro renglón": data + b"\n",
        "con retornos": data.replace(b"\n", b"\r\n"),
        "sin el último": data[:-1],
        "con marca": b"\xef\xbb\xbf" + data,
        "clave repetida": data.replace(b'"folio"', b'"formato": "sif-acuse/1", "folio"', 1),
        "NaN": data.replace(b'"version": 1', b'"version": NaN'),
        "decimal": data.replace(b'"version": 1', b'"version": 1.0'),
        "entero enorme": data.replace(b'"version": 1', b'"version": 1' + b"0" * 5000),
        "otra forma": b'{"formato":"sif-acuse/3"}',
        "lista": b"[]",
        "vacío": b"",
        "no es texto": b"\xff",
        "hondo": b"[" * 99999,
    }.items():
        yield Case(f"escrito {name}", other)
