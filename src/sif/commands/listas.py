"""`sif listas`: load a publication of SAT's list of article 69-B, and ask it how a taxpayer stands or stood."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, day, person_named, refused_as
from sif.values import InvalidKey, Refused, Rfc

if TYPE_CHECKING:
    from sif.catalogs.models import Lista69b
    from sif.catalogs.selectors.listed import Standing

_LOAD = """ejemplo:
  sif listas cargar 69b Listado_Completo_69-B.csv --por dario

el archivo es el CSV «Listado completo», tal como lo da el SAT; su primera línea dice de qué día es. Se guarda cada
renglón: quien está varias veces queda como dice el último, con su historia. El mismo archivo otra vez no cambia nada.
termina con 0 si quedó cargada, 1 si algo no se entiende y 2 si falta el archivo o la persona."""
_ASK = """ejemplos:
  sif listas consultar AAA080808HL8
  sif listas consultar AAA080808HL8 --al 2018-12-31 --json

termina con 0 si hay una lista que consultar, la nombre o no; 1 si no se ha cargado ninguna y 2 si no es un RFC."""
STATES = {
    "presunto": "presunto",
    "desvirtuado": "desvirtuado",
    "definitivo": "definitivo",
    "favorable": "sentencia favorable",
}


def register(subparsers: Subparsers) -> None:
    """Add `sif listas cargar` and `sif listas consultar` to the command."""
    parser = subparsers.add_parser("listas", help="carga las listas que publica el SAT y las consulta")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    as_written = argparse.RawDescriptionHelpFormatter
    load = verbs.add_parser("cargar", help="carga una publicación", epilog=_LOAD, formatter_class=as_written)
    load.add_argument("lista", choices=["69b"], metavar="LISTA", help="69b: la del artículo 69-B del CFF")
    load.add_argument("archivo", type=Path, metavar="RUTA", help="el CSV «Listado completo»")
    load.add_argument("--publicada", type=day, metavar="AAAA-MM-DD", help="su día, si el archivo no lo dice")
    load.add_argument("--por", default="", help="usuario de la autoridad que la carga; sin él, quien opera el sistema")
    load.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    load.set_defaults(run=run)
    ask = verbs.add_parser("consultar", help="cómo está un RFC", epilog=_ASK, formatter_class=as_written)
    ask.add_argument("rfc", metavar="RFC")
    ask.add_argument("--al", type=day, metavar="FECHA", help="cómo estaba ese día (aaaa-mm-dd)")
    ask.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    ask.set_defaults(run=consult)


def run(args: argparse.Namespace) -> int:
    """Load it; 0 if it stands loaded, 1 if it was refused, 2 if the file or the person is not there."""
    database.setup_django()
    from sif.catalogs.services.listas import load_69b
    from sif.registry.scope import everything

    by = person_named("listas", args.por)
    if by is None and args.por:
        return 2
    try:
        data = args.archivo.read_bytes()
    except OSError as error:
        print(f"sif listas: no se puede leer {args.archivo}: {error.strerror}.", file=sys.stderr)
        return 2
    try:
        with everything(by.pk if by else None):
            lista = load_69b(data, args.publicada, by)
    except (Refused, PermissionError) as refused:
        return refused_as("listas", refused)
    print(json.dumps(lista.as_dict(), ensure_ascii=False) if args.json else _told(lista))
    return 0


def _told(lista: "Lista69b") -> str:
    said = lista.as_dict()
    lines = [
        f"Lista del artículo 69-B publicada el {lista.publicada_el:%d/%m/%Y}: {said['renglones']:,} renglones, "
        f"{said['contribuyentes']:,} contribuyentes y {said['repetidos']:,} renglones más de quien ya estaba."
    ]
    return "\n".join(
        lines + [f"  renglón {each['renglon']}, fuera: {each['motivo']}" for each in lista.descartados or ()]
    )


def consult(args: argparse.Namespace) -> int:
    """Say how a taxpayer stands; 0 if a list answers, 1 if none was loaded, 2 if it is no RFC."""
    try:
        rfc = str(Rfc(args.rfc))
    except InvalidKey as error:
        print(f"sif listas: {error}", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.catalogs.selectors.listed import standing_of
    from sif.registry import clock

    asked = args.al or clock.today()
    found = standing_of(rfc, asked)
    if found is None:
        print("sif listas: no se ha cargado ninguna lista. Cárguela con «sif listas cargar 69b».", file=sys.stderr)
        return 1
    print(json.dumps(found.as_dict(), ensure_ascii=False) if args.json else _stands(found, asked))
    return 0


def _stands(found: "Standing", asked: date) -> str:
    source = f"según la lista publicada el {found.lista.publicada_el:%d/%m/%Y}"
    if found.estado is None or found.desde is None:
        return f"{found.rfc}: el {asked:%d/%m/%Y} no estaba en la lista, {source}."
    head = f"{found.rfc}: {STATES[found.estado]} desde el {found.desde:%d/%m/%Y}, {source}."
    return "\n".join([head, *(f"  {day:%d/%m/%Y}  {STATES[act]}" for act, day in found.historia)])
