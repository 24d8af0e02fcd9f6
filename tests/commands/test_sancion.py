"""`sif sancion` as a person and as a program use it."""

import argparse
import json
from typing import Any

import pytest

from sif.commands import sancion


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="sif")
    sancion.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["sancion", *words])
    code: int = args.run(args)
    return code


def test_json_on_an_amount(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--monto", "466832.53", "--porcentaje", "100", "--anio", "2024", "--json") == 0
    shape = json.loads(capsys.readouterr().out)
    assert shape.pop("trabajo")
    assert (shape.pop("maximo"), shape.pop("articulo")) == ("1085700.00", "LGIPE 456.1.a.II")
    assert shape == {"sancion": "466742.43", "forma": "multa", "umas": 4299}


def _shape(capsys: pytest.CaptureFixture[str], words: str) -> dict[str, Any]:
    assert _run(*words.split(), "--json") == 0
    shape: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert shape.pop("trabajo")
    return shape


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--sujeto independiente --monto 2000000 --porcentaje 100 --anio 2024", ("542850.00", "multa", "542850.00")),
        ("--sujeto candidatura --monto 2000000 --porcentaje 100 --anio 2024", ("542850.00", "multa", "542850.00")),
        ("--sujeto observadores --unidades 30 --umas 10 --anio 2024", ("21714.00", "multa", "21714.00")),
        ("--sujeto moral --monto 14026500 --porcentaje 200 --anio 2021", ("8962000.00", "multa", "8962000.00")),
        ("--sujeto persona --monto 100000 --porcentaje 100 --anio 2024", ("54285.00", "multa", "54285.00")),
        ("--sujeto agrupacion --monto 2000000 --porcentaje 100 --anio 2024", ("1085700.00", "multa", "1085700.00")),
        ("--monto 100 --porcentaje 5 --anio 2024", ("0.00", "amonestacion", None)),
        ("--exceso --monto 50000 --anio 2024", ("50000.00", "un_tanto_igual", "50000.00")),
        (
            "--exceso --monto 50000 --porcentaje 100 --reincidente --anio 2024",
            ("100000.00", "un_tanto_igual", "100000.00"),
        ),
        ("--monto 2812627.92 --porcentaje 100 --anio 2024", ("2812627.92", "reduccion", None)),
    ],
)
def test_each_kind_of_person(
    words: str, expected: tuple[str, str, str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    shape = _shape(capsys, words)
    assert (shape["sancion"], shape["forma"], shape["maximo"]) == expected
    assert "meses" not in shape
    assert "vistas" not in shape


@pytest.mark.parametrize("persona", ["precandidatura", "aspirante"])
def test_the_excess_before_a_campaign_is_fined_and_told_to_who_decides(
    persona: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = _shape(capsys, f"--sujeto {persona} --exceso --monto 50000 --anio 2024")
    assert (shape["sancion"], shape["forma"], shape["articulo"]) == ("49942.20", "multa", "LGIPE 456.1.c.II")
    (told,) = shape["vistas"]
    assert told["articulo"] == {"precandidatura": "LGIPE 229.4", "aspirante": "LGIPE 375.1"}[persona]
    assert told["decide"].startswith("Consejo General")
    assert _run("--sujeto", persona, "--exceso", "--monto", "50000", "--anio", "2024") == 0
    assert f"({told['articulo']})" in capsys.readouterr().out


def test_a_reduction_by_month(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "--monto 10998406.91 --porcentaje 100 --anio 2024 --ministracion 6000000"
    shape = _shape(capsys, asked)
    assert (shape["porcentaje_mensual"], shape["meses"], shape["articulo"]) == (25, 8, "LGIPE 456.1.a.III")
    half = _shape(capsys, f"{asked} --mensual 50")
    assert (half["porcentaje_mensual"], half["meses"]) == (50, 4)
    assert _shape(capsys, f"{asked} --mensual 12.5")["porcentaje_mensual"] == 12.5
    assert _run(*asked.split()) == 0
    assert "8 meses: 7 de 1,500,000.00 y el último de 498,406.91" in capsys.readouterr().out
    assert "meses" not in _shape(capsys, "--monto 1000 --porcentaje 100 --anio 2024 --ministracion 6000000")


def test_the_uma_and_the_law_are_those_of_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of 15 January 2024 pays 103.74, and not 108.57."""
    january = _shape(capsys, "--unidades 1 --umas 10 --fecha 2024-01-15")
    assert (january["sancion"], january["maximo"]) == ("1037.40", "1037400.00")
    assert _shape(capsys, "--unidades 1 --umas 10 --fecha 2024-02-01 --anio 2024")["sancion"] == "1085.70"


def test_json_on_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--unidades", "71", "--umas", "200", "--anio", "2024", "--json") == 0
    shape = json.loads(capsys.readouterr().out)
    assert (shape["sancion"], shape["forma"], shape["umas"]) == ("1541694.00", "reduccion", 14200)


def test_half_percents(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--monto", "6,257,109.61", "--porcentaje", "2.5", "--anio", "2024", "--json") == 0
    assert json.loads(capsys.readouterr().out)["sancion"] == "156340.80"


def test_a_person_reads_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--monto", "2812627.92", "--porcentaje", "100", "--anio", "2024") == 0
    out = capsys.readouterr().out
    assert "2,812,627.92 pesos" in out
    assert "reducción de ministraciones" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--monto", "mil", "--porcentaje", "100", "--anio", "2024"], "«mil» no es un importe"),
        (["--monto", "1.234", "--porcentaje", "100", "--anio", "2024"], "tiene 3 decimales"),
        (["--monto", "-5", "--porcentaje", "100", "--anio", "2024"], "no puede ser negativo"),
        (["--monto", "1", "--porcentaje", "nan", "--anio", "2024"], "«nan»"),
        (["--monto", "1", "--porcentaje", "2.555", "--anio", "2024"], "dos decimales"),
        (["--monto", "1", "--porcentaje", "9E999999", "--anio", "2024"], "«9E999999»"),
        (["--monto", "9" * 5_000, "--porcentaje", "1", "--anio", "2024"], "5,000"),
        (["--monto", "1", "--porcentaje", "100", "--anio", "2050"], "No se conoce la UMA de 2050"),
        (["--monto", "1", "--porcentaje", "100", "--anio", "hoy"], "--anio es «hoy»"),
        (["--unidades", "-1", "--umas", "2", "--anio", "2024"], "--unidades es «-1»"),
        (["--monto", "1", "--umas", "2", "--anio", "2024"], "no se mezclan"),
        (["--anio", "2024"], "no se mezclan"),
        (["--monto", "1", "--porcentaje", "100"], "de cuándo es la UMA"),
        (["--monto", "1", "--porcentaje", "100", "--fecha", "ayer"], "--fecha es «ayer»"),
        (["--monto", "1", "--porcentaje", "100", "--fecha", "2024-05-12", "--anio", "2023"], "--anio es «2023»"),
        (["--monto", "1", "--porcentaje", "100", "--fecha", "2015-05-12"], "2015-05-12"),
        (["--monto", "1000", "--exceso", "--porcentaje", "50", "--anio", "2024"], "un tanto igual: 100"),
        (["--unidades", "1", "--umas", "2", "--exceso", "--anio", "2024"], "no hay exceso"),
        (["--monto", "1", "--porcentaje", "100", "--mensual", "25", "--anio", "2024"], "falta --ministracion"),
        (
            ["--monto", "2000000", "--porcentaje", "100", "--anio", "2024", "--ministracion", "100", "--mensual", "51"],
            "hasta 50 %",
        ),
        (
            ["--monto", "2000000", "--porcentaje", "100", "--anio", "2024", "--ministracion", "0"],
            "no hay nada que reducir",
        ),
    ],
)
def test_bad_input_is_named_on_stderr(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run("--help")
    assert "sif sancion --monto 466832.53 --porcentaje 100 --anio 2024" in capsys.readouterr().out
