"""`sif restaurar`: verify a backup and restore it in a new data folder, beside the one in use."""

import argparse
import shlex
import sys
import time
from pathlib import Path

from sif.commands import database
from sif.commands.backup import BackupRefused, evidence_of_installation, heal, restore

_EXAMPLE = """ejemplos:
  sif restaurar /mnt/respaldos/sif --en /srv/sif-prueba
  sif restaurar /mnt/respaldos/sif --evidencia

Con --evidencia no restaura la base: pone de nuevo en la instalación en uso los archivos de evidencia que faltan o
cuyos bytes cambiaron, si el respaldo los tiene íntegros."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "restaurar",
        help="restaura un respaldo en una carpeta de datos nueva",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("carpeta", metavar="CARPETA", type=Path, help="carpeta que hizo sif respaldo")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--en", metavar="DATOS", type=Path, help="carpeta nueva o vacía")
    where.add_argument("--evidencia", action="store_true", help="sana los archivos de la instalación en uso")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore; 0 only when every file agreed with its digest."""
    if args.evidencia:
        return _heal(args.carpeta.resolve())
    start = time.monotonic()
    data = args.en.resolve()
    try:
        count = restore(args.carpeta.resolve(), data)
    except BackupRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"Restaurada en {data}: base de datos y {count} archivos, en {time.monotonic() - start:.1f} s.")
    copy = f"env -u DATABASE_URL -u DATABASE_OWNER_URL SIF_DATOS={shlex.quote(str(data))} sif"
    print("Compruébela con su propio servidor, que no escucha en la red, y no con el de DATABASE_URL:")
    print(f"  {copy} migrar")
    print(f"  {copy} verificar --raices RAICES.json")
    print("Ponga de nuevo sus llaves privadas en certificados/ y los secretos en el entorno.")
    return 0


def _heal(folder: Path) -> int:
    """Heal the evidence of the installation in use; 0 only when all of it is whole afterwards."""
    database.setup_django()
    from sif.books.services.file_store import almacen

    healed, lost = heal(folder, evidence_of_installation(), almacen().put)
    for digest in healed:
        print(f"Sanado del respaldo: {digest}")
    for digest in lost:
        print(f"Sin copia íntegra en el respaldo: {digest}. Súbalo de nuevo quien lo tenga.", file=sys.stderr)
    print(f"{len(healed)} archivos sanados, {len(lost)} sin copia.")
    return 1 if lost else 0
