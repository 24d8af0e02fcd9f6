"""`sif restaurar`: verify a backup and restore it in a new data folder, beside the one in use."""

import argparse
import sys
import time
from pathlib import Path

from sif.commands.backup import BackupRefused, restore


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "restaurar",
        help="restaura un respaldo en una carpeta de datos nueva",
        epilog="Ejemplo: sif restaurar /mnt/respaldos/sif --en /srv/sif-prueba",
    )
    parser.add_argument("carpeta", metavar="CARPETA", type=Path, help="carpeta que hizo sif respaldo")
    parser.add_argument("--en", metavar="DATOS", type=Path, required=True, help="carpeta nueva o vacía")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore; 0 only when every file agreed with its digest."""
    start = time.monotonic()
    data = args.en.resolve()
    try:
        count = restore(args.carpeta.resolve(), data)
    except BackupRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"Restaurada en {data}: base de datos y {count} archivos, en {time.monotonic() - start:.1f} s.")
    print(f"Póngala en marcha y compruébela: SIF_DATOS={data} sif migrar && sif verificar --raices RAICES.json")
    print("Ponga de nuevo sus llaves privadas en certificados/ y los secretos en el entorno.")
    return 0
