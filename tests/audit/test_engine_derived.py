"""Derived tables against obvious oracles: a queue, a dictionary, a sum left visible."""

import random
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sif.audit import duck
from sif.audit.derived import arrow_type, build_derived, load_rows, open_writer, schema_of
from sif.audit.engine import Snapshot, load_tables, locked_engine
from sif.audit.results import Asked
from sif.rulebook import published
from sif.rulebook.binding import with_sources
from sif.rulebook.derived import DERIVED
from sif.rulebook.pipes import given_rows


def derive(name: str, columns: str, **tables: str) -> list[tuple[object, ...]]:
    """Those columns of a derived table over small tables written with bars, sorted."""
    given = {table: given_rows(text, published.TABLES[table]).rows for table, text in tables.items()}
    with locked_engine() as engine:
        load_tables(engine, given, with_sources([name]))
        return sorted(engine.execute(f"SELECT {columns} FROM {name}").fetchall())


def test_a_table_is_written_with_its_numbers_as_differences(tmp_path: Path) -> None:
    schema = schema_of(published.TABLES["aportaciones"])
    row = [1, 2, 7, 1, 50, "simpatizante", "efectivo", date(2024, 5, 1), 2024, "F1", 99]
    cells = [pa.array([cell] * 9, field.type) for cell, field in zip(row, schema, strict=True)]
    given = pa.Table.from_arrays(cells, schema=schema)
    with open_writer(tmp_path / "tabla.parquet", schema) as writer:
        writer.write_table(given)
    assert pq.read_table(tmp_path / "tabla.parquet") == given
    group = pq.read_metadata(tmp_path / "tabla.parquet").row_group(0)
    for place, field in enumerate(schema):
        whole = field.type in (pa.int64(), pa.int32())
        kind = "DELTA_BINARY_PACKED" if whole else "RLE_DICTIONARY"
        assert kind in group.column(place).encodings, field.name


def test_a_reversed_voucher_nets_to_zero_and_a_part_leaves_the_rest() -> None:
    polizas = """
        poliza_id | total | revierte_a
        1 | 100 |
        2 | -100 | 1
        3 | 100 |
        4 | -30 | 3
        5 | -20 | 3
        6 | 70 |"""
    assert derive("polizas_netas", "poliza_id, neto, reversada", polizas=polizas) == [
        (1, 0, True),
        (2, -100, False),
        (3, 100 - 30 - 20, True),
        (4, -30, False),
        (5, -20, False),
        (6, 70, False),
    ]


CUENTAS = """
    cuenta | naturaleza | es_gasto | es_ingreso | es_por_cobrar | es_por_pagar
    5-5 | D | sí | no | no | no
    1-1 | D | no | no | sí | no
    2-1 | A | no | no | no | sí
    4-1 | A | no | sí | no | no"""


def test_a_table_by_pieces_of_polizas_is_the_table_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "polizas": """
            poliza_id | total | revierte_a
            1 | 100 |
            2 | -100 | 1
            5 | 60 |
            9 | -10 | 5
            10 | 7 |""",
        "movimientos": """
            movimiento_id | poliza_id | cuenta | cargo | abono
            1 | 1 | 5-5 | 100 | 0
            2 | 1 | 2-1 | 0 | 100
            3 | 5 | 5-5 | 60 | 0
            4 | 10 | 5-5 | 7 | 0""",
        "evidencias": """
            evidencia_id | poliza_id | clase | estado
            1 | 1 | xml | activa
            2 | 9 | pdf | activa
            3 | 10 | xml | sin_efecto
            4 | 10 | xml | activa""",
        "cfdi_poliza": """
            cfdi_id | poliza_id | monto
            1 | 1 | 100
            1 | 5 | 60
            2 | 10 | 7
            3 | 9 | 1""",
        "cfdi": "cfdi_id | uuid | total\n1 | A | 160\n2 | B | 7",
        "cuentas": CUENTAS,
    }
    rows = {table: given_rows(text, published.TABLES[table]).rows for table, text in given.items()}
    file = published.TABLES["polizas"]
    with open_writer(tmp_path / "polizas.parquet", schema_of(file)) as writer:
        cells = [
            pa.array(each, arrow_type(column))
            for each, column in zip(zip(*rows["polizas"], strict=True), file.columns, strict=True)
        ]
        writer.write_table(pa.Table.from_arrays(cells, schema=schema_of(file)))
    long = [name for name, entry in DERIVED.items() if entry.pieces]
    assert long == ["usos_cfdi", "efectos", "expedientes"]
    assert not any(
        column.nullable for name in long for column in DERIVED[name].table.columns if column.name == "poliza_id"
    )
    monkeypatch.setattr(duck, "PIECE", 2)
    with locked_engine(snapshot=tmp_path) as engine:
        load_tables(engine, rows, with_sources(long))
        desk = duck.Desk(engine, Snapshot(tmp_path, "", {"polizas": 5}), Asked(), lambda _: None)
        assert duck.pieces(engine, desk.snapshot) == ["poliza_id < 6", "poliza_id >= 6"]
        for name in long:
            whole = engine.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
            desk.make(name, DERIVED[name].sql or "")
            assert whole and engine.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() == whole, name


