"""`sif reglas`: list, show, review; errors on stderr and in the exit code."""

import argparse
import json
from pathlib import Path

import pytest

from sif.commands import reglas

from .sample import SAMPLE


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    reglas.register(parser.add_subparsers())
    args = parser.parse_args(["reglas", *words])
    return int(args.run(args))


@pytest.fixture
def sample_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A jurisdiction with one chapter and one rule; law stays Mexico's."""
    chapter = tmp_path / "mx" / "rules" / "registro"
    chapter.mkdir(parents=True)
    path = chapter / "EX001.yaml"
    path.write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr("sif.rulebook.reading.JURISDICTIONS", tmp_path)
    monkeypatch.setattr("sif.rulebook.survivors.JURISDICTIONS", tmp_path)
    return path


def test_it_lists(sample_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call() == 0
    assert capsys.readouterr().out.startswith("EX001  sustantiva  contabilidad")
    assert call("--json") == 0
    assert json.loads(capsys.readouterr().out)["fundamento"] == ["RF 38.1"]


def test_it_shows_a_page_or_says_which_there_are(sample_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("mostrar", "ex001") == 0
    assert capsys.readouterr().out.startswith("# EX001. Registro extemporáneo")
    assert call("mostrar", "ZZ999") == 1
    told = capsys.readouterr()
    assert told.out == "" and "Las que hay son: EX001" in told.err


def test_it_reviews_with_counts(sample_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("revisar") == 0
    told = capsys.readouterr()
    assert told.out == "1 reglas, 1 casos, 7 renglones esperados, 2 cifras, 0 problemas.\n" and told.err == ""


def test_it_fails_with_each_problem_on_stderr(sample_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample_path.write_text(
        SAMPLE.replace("| extemporanea      | 60000", "| extemporanea      | 60001"), encoding="utf-8"
    )
    assert call("revisar") == 1
    assert (
        "EX001: el filo de cada lapso, y lo revertido sale neto: poliza_id 2 dio monto = 60000"
        in capsys.readouterr().err
    )
    sample_path.write_text("id: [", encoding="utf-8")
    assert call("revisar") == 1
    assert "EX001.yaml: No es YAML legible" in capsys.readouterr().err
    assert call() == 1
    assert call("revisar", str(sample_path.with_name("NO001.yaml"))) == 1
    assert "No se lee" in capsys.readouterr().err


def test_it_names_mutants_nobody_explained(sample_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("revisar", "--mutantes") == 1
    told = capsys.readouterr().err
    assert "Ningún caso nota: LEFT por INNER en polizas_netas AS n." in told
    explained = "todas:\n  '*': así es el ejemplo\n"
    (sample_path.parents[1] / "sobrevivientes.yaml").write_text(explained, encoding="utf-8")
    assert call("revisar", "--mutantes") == 0
