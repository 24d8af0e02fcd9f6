"""`sif servir` answers from as many processes as told, and leaves none behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from sif.commands import servir
from sif.commands.main import build_parser
from sif.commands.supervisor import Part
from sif.sandbox.client import Client
from sif.sandbox.opening import FILES, Limits
from sif.signing.minting import encrypt_key, new_key
from sif.web.warmup import get_ready, keep_to_one_process, read_rules


@pytest.mark.parametrize("text", ["0", "65", "-1", "dos", "1.5", ""])
def test_a_number_of_processes_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["servir", f"--procesos={text}"])
    assert "escriba uno de 1 a 64" in capsys.readouterr().err


def test_by_default_there_is_one_for_each_core() -> None:
    cores = os.cpu_count() or 1
    assert build_parser().parse_args(["servir"]).procesos == min(cores, 4)
    assert build_parser().parse_args(["servir", "--procesos", "3"]).procesos == 3


def test_a_port_that_another_serves_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server opens it
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert servir.run(build_parser().parse_args(["servir", f"--puerto={port}"])) == 2
    assert f"El puerto {port} está ocupado" in capsys.readouterr().err
    assert servir.is_free(port)


def test_the_rules_are_read_beside_the_first_answers() -> None:
    get_ready().join()
    assert read_rules() > 20


@pytest.mark.django_db
def test_the_database_answers_a_page_with_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    monkeypatch.setitem(database, "OPTIONS", dict(database["OPTIONS"]))

    def processes() -> str:
        made = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            with made.cursor() as cursor:
                cursor.execute("SET max_parallel_workers_per_gather = 9")
                cursor.execute("RESET ALL")  # as a session is left between requests
                cursor.execute("SHOW max_parallel_workers_per_gather")
                return str(cursor.fetchone()[0])
        finally:
            made.close()

    assert processes() != "0"
    keep_to_one_process()
    assert processes() == "0"


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _descendants(pid: int) -> list[int]:
    below = _children(pid)
    return below + [deeper for each in below for deeper in _descendants(each)]


def _answers(port: int, path: str) -> int:
    for _attempt in range(900):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            time.sleep(0.1)  # it is starting
    return 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts processes in /proc")
def test_two_processes_answer_and_both_end_when_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    serve = f"from sif.commands.servir import serve; raise SystemExit(serve({port}, 2, worker=False))"
    process = subprocess.Popen([sys.executable, "-c", serve], stdout=subprocess.DEVNULL)
    try:
        assert _answers(port, "/no-hay-tal-pagina/") == 404  # a page that asks the database for nothing
        everyone = [pid for pid in _descendants(process.pid) if b"granian" in _command(pid)]
        assert len([pid for pid in everyone if b"--workers\x002" in _command(pid)]) == 1 + 2
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert not [pid for pid in everyone if b"granian" in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # it ended meanwhile


def _ended(pid: int) -> bool:
    """Whether a process has closed everything it had: its command is no longer told some instants before."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def _file_server(pid: int, but: int = 0) -> int:
    for _attempt in range(900):
        for each in _children(pid):
            if b"archivos.sock" in _command(each) and each != but:
                return each
        time.sleep(0.1)  # it is starting
    raise AssertionError("no file server was started")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
def test_the_file_server_starts_again_when_killed_and_never_outlives_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIF_DATOS", str(tmp_path))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    serve = f"from sif.commands.servir import serve; raise SystemExit(serve({port}, 1, worker=False))"
    process = subprocess.Popen([sys.executable, "-c", serve], stdout=subprocess.DEVNULL)
    client = Client(tmp_path, settings.ABRIDORES[FILES])
    try:
        assert _answers(port, "/no-hay-tal-pagina/") == 404
        first = _file_server(process.pid)
        assert Path(f"/proc/{first}/environ").read_bytes() == b""
        assert Path(f"/proc/{first}/cwd").resolve() == tmp_path.resolve()
        os.kill(first, signal.SIGKILL)
        while client._reach(FILES) is not None and not _ended(first):
            time.sleep(0.01)  # it is ending
        assert list(client.ask("sonda", b"x", {}, Limits()).lines())  # until then each process has one of its own
        assert _answers(port, "/no-hay-tal-pagina/") == 404
        second = _file_server(process.pid, but=first)
        client.close()
        while client._reach(FILES) is None:
            time.sleep(0.1)  # it is starting
        assert list(client.ask("sonda", b"y", {}, Limits()).lines())
        assert client._own is None
    finally:
        process.kill()  # as when the machine runs out of memory
        process.wait()
        client.close()
    for _attempt in range(300):
        if not _command(second):
            break
        time.sleep(0.1)  # the end of its input reaches it
    assert not _command(second)


def test_it_says_where_it_serves_once_the_service_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter([False, False, True])
    said: list[str] = []

    def healthy(_port: int, _host: str) -> bool:
        said.append(capsys.readouterr().out)
        return next(answers)

    monkeypatch.setattr(servir, "is_healthy", healthy)
    servir.announce(8123)
    assert said == ["", "", ""]
    assert capsys.readouterr().out.startswith("SIF sirve en http://localhost:8123/")


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (301, False)])
def test_only_a_service_that_says_it_works_is_healthy(status: int, healthy: bool) -> None:
    class Said(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.headers["Host"] == "sif.instituto.mx" else 400)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Said) as server:
        port = server.server_port
        answering = threading.Thread(target=server.handle_request)
        answering.start()
        assert servir.is_healthy(port, "sif.instituto.mx") is healthy
        answering.join()
    assert not servir.is_healthy(port, "sif.instituto.mx")


