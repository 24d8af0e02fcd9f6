"""`sif firmar`: seal downloaded cadenas with an e.firma on the officer's own machine, without browser or network."""

import argparse
import base64
import getpass
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sif.commands.arguments import Subparsers
from sif.signing.cadena import PERSONAL_KINDS, read_cadena
from sif.signing.certificates import Certificate, judge_validity, read_certificate
from sif.signing.efirma import check_pair, open_key, sign
from sif.signing.problems import SigningError, problem

PASSWORD_VARIABLE = "SIF_CONTRASENA"  # noqa: S105  the name of a variable, not a secret
_MAX_BYTES = 1_000_000
_EXAMPLE = """ejemplos:
  sif firmar --cadena cadena.txt --cer mi_efirma.cer --key mi_efirma.key
  sif firmar --cadena - --cer mi_efirma.cer --key mi_efirma.key --json < cadenas.txt

El archivo lleva una cadena por renglón; se imprime un sello por renglón, en el mismo orden. La contraseña se pregunta;
si no hay quien la escriba, se toma de la variable SIF_CONTRASENA o de --contrasena-archivo. Ni la llave ni la
contraseña se guardan ni se envían. Para ensayar sin la e.firma de nadie, «sif ensayo efirma» hace un par de prueba."""


def register(subparsers: Subparsers) -> None:
    """Add `sif firmar` to the command."""
    parser = subparsers.add_parser(
        "firmar",
        help="firma con e.firma las cadenas descargadas",
        description="Firma con una e.firma del SAT (.cer y .key) cadenas originales de este sistema, y solo esas.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--cadena", required=True, metavar="ARCHIVO|-", help="cadenas, una por renglón; - es la entrada"
    )
    parser.add_argument("--cer", required=True, type=Path, help="certificado .cer de la e.firma")
    parser.add_argument("--key", required=True, type=Path, help="llave .key de la e.firma")
    parser.add_argument("--contrasena-archivo", metavar="ARCHIVO", type=Path, help="primer renglón: la contraseña")
    parser.add_argument("--json", action="store_true", help="imprime certificado y sellos en JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sellos; 0, or 2 when something cannot be read or may not sign (nothing is printed then)."""
    try:
        cadenas = _cadenas(args.cadena)
        pair = (read_bytes(args.cer), read_bytes(args.key))
        password = read_password(args.contrasena_archivo)
        cert, sellos = sign_all(cadenas, pair, password, datetime.now(UTC))
    except SigningError as error:
        print(f"sif firmar: {error}", file=sys.stderr)
        return 2
    except (EOFError, UnicodeDecodeError):
        print(f"sif firmar: no llegó la contraseña en UTF-8. Escríbala, o use {PASSWORD_VARIABLE}.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"sif firmar: no se puede leer {error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(_shape(cert, cadenas, sellos), ensure_ascii=False))
    else:
        print("\n".join(sellos))
    return 0


def sign_all(
    cadenas: list[str], pair: tuple[bytes, bytes], password: str, at: datetime
) -> tuple[Certificate, list[str]]:
    """Return the certificate read and one sello (base64) for each cadena, all or none.

    `pair` is (.cer, .key). Raises SigningError: an unreadable file, a wrong password or pair, a certificate that is not
    a personal e.firma in force at `at`, or a cadena that names another signer.
    """
    cert = read_certificate(pair[0], "--cer")
    found = judge_validity(cert, at)
    if found:
        raise SigningError(found[0])
    for number, cadena in enumerate(cadenas, start=1):
        _check_cadena(cadena, cert, f"renglón {number}")
    key = open_key(pair[1], password, "--key")
    check_pair(key, cert, "--key")
    return cert, [sign(cadena, key) for cadena in cadenas]


def _check_cadena(cadena: str, cert: Certificate, place: str) -> None:
    parts = read_cadena(cadena, PERSONAL_KINDS, place)
    if parts.kind != "INFORME":
        return
    campos = parts.informe()
    if campos["firmante"] != cert.rfc:
        raise SigningError(problem("rfc_ajeno", place, rfc=cert.rfc, esperado=campos["firmante"]))
    if campos["serie"] != cert.serie:
        causa = f"se preparó para el certificado {campos['serie']} y el suyo es el {cert.serie}"
        raise SigningError(problem("cadena_desconocida", place, causa=causa))


def _shape(cert: Certificate, cadenas: list[str], sellos: list[str]) -> dict[str, object]:
    return {
        "certificado": base64.b64encode(cert.der).decode("ascii"),
        "rfc": cert.rfc,
        "serie": cert.serie,
        "sellos": [
            {"folio": read_cadena(cadena).values[0], "sello": sello}
            for cadena, sello in zip(cadenas, sellos, strict=True)
        ],
    }


def _cadenas(source: str) -> list[str]:
    data = sys.stdin.buffer.read(_MAX_BYTES + 1) if source == "-" else read_bytes(Path(source))
    try:
        lines = [line for line in data.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise SigningError(problem("cadena_desconocida", source, causa=f"el byte {error.start} no es UTF-8")) from error
    if not lines:
        raise SigningError(problem("cadena_desconocida", source, causa="el archivo está vacío"))
    return lines


def read_bytes(path: Path) -> bytes:
    """Return a file of an e.firma or of cadenas, never more than a megabyte of it. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)


def read_password(path: Path | None) -> str:
    """Return the password of a key: first line of a file, or SIF_CONTRASENA, or asked. Raises EOFError, OSError."""
    if path is not None:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    return getpass.getpass("Contraseña de la llave (no se guarda ni se envía): ", stream=sys.stderr)
