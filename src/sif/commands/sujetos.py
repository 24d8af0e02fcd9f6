"""`sif sujetos`: who must report, one more of them, and the emblem of one by its accord."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sif.commands import database
from sif.commands.arguments import Subparsers, act_as, day, subject_named
from sif.values import refusal

if TYPE_CHECKING:
    from sif.registry.models import Usuario

_HERE = "sujetos"
_EXAMPLE = """ejemplos:
  sif sujetos
  sif sujetos registrar partido PJ "Partido Jacaranda" --rfc PJA140101AB1 --por hugo
  sif sujetos emblema PJ emblema.png --acuerdo INE/CG5/2027 --desde 2027-01-10 --por hugo

El convenio de una coalición se registra después, con «sif coaliciones convenio»."""


def register(subparsers: Subparsers) -> None:
    """Add `sif sujetos` and its acts to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        _HERE, help="sujetos obligados: cuáles hay, otro y su emblema", epilog=_EXAMPLE, formatter_class=as_written
    )
    parser.set_defaults(run=show)
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    acts = parser.add_subparsers(dest="acto", metavar="ACTO")
    made = acts.add_parser("registrar", help="registra un sujeto", epilog=_EXAMPLE, formatter_class=as_written)
    made.add_argument("tipo", help="partido, partido_local, coalicion, comun, independiente…")
    made.add_argument("siglas", help="con ellas se le llama en listas y archivos")
    made.add_argument("nombre", help="nombre completo")
    made.add_argument("--rfc", default="", help="el de la persona moral, con que se leen sus CFDI")
    made.add_argument("--numero", default="", help="abre la clave de sus conclusiones; sin él, el primero libre")
    made.set_defaults(run=new)
    drawn = acts.add_parser("emblema", help="registra su emblema", epilog=_EXAMPLE, formatter_class=as_written)
    drawn.add_argument("siglas", help="siglas del sujeto")
    drawn.add_argument("archivo", type=Path, help="PNG o JPEG de 2 MB o menos")
    drawn.add_argument("--acuerdo", required=True, help="acuerdo o documento que lo registra o lo cambia")
    drawn.add_argument("--desde", required=True, type=day, metavar="DÍA", help="primer día en que rige")
    drawn.set_defaults(run=emblem)
    for each in (made, drawn):
        each.add_argument("--por", required=True, help="usuario que administra y lo registra")


def show(args: argparse.Namespace) -> int:
    """List the subjects."""
    database.setup_django()
    from sif.registry.elections import subjects
    from sif.registry.scope import everything

    with everything():
        rows: list[Any] = list(subjects().order_by("nombre"))
    if args.json:
        print(json.dumps([_written(row) for row in rows], ensure_ascii=False))
        return 0
    for row in rows:
        head = "" if row.con_responsable else "; sin Responsable de Finanzas"
        print(f"{row.siglas:<16} {row.nombre} ({row.tipo}): {row.libros:,} contabilidades{head}")
    if not rows:
        print("Todavía no hay sujetos.")
    return 0


def _written(row: Any) -> dict[str, object]:
    return {
        "siglas": row.siglas,
        "nombre": row.nombre,
        "tipo": row.tipo,
        "numero": row.numero,
        "rfc": row.rfc,
        "contabilidades": row.libros,
        "responsable": row.con_responsable,
    }


def new(args: argparse.Namespace) -> int:
    """Register a subject; 1 where something of it is refused, 2 if the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.registry.sujetos import NewSujeto, Tipo, register_subject

        if args.tipo not in Tipo.values:
            told = f"El tipo «{args.tipo[:24]}» no se conoce."
            raise refusal("tipo", "tipo", told, f"Escriba uno de: {', '.join(Tipo.values)}.")
        made = register_subject(NewSujeto(args.tipo, args.siglas, args.nombre, args.rfc, args.numero), by)
        print(f"{made.siglas}: {made.nombre}, sujeto {made.numero}.")
        return 0

    return act_as(_HERE, args.por, act)


def emblem(args: argparse.Namespace) -> int:
    """Register an emblem; 1 where it is refused, 2 if the file, the subject or the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.books.emblems import keep_emblem
        from sif.registry.emblems import NewEmblem, register_emblem
        from sif.registry.sujetos import must_administer

        must_administer(by)
        found = subject_named(_HERE, args.siglas)
        if found is None:
            return 2
        kept = keep_emblem(args.archivo.read_bytes())
        said = NewEmblem(args.acuerdo, args.desde, args.archivo.name, kept.sha256, kept.figura_sha256)
        made = register_emblem(found, said, by)
        print(f"{found.siglas}: emblema desde el {made.desde:%d/%m/%Y}, SHA-256 {made.sha256}.")
        return 0

    return act_as(_HERE, args.por, act)
