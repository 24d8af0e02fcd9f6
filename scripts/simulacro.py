"""Rehearse a restore with figures: back up an installation twice, restore it beside itself, and tamper with the copy.

`make simulacro` works in the folder of SIF_PRUEBA_CARPETA (by default a temporary one) with SIF_PRUEBA_POLIZAS pólizas
(20,000) beside the demonstration, whose rows are of every kind. It ends in 1 if any step does not hold.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from ensayo_base import free_port, postgres, roles_of

from sif.commands import database

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from tampering import add, alter, disarm, remove  # noqa: E402

BOOKS = ROOT / "scripts" / "simulacro_libros.py"
SIF = Path(sys.executable).with_name("sif")
Named = set[tuple[str, str]]


class DoesNotHold(AssertionError):
    """A step of the rehearsal did not hold; the text says which and what was seen."""


def size_of(folder: Path) -> int:
    """The bytes of the files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


@dataclass
class Drill:
    """A rehearsal: its folder, its installation, and what each step took."""

    folder: Path
    environment: dict[str, str]
    steps: list[tuple[str, float, float | None]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The folder of the installation in use."""
        return Path(self.environment["SIF_DATOS"])

    @property
    def copy(self) -> dict[str, str]:
        """The environment of the restored copy, which knows nothing of the database in use."""
        kept = {name: value for name, value in self.environment.items() if not name.endswith("_URL")}
        return {**kept, "SIF_DATOS": str(self.folder / "restaurada")}

    @contextmanager
    def step(self, name: str, folder: Path | None = None) -> Iterator[None]:
        """Time a step, and weigh what it added to a folder."""
        before = size_of(folder) if folder else 0
        began = time.perf_counter()
        yield
        taken = time.perf_counter() - began
        added = (size_of(folder) - before) / 1e6 if folder else None
        self.steps.append((name, taken, added))
        weight = "" if added is None else f"{added:>11,.1f} MB"
        print(f"{name:<58}{taken:>9.1f} s{weight}", flush=True)

    def sif(self, *words: object, copy: bool = False, code: int = 0) -> str:
        """Run a command as a person runs it. Raises DoesNotHold if it ends otherwise than it must."""
        return self.run(SIF, *words, environment=self.copy if copy else self.environment, code=code)

    def run(self, *words: object, environment: Mapping[str, str] | None = None, code: int = 0) -> str:
        """Run a program, of the installation in use unless told otherwise; return what it printed."""
        command = [str(word) for word in words]
        ended = subprocess.run(command, env=environment or self.environment, capture_output=True, text=True)
        if ended.returncode != code:
            said = (ended.stdout[-2000:] + ended.stderr[-2000:]).strip()
            raise DoesNotHold(f"{' '.join(command)} terminó en {ended.returncode} y debía en {code}:\n{said}")
        return ended.stdout

    def verify(self, *, copy: bool = False, whole: bool) -> Named:
        """What `sif verificar` names against the published roots. Raises DoesNotHold if it does not say as it must."""
        roots = self.folder / "raices.json"
        said = json.loads(self.sif("verificar", "--raices", roots, "--json", copy=copy, code=0 if whole else 1))
        if said["integro"] is not whole:
            raise DoesNotHold(f"sif verificar dijo integro: {said['integro']}")
        print(f"    {said['registros']:,} registros leídos en {said['segundos']} s")
        return {(one["tabla"], one["id"]) for one in said["alterados"]}


def fill(drill: Drill, polizas: int) -> None:
    """Migrate, and load the demonstration and the books."""
    with drill.step("sif migrar"):
        drill.sif("migrar")
    with drill.step("una demostración, con registros de todas clases", drill.data):
        drill.sif("demo", "--sin-servidor")
    with drill.step(f"{polizas:,} pólizas con evidencia", drill.data):
        drill.run(sys.executable, BOOKS, 0, polizas)


def back_up_twice(drill: Drill, polizas: int) -> None:
    """Back up whole, go on posting, and back up what is new."""
    backup, roots = drill.folder / "respaldo", drill.folder / "raices.json"
    with drill.step("sif raices"):
        drill.sif("raices", "--salida", roots)
    with drill.step("sif respaldo, entero", backup):
        drill.sif("respaldo", backup)
    with drill.step(f"{polizas:,} pólizas más", drill.data):
        drill.run(sys.executable, BOOKS, 1_000_000, polizas)
    with drill.step("sif raices, otra vez"):
        drill.sif("raices", "--salida", roots)
    with drill.step("sif respaldo, solo lo nuevo", backup):
        drill.sif("respaldo", backup)


def restore_beside(drill: Drill) -> None:
    """Restore beside the installation in use, which goes on, and verify the copy against the published roots."""
    copy = Path(drill.copy["SIF_DATOS"])
    with drill.step("sif restaurar, junto a la que está en uso", copy):
        drill.sif("restaurar", drill.folder / "respaldo", "--en", copy)
    with drill.step("sif migrar, en la copia"):
        drill.sif("migrar", copy=True)
    with drill.step("sif verificar --raices, de la copia"):
        drill.verify(copy=True, whole=True)
    with drill.step("sif verificar --raices, de la que está en uso"):
        drill.verify(whole=True)


def tamper(drill: Drill) -> dict[str, Named]:
    """Change, remove and add rows of the copy, as who administers its database could; returns what must be named."""
    os.environ.update(drill.copy)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    database.setup_django()
    from django.db import connections

    from sif.filing.verifying import keys_of_records
    from sif.registry.tables import IN_THEIR_POLIZA

    done: dict[str, Named] = {"alterados": set(), "borrados": set(), "agregados": set()}
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], user="postgres")
    with psycopg.connect(address, autocommit=True) as admin:
        disarm(admin)
        for table, key in keys_of_records().items():
            gone = remove(admin, table, key)
            changed = alter(admin, table, key)
            done["borrados"] |= {(table, gone)} if gone else set()
            done["alterados"] |= {(table, changed)} if changed else set()
            done["agregados"].add((table, add(admin, table, key)))
        done["agregados"] |= {(table, add(admin, table, "id")) for table in IN_THEIR_POLIZA}
    connections.close_all()
    database.embedded().get_server(database.data_folder() / "pg").cleanup()
    return done


def name_what_was_tampered(drill: Drill) -> None:
    """Tamper with the copy and ask whether every row is named. Raises DoesNotHold with those that are not."""
    done = tamper(drill)
    with drill.step("sif verificar --raices, de la copia alterada"):
        named = drill.verify(copy=True, whole=False)
    for what, rows in done.items():
        tables = {table for table, _ in rows}
        print(f"    {what}: {len(rows & named)} de {len(rows)} registros nombrados, de {len(tables)} tablas")
        if rows - named:
            raise DoesNotHold(f"no se nombraron: {sorted(rows - named)}")


def heal_evidence(drill: Drill) -> None:
    """Corrupt a file of evidence in use, see it named alone, heal it from the backup and see all whole."""
    file = max((drill.data / "archivos").glob("*/*"), key=lambda path: path.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    digest = file.parent.name + file.name
    with drill.step("sif verificar, con un bit cambiado en un archivo"):
        named = drill.verify(whole=False)
    if named != {("books_archivo", digest)}:
        raise DoesNotHold(f"se nombró {sorted(named)} y debía ser books_archivo {digest}")
    with drill.step("sif restaurar --evidencia"):
        drill.sif("restaurar", drill.folder / "respaldo", "--evidencia")
    with drill.step("sif verificar --raices, después de sanarlo"):
        drill.verify(whole=True)


def installation(stack: ExitStack, folder: Path) -> dict[str, str]:
    """Start a PostgreSQL of its own, as an institution has it; returns the environment of the installation."""
    port = free_port()
    words = stack.enter_context(postgres(folder, port))
    addresses = roles_of(port, words)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **kept,
        "SIF_DATOS": str(folder / "datos"),
        "DATABASE_URL": addresses["sif_app"],
        "DATABASE_OWNER_URL": addresses["sif_owner"],
        "SIF_RESPALDO_URL": addresses["sif_respaldo"],
    }


def main() -> int:
    """Rehearse every step; 1 at the first that does not hold."""
    polizas = int(os.environ.get("SIF_PRUEBA_POLIZAS", "20000"))
    given = os.environ.get("SIF_PRUEBA_CARPETA")
    folder = Path(given or tempfile.mkdtemp(prefix="sif-simulacro-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # the server of the database is another user's
    with ExitStack() as stack:
        if not given:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        drill = Drill(folder, installation(stack, folder))
        try:
            fill(drill, polizas)
            back_up_twice(drill, max(1, polizas // 20))
            restore_beside(drill)
            name_what_was_tampered(drill)
            heal_evidence(drill)
        except DoesNotHold as refused:
            print(f"NO se sostiene: {refused}", file=sys.stderr)
            return 1
    print(f"El simulacro se sostiene: {len(drill.steps)} pasos.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
