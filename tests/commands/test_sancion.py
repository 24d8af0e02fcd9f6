"""`sif sancion` as a person and as a program use it."""

import argparse
import json

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
    assert shape == {"sancion": "466742.43", "forma": "multa", "umas": 4299}


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
        (["--monto", "1", "--porcentaje", "100", "--anio", "2050"], "No se conoce la UMA de 2050"),
        (["--monto", "1", "--porcentaje", "100", "--anio", "hoy"], "--anio es «hoy»"),
        (["--unidades", "-1", "--umas", "2", "--anio", "2024"], "--unidades es «-1»"),
        (["--monto", "1", "--umas", "2", "--anio", "2024"], "no se mezclan"),
        (["--anio", "2024"], "no se mezclan"),
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
