"""`sif acuse verificar`: judge an acuse, or a PDF that the authority sealed, offline, naming whatever changed."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sif.commands.arguments import Subparsers
from sif.sandbox.client import Client, is_of_the_file
from sif.sandbox.opening import Limits
from sif.signing.acuse import Verdict, verify_acuse_file
from sif.signing.acuse_form import Unreadable, read_json
from sif.signing.bundle import MARK as ZIP_MARK
from sif.signing.bundle import MOST_BYTES, verify_bundle
from sif.signing.chain import sha256_hex
from sif.signing.heads import spki_of
from sif.signing.pades import SealParts, SealRefused
from sif.signing.sealed_verdict import MARK, certificates_in, key_in, key_of_roots, verify_sealed_pdf
from sif.values import Refused

_EXAMPLE = """ejemplos:
  sif acuse verificar acuse.json raices.json
  sif acuse verificar acuse.json --raiz 5dc9da79…8604328 --archivos recibidos/
  sif acuse verificar oficio.pdf --certificado sello.cer
  sif acuse verificar oficio.pdf raices.json
  sif acuse verificar NOT-2026-000001.zip raices.json
  sif acuse verificar notificado-paz-2026-campana.zip raices.json

sale con 0 si es VÁLIDO, 1 si está ALTERADO y 2 si no se puede leer o falta comparar algo."""
_MAX_BYTES = 10_000_000
_MAX_PDF = 32 * 1024 * 1024
_UNREADABLE = "ILEGIBLE"
_OPENERS = "sif.filing.openers"


def register(subparsers: Subparsers) -> None:
    """Add `sif acuse verificar` to the command."""
    parser = subparsers.add_parser("acuse", help="comprueba acuses de presentación", description="Acuses.")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    verificar = verbs.add_parser(
        "verificar",
        help="dice si un acuse está íntegro y qué cambió",
        description="Comprueba un acuse sin red. Sin la raíz publicada (raices.json o la de un periódico oficial) "
        "nunca dice VÁLIDO: quien falsifica puede sellar con una clave propia; la raíz es lo que responde. De un PDF "
        "sellado responde el certificado que publica la autoridad, o la clave de raices.json, que es la misma.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verificar.add_argument(
        "archivo",
        metavar="ARCHIVO",
        type=Path,
        help="acuse.json, un PDF sellado o un paquete de notificación o de una etapa (.zip)",
    )
    verificar.add_argument("raices", metavar="RAICES", type=Path, nargs="?", help="raices.json publicado")
    verificar.add_argument("--raiz", help="la raíz impresa en un periódico oficial, 64 cifras hexadecimales")
    verificar.add_argument("--archivos", metavar="CARPETA", type=Path, help="carpeta con los archivos presentados")
    verificar.add_argument("--certificado", metavar="CER", type=Path, help="de un PDF: el de la autoridad (sello.cer)")
    verificar.add_argument(
        "--tiempo",
        metavar="CER",
        type=Path,
        help="de un PDF o paquete: el de la autoridad de sus sellos de tiempo",
    )
    verificar.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    verificar.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdict; 0 valid, 1 altered, 2 unreadable or with something left to compare."""
    try:
        verdict, document = _verdict(args)
    except (Unreadable, OSError) as error:
        why = _system_words(error) if isinstance(error, OSError) else str(error)
        if args.json:
            print(_json({"veredicto": _UNREADABLE, "cambios": [why], "sin_comprobar": []}))
        print(
            f"sif acuse verificar: {_plain(why)}. Use el archivo tal como se descargó y la raíz tal como se imprimió.",
            file=sys.stderr,
        )
        return 2
    if args.json:
        shape = {
            "veredicto": verdict.veredicto,
            "cambios": verdict.cambios,
            "sin_comprobar": verdict.sin_comprobar,
            **document,
        }
        print(_json(shape))
    else:
        print(verdict.veredicto)
        for line in verdict.cambios:
            print(f"  cambió  {_plain(line)}")
        for line in verdict.sin_comprobar:
            print(f"  sin comprobar  {_plain(line)}")
        for name, value in document.items():
            print(f"  {name.replace('_', ' ')}  {_plain(str(value))}")
    return verdict.exit_code


