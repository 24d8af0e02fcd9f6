"""`sif leyes` as a person and as a program use it: what it prints, and the record that it keeps."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from proceedings.world import World, build_world
from sif.commands import database, leyes
from sif.registry import scope
from sif.statutes.models import TextoDeLey
from statutes.texts import ARTICLES, as_pdf, as_text

SHAPE = ["articulos", "citas", "coinciden", "difieren", "no_halladas"]


@pytest.fixture
def world(db: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(database, "setup_django", lambda: None)
    with scope.everything():
        return build_world()


@pytest.fixture
def law(tmp_path: Path) -> Path:
    path = tmp_path / "RF.txt"
    path.write_text(as_text(), encoding="utf-8")
    return path


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="sif")
    leyes.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["leyes", *words])
    code: int = args.run(args)
    return code


def _shape(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert list(shape) == SHAPE
    assert all(set(row) == {"articulo", "donde"} for name in SHAPE[3:] for row in shape[name])
    assert shape["citas"] == shape["coinciden"] + len(shape["difieren"]) + len(shape["no_halladas"])
    return shape


def test_loading_prints_what_agrees_what_differs_and_what_is_not_found(
    world: World, law: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("cargar", "RF", str(law), "--desde", "2023-08-22", "--json") == 0
    shape = _shape(capsys)
    assert shape["articulos"] == len(ARTICLES)
    assert shape["coinciden"] > 5
    assert {"articulo": "RF 127.1", "donde": "rules/comprobacion/EV001.yaml, basis"} in shape["difieren"]
    assert {"articulo": "RF 54.1", "donde": "rules/bancos/BA001.yaml, basis"} in shape["no_halladas"]
    kept = TextoDeLey.objects.get()
    assert (kept.ley, kept.archivo, kept.cargado_por, str(kept.desde)) == ("RF", "RF.txt", None, "2023-08-22")


def test_a_pdf_says_the_same_and_who_loads_it_is_kept(
    world: World, law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("cargar", "RF", str(law), "--desde", "2023-08-22", "--json")
    one = _shape(capsys)
    pdf = tmp_path / "RF.pdf"
    pdf.write_bytes(as_pdf())
    assert _run("cargar", "RF", str(pdf), "--desde", "2023-08-22", "--por", "gloria", "--json") == 0
    assert _shape(capsys) == one
    assert TextoDeLey.objects.get(archivo="RF.pdf").cargado_por == world.gloria


def test_reviewing_is_the_same_of_all(world: World, law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("revisar", "--json") == 0
    nothing = _shape(capsys)
    assert (nothing["articulos"], nothing["coinciden"], nothing["difieren"]) == (0, 0, [])
    _run("cargar", "RF", str(law), "--desde", "2014-12-19", "--json")
    loaded = _shape(capsys)
    assert _run("revisar", "--json") == 0
    whole = _shape(capsys)
    assert whole["citas"] == nothing["citas"], "todas las citas, también las de leyes sin texto"
    assert (whole["coinciden"], whole["difieren"]) == (loaded["coinciden"], loaded["difieren"])
    assert {"articulo": "LGPP 63.1.a", "donde": "rules/cfdi/CF001.yaml, basis"} in whole["no_halladas"]


def test_a_person_reads_the_counts_and_each_citation(
    world: World, law: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("cargar", "RF", str(law), "--desde", "2023-08-22", "--por", "gloria") == 0
    out = capsys.readouterr().out
    assert f"RF desde el 22/08/2023: {len(ARTICLES)} artículos" in out
    assert "Difieren:" in out and "  RF 127.1" in out and "No halladas:" in out
    assert _run() == 0
    assert "del 22/08/2023 en adelante" in (listed := capsys.readouterr().out) and "la cargó gloria" in listed


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["cargar", "rf", "RUTA", "--desde", "2023-08-22"], 1, "no es la clave de una ley"),
        (["cargar", "RF", "NADA", "--desde", "2023-08-22"], 2, "no se puede leer"),
        (["cargar", "RF", "RUTA", "--desde", "2023-08-22", "--por", "nadie"], 2, "no existe el usuario nadie"),
        (["cargar", "RF", "RUTA", "--desde", "2023-08-22", "--por", "alicia"], 1, "no carga leyes"),
        (["cargar", "RF", "VACIO", "--desde", "2023-08-22"], 1, "vacío"),
        (["cargar", "RF", "RUTA", "--desde", "2023-08-22", "--hasta", "2023-08-22"], 1, "debe ser posterior"),
    ],
)
def test_what_is_wrong_is_said_on_the_error_output(
    world: World, law: Path, tmp_path: Path, words: list[str], code: int, says: str, capsys: Any
) -> None:
    (tmp_path / "vacio.txt").write_bytes(b"")
    paths = {"RUTA": str(law), "NADA": str(tmp_path / "nada.txt"), "VACIO": str(tmp_path / "vacio.txt")}
    assert _run(*(paths.get(word, word) for word in words), "--json") == code
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""
    assert not TextoDeLey.objects.exists()


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run("cargar", "--help")
    assert "sif leyes cargar RF reglamento.pdf --desde 2023-08-22" in capsys.readouterr().out