def test_balances_add_by_accounting_account_and_month() -> None:
    movimientos = """
        movimiento_id | contabilidad_id | cuenta | fecha_operacion | cargo | abono
        1 | 7 | 5-5 | 2024-05-01 | 100 | 0
        2 | 7 | 5-5 | 2024-05-31 | 20 | 0
        3 | 7 | 5-5 | 2024-06-01 | 0 | 7
        4 | 8 | 5-5 | 2024-05-01 | 9 | 0"""
    assert derive("saldos", "contabilidad_id, cuenta, mes, cargos, abonos", movimientos=movimientos) == [
        (7, "5-5", date(2024, 5, 1), 100 + 20, 0),
        (7, "5-5", date(2024, 6, 1), 0, 7),
        (8, "5-5", date(2024, 5, 1), 9, 0),
    ]


def test_column_a_counts_expense_lines_net_of_reversals() -> None:
    movimientos = """
        movimiento_id | poliza_id | contabilidad_id | cuenta | cargo | abono
        1 | 1 | 7 | 5-5 | 100 | 0
        2 | 1 | 7 | 2-1 | 0 | 100
        3 | 2 | 7 | 5-5 | -40 | 0
        4 | 3 | 8 | 2-1 | 0 | 5"""
    rows = derive(
        "gastos_contabilidad", "contabilidad_id, reportado, polizas", movimientos=movimientos, cuentas=CUENTAS
    )
    assert rows == [(7, 100 - 40, 2)]


def test_evidence_due_comes_from_the_accounts_touched_and_the_table_of_that_day() -> None:
    movimientos = """
        movimiento_id | poliza_id | contabilidad_id | cuenta | fecha_operacion | cargo | abono
        1 | 1 | 7 | 5-5 | 2024-05-01 | 100 | 0
        2 | 1 | 7 | 5-5 | 2024-05-01 | 20 | 0
        3 | 2 | 7 | 4-1 | 2024-05-01 | 0 | 30
        4 | 3 | 7 | 5-5 | 2019-05-01 | 9 | 0"""
    evidencias = """
        cuenta | clase | obligatoria | desde | hasta
        5-5 | xml | sí | 2020-01-01 | 9999-12-31
        5-5 | pdf | sí | 2024-05-01 | 2024-05-02
        5-5 | muestra | no | 2020-01-01 | 9999-12-31
        5-5 | contrato | sí | 2020-01-01 | 9999-12-31
        4-1 | recibo | sí | 2020-01-01 | 9999-12-31"""
    given = {"movimientos": movimientos, "cuentas": CUENTAS, "cuenta_evidencias": evidencias}
    assert derive("requisitos", "poliza_id, contabilidad_id, clase, gasto", **given) == [
        (1, 7, "contrato", 100 + 20),
        (2, 7, "recibo", 30),
    ]
    assert derive("efectos", "poliza_id, pide_xml, pide_pdf, pide_muestra", **given) == [
        (1, 120, 120, None),
        (2, None, None, None),
        (3, None, None, None),
    ]


