"""Upgrade an installation while it serves: the program of the last release goes on over the tables of this one.

`make actualizacion` makes an installation with the program of before the first migration that is later than RELEASED of
`tests/architecture/test_upgrades.py`, serves it, and has four people post pólizas and read pages, and visitors read
those of the portal, before, while and after `sif migrar` of this program is applied; then this program takes its place.
Every request must be answered, every póliza that was accepted must be there, and `sif verificar` must find all of it
whole. SIF_PRUEBA_DESDE names another commit; SIF_PRUEBA_CARPETA, a folder that is kept.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from ensayo_base import free_port, wait_for
from ensayo_proxys import running

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
import people  # noqa: E402 - it stands in benchmarks/

UPGRADES = ROOT / "tests/architecture/test_upgrades.py"
SECONDS, READY = 15, 120
OURS = ("/partido/", "/partido/polizas/", "/partido/libros/", "/partido/informes/")
THEIRS = ("/", "/estado/", "/candidaturas/", "/datos-abiertos/")


@dataclass
class Asked:
    """What was asked in a stretch of the walk: requests, the slowest in seconds, pólizas accepted, and what failed."""

    pedidos: int = 0
    peor: float = 0.0
    polizas: int = 0
    fallas: list[str] = field(default_factory=list)


class Askers:
    """People and visitors who ask without pause, counted by the stretch in which each request began."""

    def __init__(self, port: int, who: list[dict[str, Any]]) -> None:
        self.port, self.lock, self.stretches = port, threading.Lock(), dict[str, Asked]()
        self.stretch, self.going, self.stopped = "", threading.Event(), threading.Event()
        self.idle = [threading.Event() for _ in range(len(who) + 1)]
        works = [lambda one=one: self._person(one) for one in who]  # type: ignore[misc]
        self.threads = [
            threading.Thread(target=self._loop, args=(place, work), daemon=True)
            for place, work in enumerate([*works, self._visitor])
        ]
        for thread in self.threads:
            thread.start()

    def _loop(self, place: int, work: Any) -> None:
        turns: Iterator[Any] | None = None
        while not self.stopped.is_set():
            if not self.going.wait(0.1):
                turns = None
                self.idle[place].set()
                continue
            self.idle[place].clear()
            turns = turns or work()
            self._one(turns)

    def _one(self, turns: Iterator[tuple[str, Any]]) -> None:
        what, ask = next(turns)
        kept, began = self.stretches.setdefault(self.stretch, Asked()), time.perf_counter()
        try:
            posted, wrong = ask(), ""
        except Exception as failure:
            posted, wrong = False, f"{what}: {failure!r}"
        with self.lock:
            kept.pedidos += 1
            kept.polizas += bool(posted)
            kept.peor = max(kept.peor, time.perf_counter() - began)
            if wrong:
                kept.fallas.append(wrong)

    def _person(self, one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        browser = people.Browser(self.port, {"sessionid": one["sesion"]})
        books = type("Books", (), {"pk": one["libros"]})
        yield "captura", lambda: _read(browser, f"/partido/captura/?contabilidad={one['libros']}")
        while True:
            form = one["formas"].pop()
            yield "póliza", lambda form=form: people.capture(browser, books, form)  # type: ignore[misc]
            for path in OURS:
                yield path, lambda path=path: _read(browser, path)  # type: ignore[misc]

    def _visitor(self) -> Iterator[tuple[str, Any]]:
        browser = people.Browser(self.port, {})
        while True:
            for path in THEIRS:
                yield path, lambda path=path: _read(browser, path)  # type: ignore[misc]

    @contextmanager
    def asking(self, stretch: str) -> Iterator[None]:
        """Have everybody ask for as long as the block takes; on leaving, wait until each got the last answer."""
        self.stretch = stretch
        for each in self.idle:
            each.clear()
        self.going.set()
        try:
            yield
        finally:
            self.going.clear()
            for each in self.idle:
                each.wait(READY)


def _read(browser: people.Browser, path: str) -> None:
    status, where, _text = browser.ask(path)
    if status != 200:
        raise AssertionError(f"{status} {where}")


def later() -> list[str]:
    """Return the migrations that came after the last release, by their path."""
    tree = ast.parse(UPGRADES.read_text(encoding="utf-8"))
    [last] = [
        ast.literal_eval(each.value)
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name) and each.targets[0].id == "RELEASED"
    ]
    found = (path for app in last for path in (ROOT / "src/sif" / app / "migrations").glob("[0-9]*.py"))
    return sorted(str(each.relative_to(ROOT)) for each in found if int(each.name[:4]) > last[each.parts[-3]])


def released() -> str:
    """Return the commit before the first migration that came after the last release. Raises SystemExit without one."""
    if told := os.environ.get("SIF_PRUEBA_DESDE"):
        return told
    if not (paths := later()):
        raise SystemExit("Ninguna migración es posterior a la última entrega: diga desde dónde con SIF_PRUEBA_DESDE.")
    command = ["git", "log", "--reverse", "--diff-filter=A", "--format=%H", "--", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode or not done.stdout.strip():
        raise SystemExit("No está la historia de git desde la última entrega: clone entero, o diga SIF_PRUEBA_DESDE.")
    return f"{done.stdout.split()[0]}^"


def exported(commit: str, folder: Path) -> Path:
    """Write the program of a commit with its assets; return its folder."""
    target = folder / "antes"
    parts = ["src", "benchmarks", "package.json", "package-lock.json"]
    archive = subprocess.run(["git", "archive", commit, *parts], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(target, filter="data")
    shutil.copytree(ROOT / "src/sif/web/static/vendor", target / "src/sif/web/static/vendor")
    subprocess.run(
        [sys.executable, "-c", "from sif.web.messages import compile_all; compile_all()"],
        env=_with(target),
        check=True,
    )
    return target


def _with(program: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join(str(program / each) for each in ("src", "benchmarks"))
    return {**os.environ, "PYTHONPATH": path, **more}


def _sif(*words: str | int) -> list[str]:
    return [sys.executable, "-m", "sif.commands.main", *map(str, words)]


def applied() -> set[tuple[str, str]]:
    """Return the migrations that the database has."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        return set(connection.execute("SELECT app, name FROM django_migrations").fetchall())


