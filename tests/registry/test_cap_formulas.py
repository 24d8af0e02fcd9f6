"""Caps by the formulas of law: the published ones come out, each with its arithmetic, and are loaded as an accord's."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from registry.test_topes import GOOD, HEAD, etapa, make_ana
from sif.registry.cap_formulas import FORMULAS, CapInputs, compute_caps
from sif.registry.models import Contabilidad, Etapa, Usuario
from sif.registry.scope import everything
from sif.registry.topes import fix_topes, read_topes
from sif.values import Money, Refused

__all__ = ["etapa"]
DAY = date(2024, 1, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


@pytest.fixture
def ana() -> Usuario:
    return make_ana()


def book(*rows: tuple[Any, ...]) -> bytes:
    made, stream = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("formula", "given", "cap", "account"),
    [
        ("presidencia", {"importe": Money(3_304_893_615_00)}, 660_978_723_00, "× 20 % ="),
        ("diputacion", {"importe": Money(660_978_723_00)}, 2_203_262_00, "÷ 300 ="),
        (
            "diputacion_intermedia",
            {"dia": date(2020, 12, 1), "dia_antes": date(2017, 12, 1), "importe": Money(1_432_111_00)},
            1_648_189_00,
            "× 86.88 ÷ 75.49 =",
        ),
    ],
)
def test_a_federal_cap_is_that_of_its_accord(formula: str, given: dict[str, Any], cap: int, account: str) -> None:
    [row] = compute_caps(formula, CapInputs(**{"dia": DAY, **given})).filas
    assert row.tope.centavos == cap and account in row.cuenta and str(row.tope) in row.cuenta


def test_each_row_of_a_table_has_its_cap_and_its_arithmetic() -> None:
    senate = compute_caps(
        "senaduria", CapInputs(DAY, Money(2_203_262_00), b"ENTIDAD,DISTRITOS\nDURANGO,4\nMEXICO,40\n")
    )
    assert [row.tope.centavos for row in senate.filas] == [8_813_048_00, 44_065_240_00]
    assert senate.filas[1].cuenta.startswith("2,203,262.00 × 20 =") and senate.base == "LGIPE 243.4.b.II"
    before = b"CARGO,DISTRITO,BASE\nDIPUTACION FEDERAL MR,1,1648189\n"
    for formula, cap in (("precampana", 329_638_00), ("apoyo_ciudadano", 164_819_00)):
        assert [row.tope.centavos for row in compute_caps(formula, CapInputs(DAY, None, before)).filas] == [cap]


def test_a_local_cap_cites_who_sets_its_factor_and_is_fixed_like_any_other(etapa: Etapa, ana: Usuario) -> None:
    table = book(
        ("CARGO", "ENTIDAD", "MUNICIPIO", "PADRON"),
        ("PRESIDENCIA MUNICIPAL", "OAXACA", "TLAXIACO", 30_000),
        ("GUBERNATURA", "OAXACA", None, "2,900,000"),
    )
    given = CapInputs(date(2022, 3, 1), None, table, factor_pb=1_550, articulo="LIPEEO 192; IEEPCO/CG1/2022")
    made = compute_caps("local", given)
    assert (made.base, made.estatus) == ("LIPEEO 192; IEEPCO/CG1/2022", "por confirmar")
    assert made.filas[0].cuenta == "30,000 × 96.22 × 15.50 % = 447,423.00"
    assert fix_topes(made.table(), etapa, "IEEPCO/CG1/2022", ana) == 2
    caps = {books.titular: books.tope for books in Contabilidad.objects.filter(clase="candidatura")}
    assert caps["EVA RÍO"] == 447_423_00 and caps["ANA LUNA"] == 43_250_890_00


@pytest.mark.parametrize(
    ("formula", "given", "places"),
    [
        ("otra", {}, ["formula"]),
        ("presidencia", {}, ["importe"]),
        ("presidencia", {"importe": Money(0)}, ["importe"]),
        ("diputacion_intermedia", {"importe": Money(1)}, ["dia_antes"]),
        ("presidencia", {"importe": Money(1), "dia": date(2001, 1, 1)}, ["dia"]),
        ("local", {}, ["archivo", "factor", "articulo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD\nDURANGO\n"}, ["archivo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\nDURANGO,0\n"}, ["fila 2, BASE"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\nDURANGO,4\nDurango,4\n"}, ["fila 3"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\n"}, ["archivo"]),
        ("precampana", {"tabla": b"CARGO,BASE\nGUBERNATURA,mil\nGUBERNATURA X,0\n"}, ["fila 2, BASE", "fila 3, BASE"]),
        ("precampana", {"tabla": b"\0"}, ["archivo"]),
    ],
)
def test_what_is_missing_or_wrong_stands_at_its_place(formula: str, given: dict[str, Any], places: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        compute_caps(formula, CapInputs(**{"dia": DAY, **given}))
    assert [each.donde for each in refused.value.problems] == places


def test_every_formula_has_its_law_or_asks_who_computes_for_it() -> None:
    assert {name for name, formula in FORMULAS.items() if not formula.parametro} == {"local"}


def test_a_workbook_of_caps_is_read_as_its_csv(etapa: Etapa) -> None:
    rows = [tuple(HEAD.split(",")), ("GUBERNATURA", "OAXACA", None, None, 9_000_000)]
    rows += [("DIPUTACIÓN LOCAL MR", "OAXACA", "3-TLAXIACO", None, 1500000.5)]
    rows += [("PRESIDENCIA MUNICIPAL", "OAXACA", None, "TLAXIACO", "800000")]
    text = "\n".join((HEAD, *GOOD)).encode()
    assert read_topes(book(*rows), etapa).caps == read_topes(text, etapa).caps
    formula = book(rows[0], ("GUBERNATURA", "OAXACA", None, None, "=9*2"))
    assert [each.donde for each in read_topes(formula, etapa).problemas] == ["fila 2"]
    assert [each.donde for each in read_topes(b"PK\x03\x04no", etapa).problemas] == ["archivo"]