def test_a_voucher_brings_together_what_its_lines_and_its_files_say() -> None:
    polizas = """
        poliza_id | contabilidad_id | total | revierte_a
        1 | 7 | 100 |
        2 | 7 | -100 | 1
        3 | 7 | 5 |"""
    movimientos = """
        movimiento_id | poliza_id | contabilidad_id | cuenta | fecha_operacion | cargo | abono
        1 | 1 | 7 | 5-5 | 2024-05-01 | 100 | 0
        2 | 1 | 7 | 2-1 | 2024-05-01 | 0 | 90
        3 | 2 | 7 | 9-9 | 2024-05-01 | 0 | 8"""
    evidencias = """
        evidencia_id | poliza_id | clase | estado
        1 | 1 | xml | activa
        2 | 1 | xml | sin_efecto
        3 | 1 | pdf | activa
        4 | 1 | muestra | activa
        5 | 1 | contrato | activa
        6 | 3 | muestra | sin_efecto"""
    given = {"polizas": polizas, "movimientos": movimientos, "cuentas": CUENTAS, "evidencias": evidencias}
    lines = "poliza_id, neto, reversada, cargos, abonos, gasto, ingreso, operaciones"
    assert derive("expedientes", lines, **given) == [
        (1, 0, True, 100, 90, 100, 0, 1),
        (2, -100, False, 0, 8, 0, 0, 0),
        (3, 5, False, None, None, None, None, None),
    ]
    assert derive("expedientes", "poliza_id, archivos, vigentes, xml, pdf, muestras", **given) == [
        (1, 5, 4, 1, 1, 1),
        (2, 0, 0, 0, 0, 0),
        (3, 1, 0, 0, 0, 0),
    ]


def test_a_complement_names_the_books_that_used_it_others_of_its_own_or_strangers() -> None:
    procesos = """
        proceso_id | etapa
        1 | campana
        2 | ordinario
        3 | apoyo_ciudadano"""
    contabilidades = """
        contabilidad_id | proceso_id | sujeto_id | clase
        7 | 1 | 1 | candidatura
        8 | 1 | 1 | concentradora
        9 | 1 | 2 | candidatura
        14 | 1 | 20 | candidatura
        15 | 2 | 1 | ordinaria
        16 | 3 | 1 | candidatura
        17 | 1 | 20 | concentradora"""
    integrantes = """
        coalicion_id | sujeto_id | desde | hasta
        20 | 1 | 2024-05-01 | 2024-05-02
        20 | 2 | 2024-05-01 | 2024-05-02"""
    cfdi = """
        cfdi_id | fecha
        70 | 2024-05-01
        71 | 2024-05-02
        72 | 2024-04-30
        73 | 2024-05-01
        74 | 2024-04-30
        75 | 2024-05-02"""
    hojas = """
        cfdi_id | linea | tipo_proceso | id_contabilidad
        70 | 1 | Campaña | 9
        70 | 2 | Campaña | 7
        70 | 3 | Campaña | 14
        70 | 4 | Campaña |
        71 | 1 | Ordinario | 14
        72 | 1 | Precampaña | 14
        73 | 1 | Campaña | 99
        74 | 1 | Campaña | 7
        75 | 1 | Campaña | 7"""
    usos = """
        cfdi_id | poliza_id | contabilidad_id | sujeto_id
        70 | 1 | 7 | 1
        70 | 2 | 8 | 1
        70 | 3 | 9 | 2
        71 | 2 | 8 | 1
        72 | 2 | 8 | 1
        71 | 4 | 15 | 1
        72 | 4 | 15 | 1
        71 | 5 | 16 | 1
        72 | 5 | 16 | 1
        73 | 1 | 7 | 1
        70 | 6 | 14 | 20
        70 | 7 | 17 | 20
        71 | 7 | 17 | 20
        74 | 7 | 17 | 20
        75 | 7 | 17 | 20"""
    given = {
        "procesos": procesos,
        "contabilidades": contabilidades,
        "integrantes": integrantes,
        "cfdi": cfdi,
        "cfdi_ine": hojas,
        "cfdi_poliza": usos,
    }
    assert derive("hojas_ine", "poliza_id, cfdi_id, con_id, propias, afines, ajenas", **given) == [
        (1, 70, 3, 1, 2, 0),
        (1, 73, 1, 0, 0, 0),
        (2, 70, 3, 2, 2, 0),
        (2, 71, 1, 0, 0, 1),
        (2, 72, 1, 0, 0, 1),
        (3, 70, 3, 1, 2, 0),
        (4, 71, 1, 0, 0, 0),
        (4, 72, 1, 0, 0, 1),
        (5, 71, 1, 0, 0, 1),
        (5, 72, 1, 0, 0, 0),
        (6, 70, 3, 1, 3, 0),
        (7, 70, 3, 3, 3, 0),
        (7, 71, 1, 1, 1, 1),
        (7, 74, 1, 0, 0, 0),
        (7, 75, 1, 0, 0, 0),
    ]


