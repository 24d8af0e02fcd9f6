"""A command says which database it asks, and refuses to ask one while its folder keeps another."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from psycopg.conninfo import conninfo_to_dict

from sif.commands import database, roles
from sif.commands.database import announce_server
from sif.commands.main import main

PRODUCTION = "postgresql://sif_app:secreta@db.instituto.mx:5433/fiscalizacion"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIF_DATOS", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", PRODUCTION)
    return tmp_path


def test_the_folder_of_an_installation_is_made_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIF_DATOS", str(tmp_path / "datos"))
    assert database.data_folder().stat().st_mode & 0o777 == 0o700


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


def test_a_change_of_an_empty_database_renders_its_model_and_those_that_point_at_it() -> None:
    state, whole = ProjectState(), ProjectState.reload_model
    for name, above in (("uno", None), ("dos", "uno"), ("tres", "dos")):
        fields: list[tuple[str, models.Field]] = [("id", models.AutoField(primary_key=True))]
        if above:
            fields.append((above, models.ForeignKey(f"prueba.{above}", models.CASCADE)))
        state.add_model(ModelState("prueba", name, fields))
    before = [state.apps.get_model("prueba", name) for name in ("uno", "dos", "tres")]
    with pytest.raises(ZeroDivisionError), database._rendering_what_is_near():
        state.add_field("prueba", "uno", "monto", models.IntegerField(null=True), True)
        raise ZeroDivisionError
    one, two, three = (state.apps.get_model("prueba", name) for name in ("uno", "dos", "tres"))
    assert [old is new for old, new in zip(before, (one, two, three), strict=True)] == [False, False, True]
    assert one._meta.get_field("monto") and two._meta.get_field("uno").related_model is one
    assert state.is_delayed and ProjectState.reload_model is whole


@pytest.mark.parametrize("module", ["sif.commands.database", "sif.commands.backup"])
def test_the_embedded_server_is_found_without_a_session_of_a_person_and_without_warnings(module: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    asked = "database.embedded()" if module.endswith("database") else "backup._run('pg_config', '--version')"
    script = f"from sif.commands import database, backup; print({asked})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_two_processes_that_start_at_once_give_their_rights_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    free = []

    def ask(_granting: object) -> None:
        with psycopg.connect(owner) as other:
            free.append(other.execute("SELECT pg_try_advisory_lock(hashtext('sif.roles'))").fetchone())

    monkeypatch.setattr(roles, "_grant", ask)
    monkeypatch.setattr(roles, "NO_OBJECTS", "SELECT 1")  # for a superuser, and here the owner asks
    owner = os.environ["DATABASE_OWNER_URL"]
    roles.make_roles(owner, str(conninfo_to_dict(owner)["dbname"]))
    assert free == [(False,)]


@pytest.mark.django_db
def test_a_command_with_another_key_of_scope_is_refused_before_it_sees_an_empty_house(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database.setup_django()
    monkeypatch.setenv("SIF_LLAVE_ALCANCE", "ab" * 32)
    database.setup_django(keyed=False)
    assert main(["verificar"]) == 2
    assert "La base no reconoce la llave de SIF_LLAVE_ALCANCE" in capsys.readouterr().err


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_change_of_a_table_gives_way_to_who_reads_it_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(database, "PATIENCE", "20ms")
    tried: list[str] = []

    def change() -> None:
        tried.append("x")
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE registry_territorio ADD COLUMN de_paso int")
            cursor.execute("ALTER TABLE registry_territorio DROP COLUMN de_paso")

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=connections["owner"].settings_dict["NAME"]) as page:
        page.execute("SELECT FROM registry_territorio")
        database.in_turn(change, pause=page.rollback)
    assert len(tried) == 2 and "está ocupada" in capsys.readouterr().err
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_never_gets_its_lock_is_said_and_another_failure_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "PATIENCE", "5ms")
    monkeypatch.setattr(database, "TURNS", 3)
    waits: list[str] = []

    def change() -> None:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("LOCK TABLE registry_territorio")

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=connections["owner"].settings_dict["NAME"]) as page:
        page.execute("SELECT FROM registry_territorio")
        with pytest.raises(SystemExit, match="siguió ocupada 3 veces"):
            database.in_turn(change, pause=lambda: waits.append("x"))
    assert len(waits) == 3


def test_a_command_within_a_process_leaves_its_log_where_it_was() -> None:
    before = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    database.setup_django(keyed=False)
    after = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    assert before
    assert after == before
