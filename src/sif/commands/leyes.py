"""`sif leyes`: load a version of a law from its text, and say what of it agrees with what rules and figures cite."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, day, person_named, tell
from sif.values import Refused

if TYPE_CHECKING:
    from sif.law.citations import Citation
    from sif.rulebook.citations import Comparison

_EXAMPLE = """ejemplos:
  sif leyes cargar RF reglamento.pdf --desde 2023-08-22 --por irene
  sif leyes cargar LGPP LGPP.txt --desde 2014-05-24 --hasta 2023-03-03 --json
  sif leyes revisar

el archivo es el texto de la ley en PDF con letras (no una imagen), TXT o Markdown. Queda como versión de esta
instalación: quién la cargó, su huella y desde qué día rige, hasta --hasta o hasta la versión siguiente. Se comparan las
citas que rigen en esos días: coincide la que el texto dice con sus palabras y su cifra; difiere la que está en su
artículo y dice otra cosa; no hallada, la que no tiene ahí su artículo o su parte. Sin --por la carga quien opera
la máquina.
termina con 0 si la cargó o la revisó, 1 si algo no se entiende y 2 si falta el archivo o la persona."""


def register(subparsers: Subparsers) -> None:
    """Add the command and its two verbs to the parser."""
    parser = subparsers.add_parser(
        "leyes",
        help="carga el texto de una ley y revisa contra él lo que se cita",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Sin verbo, dice qué leyes están cargadas.",
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO")
    load = verbs.add_parser(
        "cargar",
        help="carga una versión de una ley",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    load.add_argument("clave", metavar="CLAVE", help="la ley como se cita: RF, LGPP, LGIPE…")
    load.add_argument("ruta", metavar="RUTA", type=Path, help="su texto, en PDF, TXT o Markdown")
    load.add_argument("--desde", required=True, type=day, metavar="AAAA-MM-DD", help="primer día en que rige ese texto")
    load.add_argument("--hasta", type=day, metavar="AAAA-MM-DD", help="primer día en que ya no rige, si se sabe")
    load.add_argument("--por", help="usuario de la autoridad que la carga; sin él, quien opera la máquina")
    review = verbs.add_parser("revisar", help="revisa todas las citas contra todo lo cargado")
    for verb in (load, review):
        verb.add_argument("--json", action="store_true", help="imprime JSON y nada más")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List, load or review; 1 if the file was refused, 2 if the file or the person is not there."""
    database.setup_django()
    if args.verbo == "cargar":
        return _load(args)
    return _review(args.json) if args.verbo == "revisar" else _list()


def _load(args: argparse.Namespace) -> int:
    from sif.registry.scope import everything
    from sif.statutes.loading import load_text, read_file
    from sif.statutes.selectors import comparison, version_of

    by = person_named("leyes", args.por)
    if by is None and args.por:
        return 2
    try:
        data = read_file(args.ruta)
        with everything(by.pk if by is not None else 0):
            texto = load_text(args.clave, data, args.desde, by, hasta=args.hasta, archivo=args.ruta.name)
    except OSError as error:
        print(f"sif leyes: no se puede leer {args.ruta}: {error.strerror}.", file=sys.stderr)
        return 2
    except Refused as refused:
        tell("leyes", refused)
        return 1
    said = comparison(version_of(texto))
    if args.json:
        _print_json(texto.articulos, said)
        return 0
    print(f"{texto.ley} desde el {texto.desde:%d/%m/%Y}: {texto.articulos:,} artículos; huella {texto.sha256[:16]}.")
    _print(said)
    return 0


def _review(as_json: bool) -> int:
    from sif.statutes.selectors import versions, whole_comparison

    loaded = versions()
    said = whole_comparison()
    articles = sum(version.texto.articulos for version in loaded)
    if as_json:
        _print_json(articles, said)
        return 0
    print(f"{len(loaded)} textos cargados, {articles:,} artículos.")
    _print(said)
    return 0


def _list() -> int:
    from sif.statutes.selectors import versions

    for version in versions():
        texto, until = version.texto, version.lapso.hasta
        rules = f"del {texto.desde:%d/%m/%Y}" + (f" antes del {until:%d/%m/%Y}" if until else " en adelante")
        who = texto.cargado_por.username if texto.cargado_por else "la máquina"
        print(f"{texto.ley:<10} {rules}: {texto.articulos:,} artículos; {texto.archivo}; la cargó {who}")
    return 0


def _print_json(articles: int, said: "Comparison") -> None:
    shape = {
        "articulos": articles,
        "citas": said.citas,
        "coinciden": len(said.coinciden),
        "difieren": _rows(said.difieren),
        "no_halladas": _rows(said.no_halladas),
    }
    print(json.dumps(shape, ensure_ascii=False))


def _rows(citations: "Sequence[Citation]") -> list[dict[str, str]]:
    return [{"articulo": each.articulo, "donde": each.donde} for each in citations]


def _print(said: "Comparison") -> None:
    print(
        f"{said.citas} citas: {len(said.coinciden)} coinciden, {len(said.difieren)} difieren y "
        f"{len(said.no_halladas)} no se hallaron."
    )
    for title, rows in (("Difieren", said.difieren), ("No halladas", said.no_halladas)):
        if rows:
            print(f"\n{title}:")
        for each in rows:
            print(f"  {each.articulo:<22} {each.donde}")
