"""`sif acuse verificar`: judge an acuse offline, naming whatever changed."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from sif.signing.acuse import Verdict, verify_acuse_file
from sif.signing.acuse_form import Unreadable, read_json

_EXAMPLE = """ejemplos:
  sif acuse verificar acuse.json raices.json
  sif acuse verificar acuse.json --raiz 5dc9da79…8604328 --archivos recibidos/

sale con 0 si es VÁLIDO, 1 si está ALTERADO y 2 si no se puede leer o falta comparar algo."""
_MAX_BYTES = 10_000_000
_UNREADABLE = "ILEGIBLE"


def register(subparsers: Any) -> None:
    """Add `sif acuse verificar` to the command."""
    parser = subparsers.add_parser("acuse", help="comprueba acuses de presentación", description="Acuses.")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    verificar = verbs.add_parser(
        "verificar",
        help="dice si un acuse está íntegro y qué cambió",
        description="Comprueba un acuse sin red. Sin la raíz publicada (raices.json o la de un periódico oficial) "
        "nunca dice VÁLIDO: quien falsifica puede sellar con una clave propia; la raíz es lo que responde.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verificar.add_argument("archivo", metavar="ARCHIVO", type=Path, help="acuse.json")
    verificar.add_argument("raices", metavar="RAICES", type=Path, nargs="?", help="raices.json publicado")
    verificar.add_argument("--raiz", help="la raíz impresa en un periódico oficial, 64 cifras hexadecimales")
    verificar.add_argument("--archivos", metavar="CARPETA", type=Path, help="carpeta con los archivos presentados")
    verificar.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    verificar.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdict; 0 valid, 1 altered, 2 unreadable or with something left to compare."""
    try:
        verdict = _verdict(args)
    except (Unreadable, OSError) as error:
        why = _system_words(error) if isinstance(error, OSError) else str(error)
        if args.json:
            print(json.dumps({"veredicto": _UNREADABLE, "cambios": [why], "sin_comprobar": []}, ensure_ascii=False))
        print(
            f"sif acuse verificar: {why}. Use el archivo tal como se descargó y la raíz tal como se imprimió.",
            file=sys.stderr,
        )
        return 2
    if args.json:
        shape = {
            "veredicto": verdict.veredicto,
            "cambios": verdict.cambios,
            "sin_comprobar": verdict.sin_comprobar,
        }
        print(json.dumps(shape, ensure_ascii=False))
    else:
        print(verdict.veredicto)
        for line in verdict.cambios:
            print(f"  cambió  {line}")
        for line in verdict.sin_comprobar:
            print(f"  sin comprobar  {line}")
    return verdict.exit_code


def _verdict(args: argparse.Namespace) -> Verdict:
    data = _bytes(args.archivo)
    raices = _roots(args.raices) if args.raices else None
    if args.archivos is not None and not args.archivos.is_dir():
        raise Unreadable(f"{args.archivos}: no es una carpeta")
    if args.raiz is not None and not re.fullmatch("[0-9a-fA-F]{64}", typed := "".join(args.raiz.split())):
        raise Unreadable(
            f"--raiz: una raíz son 64 letras y números, de la a a la f y del 0 al 9, y se dieron {len(typed)}"
        )
    try:
        return verify_acuse_file(data, raices, args.archivos, args.raiz)
    except Unreadable as error:
        raise Unreadable(f"{args.archivo}: {error}") from error


def _roots(path: Path) -> Any:
    try:
        return read_json(_bytes(path))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise Unreadable(f"{path}: pasa de {_MAX_BYTES} bytes; un acuse mide unos miles")
    return data


def _system_words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{error.filename}: no existe"
    if isinstance(error, IsADirectoryError):
        return f"{error.filename}: es una carpeta y se quiere un archivo"
    return f"{error.filename}: no se puede leer ({error.strerror})"
