"""The reference of the rulebook: every test of a review is answered by somebody, and no page is of yesterday."""

import argparse
import re
from dataclasses import replace
from pathlib import Path

import pytest

from sif.commands import reglas
from sif.rulebook import Rule, load_rules
from sif.rulebook.pruebas import EVERY_TEST, Catalogo, Prueba, authority_lists, gaps, read_catalogo
from sif.rulebook.reference import reference_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return list(load_rules("mx"))


@pytest.fixture(scope="module")
def catalogo() -> Catalogo:
    return read_catalogo("mx")


@pytest.fixture(scope="module")
def pages(rules: list[Rule], catalogo: Catalogo) -> dict[str, str]:
    return reference_pages(rules, catalogo, authority_lists("mx"), "mx")


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    reglas.register(parser.add_subparsers())
    args = parser.parse_args(["reglas", "documentar", *words])
    return int(args.run(args))


def test_every_rule_answers_a_test_and_every_test_is_answered(rules: list[Rule], catalogo: Catalogo) -> None:
    assert list(gaps(catalogo, rules)) == []
    assert [prueba.clave for prueba in catalogo.pruebas] == list(EVERY_TEST)
    assert {prueba.clave for prueba in catalogo.pruebas if not prueba.reglas} == {"T39", "T42"}


def test_each_duty_outside_the_review_says_who_answers_it(catalogo: Catalogo, pages: dict[str, str]) -> None:
    """A duty that no rule answers is declared in a page, with why."""
    declared = [duty for duty in catalogo.deberes if not duty.reglas]
    assert len(catalogo.deberes) == 24
    assert {duty.clave for duty in declared} >= {"LGPP 54.2", "LGPP 57.1.b", "LGPP 63.1.d", "LGIPE 213.3"}
    assert [duty.clave for duty in catalogo.deberes if duty.nota and duty.nota not in pages["README.md"]] == []


def test_what_does_not_fit_is_told(rules: list[Rule], catalogo: Catalogo) -> None:
    tests = (
        Prueba("T01", "x", ("ZZ999",), "", ""),
        Prueba("T02", "x", (), "", ""),
        Prueba("T03", "x", (), "nadie", "n"),
    )
    told = "\n".join(gaps(replace(catalogo, pruebas=tests), rules))
    assert "T01 nombra reglas que no hay: ZZ999." in told
    assert "T02 no tiene regla y no dice quién" in told
    assert "T03 dice «nadie»" in told
    assert "Agréguela en pruebas.yaml" in told
    assert "RE005" in told
    assert "Faltan las pruebas T04, T05" in told


def test_the_pages_of_the_project_are_those_of_today(pages: dict[str, str]) -> None:
    folder = ROOT / "docs" / "reference" / "reglas"
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert there == pages, "Corra: sif reglas documentar docs/reference/reglas"


def test_the_index_leads_to_every_rule_and_names_the_lists_that_each_test_needs(pages: dict[str, str]) -> None:
    index = pages["README.md"]
    assert set(re.findall(r"\]\((\w+\.md)\)", index)) == set(pages) - {"README.md"}
    rows = {row.split(" | ")[0].strip("| "): row for row in index.splitlines() if row.startswith("| ")}
    assert "| padron69b |" in rows["T06"]
    assert "| matriz_precios, testigos |" in rows["T23"]
    assert "Contesta una persona." in rows["T39"]
    assert "También la lente estadística." in rows["T34"]
    assert "[AP010](AP010.md)" in rows["impedidos"]
    for name in authority_lists("mx"):
        assert "](" in rows[name], f"Ninguna regla lee {name}."


def test_writing_changes_only_what_changed_and_checking_says_it(
    tmp_path: Path,
    rules: list[Rule],
    pages: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(reglas, "load_rules", lambda _jurisdiction: rules)  # read once for all of this file
    folder = str(tmp_path / "reglas")
    assert call(folder, "--comprobar") == 1
    assert call(folder) == 0
    assert capsys.readouterr().out == f"{len(pages)} páginas en {folder}; {len(pages)} cambiaron.\n"
    assert call(folder, "--comprobar") == 0
    (tmp_path / "reglas" / "RE001.md").write_text("otra cosa", encoding="utf-8")
    (tmp_path / "reglas" / "ZZ999.md").write_text("una regla que ya no está", encoding="utf-8")
    assert call(folder, "--comprobar") == 1
    assert "RE001.md, ZZ999.md" in capsys.readouterr().err
    assert call(folder) == 0
    assert {path.name for path in (tmp_path / "reglas").iterdir()} == set(pages)
    assert call(folder, "--comprobar") == 0


def test_a_long_check_says_where_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reglas, "PATIENCE", -1.0)
    path = next(path for path in reglas.rule_paths("mx") if path.stem == "RE003")
    assert reglas._review([path], with_mutants=False) == 0
    assert "0 de 1: RE003" in capsys.readouterr().err
