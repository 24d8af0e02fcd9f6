"""The word `sif` in a terminal: finds the command asked for and runs it."""

import argparse
import importlib
import sys

from django.core.exceptions import ImproperlyConfigured

COMMANDS = (
    "acuse",
    "administrador",
    "auditar",
    "calendario",
    "candidaturas",
    "cfdi",
    "cuentas",
    "demo",
    "firmar",
    "hallazgo",
    "indicios",
    "informe",
    "libros",
    "listas",
    "lotes",
    "migrar",
    "raices",
    "reglas",
    "respaldo",
    "restaurar",
    "revisar",
    "sancion",
    "servir",
    "simular",
    "tablas",
    "trabajar",
    "verificar",
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each module of this folder adds its own."""
    parser = argparse.ArgumentParser(
        prog="sif",
        description="SIF, Sistema Integral de Fiscalización abierto.",
        epilog="Ejemplo: sif sancion --monto 466832.53 --porcentaje 100 --anio 2024",
    )
    subparsers = parser.add_subparsers(dest="orden", metavar="ORDEN", required=True)
    for name in COMMANDS:
        importlib.import_module(f"sif.commands.{name}").register(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code (0 only on success)."""
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except ImproperlyConfigured as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("Interrumpido: nada quedó a medias.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
