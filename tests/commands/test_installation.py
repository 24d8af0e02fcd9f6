"""The checks of a running installation name the fault and its cure, on the real database."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from sif.commands import installation
from sif.commands.environment import Check
from sif.registry import walls
from sif.registry.invitations import Invited, Rol, invite

pytestmark = pytest.mark.django_db


def _failed(checks: list[Check]) -> list[str]:
    return [check.que for check in checks if not check.bien]


def test_the_application_role_owns_nothing_and_the_tables_are_up_to_date() -> None:
    assert _failed(installation._walls()) == []
    assert _failed(installation._migrations()) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_that_owns_the_tables_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "connection", connections["owner"])
    found = installation._walls()
    assert any("dueño de" in check.que and "sif_owner" in check.que for check in found)
    assert all("DATABASE_URL" in check.cura for check in found if "dueño de" in check.que)


def test_a_file_server_that_admits_an_act_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from sif.registry import opening

    assert _failed(installation._files()) == []
    said = [["leer", True, ""], ["red", False, ""]]
    monkeypatch.setattr(opening, "opened", lambda *_given: type("Said", (), {"lines": lambda _self: iter(said)})())
    (check,) = installation._files()
    assert not check.bien
    assert "se admitió: red" in check.cura


def test_an_absent_data_folder_is_a_failed_check(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path / "no-esta"
    (check,) = installation._folder()
    assert not check.bien
    assert "install -d -m 700" in check.cura


def test_roles_without_second_factor_in_production_are_named(settings: Any) -> None:
    settings.PRODUCTION, settings.MFA_ROLES = True, frozenset({"auditor"})
    (check,) = installation._factors()
    assert not check.bien
    assert "consejero" in check.cura


def test_a_clock_that_differs_from_the_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation._skew().bien
    late = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert not installation._skew().bien


def test_a_data_folder_that_others_read_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    tmp_path.chmod(0o700)
    assert _failed(installation._folder()) == []
    tmp_path.chmod(0o755)
    assert _failed(installation._folder()) == [f"{tmp_path.name}/ tiene permisos 755"]


def test_a_key_that_others_read_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    key = tmp_path / "certificados" / "acuses.key"
    key.parent.mkdir()
    key.write_bytes(b"0")
    key.chmod(0o644)
    assert _failed(installation._keys()) == ["acuses.key tiene permisos 644"]
    key.chmod(0o600)
    assert _failed(installation._keys()) == []


def test_an_installation_without_administrator_says_how_to_make_one_and_serves_their_link() -> None:
    (before, _demo) = installation._people()
    assert not before.bien
    assert "sif administrador --enlace" in before.cura
    invite(Invited(Rol.ADMINISTRADOR, "Hugo Administrador", "hugo.primero"), None)
    assert installation._people()[0].bien


def test_a_remote_database_without_verified_tls_is_named(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    remote = {"HOST": "base.instituto.mx", "OPTIONS": {"sslmode": "require"}}
    monkeypatch.setitem(settings.DATABASES, "default", remote)  # undone: later tests read the real one
    assert not installation._encrypted().bien
    monkeypatch.setitem(settings.DATABASES, "default", {**remote, "OPTIONS": {"sslmode": "verify-full"}})
    assert installation._encrypted().bien
