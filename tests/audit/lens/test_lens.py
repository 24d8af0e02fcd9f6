"""Each lens sees what was put there for it, stops at the edge of its figures, and says nothing of ordinary books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from sif.audit.engine import load_tables, locked_engine
from sif.audit.lens import chance, figures, ties
from sif.audit.lens.indicio import Indicio, lenses
from sif.audit.lens.services import DERIVED_TABLES, TABLES
from sif.rulebook import published
from sif.rulebook.binding import with_sources

Rows = list[dict[str, Any]]
BOOKS: Rows = [{"contabilidad_id": n, "sujeto_id": n // 10} for n in (10, 11, 20, 30)]


@contextmanager
def engine_over(**tables: Rows) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine with those rows, and the pólizas they name standing."""
    tables.setdefault("contabilidades", BOOKS)
    named = {row["poliza_id"]: row for rows in tables.values() for row in rows if row.get("poliza_id")}
    tables.setdefault(
        "polizas",
        [
            {"poliza_id": n, "contabilidad_id": row.get("contabilidad_id"), "clase": "ordinaria", "total": 100}
            for n, row in named.items()
        ],
    )
    rows = {
        name: [[_cell(row.get(column.name), column.type) for column in published.TABLES[name].columns] for row in each]
        for name, each in tables.items()
    }
    with locked_engine() as engine:
        load_tables(engine, rows, frozenset(TABLES) | with_sources(DERIVED_TABLES))
        figures.prepare(engine)
        yield engine


def _cell(value: Any, kind: str) -> Any:
    return date.fromisoformat(value) if kind == "D" and value else value


def expenses(amounts: dict[int, list[int]], day: str = "2024-05-01") -> dict[str, Rows]:
    """One póliza with one charge to expense for each amount of each accounting."""
    lines = [
        {
            "poliza_id": books * 10_000 + n,
            "contabilidad_id": books,
            "cuenta": "5",
            "cargo": amount,
            "abono": 0,
            "fecha_operacion": day,
        }
        for books, many in amounts.items()
        for n, amount in enumerate(many)
    ]
    return {"movimientos": lines, "cuentas": [{"cuenta": "5", "es_gasto": True}]}


def growing(many: int) -> list[int]:
    """Amounts that follow Benford: each seven per cent more than the one before."""
    return [int(1000 * 1.07**n) for n in range(many)]


def seen(rows: Iterator[Indicio]) -> list[tuple[str, int]]:
    return sorted((row.clave, row.casos) for row in rows)


def limits(lens: str) -> Any:
    return lenses()[lens].limites


def test_first_digits_out_of_the_ordinary() -> None:
    fours = [4_000_00 + n for n in range(300)]
    with engine_over(**expenses({10: fours, 11: fours[:299], 20: growing(340)})) as engine:
        (one,) = figures.benford(engine, limits("benford"))
    assert (one.clave, one.casos, one.monto) == ("contabilidad=10", 300, sum(fours))
    assert one.dice == "De 300 cargos a gasto, 100.0 % empiezan con 4; lo común es 9.6 %."
    assert one.polizas == tuple(range(100_000, 100_020))
    assert one.digitos == (0, 0, 0, 300, 0, 0, 0, 0, 0)


def test_round_amounts_beside_the_others() -> None:
    odd = [1_234_56 + n for n in range(100)]
    amounts = {10: [5_000_00] * 15 + odd[:5], 11: odd, 20: [2_000_00, *odd[:50]], 30: [5_000_00] * 15 + odd[:4]}
    with engine_over(**expenses(amounts)) as engine:
        (one,) = figures.round_amounts(engine, limits("redondos"))  # accounting 30 has one operation too few
    assert (one.clave, one.casos, one.monto, one.medida) == ("contabilidad=10", 15, 15 * 5_000_00, 7500)


