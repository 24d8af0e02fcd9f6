"""A rule printed, its mutants listed, its tables declared, and its donors joined."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sif.rulebook import derived, published, read_rule
from sif.rulebook.mutants import mutants
from sif.rulebook.personas import personas
from sif.rulebook.pipes import BadRows, given_rows, matches, split_rows
from sif.rulebook.printing import print_rule
from sif.rulebook.subset import check_sql
from sif.rulebook.survivors import explanation

Writer = Callable[..., Path]


def test_the_page_says_law_figures_results_and_cases(rule_file: Writer) -> None:
    page = print_rule(read_rule(rule_file(), "mx"), {"voltear x": "porque sí"}, "mx")
    for text in (
        "# EX001. Registro extemporáneo de operaciones",
        "- Vigente desde el 19 de diciembre de 2014.",
        "- **RF 38.1** (por confirmar): Registrar en tiempo real",
        "| 1 de enero de 2020 | sigue vigente | 5 días naturales | por confirmar |",
        "- **extemporanea** (hallazgo): La póliza {referencia}",
        "- Desde el 24 de noviembre de 2026: Si cuentan",
        "| 4 | extemporanea | $500.00 |",
        "- `voltear x`: porque sí",
    ):
        assert text in page


def test_mutants_damage_one_thing_each_and_stay_in_the_subset(rule_file: Writer) -> None:
    rule = read_rule(rule_file(), "mx")
    made = mutants(rule.query)
    names = [mutant.name for mutant in made]
    assert len(names) == len(set(names)) and rule.query not in {mutant.sql for mutant in made}
    assert "LEFT por INNER en polizas_netas AS n" in names and "voltear n.neto = 0" in names
    assert not any("p_plazo" in name or "t.hasta" in name for name in names)  # the reader admits one form of that join
    assert sum(name.startswith("quitar WHEN") for name in names) == 2
    assert sum(name.startswith("permutar WHEN") for name in names) == 1
    for mutant in made:
        assert check_sql(mutant.sql) == mutant.sql


def test_a_window_loses_each_column_of_its_partition_in_turn() -> None:
    query = "SELECT SUM(a.monto) OVER (PARTITION BY a.anio, a.sujeto_id) AS s FROM aportaciones AS a"
    assert {mutant.sql.partition("OVER ")[2] for mutant in mutants(query)} == {
        "(PARTITION BY a.sujeto_id) AS s FROM aportaciones AS a",
        "(PARTITION BY a.anio) AS s FROM aportaciones AS a",
    }


def test_a_constant_that_is_only_counted_is_no_integer_to_damage() -> None:
    query = "SELECT COUNT(CASE WHEN p.total > 5 THEN 1 ELSE NULL END) AS n, SUM({}) AS s FROM polizas AS p"
    names = [mutant.name for mutant in mutants(query.format("CASE WHEN p.total > 5 THEN 1 ELSE 0 END"))]
    assert sum(name.startswith("1 + 1") for name in names) == 1


def test_an_explained_survivor_may_be_a_pattern() -> None:
    explained = {"LEFT por INNER en polizas_netas AS *": "siempre hay renglón"}
    assert explanation("LEFT por INNER en polizas_netas AS n", explained) == "siempre hay renglón"
    assert explanation("voltear a > 0", explained) is None


def test_every_table_of_the_design_is_declared() -> None:
    assert len(published.TABLES) == 71
    money = published.TABLES["movimientos"].column("cargo")
    assert money is not None and (money.sql_type, money.nullable) == ("BIGINT", False)
    assert published.TABLES["polizas"].names[0] == "poliza_id"
    assert set(derived.TABLES).isdisjoint(published.TABLES)


@pytest.mark.parametrize(
    "name",
    [n for n in derived.DERIVED if n in {"polizas_netas", "gastos_contabilidad", "requisitos", "saldos_movidos"}],
)
def test_a_derived_table_is_written_in_the_subset_where_it_says_it_well(name: str) -> None:
    sql = derived.DERIVED[name].sql
    assert sql is not None
    assert check_sql(sql)


def test_donors_join_by_exact_keys_and_by_closure() -> None:
    curp, other = "PEGA800101HDFRRL09", "LOMA900202MDFRRN08"
    records = [
        (4, "PEGA800101AB1", None, None),
        (2, "pega-800101-ab1", curp, None),
        (3, None, curp, "PRGRAL80010109H300"),
        (9, None, None, "PRGRAL80010109H300"),
        (5, None, other, None),
        (6, None, None, None),
        (7, None, None, None),
    ]
    assert personas(records) == [
        (2, 2, "exacta"),
        (3, 2, "exacta"),
        (4, 2, "exacta"),
        (5, 5, "exacta"),
        (6, 6, "exacta"),
        (7, 7, "exacta"),
        (9, 2, "exacta"),
    ]


@pytest.mark.parametrize("rfc", ["XAXX010101000", "XEXX010101000", "N/A", "", "PEGA800101"])
def test_a_key_that_names_nobody_joins_nobody(rfc: str) -> None:
    assert personas([(1, rfc, rfc, rfc), (2, rfc, rfc, rfc)]) == [(1, 1, "exacta"), (2, 2, "exacta")]


def test_a_column_not_given_takes_its_absent_value_but_no_identifier_has_one() -> None:
    rows = given_rows("poliza_id | total\n1 | 5", published.TABLES["polizas"])
    row = dict(zip(rows.columns, rows.rows[0], strict=True))
    assert (row["contabilidad_id"], row["revierte_a"], row["fecha_operacion"]) == (None, None, None)
    assert (row["clase"], row["numero"], row["total"]) == ("", 0, 5)
    spans = given_rows("rfc\nA", published.TABLES["padron69b"])
    assert [str(cell) for cell in spans.rows[0][2:]] == ["0001-01-01", "9999-12-31"]


def test_small_tables_may_be_framed_and_end_in_an_empty_cell() -> None:
    assert split_rows("a | b\n1 |\n | 2") == (("a", "b"), [("1", ""), ("", "2")])
    assert split_rows("| a | b |\n| 1 | |") == (("a", "b"), [("1", "")])
    for wrong in ("", "a | a\n1 | 2", "a |\n1 | 2", "a | b\n1"):
        with pytest.raises(BadRows):
            split_rows(wrong)


def test_an_expected_cell_stands_for_one_value_only() -> None:
    assert matches("", None) and matches("3", 3) and matches("sí", True) and matches("no", False)
    assert not (matches("0", None) or matches("", 0) or matches("1", True) or matches("no", True) or matches("x", 3))
