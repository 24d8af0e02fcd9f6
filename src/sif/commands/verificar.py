"""`sif verificar`: read the whole installation and name what of the record is not as it was."""

import argparse
import base64
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.signing.acuse_form import Unreadable, read_json
from sif.signing.hours import legal_hour

if TYPE_CHECKING:
    from sif.filing.verifying import Altered

_EXAMPLE = """ejemplos:
  sif verificar
  sif verificar --raices raices.json --json > verificacion.json

Lee como dueño de las tablas y no escribe nada. Termina en 0 solo si todo está íntegro."""


def register(subparsers: Subparsers) -> None:
    """Add `sif verificar` to the command."""
    parser = subparsers.add_parser(
        "verificar",
        help="comprueba que nada de lo registrado cambió",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="el resultado como JSON")
    parser.add_argument("--raices", type=Path, metavar="ARCHIVO", help="raíces publicadas con que comparar")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify rows, chains and files; 0 only if all is whole, 1 if not, 2 where the published roots cannot be read."""
    database.setup_django()
    database.announce_server()
    text = args.raices.read_bytes() if args.raices else None
    try:
        published = read_json(text) if text is not None else None
    except Unreadable as error:
        print(f"sif verificar: {args.raices}: {error}. Use el archivo tal como se publicó.", file=sys.stderr)
        return 2
    print(_compared(text, published), file=sys.stderr)
    owner = os.environ["DATABASE_OWNER_URL"]
    try:
        return _judge(owner, published, as_json=args.json)
    except psycopg.errors.InsufficientPrivilege as refused:
        return _unread(owner, refused, as_json=args.json)


def _judge(owner: str, published: Mapping[str, object] | None, *, as_json: bool) -> int:
    from sif.audit.verifying import strange_runs, verify_snapshots
    from sif.disclosure.verifying import verify_published
    from sif.filing.verifying import verify_files, verify_rows

    _warn(owner)
    begun = time.monotonic()
    count, altered = verify_rows(owner, published, [strange_runs])
    altered += verify_published(owner)
    rows_s = time.monotonic() - begun
    files = verify_files(owner)
    snapshots = verify_snapshots(owner)
    files_s = time.monotonic() - begun - rows_s
    altered += [*files.alterados, *snapshots.alterados]
    if as_json:
        _print(altered, count, rows_s + files_s)
        return 1 if altered else 0
    for one in altered:
        print(f"{one.tabla} {one.id}: {one.que}")
    print(f"{'Íntegro' if not altered else 'NO íntegro'}: {count:,} registros en {rows_s:.1f} s.")
    print(
        f"Evidencia: {files.archivos:,} archivos, {files.bytes / 1e6:,.1f} MB; instantáneas: {snapshots.archivos:,} "
        f"archivos, {snapshots.bytes / 1e6:,.1f} MB; en {files_s:.1f} s."
    )
    return 1 if altered else 0


def _print(altered: Sequence["Altered"], count: int, seconds: float) -> None:
    found = {
        "integro": not altered,
        "registros": count,
        "segundos": round(seconds, 1),
        "alterados": [asdict(one) for one in altered],
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))


def _unread(owner: str, refused: psycopg.Error, *, as_json: bool) -> int:
    """Name the guards and tables that changed where PostgreSQL did not let the record be read; 1.

    Raises the error where none of them changed: it is of the installation.
    """
    from sif.filing.shape import unlike
    from sif.filing.verifying import SETTINGS, Altered

    with psycopg.connect(owner) as connection:
        connection.execute(SETTINGS)
        changed = [Altered(*each) for each in unlike(connection)]
    if not changed:
        raise refused
    said = str(refused).splitlines()[0]
    print(f"PostgreSQL no dejó leer el registro ({said}): de sus filas no se dice nada.", file=sys.stderr)
    if as_json:
        _print(changed, 0, 0.0)
        return 1
    for one in changed:
        print(f"{one.tabla} {one.id}: {one.que}")
    print("NO íntegro: 0 registros. Devuelva lo de arriba a como lo hacen las migraciones y verifique otra vez.")
    return 1


def _warn(owner: str) -> None:
    """Say beforehand what the verification of this server cannot compare, or will see of its clock and signatures."""
    from sif.filing.shape import RELEASE, is_comparable
    from sif.filing.verifying import steps_back, unfiled

    with psycopg.connect(owner) as connection:
        if not is_comparable(connection):
            print(
                f"Guardas, muros y permisos no se comparan: son de PostgreSQL {RELEASE} y este es otro. "
                f"Restaure la copia en PostgreSQL {RELEASE} para compararlos.",
                file=sys.stderr,
            )
    for number, before, after in steps_back(owner):
        print(
            f"El reloj del servidor retrocedió: el corte {number} dice {legal_hour(after)} y el de antes, "
            f"{legal_hour(before)}. Entre el corte {number - 1} y el {number + 1}, la hora de un acto dice menos: "
            "cotéjela con el diario del servidor y con los sellos de tiempo.",
            file=sys.stderr,
        )
    pending, without = unfiled(owner)
    print(f"Firmas recibidas sin presentación: {pending:,} esperan su acuse, {without:,} sin efecto.", file=sys.stderr)


def _compared(text: bytes | None, published: object) -> str:
    """With which roots the log is compared, for whoever reads the verdict to know how much it says."""
    if text is None:
        return (
            "Sin --raices se compara solo con los cortes que la propia base guarda, y quien la administra pudo "
            "rehacerlos: para descartarlo, repita con un raices.json guardado fuera de ella."
        )
    said = published if isinstance(published, dict) else {}
    try:
        key = hashlib.sha256(base64.b64decode(str(said.get("autoridad")), validate=True)).hexdigest()
    except ValueError:
        key = "ilegible"
    return (
        f"Raíces publicadas el {said.get('publicado_el', '(sin fecha)')}, SHA-256 {hashlib.sha256(text).hexdigest()}.\n"
        f"Llave que las selló, SHA-256 {key}: compárela con la que la autoridad publicó aparte."
    )
