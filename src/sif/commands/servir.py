"""`sif servir`: serve the pages with granian until told to stop."""

import argparse
import os
import signal
import subprocess
import sys

from sif.commands import database


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser("servir", help="sirve las páginas", epilog="Ejemplo: sif servir --puerto 8000")
    parser.add_argument("--puerto", type=int, default=8000, help="puerto local (8000)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prepare the database and serve in the foreground."""
    database.setup_django()
    database.migrate()
    return serve(args.puerto)


def serve(port: int) -> int:
    """Run the server on loopback in a process of its own, which inherits the database address; Ctrl+C ends both."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "config.wsgi:application",
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
