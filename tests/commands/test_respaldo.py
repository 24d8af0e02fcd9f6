"""A backup is whole or refused, costs only what is new the second time, and starts beside the running server."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sif.commands import backup, database
from sif.commands.backup import BackupRefused, Evidence, back_up, heal, restore, verify_backup

LINES = [f"póliza {number}" for number in range(1, 4)]


def _server(folder: Path) -> Any:
    return database.embedded().get_server(folder)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A small server of its own with one table, and a folder with a file of evidence."""
    data = tmp_path_factory.mktemp("datos")
    server = _server(data / "pg")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET summarize_wal = on")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE TABLE poliza (concepto text)")
    _post(uri, LINES[0])
    _evidence(data, b"factura 1")
    (data / "certificados").mkdir()
    (data / "certificados" / "autoridad.cer").write_bytes(b"publica")
    (data / "certificados" / "acuses.key").write_bytes(b"privada")
    yield data, uri
    server.cleanup()


def _post(uri: str, concept: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("INSERT INTO poliza VALUES (%s)", [concept])


def _evidence(data: Path, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = data / "archivos" / digest[:2] / digest[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _configure(part: Path, manifest: Path) -> None:
    """Leave in a part what a server of an institution has: a socket elsewhere, and passwords for every connection."""
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    texts = {
        "postgresql.conf": "ssl = on\nssl_cert_file = '/etc/ssl/no-esta.pem'\nport = 5499\n",
        "pg_hba.conf": "local all all scram-sha-256\n",
    }
    for each in listed["Files"]:
        if each["Path"] in texts:
            content = texts[each["Path"]].encode()
            (part / each["Path"]).write_bytes(content)
            each["Size"], each["Checksum"] = len(content), hashlib.sha256(content).hexdigest()
    del listed["Manifest-Checksum"]
    text = json.dumps(listed)[:-1] + ',\n"Manifest-Checksum": "'
    whole = text.encode()
    line = whole[: whole.rindex(b"\n") + 1]
    manifest.write_bytes(line + b'"Manifest-Checksum": "' + hashlib.sha256(line).hexdigest().encode() + b'"}\n')


def _kept(data: Path) -> Evidence:
    """The evidence in the folder of an installation, as its database would name it."""
    names = [path.parent.name + path.name for path in sorted(data.glob("archivos/*/*"))]
    return Evidence(lambda: names, lambda digest: (data / "archivos" / digest[:2] / digest[2:]).open("rb"))


@pytest.fixture(scope="module")
def twice(installation: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of two parts: the whole, and what came after."""
    data, uri = installation
    folder = tmp_path_factory.mktemp("respaldos") / "sif"
    first = back_up(folder, data, uri, _kept(data))
    assert (first.parte, first.copiados) == ("base", 2)
    _post(uri, LINES[1])
    _evidence(data, b"factura 2")
    second = back_up(folder, data, uri, _kept(data))
    assert (second.parte, second.copiados) == ("inc-0001", 1)
    _post(uri, LINES[2])
    return folder


def test_an_increment_is_smaller_and_no_secret_is_copied(twice: Path) -> None:
    sizes = [
        sum(path.stat().st_size for path in (twice / part).rglob("*") if path.is_file() and "pg_wal" not in path.parts)
        for part in ("base", "inc-0001")
    ]
    assert sizes[1] * 2 < sizes[0]
    assert not list(twice.rglob("acuses.key"))
    assert verify_backup(twice) == []


def test_a_restored_copy_starts_beside_the_running_one(twice: Path, tmp_path: Path) -> None:
    target = tmp_path / "restaurada"
    restore(twice, target)
    server = _server(target / "pg")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            rows = connection.execute("SELECT concepto FROM poliza ORDER BY 1").fetchall()
    finally:
        server.cleanup()
    assert [row[0] for row in rows] == LINES[:2]
    assert sorted(path.read_bytes() for path in target.glob("archivos/*/*")) == [b"factura 1", b"factura 2"]


def test_the_copy_of_a_database_of_the_institution_starts_without_its_network_and_its_passwords(
    twice: Path, tmp_path: Path
) -> None:
    target = tmp_path / "restaurada"
    copy = shutil.copytree(twice, tmp_path / "respaldo")
    for part in ("base", "inc-0001"):
        manifest = copy / part / "backup_manifest"
        _configure(copy / part, manifest)
    listed = json.loads((copy / "manifiesto.json").read_text(encoding="utf-8"))
    for part in ("base", "inc-0001"):
        listed["archivos"][f"{part}/backup_manifest"] = backup.digest_of(copy / part / "backup_manifest")
    (copy / "manifiesto.json").write_text(json.dumps(listed), encoding="utf-8")
    restore(copy, target)
    server = _server(target / "pg")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            rows = connection.execute("SELECT concepto FROM poliza ORDER BY 1").fetchall()
            (listens,) = connection.execute("SHOW listen_addresses").fetchone() or ("",)
    finally:
        server.cleanup()
    assert ([row[0] for row in rows], listens) == (LINES[:2], "")


@pytest.mark.parametrize("damage", ["altered", "absent", "database"])
def test_a_damaged_backup_is_named_and_restores_nothing(twice: Path, tmp_path: Path, damage: str) -> None:
    copy = shutil.copytree(twice, tmp_path / "copia")
    evidence = sorted(copy.glob("archivos/*/*"))[0]
    if damage == "altered":
        evidence.write_bytes(b"otra cosa")
    elif damage == "absent":
        evidence.unlink()
    else:
        page = max(
            (path for path in (copy / "base" / "base").rglob("*") if path.is_file()), key=lambda p: p.stat().st_size
        )
        content = bytearray(page.read_bytes())
        content[100] ^= 1
        page.write_bytes(content)
    (fault,) = verify_backup(copy)
    said = {"altered": "cambió desde que se respaldó", "absent": "falta archivos/", "database": "no concuerda"}
    assert said[damage] in fault
    target = tmp_path / "restaurada"
    with pytest.raises(BackupRefused, match="no está íntegro"):
        restore(copy, target)
    assert not target.exists()


def test_a_folder_with_something_else_is_refused(installation: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "fotos.txt").write_text("ajeno")
    with pytest.raises(BackupRefused, match=r"tiene otra cosa y no manifiesto\.json"):
        back_up(tmp_path, *installation, _kept(installation[0]))
    assert [path.name for path in tmp_path.iterdir()] == ["fotos.txt"]


def test_a_backup_of_another_version_of_postgresql_is_refused_with_what_opens_it(
    twice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (twice / "base" / "PG_VERSION").read_text(encoding="ascii").strip()
    monkeypatch.setattr(backup, "_release", lambda: "99")
    with pytest.raises(BackupRefused, match=f"de PostgreSQL {kept} y .* trae el 99.*pg_combinebackup {kept}"):
        restore(twice, tmp_path / "restaurada")
    assert not (tmp_path / "restaurada").exists()


def test_a_folder_in_use_is_never_restored_over(twice: Path, tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    with pytest.raises(BackupRefused, match="no está vacía"):
        restore(twice, tmp_path)


def test_the_institutions_database_asks_for_a_role_that_may_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://sif_app@base/sif")
    with pytest.raises(BackupRefused, match="SIF_RESPALDO_URL"):
        backup.backup_conninfo()


def test_a_backup_that_postgresql_refuses_leaves_what_was_there(twice: Path, installation: tuple[Path, str]) -> None:
    before = (twice / "manifiesto.json").read_bytes()
    with pytest.raises(BackupRefused, match="PostgreSQL no dejó copiar"):
        back_up(twice, installation[0], "postgresql://nadie@127.0.0.1:1/nada", _kept(installation[0]))
    assert (twice / "manifiesto.json").read_bytes() == before
    assert verify_backup(twice) == []


def test_a_file_rewritten_with_the_same_size_is_copied_again(installation: tuple[Path, str], tmp_path: Path) -> None:
    data, uri = installation
    (data / "documentos").mkdir(exist_ok=True)
    (data / "documentos" / "a.pdf").write_bytes(b"uno")
    back_up(tmp_path / "r", data, uri, _kept(data))
    os.utime(data / "documentos" / "a.pdf", ns=(0, 0))  # written at another hour, the same bytes: read, not copied
    assert back_up(tmp_path / "r", data, uri, _kept(data)).copiados == 0
    (data / "documentos" / "a.pdf").write_bytes(b"dos")
    assert back_up(tmp_path / "r", data, uri, _kept(data)).copiados == 1
    assert (tmp_path / "r" / "documentos" / "a.pdf").read_bytes() == b"dos"
    assert verify_backup(tmp_path / "r") == []


def test_corrupt_evidence_never_replaces_a_good_copy_and_is_healed_by_it(
    twice: Path, installation: tuple[Path, str], tmp_path: Path
) -> None:
    data = shutil.copytree(installation[0] / "archivos", tmp_path / "datos" / "archivos").parent
    evidence, folder = _kept(data), shutil.copytree(twice, tmp_path / "r")
    changed, gone, never = *sorted(data.glob("archivos/*/*")), _evidence(data, b"factura 3")
    changed.write_bytes(b"factura X")
    gone.unlink()
    never.write_bytes(b"factura X")
    evidence = Evidence(lambda: [path.parent.name + path.name for path in (changed, gone, never)], evidence.abrir)
    done = back_up(folder, data, installation[1], evidence)
    assert done.faltantes == [never.parent.name + never.name] and verify_backup(folder) == []

    def put(digest: str, source: Path) -> None:
        (data / "archivos" / digest[:2] / digest[2:]).write_bytes(source.read_bytes())

    healed, lost = heal(folder, evidence, put)
    assert len(healed) == 2 and lost == done.faltantes
    assert sorted(path.read_bytes() for path in (changed, gone)) == [b"factura 1", b"factura 2"]


def test_what_a_program_of_postgresql_refused_is_told_and_not_what_it_did_after() -> None:
    told = "pg_basebackup: error: WAL summarization is not progressing\npg_basebackup: removing data directory\n"
    assert backup._cause(told) == "pg_basebackup: error: WAL summarization is not progressing"
    assert (backup._cause("one\ntwo\n"), backup._cause("")) == ("two", "sin explicación")
