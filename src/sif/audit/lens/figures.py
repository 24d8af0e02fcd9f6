"""Detect outliers in the figures of one contabilidad: first digits, round amounts, end of a period."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import duckdb

from sif.audit.lens import chance
from sif.audit.lens.indicio import Indicio, percent, share

SHOWN = 20
_EXPENSES = """
CREATE OR REPLACE TEMP TABLE gastos AS
SELECT m.contabilidad_id, m.poliza_id, m.cargo, m.fecha_operacion FROM movimientos m
INNER JOIN cuentas c ON c.cuenta = m.cuenta INNER JOIN polizas p ON p.poliza_id = m.poliza_id
INNER JOIN polizas_netas n ON n.poliza_id = m.poliza_id
WHERE c.es_gasto AND m.cargo > 0 AND p.clase = 'ordinaria' AND p.revierte_a IS NULL AND n.neto <> 0
"""


def prepare(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `gastos`: each charge to expense that stands, in the books where it was paid."""
    engine.execute(_EXPENSES)


def benford(engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Accountings whose first digits are far from Benford, and not by chance."""
    counts: dict[int, list[int]] = {}
    money: dict[int, int] = {}
    rows = engine.execute(
        "SELECT contabilidad_id, CAST(SUBSTR(CAST(cargo AS VARCHAR), 1, 1) AS INTEGER), COUNT(*), "
        "CAST(SUM(cargo) AS BIGINT) FROM gastos WHERE cargo >= ? GROUP BY ALL",
        [limits["monto"]],
    ).fetchall()
    for accounting, digit, many, amount in rows:
        counts.setdefault(accounting, [0] * 9)[digit - 1] = many
        money[accounting] = money.get(accounting, 0) + amount
    for accounting, seen in sorted(counts.items()):
        away = chance.first_digit_distance(seen)
        by_chance = chance.chi_square_tail(chance.chi_square(seen))
        if sum(seen) >= limits["operaciones"] and away > limits["desvio_pb"] and by_chance * limits["azar"] < 1:
            digit = max(range(9), key=lambda place: seen[place] / sum(seen) - chance.BENFORD[place])
            expected = int(10_000 * chance.BENFORD[digit])
            yield Indicio(
                "benford",
                f"contabilidad={accounting}",
                (accounting,),
                (),
                sum(seen),
                money[accounting],
                away,
                limits["desvio_pb"],
                f"De {sum(seen)} cargos a gasto, {percent(share(seen[digit], sum(seen)))} empiezan con {digit + 1}; "
                f"lo común es {percent(expected)}.",
                _first(engine, accounting, f"starts_with(CAST(cargo AS VARCHAR), '{digit + 1}')"),
                tuple(seen),
            )


def round_amounts(engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Accountings with many more whole thousands among their expenses than the others."""
    what = f"cargo % {limits['redondo']:d} = 0"
    among = f"cargo >= {limits['monto']:d}"
    for found in _standing_out(engine, limits, what, among):
        accounting, seen, of, amount, common = found
        yield Indicio(
            "redondos",
            f"contabilidad={accounting}",
            (accounting,),
            (),
            seen,
            amount,
            share(seen, of),
            common,
            f"{seen} de {of} cargos a gasto son miles de pesos cerrados ({percent(share(seen, of))}); en las otras "
            f"contabilidades, {percent(common)}.",
            _first(engine, accounting, f"{what} AND {among}"),
        )


def close_of_period(engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Accountings with many more expenses in the last days of a period than the others."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE cierres AS SELECT g.contabilidad_id, g.poliza_id, g.cargo, "
        f"BOOL_OR(DATE_DIFF('day', g.fecha_operacion, r.hasta) <= {limits['dias']:d}) AS al_final FROM gastos g "
        "INNER JOIN periodos r ON r.contabilidad_id = g.contabilidad_id AND r.tipo = 'normal' "
        "AND g.fecha_operacion >= r.desde AND g.fecha_operacion < r.hasta GROUP BY ALL"
    )
    for accounting, seen, of, amount, common in _standing_out(engine, limits, "al_final", "TRUE", "cierres"):
        yield Indicio(
            "cierre",
            f"contabilidad={accounting}",
            (accounting,),
            (),
            seen,
            amount,
            share(seen, of),
            common,
            f"{seen} de {of} cargos a gasto se fechan en los últimos {limits['dias']} días de su periodo "
            f"({percent(share(seen, of))}); en las otras contabilidades, {percent(common)}.",
            _first(engine, accounting, "al_final", "cierres"),
        )


def _standing_out(
    engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int], what: str, among: str, table: str = "gastos"
) -> Iterator[tuple[int, int, int, int, int]]:
    """(accounting, how many are so, of how many, their centavos, share of the others in basis points)."""
    rows = engine.execute(
        f"SELECT contabilidad_id, COUNT(*) FILTER (WHERE {what}), COUNT(*), "
        f"CAST(COALESCE(SUM(cargo) FILTER (WHERE {what}), 0) AS BIGINT) FROM {table} WHERE {among} "
        "GROUP BY contabilidad_id ORDER BY contabilidad_id"
    ).fetchall()
    all_seen, whole = sum(row[1] for row in rows), sum(row[2] for row in rows)
    for accounting, seen, of, amount in rows:
        others = whole - of
        if of < limits["operaciones"] or not others:
            continue
        common = Fraction(all_seen - seen, others)
        stands_out = seen * 10_000 > common * of * limits["veces_pb"]
        if stands_out and chance.tail(seen, of, common) * limits["azar"] < 1:
            yield accounting, seen, of, amount, share(all_seen - seen, others)


def _first(
    engine: duckdb.DuckDBPyConnection, accounting: int, condition: str, table: str = "gastos"
) -> tuple[int, ...]:
    rows = engine.execute(
        f"SELECT DISTINCT poliza_id FROM {table} WHERE contabilidad_id = {accounting:d} AND {condition} "
        f"ORDER BY poliza_id LIMIT {SHOWN}"
    ).fetchall()
    return tuple(row[0] for row in rows)