def _plain(text: str) -> str:
    """Return a text with what moves a terminal written as its escape: who made the file chose its names."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _json(shape: dict[str, object]) -> str:
    return _plain(json.dumps(shape, ensure_ascii=False))


def _verdict(args: argparse.Namespace) -> tuple[Verdict, dict[str, object]]:
    """Judge the file: an acuse, a bundle, or a PDF, of which what it seals is told too."""
    with args.archivo.open("rb") as file:
        head = file.read(max(len(MARK), len(ZIP_MARK)))
    if head.startswith(ZIP_MARK):
        return _bundle(args)
    return _sealed(args) if head.startswith(MARK) else (_acuse(args), {})


def _bundle(args: argparse.Namespace) -> tuple[Verdict, dict[str, object]]:
    if args.raiz is not None or args.archivos is not None:
        raise Unreadable("--raiz y --archivos son de un acuse, y se dio un paquete de notificación")
    keys = _keys(args, "un paquete")
    clocks = _read(args.tiempo, certificates_in) if args.tiempo else []
    data = _bytes(args.archivo, MOST_BYTES, "un paquete mide unos cientos de miles")
    verdict, told = _judged(args.archivo, lambda: verify_bundle(data, keys, _read_confined, clocks))
    return verdict, {**told, "clave_sha256": sha256_hex(spki_of(keys[0]).encode("ascii"))}


def _keys(args: argparse.Namespace, what: str) -> list[RSAPublicKey]:
    """Return the keys of the authority that were given, of one and the same. Raises Unreadable."""
    keys = [_read(args.certificado, key_in)] if args.certificado else []
    if args.raices:
        keys.append(_read(args.raices, lambda data: key_of_roots(read_json(data))))
    if len({spki_of(key) for key in keys}) > 1:
        raise Unreadable(f"{args.certificado} y {args.raices} son de claves distintas: pida uno a quien lo publica")
    if not keys:
        raise Unreadable(
            f"{args.archivo}: {what} se compara con el certificado de la autoridad (--certificado sello.cer) o "
            "con raices.json, y no se dio ninguno"
        )
    return keys


def _sealed(args: argparse.Namespace) -> tuple[Verdict, dict[str, object]]:
    if args.raiz is not None or args.archivos is not None:
        raise Unreadable("--raiz y --archivos son de un acuse, y se dio un PDF")
    keys = _keys(args, "un PDF sellado")
    clocks = _read(args.tiempo, certificates_in) if args.tiempo else []
    data = _bytes(args.archivo, _MAX_PDF, "un documento mide unos cientos de miles")
    verdict, found = _judged(args.archivo, lambda: verify_sealed_pdf(data, keys, _read_confined, clocks))
    if found is None:
        return verdict, {}
    return verdict, {
        "documento_sha256": found.contenido_sha256,
        "bytes": found.contenido_bytes,
        "sellado_por": found.nombre,
        "clave_sha256": sha256_hex(spki_of(keys[0]).encode("ascii")),
    }


def _read_confined(figures: bytes) -> SealParts:
    """Read a seal in a process that can harm nothing: a stranger wrote it. Raises SealRefused, Unopened."""
    with TemporaryDirectory(prefix="sif-sello-") as folder:
        client = Client(Path(folder), [_OPENERS])
        try:
            parts: SealParts = client.ask("sello_pdf", figures, {}, Limits(cpu=2)).value(SealParts)
        except Refused as wrong:
            if not is_of_the_file(wrong):
                raise
            raise SealRefused("cambio", wrong.problems[0].mensaje) from wrong
        finally:
            client.close()
    return parts


def _read[T](path: Path, reader: Callable[[bytes], T]) -> T:
    data = _bytes(path)
    return _judged(path, lambda: reader(data))


def _judged[T](path: Path, judge: Callable[[], T]) -> T:
    """Return what a judge says of a file. Raises Unreadable, of that file, where it cannot be read or opened."""
    try:
        return judge()
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from error
    except Refused as unopened:
        raise Unreadable(f"{path}: su sello no se abrió. {unopened.problems[0].mensaje}") from unopened


def _acuse(args: argparse.Namespace) -> Verdict:
    if args.certificado or args.tiempo:
        raise Unreadable("--certificado y --tiempo son de un PDF sellado, y se dio un acuse")
    data = _bytes(args.archivo)
    raices = _read(args.raices, read_json) if args.raices else None
    if args.archivos is not None and not args.archivos.is_dir():
        raise Unreadable(f"{args.archivos}: no es una carpeta")
    if args.raiz is not None and not re.fullmatch("[0-9a-fA-F]{64}", typed := "".join(args.raiz.split())):
        raise Unreadable(
            f"--raiz: una raíz son 64 letras y números, de la a a la f y del 0 al 9, y se dieron {len(typed)}"
        )
    return _judged(args.archivo, lambda: verify_acuse_file(data, raices, args.archivos, args.raiz))


def _bytes(path: Path, most: int = _MAX_BYTES, usual: str = "un acuse mide unos miles") -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"{path}: pasa de {most} bytes; {usual}")
    return data


def _system_words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{error.filename}: no existe"
    if isinstance(error, IsADirectoryError):
        return f"{error.filename}: es una carpeta y se quiere un archivo"
    return f"{error.filename}: no se puede leer ({error.strerror})"