def test_it_passes_on_the_number_and_whether_there_is_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int, bool]] = []
    monkeypatch.setattr(servir, "prepare", lambda: True)
    monkeypatch.setattr(servir, "serve", lambda port, processes, *, worker: seen.append((port, processes, worker)) or 0)
    asked = ["servir", "--puerto", "8123", "--procesos", "3"]
    assert servir.run(build_parser().parse_args(asked)) == 0
    assert servir.run(build_parser().parse_args([*asked, "--sin-trabajador"])) == 0
    assert seen == [(8123, 3, True), (8123, 3, False)]


def test_neither_pages_nor_worker_nor_file_servers_are_given_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[Sequence[Part], Mapping[str, str]]] = []
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://sif_owner:secreta@/sif")
    monkeypatch.setattr(servir, "supervise", lambda parts, environment: given.append((parts, environment)) or 0)
    monkeypatch.setattr(servir, "announce", lambda _port: None)
    monkeypatch.setattr(servir, "probe", lambda _port: None)  # its thread would ask for as long as the tests run
    assert servir.serve(8123, 1) == 0
    ((parts, environment),) = given
    assert {"web", "trabajador"} < {part.nombre for part in parts}
    assert environment["DATABASE_URL"] == os.environ["DATABASE_URL"]
    assert "DATABASE_OWNER_URL" not in environment
    assert "secreta" not in str([environment, *(part.orden for part in parts)])


def _production(base: Path, **changes: str) -> dict[str, str]:
    """The environment of a production whose one fault is that nobody administers it, and what changes."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    base.chmod(0o700)
    keys = base / "certificados"
    keys.mkdir()
    (keys / "acuses.key").write_bytes(encrypt_key(new_key(), "una frase larga", "aes256_cbc"))
    (keys / "acuses.key").chmod(0o600)
    name = connection.settings_dict["NAME"]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SIF_DATOS": str(base),
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "SIF_LLAVE_ALCANCE": os.environ["SIF_LLAVE_ALCANCE"],
        "SIF_ENTORNO": "produccion",
        "SIF_SECRETO": "s" * 60,
        "SIF_DOMINIOS": "sif.instituto.mx",
        "SIF_PROXYS": "127.0.0.1/32",
        "SIF_ACUSES_CONTRASENA": "una frase larga",
        "SIF_LLAVE_MFA": "m" * 40,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "cures"),
    [
        ({}, ["Nadie administra ni tiene enlace. Haga el enlace con `sif administrador --enlace`"]),
        ({"SIF_ENTORNO": "producción"}, ["SIF_ENTORNO dice «producción». Escriba produccion"]),
        ({"SIF_PROXYS": "el proxy"}, ["SIF_PROXYS dice «el proxy», que no es una red. Escriba la red de su proxy"]),
        ({"SIF_SECRETO": "corto"}, ["SIF_SECRETO tiene 5 caracteres. Ponga un texto al azar"]),
        ({"SIF_ACUSES_CONTRASENA": "otra"}, ["acuses.key no abre. Revise que SIF_ACUSES_CONTRASENA"]),
        ({"SIF_LLAVE_ALCANCE": "ab" * 32}, ["La base no reconoce la llave de SIF_LLAVE_ALCANCE", "corra `sif migrar`"]),
        ({"SIF_ARCHIVOS": "/no/hay/tal"}, ["No está la carpeta /no/hay/tal. Revise SIF_ARCHIVOS"]),
        ({"SIF_CONTRASENAS": "/no/hay/tal"}, ["No se puede leer"]),
        ({"DATABASE_URL": ""}, ["DATABASE_URL no se entiende como conexión. Escriba postgresql://"]),
    ],
)
def test_a_started_process_of_production_refuses_with_the_cure_and_never_listens(
    django_db_setup: None, tmp_path: Path, changes: dict[str, str], cures: list[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "sif.commands.main", "servir", "--puerto", str(port)]
    ended = subprocess.run(
        command, env=_production(tmp_path, **changes), capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert ended.returncode == 2, ended.stderr
    assert "SIF no arranca" in ended.stderr and "Traceback" not in ended.stderr
    assert [cure for cure in cures if cure not in ended.stderr] == [], ended.stderr
    assert "SIF sirve" not in ended.stdout
    assert not servir.is_healthy(port, "sif.instituto.mx")


@pytest.mark.django_db
def test_without_the_owner_it_starts_only_on_tables_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    assert servir.prepare()
    monkeypatch.setattr(servir.database, "pending_migrations", lambda: 3)
    assert not servir.prepare()
    assert "3 migraciones pendientes" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="Falta DATABASE_OWNER_URL"):
        servir.database.migrate()


def test_a_part_that_is_killed_starts_again_and_all_end_together(tmp_path: Path) -> None:
    said = tmp_path / "dicho"
    script = (
        "import os, sys, time;"
        "open(sys.argv[1], 'a').write(f\"{os.getpid()} {'DATABASE_OWNER_URL' in os.environ}\\n\");"
        "time.sleep(60)"
    )
    parent = (
        "import sys; from sif.commands.supervisor import Part, supervise;"
        f"raise SystemExit(supervise([Part('prueba', [sys.executable, '-c', {script!r}, {str(said)!r}])], {{}}))"
    )
    process = subprocess.Popen([sys.executable, "-c", parent])
    try:
        first = _lines(said, 1)[0]
        os.kill(int(first.split()[0]), signal.SIGKILL)
        _first, second = _lines(said, 2)
        assert second.split()[1] == "False"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert not Path(f"/proc/{second.split()[0]}").exists()


def _lines(path: Path, many: int) -> list[str]:
    for _attempt in range(900):
        found = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        if len(found) >= many:
            return found
        time.sleep(0.1)  # it is starting
    raise AssertionError(f"{path} has fewer than {many} lines")
