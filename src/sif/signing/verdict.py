"""Judge an acuse offline: whole or altered, where, and whether a published root vouches for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sif.signing.acuse_form import (
    OTHER,
    Unreadable,
    acuse_bytes,
    archivos_digest,
    firma_digests,
    form_faults,
    read_json,
)
from sif.signing.acuse_proof import Proof, proof_changes, state_of
from sif.signing.cadena import INFORME_FIELDS, INFORME_INTEGERS, read_cadena
from sif.signing.certificates import Certificate, read_certificate
from sif.signing.chain import sha256_hex
from sif.signing.efirma import ALGORITHM, exact_base64, verify, verify_with_key
from sif.signing.heads import Head, read_head, read_spki, verify_heads
from sif.signing.problems import SigningError

VALIDO = "VÁLIDO"
ALTERADO = "ALTERADO"
INTEGRO = "ÍNTEGRO, FALTA COMPARAR LA RAÍZ"
_SEALED_PARTS = ("folio", "recibido_el", "firma.cadena", "firma.sello", "firma.certificado", "archivos")
_SEALED_OF_OTHER = tuple(f"{OTHER}.{part}" for part in ("cadena", "sello", "certificado"))
_OWN = ("firmante", "serie", "preparado_el")  # what each signer's cadena says of its own


@dataclass(frozen=True, slots=True)
class Verdict:
    """VÁLIDO, ALTERADO or ÍNTEGRO, FALTA COMPARAR LA RAÍZ.

    `cambios`: each changed part, by the path of its key and what is wrong. `sin_comprobar`: what was not compared, why.
    """

    veredicto: str
    cambios: list[str]
    sin_comprobar: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 valid and everything compared, 1 altered, 2 something still to compare."""
        if self.veredicto == ALTERADO:
            return 1
        return 0 if self.veredicto == VALIDO and not self.sin_comprobar else 2


def verify_acuse_file(
    data: bytes, raices: object | None = None, archivos: Path | None = None, raiz: str | None = None
) -> Verdict:
    """As `verify_acuse`, for the bytes of the file: also names a change that leaves the values alone (a space).

    Raises Unreadable when the bytes are not an acuse of this form.
    """
    acuse = read_json(data)
    verdict = verify_acuse(acuse, raices, archivos, raiz)
    if form_faults(acuse):
        return verdict
    written = acuse_bytes(acuse)
    if written == data:
        return verdict
    at = next((i for i, (a, b) in enumerate(zip(written, data, strict=False)) if a != b), min(len(written), len(data)))
    line = data[:at].count(b"\n") + 1
    change = (
        f"escritura: el archivo no está escrito como se emitió (byte {at}, línea {line}: espacios, orden o escapes)"
    )
    return Verdict(ALTERADO, [*verdict.cambios, change], verdict.sin_comprobar)


def verify_acuse(
    acuse: dict[str, object], raices: object | None = None, archivos: Path | None = None, raiz: str | None = None
) -> Verdict:
    """Judge an acuse (`sif-acuse/1` or, with two signatures, `sif-acuse/2`) offline.

    `raices`: the published raices.json; `raiz`: a root typed from a journal (64 hex); `archivos`: the folder with the
    files received. Without either root it never says VÁLIDO: a forger can seal a forgery with a key of his own.
    Raises Unreadable when it is not an acuse of this form.
    """
    faults = form_faults(acuse)
    if faults:
        return Verdict(ALTERADO, faults)
    check = _Check(acuse)
    check.read_roots(raices)
    check.seal()
    check.firma("firma")
    check.informe()
    check.other()
    check.proof()
    if archivos is not None:
        check.files(archivos)
    compared = check.root(raiz)
    if check.cambios:
        return Verdict(ALTERADO, check.cambios, check.pending)
    return Verdict(VALIDO if compared else INTEGRO, [], check.pending)


