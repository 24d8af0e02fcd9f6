"""`sif publicacion`: propose to publish what a stage makes public, or to withdraw it; another person decides."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, act_as, stage_named

if TYPE_CHECKING:
    from sif.registry.models import Usuario

_HERE = "publicacion"
_EXAMPLE = """ejemplos:
  sif publicacion ver PEL-DUR-2026-2027 --json
  sif publicacion proponer PEL-DUR-2026-2027 --por rosa
  sif publicacion retirar PEL-DUR-2026-2027 --motivo "Traía un renglón de más" --fundamento "LGTAIP 24" --por rosa

Aquí se propone; lo publica o lo retira otra persona, en «Publicación»."""
_OTHER = "lo decide otra persona con esa atribución, en «Publicación»."


def register(subparsers: Subparsers) -> None:
    """Add `sif publicacion` and its acts to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        _HERE, help="propone publicar una etapa, o retirar lo publicado", epilog=_EXAMPLE, formatter_class=as_written
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    seen = acts.add_parser("ver", help="qué está publicado y qué espera")
    seen.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    seen.set_defaults(run=show)
    made = acts.add_parser("proponer", help="propone las cifras de hoy", epilog=_EXAMPLE, formatter_class=as_written)
    made.add_argument("--sin-voto", action="store_true", help="aunque no se haya aprobado ninguna resolución")
    made.set_defaults(run=propose)
    gone = acts.add_parser("retirar", help="propone retirarlas", epilog=_EXAMPLE, formatter_class=as_written)
    gone.add_argument("--motivo", required=True, help="por qué se retira; el público lo leerá")
    gone.add_argument("--fundamento", required=True, help="qué lo ordena")
    gone.set_defaults(run=withdraw)
    for each in (seen, made, gone):
        each.add_argument("proceso", help="clave del proceso, por ejemplo PEL-DUR-2026-2027")
        each.add_argument("--etapa", default="campana", help="etapa del proceso (campana)")
    for each in (made, gone):
        each.add_argument("--por", required=True, help="usuario que lo propone")


def show(args: argparse.Namespace) -> int:
    """Say what the public sees of a stage and what waits; 2 if there is no such stage."""
    database.setup_django()
    from sif.disclosure.selectors import standing_publication, waiting_proposal, waiting_withdrawal
    from sif.registry.scope import everything

    etapa = stage_named(_HERE, args.proceso, args.etapa)
    if etapa is None:
        return 2
    with everything():
        stands, waits = standing_publication(etapa), waiting_proposal(etapa)
        leaving = waiting_withdrawal(stands) if stands else None
        told = {
            "publicada": stands.propuesta.huella if stands else None,
            "propuesta": waits.huella if waits else None,
            "retiro_propuesto": leaving is not None,
        }
    if args.json:
        print(json.dumps(told))
        return 0
    print(f"Publicado: {told['publicada'] or 'nada'}")
    print(f"Espera a otra persona: {told['propuesta'] or ('su retiro' if leaving else 'nada')}")
    return 0


def propose(args: argparse.Namespace) -> int:
    """Propose the figures of today; 1 where they are refused, 2 if the stage or the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.disclosure.publish import propose_publicacion

        etapa = stage_named(_HERE, args.proceso, args.etapa)
        if etapa is None:
            return 2
        made = propose_publicacion(etapa, by, without_vote=args.sin_voto)
        print(f"Propuesta {made.huella}: {_OTHER}")
        return 0

    return act_as(_HERE, args.por, act)


def withdraw(args: argparse.Namespace) -> int:
    """Propose to withdraw what is published; 1 where it is refused, 2 if the stage or the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.disclosure.publish import propose_withdrawal
        from sif.disclosure.selectors import standing_publication

        etapa = stage_named(_HERE, args.proceso, args.etapa)
        if etapa is None:
            return 2
        stands = standing_publication(etapa)
        if stands is None:
            print("sif publicacion: nada de esa etapa está publicado.", file=sys.stderr)
            return 1
        propose_withdrawal(stands, args.motivo, args.fundamento, by)
        print(f"Retiro propuesto: {_OTHER}")
        return 0

    return act_as(_HERE, args.por, act)
