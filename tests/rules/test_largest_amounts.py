"""No amount that one person writes, and no sum of many, keeps a rule from running for everybody else."""

from dataclasses import replace

import duckdb
import pytest

from sif.audit.cases import Bench
from sif.audit.engine import RunFailed
from sif.rulebook import load_rules
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.rulebook.rule import Case, Rows, Rule
from sif.values.money import MOST

ONE, SUM = 90 * MOST, 1_000 * MOST
"""Centavos of one record, of many lines, and of the sum of many records: one subject may record them in a day."""
SUMS = {"gastos_contabilidad"}
"""Tables whose rows add up many records."""
BOUNDED = {
    ("cfdi_conceptos", "valor_unitario"): 100_000_000_000_000,
    ("cfdi_conceptos", "cantidad_milesimas"): 90_000,  # at that price; the snapshot bounds their product
    ("inventario", "costo_millar"): MOST,  # so does it with the cost of what comes in
}
"""Figures that a snapshot bounds otherwise, with the largest here."""
LAW = {"topes", "financiamiento", "repartido", "parametros", "matriz_precios", "testigos"}
"""Tables that the authority writes."""


def swollen(case: Case) -> Case:
    """Return a case with every amount that a subject or its suppliers write as large as it can be."""
    given = {}
    for name, rows in case.given.items():
        table = TABLES.get(name) or DERIVED[name].table
        amounts = {
            column.name: BOUNDED.get((name, column.name), SUM if name in SUMS else ONE)
            for column in table.columns
            if name not in LAW and column.type == "B" and not column.is_identifier and not column.name.endswith("_id")
        }
        swell = [amounts.get(each) for each in rows.columns]
        given[name] = Rows(
            rows.columns,
            tuple(
                tuple(
                    most if most and isinstance(cell, int) and cell > 0 else cell
                    for cell, most in zip(row, swell, strict=True)
                )
                for row in rows.rows
            ),
        )
    return replace(case, given=given)


@pytest.mark.parametrize("rule", load_rules("mx"), ids=lambda rule: rule.id)
def test_the_largest_amounts_are_judged_as_any_other(rule: Rule) -> None:
    with Bench(replace(rule, cases=tuple(map(swollen, rule.cases)))) as bench:
        try:
            assert [len(rows) for _case, rows in bench.rows()]
        except (duckdb.Error, RunFailed) as failed:
            pytest.fail(f"{rule.id}: {str(failed).splitlines()[0]}")
