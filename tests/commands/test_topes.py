"""`sif topes calcular` as a person and as a program use it."""

import argparse
import json
from pathlib import Path

import pytest

from sif.commands import topes
from sif.registry.cap_formulas import FORMULAS

pytestmark = pytest.mark.django_db


def ran(*words: str) -> int:
    parser = argparse.ArgumentParser()
    topes.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["topes", "calcular", *words])
    return int(args.run(args))


def test_it_says_the_arithmetic_and_its_law(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("presidencia", "--dia", "2024-01-10", "--importe", "3304893615") == 0
    said = capsys.readouterr().out
    assert "PRESIDENCIA: 3,304,893,615.00 × 20 % = 660,978,723.00" in said
    assert "Fundamento: LGIPE 243.4.a.I (confirmado)" in said


def test_its_table_and_its_json_have_the_same_caps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "padron.csv"
    table.write_text("CARGO,ENTIDAD,MUNICIPIO,BASE\nPRESIDENCIA MUNICIPAL,OAXACA,TLAXIACO,30000\n")
    words = ("local", "--dia", "2022-03-01", "--tabla", str(table), "--factor", "15.5", "--articulo", "LIPEEO 192")
    assert ran(*words, "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["topes"]
    assert (row["tope"], row["lugar"]) == ("447423.00", "OAXACA TLAXIACO")
    assert ran(*words, "--csv") == 0
    assert capsys.readouterr().out.splitlines()[1] == "PRESIDENCIA MUNICIPAL,OAXACA,,,TLAXIACO,447423.00"


def test_what_is_wrong_is_told_and_ends_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("presidencia", "--dia", "2024-01-10") == 1
    assert "importe: Falta el importe" in capsys.readouterr().err
    assert ran("presidencia", "--dia", "ayer", "--importe", "1") == 1
    assert ran("presidencia", "--dia", "2024-01-10", "--importe", "x") == 1
    assert ran("senaduria", "--dia", "2024-01-10", "--tabla", str(tmp_path / "no.csv")) == 2


def test_its_formulas_are_those_of_the_registry() -> None:
    assert set(topes._FORMULAS) == set(FORMULAS)
