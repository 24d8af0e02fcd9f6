"""`sif calendario` as a person and as a program use it."""

import argparse
import json

import pytest

from sif.commands import calendario


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="sif")
    calendario.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["calendario", *words])
    code: int = args.run(args)
    return code


def _days(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    shape = json.loads(capsys.readouterr().out)
    assert list(shape) == ["hitos"]
    assert all(set(row) == {"hito", "fecha"} for row in shape["hitos"])
    return {row["hito"]: row["fecha"] for row in shape["hitos"]}


@pytest.mark.parametrize("terms", [[], ["--plazos", "3,10,5,10,6,6"]])
def test_the_campaign_of_2018(terms: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--etapa", "campana", "--fin", "2018-06-27", *terms, "--json") == 0
    assert _days(capsys) == {
        "informe": "2018-06-30",
        "oficio": "2018-07-10",
        "respuesta": "2018-07-15",
        "dictamen": "2018-07-25",
        "comision": "2018-07-31",
        "consejo": "2018-08-06",
    }


def test_the_campaign_of_2024_from_the_start_of_review(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--etapa campana --fin 2024-05-29 --plazos 11,5,15,7,3,7 --inicio-revision 2024-06-04 --json"
    assert _run(*words.split()) == 0
    days = _days(capsys)
    assert (days["oficio"], days["dictamen"], days["consejo"]) == ("2024-06-15", "2024-07-05", "2024-07-22")


def test_an_accord_shows_the_day_of_the_law(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--acuerdo", "INE/CG502/2023") == 0
    out = capsys.readouterr().out
    assert "lun 2024-06-03" in out
    assert "(por ley, 2024-06-01)" in out


def test_a_person_reads_day_and_basis(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--etapa", "campana", "--fin", "2018-06-27") == 0
    assert "lun 2018-08-06  6 días naturales (LGPP 80.1.d.VI)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--etapa campaña --fin 2018-06-27", "«campaña» no se conoce"),
        ("--etapa campana --fin 27/06/2018", "--fin es «27/06/2018»"),
        ("--etapa campana --fin 0001-01-01", "de 1990 a 2100"),
        ("--etapa campana --fin 2018-02-30", "--fin es «2018-02-30»"),
        ("--etapa campana --fin 2018-06-27 --plazos 3,diez", "--plazos es «3,diez»"),
        ("--etapa campana --fin 2018-06-27 --plazos 3,10", "se quieren 6 números"),
        ("--etapa campana --fin 2018-06-27 --inicio-revision 2018-06-27", "debe ser posterior"),
        ("--etapa campana", "faltan --etapa y --fin"),
        ("--acuerdo INE/CG1/1990", "no se conoce"),
        ("--acuerdo INE/CG502/2023 --etapa campana", "ya trae etapa"),
    ],
)
def test_bad_input_is_named_on_stderr(words: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*words.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run("--help")
    assert "sif calendario --etapa campana --fin 2018-06-27" in capsys.readouterr().out
