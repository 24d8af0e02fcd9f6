"""Draw a monetary unit sample from a seed: each centavo of expense has the same chance."""

import hashlib
from dataclasses import dataclass

import duckdb


class SampleRefused(ValueError):
    """No sample can be drawn so; the message says what was seen and what to ask for."""


@dataclass(frozen=True, slots=True)
class Elegida:
    """A póliza that fell in the sample: its centavos of expense and how many of the chosen centavos are in it."""

    poliza_id: int
    contabilidad_id: int
    referencia: str
    monto: int
    veces: int


@dataclass(frozen=True, slots=True)
class Muestra:
    """A sample and all that draws it again: seed, digest of the snapshot, population (pólizas and centavos), interval
    and start in centavos."""

    semilla: str
    digest: str
    poblacion: int
    total: int
    intervalo: int
    arranque: int
    polizas: tuple[Elegida, ...]


POPULATION = """
CREATE OR REPLACE TEMP TABLE poblacion AS
SELECT poliza_id, contabilidad_id, referencia, monto,
       CAST(SUM(monto) OVER (ORDER BY poliza_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS hasta
FROM (SELECT p.poliza_id, p.contabilidad_id, p.referencia, CAST(SUM(m.cargo - m.abono) AS BIGINT) AS monto
      FROM polizas p INNER JOIN polizas_netas n ON n.poliza_id = p.poliza_id
      INNER JOIN movimientos m ON m.poliza_id = p.poliza_id INNER JOIN cuentas c ON c.cuenta = m.cuenta
      WHERE c.es_gasto AND p.clase = 'ordinaria' AND p.revierte_a IS NULL AND n.neto <> 0 {mine}
      GROUP BY ALL)
WHERE monto > 0
"""


def populate(engine: duckdb.DuckDBPyConnection, contabilidad: int | None = None) -> None:
    """Make `poblacion`: each póliza of expense that stands, with its centavos and those up to it."""
    engine.execute(POPULATION.format(mine="" if contabilidad is None else f"AND p.contabilidad_id = {contabilidad:d}"))


def start_of(seed: str, digest: str, interval: int) -> int:
    """The first chosen centavo, 1 to `interval`: the SHA-256 of seed, line feed and digest as a number, modulo it."""
    number = int.from_bytes(hashlib.sha256(f"{seed}\n{digest}".encode()).digest())
    return 1 + number % interval


def draw(engine: duckdb.DuckDBPyConnection, digest: str, seed: str, size: int) -> Muestra:
    """`size` centavos of `poblacion`, one every interval along the pólizas in order of number, and the pólizas of each.

    A póliza of an interval or more is always in it. Raises SampleRefused.
    """
    if not seed.strip() or size < 1:
        raise SampleRefused(
            f"Se pidieron {size} centavos con la semilla «{seed}»; hace falta una semilla escrita y al menos uno."
        )
    ((many, total),) = engine.execute("SELECT COUNT(*), COALESCE(MAX(hasta), 0) FROM poblacion").fetchall()
    if total < size:
        raise SampleRefused(f"El gasto suma {total} centavos y se pidieron {size}. Pida una muestra menor.")
    interval = total // size
    start = start_of(seed, digest, interval)
    rows = engine.execute(
        "SELECT poliza_id, contabilidad_id, referencia, monto, veces FROM (SELECT *, "
        f"(hasta - {start} + {interval}) // {interval} - (hasta - monto - {start} + {interval}) // {interval} AS veces "
        "FROM poblacion) WHERE veces > 0 ORDER BY poliza_id"
    ).fetchall()
    return Muestra(seed, digest, many, total, interval, start, tuple(Elegida(*row) for row in rows))