def test_the_rfcs_of_a_coalition_are_those_of_its_parties() -> None:
    sujetos = """
        sujeto_id | rfc
        1 | AAA
        2 |
        3 | CCC
        4 | AAA
        5 |"""
    integrantes = """
        coalicion_id | sujeto_id
        2 | 1
        2 | 4
        2 | 5
        3 | 1"""
    assert derive("rfcs_propios", "sujeto_id, rfc, cuantos", sujetos=sujetos, integrantes=integrantes) == [
        (1, "AAA", 1),
        (2, "AAA", 2),
        (3, "AAA", 1),
        (3, "CCC", 1),
        (4, "AAA", 1),
    ]


def test_a_use_of_an_invoice_brings_the_invoice_and_the_voucher() -> None:
    polizas = """
        poliza_id | contabilidad_id | total | clase
        1 | 7 | 100 | ordinaria"""
    cfdi = """
        cfdi_id | uuid | emisor_rfc | total | tiene_xml
        70 | AAA | IPR150312Q47 | 100 | sí"""
    usos = """
        cfdi_id | poliza_id | contabilidad_id | monto
        70 | 1 | 7 | 60
        71 | 1 | 7 | 40"""
    columns = "cfdi_id, poliza_id, monto, uuid, emisor_rfc, total, tiene_xml, clase, neto"
    assert derive("usos_cfdi", columns, polizas=polizas, cfdi=cfdi, cfdi_poliza=usos) == [
        (70, 1, 60, "AAA", "IPR150312Q47", 100, True, "ordinaria", 100),
        (71, 1, 40, None, None, None, None, "ordinaria", 100),
    ]


def test_persons_are_computed_from_the_donors_of_the_snapshot() -> None:
    aportantes = """
        aportante_id | rfc | curp
        1 | PEGA800101AB1 |
        2 | PEGA800101AB1 | PEGA800101HDFRRL09
        3 | | PEGA800101HDFRRL09
        4 | | """
    assert derive("personas", "aportante_id, persona_id", aportantes=aportantes) == [(1, 1), (2, 1), (3, 1), (4, 4)]


def moved(*lines: tuple[int, str, int, int]) -> list[tuple[object, ...]]:
    """What those lines of vouchers (voucher, account, debit, credit) move from one balance to another."""
    rows = "\n".join(f"{n} | {' | '.join(map(str, line))}" for n, line in enumerate(lines, 1))
    movimientos = f"movimiento_id | poliza_id | cuenta | cargo | abono\n{rows}"
    return derive("saldos_movidos", "poliza_id, por_cobrar, monto", movimientos=movimientos, cuentas=CUENTAS)


@pytest.mark.parametrize("cuenta", ["1-1", "2-1"])
@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], 70),
        ([("9-9", 100, 100)], 70),
        ([("5-5", 1, 0)], 69),
        ([("5-5", 69, 0)], 1),
        ([("5-5", 70, 0)], 0),
        ([("5-5", 71, 0)], 0),
        ([("5-5", 0, 69)], 1),
        ([("5-5", 0, 70)], 0),
        ([("4-1", 0, 1)], 69),
        ([("4-1", 0, 70)], 0),
        ([("4-1", 69, 0)], 1),
        ([("4-1", 70, 0)], 0),
        ([("5-5", 70, 0), ("5-5", 0, 69)], 69),
        ([("5-5", 30, 0), ("4-1", 0, 50)], 20),
        ([("5-5", 30, 0), ("4-1", 40, 0)], 0),
        ([("5-5", 0, 30), ("4-1", 0, 39)], 1),
    ],
)
def test_what_moves_is_what_no_expense_and_no_income_of_the_voucher_explain(
    cuenta: str, others: list[tuple[str, int, int]], left: int
) -> None:
    """Both sides are of 70: a debit of expense or income explains credits, and a credit, debits."""
    found = moved((1, cuenta, 70, 0), (1, cuenta, 0, 70), *((1, *other) for other in others))
    assert found == ([(1, cuenta == "1-1", left)] if left else [])