def test_what_was_undone_is_not_looked_at() -> None:
    tables = expenses({10: [5_000_00] * 20, 11: [1_234_56] * 100})
    standing = [
        {"poliza_id": row["poliza_id"], "contabilidad_id": row["contabilidad_id"], "clase": "ordinaria", "total": 1}
        for row in tables["movimientos"]
    ]
    undone = [
        {**row, "poliza_id": -row["poliza_id"], "revierte_a": row["poliza_id"], "total": -1}
        for row in standing
        if row["contabilidad_id"] == 10
    ]
    with engine_over(**tables, polizas=standing) as engine:
        assert seen(figures.round_amounts(engine, limits("redondos"))) == [("contabilidad=10", 20)]
    with engine_over(**tables, polizas=standing + undone) as engine:
        assert seen(figures.round_amounts(engine, limits("redondos"))) == []


@pytest.mark.parametrize(("last", "found"), [("2024-05-29", [("contabilidad=10", 20)]), ("2024-05-28", [])])
def test_the_last_three_days_of_a_period(last: str, found: list[tuple[str, int]]) -> None:
    late, even = expenses({10: [77_77] * 20}, last), expenses({11: [77_77] * 100})
    periods = [
        {"periodo_id": n, "contabilidad_id": n, "tipo": "normal", "desde": "2024-05-01", "hasta": "2024-06-01"}
        for n in (10, 11)
    ]
    lines = late["movimientos"] + even["movimientos"]
    with engine_over(movimientos=lines, cuentas=even["cuentas"], periodos=periods) as engine:
        assert seen(figures.close_of_period(engine, limits("cierre"))) == found


