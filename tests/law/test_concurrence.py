"""What follows when two conducts fall on one fact is declared, once, and never in a ring."""

from typing import Any

import pytest

from sif.law import concurrence
from sif.law.concurrence import Charge, LawDataError, load_concurrence

GIFT = {"poliza_id": 1, "aportacion_id": 7}


def _read(
    monkeypatch: pytest.MonkeyPatch,
    pairs: list[dict[str, Any]],
    apartes: dict[str, str] | None = None,
    **grupos: list[str],
) -> None:
    raw = {
        "hechos": {"comunes": ["poliza_id"], "partes": [], "apartes": apartes or {}},
        "grupos": grupos,
        "pares": pairs,
    }
    monkeypatch.setattr(concurrence, "read_data", lambda path: raw)
    load_concurrence.__wrapped__("mx")


def _pair(gana: str, cede: str, modo: str = "absorbe") -> dict[str, Any]:
    one, other = ("gana", "cede") if modo in ("absorbe", "excluye") else ("entre", "y")
    return {one: [gana], other: [cede], "modo": modo, "base": "RF 1", "estatus": "por confirmar", "porque": "Así."}


@pytest.mark.parametrize(
    ("one", "other", "modo", "gana"),
    [
        (Charge("AP005", "ente_prohibido"), Charge("AP003", "limite_individual"), "absorbe", 0),
        (Charge("AP003", "limite_individual"), Charge("AP010", "ente_prohibido"), "absorbe", 1),
        (Charge("AP005", "ente_prohibido"), Charge("AP010", "ente_prohibido"), "absorbe", None),
        (Charge("CF002", "falta_formal"), Charge("RE002", "falta_formal"), "suma", None),
        (Charge("CF003", "egreso_no_comprobado"), Charge("CF002", "falta_formal"), "absorbe", 0),
        (Charge("CF003", "egreso_no_comprobado"), Charge("RE002", "falta_formal"), "suma", None),
        (Charge("RE001", "registro_extemporaneo"), Charge("CF001", "sin_xml"), "suma", None),
        (Charge("TO001", "rebase_tope"), Charge("TE001", "egreso_no_reportado"), "consecuencia", None),
    ],
)
def test_the_first_pair_that_names_both_rules(one: Charge, other: Charge, modo: str, gana: int | None) -> None:
    settled = load_concurrence("mx").settle(one, other)
    assert settled is not None
    assert (settled.par.modo, settled.gana) == (modo, gana)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"poliza_id": 1}, True),
        ({"poliza_id": 2}, False),
        ({"poliza_id": 1, "aportacion_id": 8}, False),
        ({"poliza_id": 1, "cfdi_id": 3}, True),
        ({"aportacion_id": 7}, True),
        ({"cfdi_id": 3}, False),
        ({"poliza_id": None}, False),
    ],
)
def test_a_fact_is_the_same_when_both_name_it_and_no_other_part_of_it(other: dict[str, Any], same: bool) -> None:
    assert load_concurrence("mx").same_fact(GIFT, other) is same
    assert load_concurrence("mx").same_fact(other, GIFT) is same


@pytest.mark.parametrize(
    ("pairs", "grupos", "said"),
    [
        (
            [_pair("sin_xml", "sin_muestras"), _pair("sin_muestras", "rebase_tope"), _pair("rebase_tope", "sin_xml")],
            {},
            "cediendo ante sí misma",
        ),
        ([_pair("sin_xml", "sin_muestras", "quizá")], {}, "el modo «quizá» no existe"),
        ([_pair("CF001", "sin_muestras")], {}, "«CF001» no es conducta ni grupo"),
        ([_pair("CF0O1", "sin_muestras", "suma")], {}, "«CF0O1» no es conducta, grupo ni regla"),
        ([_pair("sin_muestras", "CF0O1")], {}, "«CF0O1» no es conducta, grupo ni regla"),
        ([], {"uno": ["sin_xml"], "otro": ["sin_xml"]}, "está en dos grupos"),
        ([], {"uno": ["nada"]}, "no hay criterio «nada»"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, pairs: list[dict[str, Any]], grupos: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(LawDataError, match=said):
        _read(monkeypatch, pairs, **grupos)


def test_a_rule_may_be_named_where_both_are_sanctioned_and_where_it_yields(monkeypatch: pytest.MonkeyPatch) -> None:
    _read(monkeypatch, [_pair("CF001", "CF002", "suma"), _pair("sin_muestras", "CF001")])


def test_an_identifier_that_is_a_fact_is_not_set_apart_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LawDataError, match="«poliza_id» es un hecho y va también aparte"):
        _read(monkeypatch, [], {"poliza_id": "Así."})


def test_a_pair_that_nobody_declared_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        concurrence,
        "read_data",
        lambda path: {
            "hechos": {"comunes": [], "partes": [], "apartes": {}},
            "grupos": {},
            "pares": [_pair("sin_xml", "sin_muestras")],
        },
    )
    table = load_concurrence.__wrapped__("mx")
    assert table.settle(Charge("", "sin_xml"), Charge("", "rebase_tope")) is None
    settled = table.settle(Charge("", "sin_muestras"), Charge("", "sin_xml"))
    assert settled is not None
    assert settled.gana == 1
