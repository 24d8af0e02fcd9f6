"""`sif coaliciones`: register the agreement of a coalition or amend it, and say who makes it up on a day."""

import argparse
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, act_as, refused_as, subject_named
from sif.values import Problem, Refused, Unread
from sif.values.reading import read_iso_day

if TYPE_CHECKING:
    from sif.registry.models import Usuario

_HERE = "coaliciones"
_EXAMPLE = """ejemplos:
  sif coaliciones ver JXD --dia 2027-02-01
  sif coaliciones convenio JXD --acuerdo INE/CG5/2027 --aprobado 2027-01-10 --desde 2027-01-10 \\
    --parte PJ=60 --parte PD=40 --documento convenio.pdf --por ana

Cada --parte dice las siglas de un partido y su por ciento, con dos decimales cuando mucho; suman 100. Una coalición que
ya tiene convenio recibe así su modificación: rige desde --desde, y lo de antes se conserva."""
_PART = re.compile(r"([^=]{1,16})=(\d{1,3})(?:\.(\d{1,2}))?", re.ASCII)


def register(subparsers: Subparsers) -> None:
    """Add `sif coaliciones ver` and `sif coaliciones convenio` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        _HERE, help="convenios de coalición y sus partes", epilog=_EXAMPLE, formatter_class=as_written
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    seen = acts.add_parser("ver", help="quiénes la forman un día", epilog=_EXAMPLE, formatter_class=as_written)
    seen.add_argument("siglas", help="siglas de la coalición o candidatura común")
    seen.add_argument("--dia", default="", help="día que se pregunta; hoy, si no se dice")
    seen.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    seen.set_defaults(run=show)
    made = acts.add_parser("convenio", help="registra el convenio", epilog=_EXAMPLE, formatter_class=as_written)
    made.add_argument("siglas", help="siglas de la coalición o candidatura común")
    made.add_argument("--acuerdo", required=True, help="acuerdo o resolución con que se registró")
    made.add_argument("--aprobado", required=True, help="día en que se aprobó, por ejemplo 2027-01-10")
    made.add_argument("--desde", required=True, help="primer día en que valen estas partes")
    made.add_argument(
        "--parte", action="append", default=[], metavar="SIGLAS=POR_CIENTO", help="PJ=60; una por partido"
    )
    made.add_argument("--documento", type=Path, help="PDF del convenio, que se guarda con su huella")
    made.add_argument("--por", required=True, help="usuario que administra y lo registra")
    made.set_defaults(run=agree)


def _day(text: str, argument: str) -> date:
    try:
        return read_iso_day(text)
    except Unread as wrong:
        raise Refused(Problem("dia", argument, wrong.seen, wrong.cure)) from wrong


def show(args: argparse.Namespace) -> int:
    """Print who makes up a coalition on a day; 1 if the day is wrong, 2 if the coalition is not there."""
    database.setup_django()
    from sif.registry import clock
    from sif.registry.coalitions import members_on, percent

    try:
        day = _day(args.dia, "--dia") if args.dia else clock.today()
    except Refused as refused:
        return refused_as(_HERE, refused)
    if (found := subject_named(_HERE, args.siglas)) is None:
        return 2
    members = members_on(found, day)
    if args.json:
        parts = [{"siglas": each.sujeto.siglas, "participacion_pb": each.participacion_pb} for each in members]
        print(json.dumps({"coalicion": found.siglas, "dia": day.isoformat(), "partes": parts}, ensure_ascii=False))
        return 0
    for each in members:
        accord = f" ({each.convenio.acuerdo})" if each.convenio else ""
        print(f"{each.sujeto.siglas}: {percent(each.participacion_pb)} %{accord}")
    if not members:
        print(f"El {day:%d/%m/%Y} nadie forma {found.siglas}.")
    return 0


def agree(args: argparse.Namespace) -> int:
    """Register an agreement; 1 where something is refused, 2 if the coalition, the person or the file is not there."""
    if args.documento and not args.documento.is_file():
        print(f"sif coaliciones: no existe el archivo {args.documento}. Revise la ruta.", file=sys.stderr)
        return 2

    def act(by: "Usuario") -> int:
        from sif.books.services import store_file
        from sif.registry.coalitions import NewAgreement, register_agreement

        if (found := subject_named(_HERE, args.siglas)) is None:
            return 2
        days = _day(args.aprobado, "--aprobado"), _day(args.desde, "--desde")
        parts = _parts(args.parte)
        data = args.documento.read_bytes() if args.documento else b""
        if args.documento and not data.startswith(b"%PDF-"):
            raise Refused(Problem("no_es_pdf", "--documento", "No es un PDF.", "Guárdelo como PDF."))
        kept = (args.documento.name, store_file(data).sha256) if args.documento else ("", "")
        made = register_agreement(found, NewAgreement(args.acuerdo, *days, parts, *kept), by)
        print(f"{found.siglas}: convenio registrado por {made.acuerdo}; rige desde el {made.desde:%d/%m/%Y}.")
        return 0

    return act_as(_HERE, args.por, act)


def _parts(written: list[str]) -> tuple[tuple[int, int], ...]:
    """Read the shares of each --parte. Raises Refused with each problem."""
    from sif.registry.models import SujetoObligado

    parts, problems = [], []
    for text in written:
        read = _PART.fullmatch(text)
        if read is None:
            problems.append(Problem("parte", f"--parte {text}", "No son siglas y un por ciento.", "Escriba PJ=60.25."))
            continue
        siglas, whole, cents = read.groups()
        party = SujetoObligado.objects.filter(siglas__iexact=siglas.strip()).first()
        if party is None:
            told = f"No hay un sujeto con las siglas «{siglas}»."
            problems.append(Problem("sujeto", f"--parte {text}", told, "Corríjalas, o regístrelo antes."))
            continue
        parts.append((party.pk, int(whole) * 100 + int((cents or "0").ljust(2, "0"))))
    if problems:
        raise Refused(*problems)
    return tuple(parts)
