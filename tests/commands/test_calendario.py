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


def _said(line: str) -> int:
    return _run(*line.split())


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


def _reports(capsys: pytest.CaptureFixture[str]) -> list[str]:
    shape = json.loads(capsys.readouterr().out)
    assert list(shape) == ["hitos"] and {row["hito"] for row in shape["hitos"]} <= {"informe"}
    return [row["fecha"] for row in shape["hitos"]]


def test_a_year_of_quarters_has_a_report_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said("--etapa trimestral --ejercicio 2026 --json") == 0
    assert _reports(capsys) == ["2026-04-30", "2026-07-30", "2026-10-30", "2027-01-30"]
    assert _said("--etapa trimestral --fin 2026-06-30 --json") == 0
    assert _reports(capsys) == ["2026-07-30"]


def test_an_electoral_year_has_none_and_says_why_aside(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said("--etapa trimestral --ejercicio 2027 --json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"hitos": []}
    assert captured.err.count("se suspende (LGPP 78.1.a.III)") == 4


@pytest.mark.parametrize(
    ("words", "informe", "consejo"),
    [
        ("--etapa anual --ejercicio 2020", "2021-04-02", "2021-09-17"),
        ("--etapa anual --ejercicio 2020 --sujeto agrupacion", "2021-05-17", "2021-10-29"),
        ("--etapa precampana --ejercicio 2027", "2027-02-22", "2027-04-10"),
        ("--etapa observacion --ejercicio 2027", "2027-07-06", "2027-12-17"),
        ("--etapa campana --ejercicio 2018", "2018-06-30", "2018-08-06"),
    ],
)
def test_a_year_is_enough_where_the_law_dates_it(
    words: str, informe: str, consejo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*words.split(), "--json") == 0
    days = _days(capsys)
    assert (days["informe"], days["consejo"]) == (informe, consejo)


def test_each_report_of_a_campaign_opens_its_own_review(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said("--etapa campana --ejercicio 2027 --json") == 0
    rows = json.loads(capsys.readouterr().out)["hitos"]
    assert [row["hito"] for row in rows] == [
        *("informe", "oficio", "respuesta") * 2,
        "dictamen",
        "comision",
        "consejo",
    ]
    assert [row["fecha"] for row in rows if row["hito"] == "respuesta"] == ["2027-05-21", "2027-06-20"]


def test_the_second_oficio_and_a_review_without_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said("--etapa anual --ejercicio 2025 --segundo-oficio 2026-08-03 --json") == 0
    days = _days(capsys)
    assert (days["segunda_respuesta"], days["dictamen"]) == ("2026-08-10", "2026-09-07")
    assert _said("--etapa anual --ejercicio 2025 --sin-errores --json") == 0
    assert "respuesta" not in _days(capsys)


def test_a_day_that_is_not_confirmed_carries_its_mark(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said("--etapa anual --ejercicio 2020") == 0
    assert "vie 2021-04-02? 60 días hábiles" in capsys.readouterr().out
    assert _said("--etapa campana --ejercicio 2027") == 0
    assert "?" not in capsys.readouterr().out


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
        ("--etapa campana --fin 2027-06-02 --ejercicio 2027", "uno de los dos"),
        ("--etapa campana --ejercicio 2026", "La elección federal siguiente es en 2027"),
        ("--etapa campana --ejercicio 27", "un año de 2015 a 2100"),
        ("--etapa campana --ejercicio 2027 --inicio-revision 2027-06-10", "use --fin"),
        ("--etapa trimestral --fin 2026-03-30", "no es el último día de un periodo"),
        ("--etapa trimestral --ejercicio 2026 --plazos 1,2,3,4,5,6", "solo tiene el día de cada informe"),
        ("--etapa campana --ejercicio 2027 --sujeto agrupacion", "--sujeto es del informe anual"),
        ("--etapa campana --fin 2027-06-02 --segundo-oficio 2027-07-01", "es del informe anual"),
        ("--etapa anual --ejercicio 2025 --segundo-oficio 2026-08-03 --sin-errores", "Deje uno"),
        ("--etapa anual --fin 2012-12-31", "rigen desde el 2014-05-24"),
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
