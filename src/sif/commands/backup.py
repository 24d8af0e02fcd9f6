"""Back up an installation to one verifiable folder, and restore it beside the running one.

The folder holds `base/` (a full copy of the database), `inc-0001/`… (increments), the files of evidence, snapshots,
results, documents and public certificates, and `manifiesto.json` with the SHA-256 of every file. The database is copied
first and the files after, so each row of the copy finds its file.
"""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from sif.commands import database

FORMAT = "sif-respaldo/1"
MANIFEST = "manifiesto.json"
FOLDERS = ("archivos", "instantaneas", "resultados", "documentos")
SECRET_ENDINGS = (".key", ".secreto")
# left by a running server inside its data folder; a copy that keeps them does not start
OF_A_RUNNING_SERVER = (".s.PGSQL.5432", ".s.PGSQL.5432.lock", ".handle_pids.json", "postmaster.pid", "log")


class BackupRefused(RuntimeError):
    """A backup or a restore cannot go on; the text says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A part added to a backup: its name, the files copied now and their bytes, and all files of the backup."""

    parte: str
    copiados: int
    bytes: int
    archivos: int


def back_up(folder: Path, data: Path, conninfo: str) -> BackedUp:
    """Add a part to the backup in `folder`: a full copy the first time, an increment afterwards.

    Raises BackupRefused if the folder holds something else or PostgreSQL refuses; what was there stays as it was.
    """
    manifest = _read_manifest(folder)
    parts: list[str] = manifest["partes"]
    name = "base" if not parts else f"inc-{len(parts):04d}"
    partial = folder / f".{name}-a-medias"
    shutil.rmtree(partial, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    _copy_database(conninfo, partial, folder / parts[-1] / "backup_manifest" if parts else None)
    partial.rename(folder / name)
    files: dict[str, str] = manifest["archivos"]
    files[f"{name}/backup_manifest"] = _digest(folder / name / "backup_manifest")
    copied, size = _copy_files(data, folder, files)
    manifest |= {"partes": [*parts, name], "archivos": files, "hecho_el": datetime.now(UTC).isoformat()}
    _write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
    return BackedUp(name, copied, size, len(files))


def verify_backup(folder: Path) -> list[str]:
    """Check every file of a backup against its manifest; return a line for each absent or altered one."""
    manifest = _read_manifest(folder)
    if not manifest["partes"]:
        raise BackupRefused(f"{folder} no es un respaldo de SIF: no tiene {MANIFEST}.")
    faults = []
    for name, digest in sorted(manifest["archivos"].items()):
        path = folder / name
        if not path.is_file():
            faults.append(f"falta {name}")
        elif _digest(path) != digest:
            faults.append(f"{name} cambió desde que se respaldó")
    for part in manifest["partes"]:
        done = _run("pg_verifybackup", "--no-parse-wal", "--quiet", str(folder / part))
        if done.returncode:
            faults.append(f"la copia de la base {part} no concuerda: {_last_line(done.stderr)}")
    return faults


def restore(folder: Path, data: Path) -> int:
    """Restore a backup into an empty data folder; return how many files it holds.

    The server of the restored folder is not started. Raises BackupRefused if the backup is not whole or the folder is
    not empty; then nothing is left there.
    """
    if data.exists() and any(data.iterdir()):
        raise BackupRefused(f"{data} no está vacía. Restaure en una carpeta nueva, junto a la que está en uso.")
    faults = verify_backup(folder)
    if faults:
        raise BackupRefused("El respaldo no está íntegro:\n" + "\n".join(f"- {fault}" for fault in faults))
    manifest = _read_manifest(folder)
    data.mkdir(parents=True, exist_ok=True)
    try:
        _combine([folder / part for part in manifest["partes"]], data / "pg")
        names = [name for name in manifest["archivos"] if name.split("/")[0] not in manifest["partes"]]
        for name in names:
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, data / name)
    except BaseException:
        shutil.rmtree(data, ignore_errors=True)
        raise
    return len(names)


def backup_conninfo() -> str:
    """Return the connection that may copy the cluster: SIF_RESPALDO_URL, or the embedded server's administrator.

    Raises BackupRefused when the database is the institution's and no such connection was given.
    """
    given = os.environ.get("SIF_RESPALDO_URL")
    if given:
        return given
    if "DATABASE_URL" in os.environ:
        raise BackupRefused(
            "La base de datos es de la institución y falta SIF_RESPALDO_URL. Ponga ahí la conexión de un rol con "
            "REPLICATION: CREATE ROLE sif_respaldo LOGIN REPLICATION;"
        )
    database.connect_environment()
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], user="postgres")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.exists():
        if folder.exists() and any(not each.name.startswith(".") for each in folder.iterdir()):
            raise BackupRefused(f"{folder} tiene otra cosa y no {MANIFEST}. Indique una carpeta vacía o un respaldo.")
        return {"formato": FORMAT, "partes": [], "archivos": {}}
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("formato") != FORMAT:
        raise BackupRefused(f"{path} dice formato «{manifest.get('formato')}»; este programa lee {FORMAT}.")
    return manifest


def _copy_database(conninfo: str, target: Path, parent: Path | None) -> None:
    options = ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--pgdata", str(target)]
    if parent is not None:
        options += ["--incremental", str(parent)]
    done = _run("pg_basebackup", "--dbname", conninfo, *options)
    if done.returncode:
        shutil.rmtree(target, ignore_errors=True)
        raise BackupRefused(f"PostgreSQL no dejó copiar la base: {_last_line(done.stderr)}")


def _copy_files(data: Path, folder: Path, files: dict[str, str]) -> tuple[int, int]:
    copied = size = 0
    for path in _files_of(data):
        name = path.relative_to(data).as_posix()
        target = folder / name
        if name in files and target.exists() and target.stat().st_size == path.stat().st_size:
            continue  # named by its digest, or public and small: what it says does not change
        content_digest = _digest(path)
        if files.get(name) == content_digest and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, path.read_bytes())
        files[name] = content_digest
        copied, size = copied + 1, size + path.stat().st_size
    return copied, size


def _files_of(data: Path) -> Iterator[Path]:
    for name in FOLDERS:
        yield from sorted(path for path in (data / name).rglob("*") if path.is_file() and not path.name.startswith("."))
    yield from sorted((data / "certificados").glob("*.cer"))


def _combine(parts: list[Path], target: Path) -> None:
    if len(parts) == 1:
        shutil.copytree(parts[0], target)
    else:
        done = _run("pg_combinebackup", *(str(part) for part in parts), "--output", str(target))
        if done.returncode:
            raise BackupRefused(f"No se pudo unir el respaldo: {_last_line(done.stderr)}")
    for name in OF_A_RUNNING_SERVER:
        (target / name).unlink(missing_ok=True)
    target.chmod(0o700)
    if os.geteuid() == 0:  # the embedded server does not run as root
        owner = pwd.getpwnam("embedded_postgres")
        for path in (target, *target.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    command = [str(POSTGRES_BIN_PATH / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "sin explicación"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}-a-medias")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
