"""The cadena original: fixed positions, one writing, and nothing that could be read in two ways."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sif.signing import cadena
from sif.signing.problems import SigningError
from signing.conftest import PREPARED, campos_of


def test_the_report_in_its_order(alicia: Any) -> None:
    campos = campos_of(alicia)
    assert cadena.informe_cadena(campos) == (
        "||1.0|INFORME|IC-2024-000123|1|Partido del Ágora|101234|IC normal|2024-03-01|2024-05-29|15000000|14999999|"
        f"{campos.contenido}|ROSA7701319A1|{alicia.cert.serie}|2024-05-31T23:31:00-06:00||"
    )
    parts = cadena.read_cadena(cadena.informe_cadena(campos))
    assert parts.informe() == {name: str(value) for name, value in campos.as_dict().items()}


def test_absent_is_empty_and_white_space_is_one() -> None:
    assert cadena.build("OFICIO", ["", " a \t\n b\u00a0c ", ""]) == "||1.0|OFICIO||a b c|||"
    assert cadena.build("VOTO", ["n\u0303"]) == "||1.0|VOTO|ñ||"


@pytest.mark.parametrize("value", ["a|b", "a\x00b", "a\u202eb", "\ud800"])
def test_a_value_that_could_mislead_is_refused(value: str) -> None:
    with pytest.raises(SigningError) as caught:
        cadena.build("INFORME", [value])
    assert caught.value.problems[0].codigo == "cadena_valor"


@pytest.mark.parametrize(
    "text",
    ["", "||1.0|INFORME|a", "||2.0|INFORME|a||", "||1.0|CFDI|a||", "||1.0|INFORME| a||", "||1.0|INFORME|a||\n", "||||"],
)
def test_only_our_own_writing_is_read(text: str) -> None:
    with pytest.raises(SigningError) as caught:
        cadena.read_cadena(text)
    assert caught.value.problems[0].codigo == "cadena_desconocida"


def test_there_is_no_other_kind() -> None:
    with pytest.raises(ValueError, match="LOGIN"):
        cadena.build("LOGIN", [])


@given(st.lists(st.text(), max_size=5))
def test_what_is_built_is_read_back(values: list[str]) -> None:
    try:
        text = cadena.build("RESPUESTA", values)
    except SigningError:
        return
    assert cadena.read_cadena(text).values == tuple(cadena.clean_value(value) for value in values)


def test_thirty_minutes() -> None:
    at_limit = PREPARED + timedelta(minutes=30)
    assert cadena.judge_hour(PREPARED, at_limit, "F1") == []
    late = cadena.judge_hour(PREPARED, at_limit + timedelta(seconds=1), "F1")
    early = cadena.judge_hour(PREPARED, PREPARED - timedelta(seconds=1), "F1")
    assert [problem.codigo for problem in late + early] == ["cadena_caduca", "cadena_caduca"]


def test_an_hour_without_zone_is_refused() -> None:
    from sif.signing.hours import legal_hour, read_hour

    with pytest.raises(ValueError, match="no dice su zona"):
        legal_hour(datetime(2024, 1, 1))  # noqa: DTZ001
    assert read_hour("2024-05-31T23:31:00-06:00") == PREPARED
    with pytest.raises(ValueError, match="no es una hora legal"):
        read_hour(datetime(2024, 6, 1, tzinfo=UTC).isoformat())
