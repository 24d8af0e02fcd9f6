"""Dispatch `sif` to the command asked for."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError

COMMANDS = (
    "acuse",
    "administrador",
    "auditar",
    "bancos",
    "calendario",
    "candidaturas",
    "cfdi",
    "coaliciones",
    "correo",
    "cuentas",
    "demo",
    "disponibilidad",
    "ensayo",
    "factores",
    "firmar",
    "hallazgo",
    "historico",
    "indicios",
    "informe",
    "instalar",
    "leyes",
    "libros",
    "listas",
    "lotes",
    "migrar",
    "obligaciones",
    "personas",
    "procesos",
    "publicacion",
    "raices",
    "reglas",
    "respaldo",
    "restaurar",
    "revisar",
    "sancion",
    "servir",
    "simular",
    "sujetos",
    "tablas",
    "topes",
    "trabajar",
    "verificar",
)

INTERRUPTED = "Query interrupted"
"""Words of the RuntimeError that DuckDB raises in place of the KeyboardInterrupt that reaches it inside a query."""


def build_parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of these commands; each module of this folder adds its own, and imports what it runs."""
    parser = argparse.ArgumentParser(
        prog="sif",
        description="SIF, Sistema Integral de Fiscalización abierto.",
        epilog="Ejemplo: sif sancion --monto 466832.53 --porcentaje 100 --anio 2024",
    )
    subparsers = parser.add_subparsers(dest="orden", metavar="ORDEN", required=True)
    for name in names:
        importlib.import_module(f"sif.commands.{name}").register(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code (0 only on success)."""
    words = sys.argv[1:] if argv is None else argv
    args = build_parser([name for name in COMMANDS if name in words[:1]] or COMMANDS).parse_args(words)
    # what runs without the database reads of the settings which jurisdiction this is; they load when first read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return int(args.run(args))
    except ImproperlyConfigured as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as failed:
        if str(failed) != INTERRUPTED:
            raise
        return _interrupted()
    except (DatabaseError, psycopg.Error, OSError, KeyError) as failed:
        said = _cure_of(failed)
        if not said:
            raise
        print(f"sif {args.orden}: {said}", file=sys.stderr)
        return 2


def _interrupted() -> int:
    print("Interrumpido: nada quedó a medias.", file=sys.stderr)
    return 130


def _cure_of(failed: Exception) -> str:
    """Say what of the installation failed and its cure; empty when the failure is of the program itself."""
    if isinstance(failed, OperationalError | psycopg.OperationalError):
        return "La base de datos no responde. Arránquela y revise DATABASE_URL."
    if isinstance(failed, ProgrammingError | psycopg.ProgrammingError):
        first = str(failed).partition("\n")[0]
        return f"A la base de datos le falta una tabla o un permiso ({first}). Ejecute `sif migrar`."
    if isinstance(failed, OSError):
        return f"{failed.strerror or failed}: «{failed.filename or 'sin nombre'}». Revise que exista y sus permisos."
    if failed.args == ("DATABASE_OWNER_URL",):
        return "Falta DATABASE_OWNER_URL, la conexión del dueño de las tablas. Póngala para esta orden."
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