class _Check:
    """The steps of one verification, in order; each adds what it finds."""

    def __init__(self, acuse: dict[str, Any]) -> None:
        self.acuse = acuse
        self.cambios: list[str] = []
        self.pending: list[str] = []
        self.changed: set[str] = set()
        self.raices: Mapping[str, object] | None = None
        self.key: RSAPublicKey | None = read_spki(acuse["autoridad"])
        self.leaf = str(acuse["cadena"])
        self.signatures = [name for name in ("firma", OTHER) if name in acuse]
        self.certificates = {name: exact_base64(acuse[name]["certificado"]) for name in self.signatures}

    def name(self, part: str, why: str) -> None:
        self.changed.add(part)
        self.cambios.append(f"{part}: {why}")

    def read_roots(self, raices: object | None) -> None:
        if raices is None:
            return
        faults = verify_heads(raices)
        if faults or not isinstance(raices, dict):
            self.pending += faults
            return
        self.raices = raices
        if raices["autoridad"] != self.acuse["autoridad"]:
            self.name("autoridad", "no es la clave que publica raices.json")
            self.key = read_spki(raices["autoridad"])

    def _parts(self) -> list[str]:
        own, *others = (
            firma_digests(self.acuse[name]["cadena"], self.acuse[name]["sello"], self.certificates[name])
            for name in self.signatures
        )
        archivos = archivos_digest(self.acuse["archivos"])
        return [
            self.acuse["folio"],
            self.acuse["recibido_el"],
            *own,
            archivos,
            *(each for one in others for each in one),
        ]

    def seal(self) -> None:
        """The authority sealed one cadena: find whether it is the one stated, the one the parts give, or neither."""
        stated, parts = self.acuse["cadena"], self._parts()
        expected = "||1.0|ACUSE|" + "|".join(parts) + "||"
        if self._sealed(stated):
            self._compare_parts(stated, parts)
        elif self._sealed(expected):
            self.leaf = expected
            self.name("cadena", "no es la que la autoridad selló; las partes del acuse sí corresponden a ella")
        else:
            self._blame(stated)
            self._compare_parts(stated, parts)

    def _sealed(self, cadena: str) -> bool:
        return self.key is not None and verify_with_key(cadena, self.acuse["sello_autoridad"], self.key)

    def _compare_parts(self, stated: str, parts: list[str]) -> None:
        try:
            values = read_cadena(stated, ("ACUSE",)).values
        except SigningError:
            return
        if len(values) != len(parts):
            if self._sealed(stated):  # one signature was taken out of the acuse, or put into it
                self.name("formato", f"la autoridad selló {len(values)} datos y el acuse trae {len(parts)}")
            return
        names = (_SEALED_PARTS + _SEALED_OF_OTHER)[: len(parts)]
        for name, sealed, found in zip(names, values, parts, strict=True):
            if sealed != found:
                self.name(name, "no corresponde a lo que la autoridad selló")

    def _blame(self, stated: str) -> None:
        """Neither cadena carries this seal: the seal, the key or the cadena is another. The proof can tell which."""
        prueba = self.acuse["prueba"]
        if self.key is None:
            self.name("autoridad", "no es una clave pública que se pueda leer")
        elif exact_base64(self.acuse["sello_autoridad"]) is None:
            self.name("sello_autoridad", "no está escrito en base64 exacto")
        elif prueba is not None and (state := state_of(prueba, stated.encode("utf-8"), self.key)).included:
            if state.sealed:
                self.name("sello_autoridad", "no es el de esta cadena")
            else:
                self.name("autoridad", "con esta clave no valen ni el sello del acuse ni el de la cabeza")
                self.key = None
        elif prueba is not None and state.sealed:
            self.name("cadena", "no es la que está en el registro de acuses")
        else:
            self.name("cadena, sello_autoridad o autoridad", "el sello de la autoridad no corresponde")

    def firma(self, name: str) -> Certificate | None:
        """Judge a signature by its own certificate, which it returns; None of one that cannot be read."""
        firma, parts = self.acuse[name], [f"{name}.{part}" for part in ("cadena", "sello", "certificado")]
        if firma["algoritmo"] != ALGORITHM:
            self.name(f"{name}.algoritmo", f"debe decir {ALGORITHM}")
        cert = self._certificate(name)
        if cert is None or self.changed & {*parts}:
            return cert
        if not verify(firma["cadena"], firma["sello"], cert):
            self.name(f"{parts[0]}, {parts[1]} o {parts[2]}", "el sello no es de esa cadena con ese certificado")
        elif f"|{cert.rfc}|{cert.serie}|" not in firma["cadena"]:  # its firmante and serie, side by side
            self.name(parts[2], "no es el de quien la cadena nombra como firmante")
        return cert

    def other(self) -> None:
        """Judge the second signature: it holds, it is of another person, and its cadena says the same report."""
        if OTHER not in self.acuse:
            return
        cert = self.firma(OTHER)
        if self.changed & {f"{OTHER}.cadena", "firma.cadena"}:
            return
        try:
            said = [read_cadena(self.acuse[name]["cadena"], ("INFORME",)).informe() for name in self.signatures]
        except SigningError as error:
            self.name(f"{OTHER}.cadena", error.problems[0].mensaje)
            return
        if any(said[0][each] != said[1][each] for each in INFORME_FIELDS if each not in _OWN):
            self.name(f"{OTHER}.cadena", "no es del informe que firma la primera")
        elif cert is not None and said[0]["firmante"] == cert.rfc:
            self.name(OTHER, "es de la misma persona que la primera")

    def _certificate(self, name: str) -> Certificate | None:
        try:
            return read_certificate(self.certificates[name] or b"")
        except SigningError as error:
            if f"{name}.certificado" not in self.changed:
                self.name(f"{name}.certificado", error.problems[0].mensaje)
            return None

    def informe(self) -> None:
        """Compare the readable report with its signed cadena field by field, and record each difference."""
        informe, cadena = self.acuse["informe"], self.acuse["firma"]["cadena"]
        shown = "||1.0|INFORME|" + "|".join(str(informe[name]) for name in INFORME_FIELDS) + "||"
        if shown == cadena:
            if "firma.cadena" in self.changed:
                self.name("informe", "dice lo mismo que la cadena alterada")
            return
        if "firma.cadena" in self.changed:
            return  # the cadena is already named; what people read may well be intact
        try:
            campos = read_cadena(cadena, ("INFORME",)).informe()
        except SigningError as error:
            self.name("firma.cadena", error.problems[0].mensaje)
            return
        for name, signed in campos.items():
            if str(informe[name]) != signed:
                unit = " centavos" if name in INFORME_INTEGERS[1:] else ""
                self.name(f"informe.{name}", f"lo firmado dice {signed}{unit} y aquí dice {informe[name]}{unit}")

    def proof(self) -> None:
        prueba = self.acuse["prueba"]
        if prueba is None or self.key is None or not self._leaf_is_believed():
            return
        published = read_head(self.raices, prueba["arbol"]) if self.raices else None
        for part in proof_changes(prueba, self.leaf.encode("utf-8"), self.key, published):
            self.name(part, "no corresponde al registro público de acuses")

    def _leaf_is_believed(self) -> bool:
        return self._sealed(self.leaf) or "sello_autoridad" in self.changed

    def files(self, folder: Path) -> None:
        for entry in self.acuse["archivos"]:
            name = entry["nombre"]
            path = folder / name
            if Path(name).name != name or "\\" in name or not path.is_file():
                self.pending.append(f"archivo «{name}»: no está en {folder}")
            elif path.stat().st_size != entry["bytes"] or sha256_hex(path.read_bytes()) != entry["sha256"]:
                self.name(f"archivo «{name}»", "no es el que se recibió")

    def root(self, typed: str | None) -> bool:
        """Return whether a root from outside was compared, and is the same."""
        prueba = self.acuse["prueba"]
        if prueba is None:
            self.pending.append(
                "prueba: este acuse se guardó antes del corte de su día; "
                "después del corte, descárguelo otra vez de la página de su acuse, ya con su prueba"
            )
        if typed is None and self.raices is None:
            self.pending.append(
                "raíz: falta raices.json, que se descarga de /registro/, o la raíz impresa en un periódico oficial"
            )
            return False
        if prueba is None:
            return False
        if typed is not None and "".join(typed.split()).lower() != prueba["raiz"]:  # a journal prints it in groups
            self.name("prueba.raiz", "no es la raíz que escribió; vea que sea la del mismo corte")
            return False
        return typed is not None or self._compare_head(prueba)

    def _compare_head(self, prueba: Proof) -> bool:
        assert self.raices is not None
        head: Head | None = read_head(self.raices, prueba["arbol"])
        if head is None:
            self.pending.append(f"raíz: raices.json no publica el árbol «{prueba['arbol']}»")
            return False
        if head.tamano != prueba["tamano"]:
            self.pending.append(
                f"raíz: la prueba es del corte de {prueba['tamano']} acuses y raices.json del de {head.tamano}; "
                "descargue el acuse de nuevo o use las raíces de aquel corte"
            )
            return False
        if head.raiz != prueba["raiz"]:
            if not self.changed:
                self.name("prueba.raiz", "no es la que publica raices.json para ese corte")
            return False
        return True


__all__ = ["ALTERADO", "INTEGRO", "VALIDO", "Unreadable", "Verdict", "verify_acuse", "verify_acuse_file"]