def posted() -> int:
    """Return how many pólizas there are, whoever asks."""
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], user="postgres")
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT count(*) FROM books_poliza").fetchone()
    assert found is not None
    return int(found[0])


def _alive(port: int) -> None:
    try:
        urlopen(f"http://127.0.0.1:{port}/estado/", timeout=5).close()
    except URLError as refused:
        raise OSError(str(refused)) from refused


@contextmanager
def serving(program: Path, folder: Path, port: int) -> Iterator[None]:
    """Serve with a program until the block ends."""
    log = folder / f"servir-{program.name}.log"
    with running(_sif("servir", "--puerto", port, "--procesos", 2), _with(program), log):
        wait_for(lambda: _alive(port), READY, "sif servir")
        yield


def walk(commit: str, folder: Path) -> tuple[dict[str, Asked], list[str]]:
    """Make, serve, migrate and change the program; return what was asked in each stretch, and what went wrong."""
    before = exported(commit, folder)
    command = [sys.executable, str(ROOT / "scripts/actualizacion_datos.py"), str(folder / "datos")]
    made = subprocess.run(command, env=_with(before), check=True, stdout=subprocess.PIPE, text=True)
    plan = json.loads(made.stdout.splitlines()[-1])
    from sif.commands import database

    database.connect_environment()
    there, port = applied(), free_port()
    askers = Askers(port, plan["personas"])
    with serving(before, folder, port):
        with askers.asking("antes"):
            time.sleep(SECONDS)
        with askers.asking("mientras se migra"):
            told = subprocess.run(_sif("migrar"), env=_with(ROOT), capture_output=True, text=True)
        with askers.asking("el anterior, migrada"):
            time.sleep(SECONDS)
    with serving(ROOT, folder, port), askers.asking("el nuevo"):
        time.sleep(SECONDS)
    askers.stopped.set()
    new = sorted(applied() - there)
    print(f"Desde {commit[:12]}: {len(new)} migraciones aplicadas: {', '.join(' '.join(each) for each in new)}")
    wrong = [f"sif migrar terminó en {told.returncode}: {told.stderr}"] if told.returncode else []
    wrong += [] if new else ["No había migraciones por aplicar: no se probó nada. Diga otro SIF_PRUEBA_DESDE."]
    accepted = plan["polizas"] + sum(each.polizas for each in askers.stretches.values())
    if (count := posted()) != accepted:
        wrong.append(f"Se aceptaron {accepted} pólizas y hay {count}.")
    checked = subprocess.run(_sif("verificar", "--json"), env=_with(ROOT), capture_output=True, text=True)
    if checked.returncode or not json.loads(checked.stdout)["integro"]:
        wrong.append(f"sif verificar: {checked.stdout[:2_000]} {checked.stderr[:500]}")
    return askers.stretches, wrong


def main() -> int:
    """Walk it, and print each stretch; returns 1 where anything was not as it must."""
    kept = os.environ.get("SIF_PRUEBA_CARPETA")
    with ExitStack() as stack:
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="sif-actualiza-")))
        os.environ["SIF_DATOS"] = str(folder / "datos")
        stretches, wrong = walk(released(), folder)
    print("| tramo | pedidos | pólizas | el peor, ms | fallas |\n|---|---:|---:|---:|---:|")
    for name, each in stretches.items():
        cells = (each.pedidos, each.polizas, round(each.peor * 1_000), len(each.fallas))
        print(f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} |")
        wrong += each.fallas[:5]
        if not each.polizas:
            wrong.append(f"{name}: nadie registró una póliza.")
    print("\n".join(wrong) or "Nada falló.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
