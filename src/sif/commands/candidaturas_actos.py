"""The acts of `sif candidaturas` on one candidacy: end it, substitute it, move it to another subject, restore it."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from sif.commands.arguments import Subparsers, act_as, day, stage_named, subject_named

if TYPE_CHECKING:
    from sif.registry.models import Candidatura, FinCandidatura, Usuario

_HERE = "candidaturas"
_EXAMPLE = """ejemplos:
  sif candidaturas terminar 236787 --proceso PEL-DUR-2026-2027 --causa renuncia --desde 2027-05-04 \\
    --presentada 2027-05-02 --acuerdo IEPC/CG40/2027 --por hugo
  sif candidaturas sustituir 236787 --proceso PEL-DUR-2026-2027 --nombre "Eva Ríos" --desde 2027-05-04 \\
    --acuerdo IEPC/CG41/2027 --por hugo
  sif candidaturas cambiar 236790 --proceso PEL-DUR-2026-2027 --a JXD --desde 2027-05-04 \\
    --acuerdo IEPC/CG42/2027 --por hugo"""


def add_acts(acts: Subparsers) -> None:
    """Add the acts to the verbs of `sif candidaturas`."""
    as_written = argparse.RawDescriptionHelpFormatter
    ended = acts.add_parser("terminar", help="registra su fin", epilog=_EXAMPLE, formatter_class=as_written)
    ended.add_argument("--causa", required=True, help="renuncia, cancelacion…; si no se conoce, dice cuáles hay")
    ended.add_argument("--presentada", type=day, metavar="DÍA", help="día en que se presentó la renuncia")
    ended.set_defaults(run=end)
    other = acts.add_parser(
        "sustituir", help="aprueba a quien la sustituye", epilog=_EXAMPLE, formatter_class=as_written
    )
    other.add_argument("--nombre", required=True, help="nombre completo de quien entra")
    for name, words in (("folio-nuevo", "su folio; vacío, se hace uno"), ("curp", "su CURP"), ("rfc", "su RFC")):
        other.add_argument(f"--{name}", default="", help=words)
    other.set_defaults(run=replace)
    moved = acts.add_parser("cambiar", help="la cambia de sujeto", epilog=_EXAMPLE, formatter_class=as_written)
    moved.add_argument("--a", required=True, metavar="SIGLAS", help="sujeto por el que contiende desde entonces")
    moved.add_argument("--ver", action="store_true", help="solo dice los efectos en sus libros y obligaciones")
    moved.set_defaults(run=move)
    back = acts.add_parser("restituir", help="deja sin efecto su fin", epilog=_EXAMPLE, formatter_class=as_written)
    back.add_argument("--motivo", required=True, help="qué corrige el acuerdo u ordena la sentencia")
    back.set_defaults(run=restore)
    for each in (ended, other, moved, back):
        each.add_argument("folio", help="folio de la candidatura")
        each.add_argument("--proceso", required=True, help="clave del proceso")
        each.add_argument("--etapa", default="campana", help="etapa del proceso (campana)")
        each.add_argument("--acuerdo", required=True, help="acuerdo o sentencia que lo dice")
        each.add_argument("--por", required=True, help="usuario que administra y lo registra")
    for each in (ended, moved):
        each.add_argument("--desde", required=True, type=day, metavar="DÍA", help="primer día en que vale")
    other.add_argument("--desde", type=day, metavar="DÍA", help="día desde el que contiende")


def _on(args: argparse.Namespace, act: Callable[["Candidatura", "Usuario"], str]) -> int:
    """Do an act on the candidacy of a folio and print what it did; 1 where it is refused, 2 if it is not there."""

    def done(by: "Usuario") -> int:
        etapa = stage_named(_HERE, args.proceso, args.etapa)
        if etapa is None:
            return 2
        found = etapa.candidaturas.filter(folio=args.folio).select_related("persona", "sujeto").first()
        if found is None:
            print(f"sif candidaturas: ninguna de esa etapa tiene el folio {args.folio}. Revíselo.", file=sys.stderr)
            return 2
        if said := act(found, by):
            print(said)
        return 0 if said else 2

    return act_as(_HERE, args.por, done)


def _its_end(candidatura: "Candidatura") -> "FinCandidatura":
    """Return the act that ended a candidacy. Raises Refused where it contends."""
    from sif.registry.leaving import end_of
    from sif.values import refusal

    found = end_of(candidatura)
    if found is None:
        raise refusal("contiende", "folio", "Esa candidatura contiende.", "Registre antes su fin.")
    return found


def end(args: argparse.Namespace) -> int:
    """End a candidacy."""

    def act(found: "Candidatura", by: "Usuario") -> str:
        from sif.registry.leaving import NewEnd, causes, end_candidacy
        from sif.values import refusal

        if args.causa not in causes():
            told = f"La causa «{args.causa[:24]}» no se conoce."
            raise refusal("causa", "--causa", told, f"Escriba una de: {', '.join(causes())}.")
        made = end_candidacy(found, NewEnd(args.causa, args.desde, args.acuerdo, args.presentada), by)
        return f"{found.persona.nombre} no contiende desde el {made.desde:%d/%m/%Y}; sus libros siguen hasta informar."

    return _on(args, act)


def replace(args: argparse.Namespace) -> int:
    """Approve who takes the place of a candidacy that ended."""

    def act(found: "Candidatura", by: "Usuario") -> str:
        from sif.registry.leaving import NewSubstitute, substitute

        keys = (args.folio_nuevo, args.curp, args.rfc)
        new = NewSubstitute(args.nombre, args.acuerdo, *keys, aprobada_el=args.desde)
        books = substitute(_its_end(found), new, by)
        return f"{args.nombre} sustituye a {found.persona.nombre}, con la contabilidad {books.pk}."

    return _on(args, act)


def move(args: argparse.Namespace) -> int:
    """Move a candidacy to a coalition or out of one, or say what that would do."""

    def act(found: "Candidatura", by: "Usuario") -> str:
        from sif.registry.changing import NewAlliance, change_alliance, effects_of

        other = subject_named(_HERE, args.a)
        if other is None:
            return ""
        new = NewAlliance(other, args.desde, args.acuerdo)
        if args.ver:
            told = effects_of(found, new)
            before, after = (" y ".join(str(each.numero) for each in rows) for rows in (told.de_antes, told.de_ahora))
            return (
                f"La {told.libros} debe los periodos {before or 'ninguno'}; la nueva, {after or 'ninguno'}. "
                f"Personas por nombrar otra vez: {told.personas}. Suplentes que la siguen: {told.suplentes}."
            )
        books = change_alliance(found, new, by)
        return f"{found.persona.nombre} contiende por {other.siglas} desde el {args.desde:%d/%m/%Y}, en la {books.pk}."

    return _on(args, act)


def restore(args: argparse.Namespace) -> int:
    """Leave the end of a candidacy without effect."""

    def act(found: "Candidatura", by: "Usuario") -> str:
        from sif.registry.leaving import NewReturn, restore_candidacy

        restore_candidacy(_its_end(found), NewReturn(args.acuerdo, args.motivo), by)
        return f"{found.persona.nombre} contiende como si no hubiera dejado de hacerlo."

    return _on(args, act)
