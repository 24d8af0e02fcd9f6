"""`sif obligaciones` as a person and as a program use it."""

import argparse
import json
from typing import Any

import pytest

from sif.commands import obligaciones
from small_world import World
from small_world import world as world


@pytest.fixture(autouse=True)
def _connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obligaciones.database, "setup_django", lambda: None)


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="sif")
    obligaciones.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["obligaciones", *words])
    code: int = args.run(args)
    return code


def test_json_is_the_shape_and_nothing_else(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(world.party.siglas, "--al", "2024-05-02", "--json") == 0
    captured = capsys.readouterr()
    rows: list[dict[str, Any]] = json.loads(captured.out)
    assert captured.err == ""
    assert rows and all(list(row) == ["clave", "que", "vence_el", "articulo", "estado"] for row in rows)
    assert len({row["clave"] for row in rows}) == len(rows)
    dated = [row["vence_el"] for row in rows if row["vence_el"]]
    assert dated == sorted(dated)


def test_a_state_narrows_and_a_person_reads_lines(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(world.party.numero, "--al", "2024-05-02", "--estado", "vencida") == 0
    captured = capsys.readouterr()
    assert "Aviso de apertura de una cuenta bancaria" in captured.out
    assert all(" vencida " in line for line in captured.out.splitlines())
    assert "obligaciones al 2024-05-02" in captured.err


def test_the_authority_has_its_own(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("autoridad", "--al", "2024-05-02", "--json") == 0
    assert {row["articulo"] for row in json.loads(capsys.readouterr().out)} == {"LGPP 84.2", "LGPP 60.3"}


def test_nobody_by_that_name(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("NADIE", "--json") == 2
    captured = capsys.readouterr()
    assert captured.out == "" and world.party.siglas in captured.err
    with pytest.raises(SystemExit):
        _run(world.party.siglas, "--al", "mañana")
