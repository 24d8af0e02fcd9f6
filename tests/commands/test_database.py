"""A command says which database it asks, and refuses to ask one while its folder keeps another."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sif.commands.database import announce_server

PRODUCTION = "postgresql://sif_app:secreta@db.instituto.mx:5433/fiscalizacion"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIF_DATOS", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", PRODUCTION)
    return tmp_path


def test_host_port_and_database_are_said_without_the_password(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announce_server()
    said = capsys.readouterr().err
    assert said == "Base de datos «fiscalizacion» en db.instituto.mx, puerto 5433.\n"


@pytest.mark.parametrize("pid", ["", "41\n/x/pg\n1764\n5432\n/otro/pg\n\n"])
def test_a_folder_with_its_own_server_refuses_the_url_of_another(folder: Path, pid: str) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "PG_VERSION").write_text("18", encoding="ascii")
    if pid:
        (folder / "pg" / "postmaster.pid").write_text(pid, encoding="ascii")
    with pytest.raises(ImproperlyConfigured, match="env -u"):
        announce_server()


def test_the_url_of_the_own_server_passes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "PG_VERSION").write_text("18", encoding="ascii")
    (folder / "pg" / "postmaster.pid").write_text("41\n/x/pg\n1764\n5432\n/tmp/corto\n", encoding="ascii")
    monkeypatch.setenv("DATABASE_URL", "host=/tmp/corto user=sif_app dbname=sif")
    announce_server()