@pytest.mark.parametrize("cuenta", ["1-1", "2-1"])
def test_what_moves_is_no_more_than_what_falls_nor_than_what_grows(cuenta: str) -> None:
    assert moved((1, cuenta, 50, 0), (1, cuenta, 50, 0), (1, cuenta, 0, 20)) == [(1, cuenta == "1-1", 20)]
    assert moved((1, cuenta, 20, 0), (1, cuenta, 0, 50), (1, cuenta, 0, 50)) == [(1, cuenta == "1-1", 20)]


def test_nothing_moves_between_vouchers_nor_between_what_is_owed_to_it_and_what_it_owes() -> None:
    assert moved((1, "1-1", 70, 0), (2, "1-1", 0, 70), (3, "1-1", 70, 0), (3, "2-1", 0, 70)) == []
    assert moved((1, "1-1", 9, 0), (1, "1-1", 0, 9), (1, "2-1", 0, 4), (1, "2-1", 4, 0)) == [
        (1, False, 4),
        (1, True, 9),
    ]


def test_a_reversal_moves_nothing() -> None:
    assert moved((1, "1-1", -70, 0), (1, "1-1", 0, -70)) == []


@pytest.mark.parametrize(("name", "cuenta", "grows"), [("cxc_capas", "1-1", 6), ("cxp_capas", "2-1", 7)])
def test_layers_equal_a_queue_in_random_ledgers(name: str, cuenta: str, grows: int) -> None:
    chance = random.Random(20_240_501)  # noqa: S311
    for _ in range(60):
        polizas, movimientos = ledger(chance, cuenta, grows)
        cuentas = given_rows(CUENTAS, published.TABLES["cuentas"]).rows
        with locked_engine() as engine:
            given = {"polizas": polizas, "movimientos": movimientos, "cuentas": cuentas, "capas_iniciales": []}
            for table, rows in given.items():
                load_rows(engine, published.TABLES[table], rows)
            build_derived(engine, ["polizas_netas", name], "mx")
            seen = engine.execute(f"SELECT auxiliar_id, poliza_id, original, remanente FROM {name}").fetchall()
        assert sorted(seen) == queue(polizas, movimientos, grows)


def ledger(chance: random.Random, cuenta: str, grows: int) -> tuple[list[list[object]], list[list[object]]]:
    """Random vouchers that create and settle, some reversed whole or in part."""
    polizas: list[list[object]] = []
    movimientos: list[list[object]] = []
    lines: list[tuple[int, int, int, int]] = []
    for number in range(1, chance.randint(2, 30)):
        day = date(2024, 1, 1) + timedelta(days=chance.randint(0, 20))
        side, who, amount, original = chance.choice((6, 7)), chance.randint(1, 3), chance.randint(1, 90), None
        if lines and chance.random() < 0.25:
            original, side, who, amount = lines.pop(chance.randrange(len(lines)))
            amount = -chance.choice((amount, chance.randint(1, amount)))
        else:
            lines.append((number, side, who, amount))
        voucher = [number, 7, 1, "normal", "DR", number, "R", "ordinaria", day, day, original, amount]
        line: list[object] = [number, number, 7, cuenta, day, 0, 0, "persona", who]
        line[5 if side == 6 else 6] = amount
        polizas.append(voucher)
        movimientos.append(line)
    return polizas, movimientos


def queue(polizas: Iterable[list[object]], movimientos: Iterable[list[object]], grows: int) -> list[tuple[object, ...]]:
    """First in first out, one payment at a time; a reversal first undoes its original."""
    original = {p[0]: p[10] or p[0] for p in polizas}
    days = {p[0]: p[8] for p in polizas}
    net: dict[tuple[object, object], list[int]] = defaultdict(lambda: [0, 0])
    for line in movimientos:
        entry = net[(line[8], original[line[1]])]
        entry[0] += line[grows - 1]  # type: ignore[operator]
        entry[1] += line[12 - grows]  # type: ignore[operator]
    told: list[tuple[object, ...]] = []
    for who in {key[0] for key in net}:
        layers = deque(
            [voucher, up, up]
            for (person, voucher), (up, _) in sorted(net.items(), key=lambda item: (days[item[0][1]], item[0][1]))
            if person == who and up > 0
        )
        for paid in [down for (person, _), (_, down) in net.items() if person == who]:
            for layer in layers:
                step = min(paid, layer[2])  # type: ignore[type-var]
                layer[2] -= step
                paid -= step
        told += [(who, voucher, up, rest) for voucher, up, rest in layers]
    return sorted(told)  # type: ignore[type-var]
