"""`sif cuentas agregar`: by who administers, with what was wrong said and a code to tell."""

from typing import Any

import pytest

from sif.commands.main import main
from sif.registry import scope
from sif.registry.services import appoint, create_usuario
from small_world import World, world

__all__ = ["world"]


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)


def add(world: World, by: str, code: str = "5-5-01-09-0000") -> int:
    return main(
        [
            "cuentas",
            "agregar",
            code,
            "Cubrebocas",
            "--proceso",
            world.etapa.proceso.clave,
            "--base",
            "CG/17",
            "--por",
            by,
        ]
    )


def test_it_adds_or_says_why_not(world: World, capsys: Any) -> None:
    admin = create_usuario("administra", "Irene Salas", "", password_hash="!")
    appoint(admin, "administrador")
    assert add(world, world.clerk.username) == 1
    assert "administra el sistema" in capsys.readouterr().err
    assert add(world, "nadie") == 2
    assert add(world, "administra", "5-5") == 1
    assert "cinco segmentos" in capsys.readouterr().err
    assert add(world, "administra") == 0
    assert "5-5-01-09-0000 «Cubrebocas» agregada" in capsys.readouterr().out
    assert add(world, "administra") == 1


def test_an_order_opens_the_scope_it_needs_and_signs_for_its_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint(create_usuario("administra", "Irene Salas", "", password_hash="!"), "administrador")
    monkeypatch.setattr(scope, "_person_of", lambda said: scope._read(said).person)  # as in a terminal
    scope.set_scope("")
    assert add(world, "administra") == 0
    assert scope.current_scope() == ""
