"""`sif servir`: serve the pages with granian, and beside them open files and work the queue, until told to stop."""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

from sif.commands import database
from sif.commands.environment import PRODUCTION, USUAL_PORT, unsafe
from sif.commands.supervisor import Part, supervise
from sif.registry import events
from sif.sandbox.client import command

THREADS = 4  # of each process: while one waits for the database, others answer
EVERY = 10.0  # seconds from a probe to the next
MOST = 4  # processes by default, however many cores there are; each takes about 300 MB


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser("servir", help="sirve las páginas", epilog="Ejemplo: sif servir --puerto 8000")
    parser.add_argument("--puerto", type=int, default=USUAL_PORT, help=f"puerto local ({USUAL_PORT})")
    parser.add_argument(
        "--procesos",
        type=_processes,
        default=usual_processes(),
        metavar="N",
        help=f"procesos que atienden a la vez, uno por núcleo ({usual_processes()})",
    )
    parser.add_argument(
        "--sin-trabajador", action="store_true", help="deja los trabajos largos a otro proceso: `sif trabajar`"
    )
    parser.set_defaults(run=run)


def usual_processes() -> int:
    """Return one for each core, up to MOST."""
    return min(MOST, os.cpu_count() or 1)


def _processes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"«{text}» no es un número de procesos; escriba uno de 1 a 64")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Prepare the database and serve in the foreground; 2 for an unsafe installation, a taken port or old tables.

    An unsafe environment is refused before anything is opened or made.
    """
    if faults := _faults_of_environment():
        print(f"SIF no arranca:\n{faults}", file=sys.stderr)
        return 2
    if not is_free(args.puerto):
        print(f"El puerto {args.puerto} está ocupado: termine el otro o elija --puerto.", file=sys.stderr)
        return 2
    os.environ["SIF_PUERTO"] = str(args.puerto)
    database.connect_environment()
    if not prepare():
        return 2
    if not _safe():
        return 2
    return serve(args.puerto, args.procesos, worker=not args.sin_trabajador)


def _faults_of_environment() -> str:
    faults = unsafe(os.environ)
    if os.environ.get("SIF_ENTORNO") == PRODUCTION and "DATABASE_URL" not in os.environ:
        faults += "\n- Falta DATABASE_URL. Escriba la conexión con la base de la institución, como sif_app."
    return faults.strip()


def is_free(port: int) -> bool:
    """Return whether no process serves at a port of loopback.

    The web server itself would share the port with another process without an error.
    """
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended does not count
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _safe() -> bool:
    """Print the failed checks of a production installation and their cures; tell whether there is none."""
    from sif.commands.installation import problems_in_production

    if os.environ.get("SIF_ENTORNO") != PRODUCTION:
        return True
    database.setup_django(keyed=False)
    failed = problems_in_production({key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"})
    for check in failed:
        print(f"SIF no arranca. {check.que}. {check.cura}", file=sys.stderr)
    return not failed


def prepare() -> bool:
    """Bring the tables up to date in a child that ends, as their owner; without one, tell whether they already are."""
    if "DATABASE_OWNER_URL" in os.environ:
        return subprocess.run([sys.executable, "-m", "sif.commands.main", "migrar"], check=False).returncode == 0
    database.setup_django(keyed=False)
    pending = database.pending_migrations()
    if pending:
        print(
            f"La base de datos tiene {pending} migraciones pendientes y aquí no hay DATABASE_OWNER_URL. "
            "Ejecute `sif migrar` con esa variable y vuelva a iniciar.",
            file=sys.stderr,
        )
    return not pending


def serve(port: int, processes: int | None = None, *, worker: bool = True) -> int:
    """Serve on loopback until told to stop, with a file server and a worker beside; none knows the tables' owner.

    Without a number of processes, `usual_processes`.
    """
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(processes or usual_processes()),
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "5s",
        "--blocking-threads",
        str(THREADS),
        "--no-ws",
        "--log-level",
        "warning",
        "config.wsgi:application",
    ]
    parts = file_servers()
    if worker:
        parts.append(Part("trabajador", [sys.executable, "-m", "sif.commands.main", "trabajar"]))
    parts.append(Part("web", web))
    threading.Thread(target=announce, args=[port], name="anuncio", daemon=True).start()
    threading.Thread(target=probe, args=[port], name="sonda", daemon=True).start()
    return supervise(parts, {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"})


def announce(port: int) -> None:
    """Wait for the page of the service to answer that all is well, and print where this installation serves."""
    from django.conf import settings

    while not is_healthy(port, settings.ALLOWED_HOSTS[0]):
        time.sleep(0.2)
    where = f"http://localhost:{port}/ (Ctrl+C para terminar)"
    if settings.PRODUCTION:
        where = f"el puerto {port} de esta máquina; el público entra por https://{settings.ALLOWED_HOSTS[0]}/"
    print(f"SIF sirve en {where}.", flush=True)


def probe(port: int) -> None:
    """Ask whether pages and database work every EVERY seconds and write what is seen, from outside what answers.

    It begins when the page first answers: an installation that is starting has not failed.
    """
    from django.conf import settings

    from sif.availability.measuring import PROBED, Probe, folder_of

    host, seen = settings.ALLOWED_HOSTS[0], Probe(folder_of(settings.DATOS, PROBED))
    while not is_healthy(port, host):
        time.sleep(1)
    while True:
        began, moment = time.perf_counter(), datetime.now(UTC)
        cause = _failing(port, host)
        try:
            seen.note(moment, (time.perf_counter() - began) * 1000, cause)
        except OSError as error:
            events.log_exception(error, objeto="disponibilidad")
        time.sleep(EVERY)


def is_healthy(port: int, host: str) -> bool:
    """Return whether the page of the service answers 200 at a port of loopback: pages and database work."""
    return not _failing(port, host, "/estado/")


def _failing(port: int, host: str, path: str = "/estado/sonda/") -> str:
    """Return why an address does not answer 200 at a port of loopback: its status, `sin_tiempo` or `negada`; or ''."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asked.request("GET", path, headers={"Host": host})
        status = asked.getresponse().status
    except TimeoutError:
        return "sin_tiempo"
    except (OSError, http.client.HTTPException):
        return "negada"
    finally:
        asked.close()
    return "" if status == 200 else str(status)


def file_servers() -> list[Part]:
    """Return the parts that open files for every process of the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    return [
        Part(name, command(modules, name), carpeta=database.data_folder(), vive_de_su_entrada=True)
        for name, modules in settings.ABRIDORES.items()
    ]
