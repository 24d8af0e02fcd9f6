"""`sif servir`: serve the pages with granian until told to stop."""

import argparse
import os
import signal
import subprocess
import sys

from sif.commands import database

THREADS = 4  # of each process: while one waits for the database, others answer
MOST = 4  # processes by default, however many cores there are; each takes about 300 MB


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser("servir", help="sirve las páginas", epilog="Ejemplo: sif servir --puerto 8000")
    parser.add_argument("--puerto", type=int, default=8000, help="puerto local (8000)")
    parser.add_argument(
        "--procesos", type=_processes, default=usual_processes(), metavar="N",
        help=f"procesos que atienden a la vez, uno por núcleo ({usual_processes()})",
    )  # fmt: skip
    parser.set_defaults(run=run)


def usual_processes() -> int:
    """One for each core, up to MOST."""
    return min(MOST, os.cpu_count() or 1)


def _processes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"«{text}» no es un número de procesos; escriba uno de 1 a 64")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Prepare the database and serve in the foreground."""
    database.setup_django()
    database.migrate()
    return serve(args.puerto, args.procesos)


def serve(port: int, processes: int | None = None) -> int:
    """Run the server on loopback in processes of its own, which inherit the database address; Ctrl+C ends all.

    Without a number of processes, `usual_processes`.
    """
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(processes or usual_processes()), "--respawn-failed-workers", "--workers-kill-timeout", "5s",
        "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
    print(f"SIF sirve en http://localhost:{port}/ (Ctrl+C para terminar).", flush=True)
    process = subprocess.Popen(command, env=os.environ)
    # told to stop, the server must not outlive this process
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0