UMA_2024 = 108_57
LIMIT = 90 * UMA_2024


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ([LIMIT, LIMIT, LIMIT * 9 // 10], 3),
        ([LIMIT, LIMIT, LIMIT * 9 // 10 - 1], 0),
        ([LIMIT, LIMIT, LIMIT + 1], 0),
        ([LIMIT, LIMIT], 0),
    ],
)
def test_just_under_a_limit(amounts: list[int], found: int) -> None:
    days = ("2024-05-01", "2024-05-03", "2024-05-09")
    paid = [
        {
            "pago_id": n,
            "poliza_id": n,
            "contabilidad_id": 10,
            "proveedor_id": 7,
            "medio": "efectivo",
            "fecha": day,
            "monto": amount,
        }
        for n, (day, amount) in enumerate(zip(days, amounts, strict=False), start=1)
    ]
    given = [{**row, "aportacion_id": row["pago_id"], "sujeto_id": 2, "aportante_id": 5} for row in paid]
    with engine_over(pagos=paid, aportaciones=given, aportantes=[{"aportante_id": 5}]) as engine:
        rows = seen(ties.under_a_limit(engine, limits("bajo_limite")))
    pairs = ["aportacion;sujeto=2;quien=5", "pago;sujeto=1;quien=7"]
    assert rows == ([(pair, found) for pair in pairs] if found else [])


def test_limits_change_with_the_uma() -> None:
    spans = {since: value for since, _, value in ties.limit_spans("pago_bancario_uma")}
    assert [spans[day] for day in sorted(spans) if str(day) == "2024-02-01"] == [LIMIT]


def used(*uses: tuple[int, int, str], **more: Rows) -> dict[str, Rows]:
    """Uses of invoices (póliza, accounting, issuer), each of its own invoice."""
    subject = {row["contabilidad_id"]: row["sujeto_id"] for row in BOOKS}
    return {
        "cfdi_poliza": [
            {"cfdi_id": n, "poliza_id": poliza, "contabilidad_id": books, "sujeto_id": subject[books], "monto": 100}
            for n, (poliza, books, _) in enumerate(uses)
        ],
        "cfdi": [{"cfdi_id": n, "emisor_rfc": rfc} for n, (_, _, rfc) in enumerate(uses)],
        **more,
    }


def test_what_several_subjects_share() -> None:
    tables = used((1, 10, "AAA"), (2, 20, "AAA"), (3, 30, "AAA"), (4, 10, "BBB"), (5, 11, "BBB"), (6, 20, "BBB"))
    tables["cuentas_bancarias"] = [
        {"contabilidad_id": books, "clabe": clabe} for books, clabe in ((10, "1"), (11, "1"), (20, "2"), (30, "2"))
    ]
    tables["casas"] = [
        {"casa_id": n, "contabilidad_id": books, "domicilio": place}
        for n, (books, place) in enumerate(
            (
                (10, "Calle Juárez núm. 4, Centro, SON"),
                (20, "CALLE JUAREZ  NUM 4 CENTRO SON"),
                (30, "Juárez 5"),
                (10, "Hidalgo 1"),
                (11, "Hidalgo 1"),
                (20, ""),
                (30, ""),
            )
        )
    ]
    tables["evidencias"] = [
        {"poliza_id": n, "contabilidad_id": books, "sha256": digest, "estado": state}
        for n, books, digest, state in (
            (1, 10, "x", "activa"),
            (2, 20, "x", "activa"),
            (4, 10, "y", "activa"),
            (5, 11, "y", "activa"),
            (3, 30, "z", "activa"),
            (6, 20, "z", "sin_efecto"),
        )
    ]
    tables["aportantes"] = [{"aportante_id": n, "rfc": "PEGA800101AB1"} for n in (5, 6)] + [{"aportante_id": 7}]
    tables["aportaciones"] = [
        {"poliza_id": n, "contabilidad_id": 10 * s, "sujeto_id": s, "aportante_id": d, "medio": "cheque", "monto": 100}
        for n, s, d in ((1, 1, 5), (2, 2, 6), (4, 1, 7))
    ]
    with engine_over(**tables) as engine:
        told = {lens: seen(ties.shared(engine, lens, limits(lens))) for lens in ties._SHARED}
    assert told == {
        "proveedores": [("proveedores=AAA", 3)],
        "cuentas": [("cuentas=2", 2)],
        "domicilios": [("domicilios=CALLE JUAREZ NUM 4 CENTRO SON", 2)],
        "archivos": [("archivos=x", 2)],
        "aportantes": [("aportantes=5", 2)],
    }


def test_who_gives_and_sells_to_the_same_subject() -> None:
    tables = used((1, 10, "PEGA800101AB1"), (2, 20, "PEGA800101AB1"))
    tables["aportantes"] = [{"aportante_id": 5, "rfc": "pega800101ab1"}]
    tables["aportaciones"] = [
        {"poliza_id": 3, "contabilidad_id": 11, "sujeto_id": 1, "aportante_id": 5, "medio": "cheque", "monto": 900}
    ]
    with engine_over(**tables) as engine:
        (one,) = ties.gives_and_sells(engine, limits("dobles"))
    assert (one.clave, one.contabilidades, one.monto) == ("sujeto=1;rfc=PEGA800101AB1", (10,), 100)
    assert one.dice == "PEGA800101AB1 facturó $1.00 al sujeto y le aportó $9.00."


@pytest.mark.parametrize(("price", "found"), [(300, True), (299, False), (33, True), (34, False)])
def test_a_price_three_times_the_median_or_a_third(price: int, found: bool) -> None:
    prices = [100] * 9 + [price]
    tables = used(*[(n, 10, f"R{n}") for n in range(1, 11)])
    tables["cfdi_conceptos"] = [
        {"cfdi_id": n, "linea": 1, "articulo": "lona", "unidad": "pieza", "valor_unitario": value, "importe": value}
        for n, value in enumerate(prices)
    ]
    with engine_over(**tables) as engine:
        rows = seen(ties.prices(engine, limits("precios")))
    assert rows == ([("articulo=lona;unidad=pieza;rfc=R10", 1)] if found else [])


@pytest.mark.parametrize(("charged", "said"), [([300], "a $3.00"), ([400, 300], "de $3.00 a $4.00")])
def test_one_price_is_said_as_one_and_several_as_a_span(charged: list[int], said: str) -> None:
    prices = [100] * 9 + charged
    tables = used(*[(n, 10, f"R{min(n, 10)}") for n in range(1, len(prices) + 1)])
    tables["cfdi_conceptos"] = [
        {"cfdi_id": n, "linea": 1, "articulo": "lona", "unidad": "pieza", "valor_unitario": value, "importe": value}
        for n, value in enumerate(prices)
    ]
    with engine_over(**tables) as engine:
        (one,) = ties.prices(engine, limits("precios"))
    assert one.dice == f"R10 cobró lona (pieza) {said}; la mediana es de $1.00."


def test_the_exact_tail_of_chance() -> None:
    assert chance.tail(2, 3, Fraction(1, 2)) == 0.5  # three coins: 3/8 + 1/8
    assert chance.tail(3, 3, Fraction(1, 2)) == 0.125  # all of them
    assert chance.tail(4, 3, Fraction(1, 2)) == 0.0
    assert chance.tail(0, 9, Fraction(1, 3)) == 1.0
    assert chance.tail(1, 9, Fraction(0)) == 0.0
    exact = float(sum(Fraction(1, 4) ** k * Fraction(3, 4) ** (80 - k) * _choose(80, k) for k in range(35, 81)))
    assert chance.tail(35, 80, Fraction(1, 4)) == pytest.approx(exact, rel=1e-9)


def _choose(of: int, k: int) -> int:
    return 1 if k == 0 else _choose(of, k - 1) * (of - k + 1) // k


def test_distance_from_benford() -> None:
    assert chance.first_digit_distance([301, 176, 125, 97, 79, 67, 58, 51, 46]) <= 2  # rounded to three places
    assert chance.first_digit_distance([0, 0, 0, 300, 0, 0, 0, 0, 0]) == 2006  # (0.9031 + 1 - 0.0969) / 9
    assert chance.chi_square_tail(15.507) == pytest.approx(0.05, abs=1e-4)  # tables of chi square, 8 degrees
    assert chance.chi_square_tail(20.090) == pytest.approx(0.01, abs=1e-5)


def test_who_looks_the_same_is_told_with_what_they_gave() -> None:
    tables: dict[str, Rows] = {
        "aportantes": [
            {"aportante_id": 5, "nombre": "Ana Pérez Gómez", "rfc": "PEGA800101AB1"},
            {"aportante_id": 6, "nombre": "PEREZ GOMEZ ANA", "curp": "PEGA800101MDFRMN09"},
            {"aportante_id": 7, "nombre": "Ana Pérez Gómez"},
        ],
        "aportaciones": [
            {
                "poliza_id": n,
                "contabilidad_id": 10 * n,
                "sujeto_id": n,
                "aportante_id": 4 + n,
                "medio": "cheque",
                "monto": 100,
            }
            for n in (1, 2, 3)
        ],
    }
    with engine_over(**tables) as engine:
        (one,) = ties.donors_alike(engine, {})
    assert (one.clave, one.sujetos, one.casos, one.monto) == ("identidad=5;6", (1, 2), 2, 200)
    assert one.dice.startswith(
        "«Ana Pérez Gómez» y «PEREZ GOMEZ ANA» parecen la misma persona: sus claves empiezan igual"
    )


def test_suppliers_that_look_the_same() -> None:
    tables = used((1, 10, "IVA010203AB1"), (2, 20, "IVA010203XY2"))
    tables["proveedores"] = [
        {"proveedor_id": 1, "nombre": "Imprenta del Valle SA de CV", "rfc": "IVA010203AB1"},
        {"proveedor_id": 2, "nombre": "IMPRENTA DEL VALLE", "rfc": "IVA010203XY2"},
    ]
    with engine_over(**tables) as engine:
        (one,) = ties.suppliers_alike(engine, {})
    assert (one.clave, one.casos, one.monto) == ("identidad_proveedores=1;2", 2, 200)
