"""`sif topes calcular` as a person and as a program use it."""

import argparse
import json
from pathlib import Path

import pytest

from sif.commands import topes
from sif.law.caps import ROUNDINGS
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
    assert "desde 2017" in said and "Ningún artículo dice cómo redondear" in said


def test_its_table_and_its_json_have_the_same_caps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "padron.csv"
    table.write_text("CARGO,ENTIDAD,MUNICIPIO,BASE\nPRESIDENCIA MUNICIPAL,OAXACA,TLAXIACO,30000\n")
    given = ("local", "--dia", "2022-03-01", "--tabla", str(table), "--factor", "15.5", "--articulo", "LIPEEO 192")
    words = (*given, "--corte", "2022-02-28", "--redondeo", "centavos_medio")
    assert ran(*words, "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["topes"]
    assert (row["tope"], row["lugar"]) == ("447423.00", "OAXACA, TLAXIACO")
    assert ran(*words, "--csv") == 0
    assert capsys.readouterr().out.splitlines()[1] == "PRESIDENCIA MUNICIPAL,OAXACA,,,TLAXIACO,447423.00"


def test_a_district_is_told_with_its_noun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "padron.csv"
    table.write_text("CARGO,ENTIDAD,DISTRITO,BASE\nDIPUTACION LOCAL MR,OAXACA,1,30000\n")
    given = ("local", "--dia", "2022-03-01", "--tabla", str(table), "--factor", "15.5", "--articulo", "LIPEEO 192")
    assert ran(*given, "--corte", "2022-02-28", "--redondeo", "centavos_medio") == 0
    assert "DIPUTACION LOCAL MR OAXACA, Distrito 1: " in capsys.readouterr().out


def test_what_is_wrong_is_told_and_ends_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("presidencia", "--dia", "2024-01-10") == 1
    assert "importe: Falta el importe" in capsys.readouterr().err
    assert ran("senaduria", "--dia", "2024-01-10", "--tabla", str(tmp_path / "no.csv")) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--dia", "ayer"), "--dia: «ayer» no es una fecha aaaa-mm-dd."),
        (("--dia-antes", "20170101"), "--dia-antes: «20170101» no es una fecha aaaa-mm-dd."),
        (("--corte", "2024-02-30"), "--corte: «2024-02-30» no es una fecha aaaa-mm-dd."),
        (("--importe", "x"), "--importe: «x» no es un importe."),
        (("--factor", "15.555"), "--factor: «15.555» no es un porcentaje de dos decimales."),
        (("--factor", "mil"), "--factor: «mil» no es"),
        (("--factor", "NaN"), "--factor: «NaN» no es"),
        (("--minimo-uma", "4,000.5"), "--minimo-uma: «4,000.5» no es"),
    ],
)
def test_a_bad_argument_is_told_in_spanish_at_its_name(
    words: tuple[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran("presidencia", "--dia", "2024-01-10", "--importe", "1", *words) == 1
    said = capsys.readouterr().err
    assert told in said and "Invalid" not in said and len(said.splitlines()) == 1


def test_its_help_says_how_a_factor_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ran("--help")
    assert "0.15 de la ley se escribe 15" in " ".join(capsys.readouterr().out.split())


def test_a_floor_is_typed_as_the_law_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "padron.csv"
    table.write_text("CARGO,ENTIDAD,MUNICIPIO,PADRON\nPRESIDENCIA MUNICIPAL,AGUASCALIENTES,SAN JOSE DE GRACIA,6500\n")
    words = ("local", "--dia", "2021-01-15", "--tabla", str(table), "--factor", "20", "--articulo", "CEEA 51.II")
    assert ran(*words, "--corte", "2020-10-31", "--redondeo", "pesos_corte", "--minimo-uma", "4,000") == 0
    assert "rige el mínimo: 4,000 × 86.88 = 347,520.00" in capsys.readouterr().out


def test_its_formulas_are_those_of_the_registry() -> None:
    assert set(topes._FORMULAS) == set(FORMULAS)
    assert set(topes.ROUNDINGS) == set(ROUNDINGS)
