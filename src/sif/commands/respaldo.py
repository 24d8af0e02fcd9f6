"""`sif respaldo`: back up database, evidence, snapshots and public keys to one verifiable folder."""

import argparse
import sys
import time
from pathlib import Path

from sif.commands import database
from sif.commands.backup import BackupRefused, back_up, backup_conninfo, evidence_of_installation


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "respaldo",
        help="respalda la instalación en una carpeta; la segunda vez, solo lo nuevo",
        epilog="Ejemplo: sif respaldo /mnt/respaldos/sif",
    )
    parser.add_argument("carpeta", metavar="CARPETA", type=Path, help="vacía la primera vez; después, la misma")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Back up; 0 only when the whole part was written, with every file of evidence."""
    start = time.monotonic()
    try:
        conninfo = backup_conninfo()
        database.setup_django()
        done = back_up(args.carpeta.resolve(), database.data_folder(), conninfo, evidence_of_installation())
    except BackupRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(
        f"{done.parte}: base de datos y {done.copiados} archivos nuevos ({done.bytes:,} bytes), de {done.archivos} "
        f"que guarda el respaldo, en {time.monotonic() - start:.1f} s."
    )
    for digest in done.faltantes:
        print(f"El archivo de evidencia {digest} falta o cambió, y el respaldo no tiene copia buena.", file=sys.stderr)
    print("No se copian llaves privadas ni secretos: guárdelos aparte.")
    return 1 if done.faltantes else 0
