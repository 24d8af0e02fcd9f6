"""Caps by the formulas of law: the published ones come out, each with its arithmetic, and are loaded as an accord's."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from registry.test_topes import GOOD, HEAD, etapa, make_ana
from sif.law.parameters import uma_stands_since
from sif.registry.cap_fit import caution_of, must_fit
from sif.registry.cap_formulas import FORMULAS, CapInputs, compute_caps
from sif.registry.models import Ambito, Contabilidad, Etapa, Proceso, Usuario
from sif.registry.scope import everything
from sif.registry.topes import fix_topes, read_topes
from sif.values import Money, Refused

__all__ = ["etapa"]
DAY = date(2024, 1, 10)
LOCAL: dict[str, Any] = {"corte": date(2022, 2, 28), "redondeo": "centavos_medio"}
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
    assert row.tope.centavos == cap and account in row.calculo and str(row.tope) in row.calculo


def test_each_row_of_a_table_has_its_cap_and_its_arithmetic() -> None:
    senate = compute_caps(
        "senaduria", CapInputs(DAY, Money(2_203_262_00), b"ENTIDAD,DISTRITOS\nDURANGO,4\nMEXICO,40\n")
    )
    assert [row.tope.centavos for row in senate.filas] == [8_813_048_00, 44_065_240_00]
    assert senate.filas[1].calculo.startswith("2,203,262.00 × 20 =") and senate.base == "LGIPE 243.4.b.II"
    before = b"CARGO,DISTRITO,BASE\nDIPUTACION FEDERAL MR,1,1648189\n"
    for formula, cap in (("precampana", 329_638_00), ("apoyo_ciudadano", 164_818_90)):
        assert [row.tope.centavos for row in compute_caps(formula, CapInputs(DAY, None, before)).filas] == [cap]


def test_a_local_cap_cites_who_sets_its_factor_and_is_fixed_like_any_other(etapa: Etapa, ana: Usuario) -> None:
    table = book(
        ("CARGO", "ENTIDAD", "MUNICIPIO", "PADRON"),
        ("PRESIDENCIA MUNICIPAL", "OAXACA", "TLAXIACO", 30_000),
        ("GUBERNATURA", "OAXACA", None, "2,900,000"),
    )
    given = CapInputs(date(2022, 3, 1), None, table, factor_pb=1_550, articulo="LIPEEO 192; IEEPCO/CG1/2022", **LOCAL)
    made = compute_caps("local", given)
    assert (made.base, made.estatus) == ("LIPEEO 192; IEEPCO/CG1/2022", "por confirmar")
    assert made.filas[0].calculo == (
        "30,000 × 96.22 × 15.50 % = 447,423.00; padrón al 28/02/2022; al centavo, medio hacia arriba"
    )
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
        ("diputacion_intermedia", {"importe": Money(1), "dia_antes": DAY}, ["dia_antes"]),
        ("diputacion_intermedia", {"importe": Money(1), "dia_antes": date(2001, 1, 1)}, ["dia_antes"]),
        ("presidencia", {"importe": Money(2**63 - 1), "minimo_uma": 1}, ["minimo_uma"]),
        ("diputacion_intermedia", {"importe": Money(2**63 - 1), "dia_antes": date(2017, 3, 1)}, ["importe"]),
        ("local", {}, ["archivo", "corte", "factor", "articulo", "redondeo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,PADRON\nDURANGO,4\n"}, ["archivo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,DISTRITOS,PADRON\nDURANGO,4,9\n"}, ["archivo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\nDURANGO,301\n"}, ["fila 2, BASE"]),
        (
            "senaduria",
            {"importe": Money(1), "tabla": b"ENTIDAD,BASE\n,4\nNARNIA,4\n"},
            [f"fila {n}, ENTIDAD" for n in (2, 3)],
        ),
        ("senaduria", {"importe": Money(1), "tabla": b"BASE\n4\n"}, ["archivo"]),
        ("precampana", {"tabla": b"CARGO,DISTRITOS\nPRESIDENCIA,4\n"}, ["archivo"]),
        ("precampana", {"tabla": b"CARGO,BASE\nGUBERNATURA,4\nREY,4\n"}, ["fila 2, CARGO", "fila 3, CARGO"]),
        ("apoyo_ciudadano", {"tabla": b"CARGO,BASE\nALCALDIA,4\n"}, ["fila 2, CARGO"]),
        ("precampana", {"tabla": b"CARGO,BASE\nALCALDIA,4\n", "factor_pb": 10}, ["articulo", "redondeo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD\nDURANGO\n"}, ["archivo"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\nDURANGO,0\n"}, ["fila 2, BASE"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\nDURANGO,4\nDurango,4\n"}, ["fila 3"]),
        ("senaduria", {"importe": Money(1), "tabla": b"ENTIDAD,BASE\n"}, ["archivo"]),
        (
            "precampana",
            {"tabla": b"CARGO,BASE\nPRESIDENCIA,mil\nDIPUTACION FEDERAL MR,0\n"},
            ["fila 2, BASE", "fila 3, BASE"],
        ),
        ("precampana", {"tabla": b"\0"}, ["archivo"]),
        (
            "precampana",
            {"tabla": b"CARGO,TOPE ANTERIOR\nSENADURIA MR,9\nPRESIDENCIA,x\n"},
            ["fila 2, ENTIDAD", "fila 3, TOPE ANTERIOR"],
        ),
    ],
)
def test_what_is_missing_or_wrong_stands_at_its_place(formula: str, given: dict[str, Any], places: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        compute_caps(formula, CapInputs(**{"dia": DAY, **given}))
    assert [each.donde for each in refused.value.problems] == places


def aguascalientes(padron: int, **given: Any) -> Any:
    table = (
        f"CARGO,ENTIDAD,MUNICIPIO,PADRON\nPRESIDENCIA MUNICIPAL,AGUASCALIENTES,SAN JOSE DE GRACIA,{padron}\n".encode()
    )
    known: dict[str, Any] = {"corte": date(2020, 10, 31), "redondeo": "centavos_medio", "factor_pb": 2_000, **given}
    [row] = compute_caps("local", CapInputs(date(2021, 1, 15), None, table, articulo="CEEA 51.II", **known)).filas
    return row


def test_the_floor_of_a_local_law_rules_where_its_voters_give_less() -> None:
    row = aguascalientes(6_500, minimo_uma=4_000)
    assert str(row.tope) == "347,520.00"
    assert row.calculo.startswith("6,500 × 86.88 × 20 % = 112,944.00; rige el mínimo: 4,000 × 86.88 = 347,520.00")
    assert "padrón al 31/10/2020" in row.calculo
    above = aguascalientes(65_000, minimo_uma=4_000)
    assert str(above.tope) == "1,129,440.00" and "mínimo" not in above.calculo
    assert str(aguascalientes(6_500).tope) == "112,944.00"


@pytest.mark.parametrize(
    ("way", "cap", "told"),
    [
        ("centavos_medio", "1,176.42", "al centavo, medio hacia arriba"),
        ("centavos_corte", "1,176.41", "al centavo, cortado"),
        ("pesos_medio", "1,176.00", "a pesos, medio hacia arriba"),
        ("pesos_corte", "1,176.00", "a pesos, cortado"),
    ],
)
def test_a_local_cap_is_rounded_as_who_types_it_says(way: str, cap: str, told: str) -> None:
    row = aguascalientes(67, factor_pb=2_021, redondeo=way)  # 1,176.416…
    assert str(row.tope) == cap and row.calculo.endswith(f"= {cap}; padrón al 31/10/2020; {told}")


def test_a_local_cap_of_half_a_peso_goes_up_or_is_cut() -> None:
    given: dict[str, Any] = {"articulo": "LEY 1", "factor_pb": 5_000}
    for way, cap in (("pesos_medio", "51.00"), ("pesos_corte", "50.00"), ("centavos_corte", "50.50")):
        made = compute_caps("precampana", CapInputs(DAY, None, b"CARGO,BASE\nALCALDIA,101\n", redondeo=way, **given))
        assert str(made.filas[0].tope) == cap
    assert (made.base, made.estatus, made.federal) == ("LEY 1", "por confirmar", False)


def test_a_cap_of_a_day_whose_uma_is_not_on_record_says_which_it_takes() -> None:
    table, day = b"CARGO,PADRON\nALCALDIA,1000\n", date(2099, 2, 15)
    given: dict[str, Any] = {"corte": day, "factor_pb": 5_000, "articulo": "LEY 1", "redondeo": "pesos_medio"}
    [row] = compute_caps("local", CapInputs(day, None, table, **given)).filas
    since = uma_stands_since(day, "mx")
    assert since is not None
    assert row.calculo.endswith(f"; la UMA es la que rige desde el {since:%d/%m/%Y}: la siguiente no consta")
    before = Money.parse("1000.00")
    made = compute_caps("diputacion_intermedia", CapInputs(day, before, b"", dia_antes=date(2018, 3, 1)))
    assert made.filas[0].calculo.endswith("la siguiente no consta")
    assert "no consta" not in aguascalientes(6_500).calculo


def test_a_cut_off_is_no_later_than_the_day_and_a_cap_of_nothing_is_refused() -> None:
    for given, place in (
        ({"corte": date(2021, 1, 16)}, "corte"),
        ({"factor_pb": 1, "redondeo": "pesos_corte"}, "fila 2, PADRON"),
    ):
        with pytest.raises(Refused) as refused:
            aguascalientes(1, **given)
        assert [each.donde for each in refused.value.problems] == [place]


def test_a_federal_office_takes_no_local_factor() -> None:
    given: dict[str, Any] = {"articulo": "LEY 1", "factor_pb": 5_000, **LOCAL}
    for formula, head in (("local", "PADRON"), ("apoyo_ciudadano", "BASE")):
        with pytest.raises(Refused) as refused:
            compute_caps(formula, CapInputs(DAY, None, f"CARGO,{head}\nPRESIDENCIA,101\n".encode(), **given))
        assert [each.donde for each in refused.value.problems] == ["fila 2, CARGO"]


def test_a_cap_of_a_midterm_rests_on_the_article_that_orders_it_and_on_its_uma() -> None:
    given = CapInputs(date(2020, 12, 1), Money(1_432_111_00), dia_antes=date(2017, 12, 1))
    made = compute_caps("diputacion_intermedia", given)
    assert made.base == "LGIPE 243.4.b.I; entrada en vigor de la UMA: LDVUMA 5"
    assert made.estatus == "por confirmar" and made.federal


def stage(ambito: str, tipo: str, anio: int = 2027) -> Etapa:
    return Etapa(tipo=tipo, proceso=Proceso(ambito=ambito, anio=anio, nombre="X"))


FACTOR: dict[str, Any] = {"factor_pb": 10, "articulo": "LEY 1"}


@pytest.mark.parametrize(
    ("formula", "given", "ambito", "tipo", "places"),
    [
        ("precampana", {}, Ambito.FEDERAL, Etapa.Tipo.PRECAMPANA, []),
        ("precampana", {}, Ambito.FEDERAL, Etapa.Tipo.CAMPANA, ["etapa"]),
        ("apoyo_ciudadano", {}, Ambito.FEDERAL, Etapa.Tipo.APOYO_CIUDADANO, []),
        ("apoyo_ciudadano", {}, Ambito.FEDERAL, Etapa.Tipo.PRECAMPANA, ["etapa"]),
        ("presidencia", {}, Ambito.FEDERAL, Etapa.Tipo.APOYO_CIUDADANO, ["etapa"]),
        ("senaduria", {}, Ambito.LOCAL, Etapa.Tipo.CAMPANA, ["formula"]),
        ("precampana", {}, Ambito.LOCAL, Etapa.Tipo.CAMPANA, ["etapa", "factor"]),
        ("precampana", FACTOR, Ambito.LOCAL, Etapa.Tipo.PRECAMPANA, []),
        ("precampana", FACTOR, Ambito.FEDERAL, Etapa.Tipo.PRECAMPANA, ["factor"]),
        ("local", FACTOR, Ambito.LOCAL, Etapa.Tipo.PRECAMPANA, []),
        ("local", FACTOR, Ambito.LOCAL, Etapa.Tipo.ORDINARIO, ["etapa"]),
        ("local", FACTOR, Ambito.FEDERAL, Etapa.Tipo.CAMPANA, ["formula"]),
    ],
)
def test_a_formula_fits_the_stage_and_the_process(
    formula: str, given: dict[str, Any], ambito: str, tipo: str, places: list[str]
) -> None:
    try:
        must_fit(formula, CapInputs(DAY, **given), stage(ambito, tipo))
    except Refused as refused:
        assert [each.donde for each in refused.problems] == places
    else:
        assert not places


@pytest.mark.parametrize(
    ("formula", "anio", "told"),
    [
        ("diputacion_intermedia", 2024, "presidencial"),
        ("diputacion_intermedia", 2027, ""),
        ("diputacion", 2027, "intermedia"),
        ("senaduria", 2027, "intermedia"),
        ("diputacion", 2030, ""),
        ("precampana", 2027, ""),
    ],
)
def test_a_formula_of_another_kind_of_year_is_warned_of(formula: str, anio: int, told: str) -> None:
    assert caution_of(formula, stage(Ambito.FEDERAL, Etapa.Tipo.CAMPANA, anio)) == told


def test_every_formula_has_its_law_or_asks_who_computes_for_it() -> None:
    assert {name for name, formula in FORMULAS.items() if not formula.parametro} == {"local"}


def test_a_workbook_of_caps_is_read_as_its_csv(etapa: Etapa) -> None:
    rows = [tuple(HEAD.split(",")), ("GUBERNATURA", "OAXACA", None, None, 9_000_000)]
    rows += [("DIPUTACIÓN LOCAL MR", "OAXACA", "3-TLAXIACO", None, 1500000.5)]
    rows += [("PRESIDENCIA MUNICIPAL", "OAXACA", None, "TLAXIACO", "800000")]
    text = "\n".join((HEAD, *GOOD)).encode()
    assert read_topes(book(*rows), etapa).caps == read_topes(text, etapa).caps
    formula = book(rows[0], ("GUBERNATURA", "OAXACA", None, None, "=9*2"))
    assert [each.donde for each in read_topes(formula, etapa).problemas] == ["celda E2"]
    assert [each.donde for each in read_topes(b"PK\x03\x04no", etapa).problemas] == ["archivo"]
