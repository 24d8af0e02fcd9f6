"""Figures of the law: the value of a day, histories without holes, and no figure without its source."""

from datetime import date
from itertools import pairwise

import pytest

from sif.law.parameters import (
    NotInForce,
    load_parameters,
    overrides_of,
    read_parameter,
    read_parameters,
    uma_of_year,
    uma_on,
    value_on,
)
from sif.law.sources import LawDataError
from sif.values import Money


def test_the_uma_changes_on_the_first_of_february() -> None:
    assert uma_on(date(2024, 1, 31), "mx") == Money.parse("103.74")
    assert uma_on(date(2024, 2, 1), "mx") == Money.parse("108.57")
    assert uma_on(date(2025, 1, 31), "mx") == Money.parse("108.57")
    assert uma_on(date(2026, 11, 25), "mx") == Money.parse("117.31")


def test_every_uma_from_2016_to_2026_starts_on_its_day() -> None:
    starts = [span.desde for span in load_parameters("mx")["uma"].valores]
    assert starts == [date(2016, 1, 28), *(date(year, 2, 1) for year in range(2017, 2027))]


def test_no_text_of_law_says_the_amount_of_the_uma() -> None:
    assert {span.estatus for span in load_parameters("mx")["uma"].valores} == {"por confirmar"}


def test_what_is_confirmed_quotes_the_law() -> None:
    row = {"desde": date(2024, 1, 1), "valor": 3, "base": "RF 38.1", "fuente": "casos", "estatus": "confirmado"}
    with pytest.raises(LawDataError, match="sin las palabras de la ley"):
        read_parameter("plazo", {"nombre": "Plazo", "unidad": "dias", "valores": [row]}, "prueba")


def test_a_day_without_value_says_which_days_have_one() -> None:
    with pytest.raises(NotInForce, match="2016-01-28 a 2017-02-01"):
        uma_on(date(2016, 1, 27), "mx")
    with pytest.raises(NotInForce, match="2016 a 2026"):
        uma_of_year(2027, "mx")


def test_ninety_uma_of_2024() -> None:
    limit = uma_on(date(2024, 5, 1), "mx") * value_on("limite_efectivo_uma", date(2024, 5, 1), "mx")
    assert limit == Money.parse("9,771.30")


def test_histories_have_neither_gap_nor_overlap() -> None:
    for parameter in load_parameters("mx").values():
        for before, after in pairwise(parameter.valores):
            assert before.hasta is not None, parameter.clave
            assert before.hasta <= after.desde, parameter.clave
            assert before.hasta == after.desde or not parameter.continuo, parameter.clave


def test_a_continuous_parameter_is_in_force_today() -> None:
    for parameter in load_parameters("mx").values():
        if parameter.continuo:
            assert parameter.valores[-1].hasta is None, parameter.clave


def test_whoever_is_confirmed_says_by_what() -> None:
    for parameter in load_parameters("mx").values():
        for span in parameter.valores:
            assert span.base and span.fuente, parameter.clave
            if span.estatus == "confirmado":
                assert span.cita or span.fuente != "texto de la ley", parameter.clave


GOOD = {"desde": date(2020, 1, 1), "valor": 3, "base": "RF 38.1", "estatus": "por confirmar", "fuente": "prueba"}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([GOOD | {"hasta": date(2021, 1, 1)}, GOOD | {"desde": date(2021, 1, 2)}], "no hay valor"),
        ([GOOD | {"hasta": date(2021, 1, 2)}, GOOD | {"desde": date(2021, 1, 1)}], "se traslapan"),
        ([GOOD, GOOD | {"desde": date(2021, 1, 1)}], "se traslapan"),
        ([GOOD | {"valor": 2.5}], "no es un entero"),
        ([GOOD | {"estatus": "seguro"}], "estatus"),
        ([GOOD | {"desde": "2020-01-01"}], "sin comillas"),
        ([GOOD | {"base": ""}], "falta la base"),
        ([GOOD | {"articulo": "LGPP 56.2.d"}], "van juntos"),
        ([GOOD | {"valro": 3}], "no se conocen"),
        ([], "no tiene valores"),
    ],
)
def test_the_reader_refuses(values: list[dict[str, object]], says: str) -> None:
    with pytest.raises(LawDataError, match=says):
        read_parameter("plazo", {"nombre": "Plazo", "unidad": "dias", "valores": values}, "prueba.yaml, plazo")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(LawDataError, match="la unidad «semanas»"):
        read_parameter("plazo", {"nombre": "Plazo", "unidad": "semanas", "valores": [GOOD]}, "prueba.yaml, plazo")


def test_a_repeated_key_is_refused_with_its_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("law")
    (folder / "a.yaml").write_text("x: {nombre: X}\nx: {nombre: Y}\n", encoding="utf-8")
    with pytest.raises(LawDataError, match="línea 2: la clave «x» está repetida"):
        read_parameters(folder)


def test_case_38_a_judgement_changes_a_limit_for_one_process_alone() -> None:
    changed = overrides_of("local", "NLE", 2018, "mx")
    assert {clave: each.valor for clave, each in changed.items()} == {"limite_independientes_pb": 5000}
    assert changed["limite_independientes_pb"].estatus == "por confirmar"
    assert overrides_of("local", "NLE", 2021, "mx") == overrides_of("federal", "", 2018, "mx") == {}
    assert value_on("limite_independientes_pb", date(2018, 5, 1), "mx") == 1000
