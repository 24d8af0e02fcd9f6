"""Compare what rules found in a simulated snapshot with the key of the faults planted in it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sif.audit.engine import states_of
from sif.audit.results import RuleResult
from sif.rulebook.rule import Rule


@dataclass(frozen=True, slots=True)
class Score:
    """plantadas: in the key; encontradas: of those, found with the same accounting and amount; falsas: found besides.

    What hides no fault is sound under every rule: of a rule that the key does not name, whatever is found is false.
    """

    plantadas: int
    encontradas: int
    falsas: int


@dataclass(frozen=True, slots=True)
class PlantedKey:
    """A rule's key in SQL, as a simulation writes it, and its results that are findings, quoted for an IN."""

    clave: str
    found: str


def planted_key(rule: Rule) -> PlantedKey:
    """Return how to compare the findings of a rule with what a simulation planted."""
    return PlantedKey(
        " || ';' || ".join(f"'{name}=' || COALESCE(CAST({name} AS VARCHAR), '')" for name in rule.key),
        ", ".join(f"'{name}'" for name, state in states_of(rule).items() if state == "hallazgo"),
    )


def has_key(folder: Path) -> bool:
    """Return whether a snapshot has the key of the faults planted in it."""
    return (folder / "clave.parquet").is_file()


def score(result: RuleResult, folder: Path) -> Score:
    """Score a result against the answer key; a finding is right when its key, accounting and amount all match."""
    rule = result.version.rule
    keys = planted_key(rule)
    with duckdb.connect(":memory:") as engine:
        row = engine.execute(
            f"WITH vistos AS (SELECT {keys.clave} AS clave, contabilidad_id, monto FROM read_parquet($hallazgos) "
            f"WHERE resultado IN ({keys.found})), "
            "puestos AS (SELECT clave, contabilidad_id, monto FROM read_parquet($clave) WHERE regla = $regla) "
            "SELECT (SELECT COUNT(*) FROM puestos), (SELECT COUNT(*) FROM vistos), "
            "(SELECT COUNT(*) FROM vistos v INNER JOIN puestos p ON p.clave = v.clave "
            "AND p.contabilidad_id = v.contabilidad_id AND p.monto = v.monto)",
            {
                "hallazgos": str(result.folder / "hallazgos.parquet"),
                "clave": str(folder / "clave.parquet"),
                "regla": rule.id,
            },
        ).fetchall()[0]
    planted, seen, right = (int(value) for value in row)
    return Score(planted, right, seen - right)
