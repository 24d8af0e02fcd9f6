"""`sif demo`: build an invented election, carry it to voted resolutions, print what was found and serve it."""

import argparse
import json
import logging
import os
import sys
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from sif.commands import database, roles
from sif.commands.environment import USUAL_PORT
from sif.commands.servir import serve

if TYPE_CHECKING:
    from sif.demo.marker import Loaded

SEED = 20260607
IN_PRODUCTION = (
    "sif demo: SIF_ENTORNO dice «produccion», y la demostración deja entrar a cualquiera. Para verla, corra "
    "«SIF_ENTORNO=demostracion SIF_DATOS=/otra/carpeta sif demo»; docs/instalacion.md dice cómo se instala."
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "demo", help="construye una elección inventada y la sirve", epilog="Ejemplo: sif demo --sin-servidor --json"
    )
    parser.add_argument("--sin-servidor", action="store_true", help="construye, informa y termina")
    parser.add_argument("--semilla", type=int, default=SEED, help=f"la misma semilla da la misma elección ({SEED})")
    parser.add_argument("--puerto", type=int, default=USUAL_PORT, help=f"puerto local ({USUAL_PORT})")
    parser.add_argument("--de-nuevo", action="store_true", help="borra la demostración cargada y la hace otra vez")
    parser.add_argument("--json", action="store_true", help="imprime el informe como un objeto JSON, sin servir")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build what is missing, report, and serve unless told otherwise; 1 if something planted was missed or invented."""
    is_external = "DATABASE_URL" in os.environ
    os.environ["SIF_PUERTO"] = str(args.puerto)
    database.setup_django(keyed=False)
    from django.conf import settings

    if settings.PRODUCTION:
        print(IN_PRODUCTION, file=sys.stderr)
        return 2
    database.migrate()
    report = _report(args, is_external=is_external)
    if report is None:
        return 2
    from sif.demo.build import is_exact
    from sif.demo.report import lines_of

    print(json.dumps(report, ensure_ascii=False) if args.json else "\n".join(lines_of(report)), flush=True)
    code = 0 if is_exact(report) else 1
    if args.json or args.sin_servidor:
        return code
    print(f"Abra http://localhost:{args.puerto}/: su primera página dice con qué persona entrar.")
    return serve(args.puerto) or code


def _report(args: argparse.Namespace, *, is_external: bool) -> "dict[str, object] | None":
    """The report of the demonstration asked for, built if it is not there; None when it cannot be, with the reason."""
    from sif.demo import marker
    from sif.demo.build import build
    from sif.registry.models import Proceso

    loaded = marker.look(has_rows=Proceso.objects.exists())
    if reason := _reason_not_to(args, loaded, is_external=is_external):
        print(reason, file=sys.stderr)
        return None
    if loaded.estado == "completa" and not args.de_nuevo:
        _say(args, "La demostración ya está cargada; no se construye otra vez (--de-nuevo la rehace).")
        return loaded.informe
    if loaded.estado == "incompleta":
        _say(args, "La carga anterior no terminó; se hace de nuevo.")
    if loaded.estado != "vacia":
        _clear()
    logging.disable(logging.WARNING)  # a line for each invented act would hide the progress
    try:
        return build(args.semilla, lambda text: _say(args, text))
    finally:
        logging.disable(logging.NOTSET)


def _reason_not_to(args: argparse.Namespace, loaded: "Loaded", *, is_external: bool) -> str:
    """Return the reason not to build the demonstration here, with its cure, or '' where there is none."""
    if loaded.estado == "ajena":
        return (
            f"En {database.data_folder()} hay procesos que no son de la demostración; no se tocan. "
            "Indique otra carpeta: SIF_DATOS=/ruta sif demo"
        )
    if loaded.estado == "completa" and not args.de_nuevo and loaded.semilla != args.semilla:
        return (
            f"La demostración cargada es de la semilla {loaded.semilla} y se pidió {args.semilla}. "
            "Use --de-nuevo para borrarla y hacer la otra."
        )
    keeps = loaded.estado == "vacia" or (loaded.estado == "completa" and not args.de_nuevo)
    if is_external and not keeps:
        return "La demostración no borra una base dada por DATABASE_URL. Vacíela usted o quite esa variable."
    return ""


def _say(args: argparse.Namespace, text: str) -> None:
    """Progress goes to stderr, so that --json prints its object and nothing else."""
    print(text, file=sys.stderr if args.json else sys.stdout, flush=True)


def _clear() -> None:
    """Drop the embedded database and make it again, empty and migrated, and remove the files that went with it."""
    from django.db import connections

    from sif.demo import marker

    connections.close_all()
    owner = os.environ["DATABASE_OWNER_URL"]
    name = str(psycopg.conninfo.conninfo_to_dict(owner)["dbname"])
    with psycopg.connect(psycopg.conninfo.make_conninfo(owner, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    roles.grant_to_app(owner)
    marker.remove_files()
    database.migrate()
