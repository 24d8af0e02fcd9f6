"""`sif trabajar`: run a worker of the queue until told to stop."""

import argparse

from sif.commands import database

CONCURRENCY = 2  # jobs at once; each takes a connection of its own


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "trabajar", help="hace los trabajos largos que piden las páginas", epilog="Ejemplo: sif trabajar --a-la-vez 2"
    )
    parser.add_argument("--a-la-vez", type=int, default=CONCURRENCY, metavar="N", help=f"trabajos ({CONCURRENCY})")
    parser.add_argument("--latido", type=float, default=10.0, metavar="S", help="segundos entre dos latidos (10)")
    parser.add_argument(
        "--parado-tras", type=float, default=45.0, metavar="S", help="segundos sin latido de un proceso muerto (45)"
    )
    parser.add_argument("--hasta-vaciar", action="store_true", help="termina cuando la cola queda vacía")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Work until a signal; a job cut short goes back to the queue."""
    database.setup_django()
    from sif.jobs.worker import Pulse, run_worker

    run_worker(args.a_la_vez, Pulse(args.latido, args.parado_tras), until_empty=args.hasta_vaciar)
    return 0
