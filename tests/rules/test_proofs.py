"""The proofs themselves see what they are for: a wrong case, a loose figure, a reach too narrow, a live mutant."""

import dataclasses
from pathlib import Path

import pytest

from sif.audit.cases import Bench, check_rule, loose_pins, surviving_mutants, wrong_slices
from sif.rulebook import Rule, read_rule

TEXT = """\
id: EX001
title: Registro extemporáneo
severity: sustantiva
applies_to: [campana]
since: 2014-12-19
reach: contabilidad
basis: [{article: RF 38.1, says: "Registrar en tres días.", status: por confirmar}]
parameters:
  plazo: {unit: días, values: [[2014-12-19, 2020-01-01, 3], [2020-01-01, null, 5]], basis: RF 38.1}
key: [poliza_id]
day: fecha_operacion
universe: SELECT COUNT(*) FROM polizas
query: |
  SELECT p.contabilidad_id, p.poliza_id, p.fecha_operacion, p.total AS monto,
         CASE WHEN DATE_DIFF('day', p.fecha_operacion, p.fecha_registro) > t.valor THEN 'tarde'
              ELSE 'a_tiempo' END AS resultado
  FROM polizas p
  LEFT JOIN p_plazo t ON p.fecha_operacion >= t.desde AND p.fecha_operacion < t.hasta
outcomes:
  tarde: {state: hallazgo, says: "Tarde por {monto}."}
  a_tiempo: {state: cumple}
cases:
  - name: filo
    given:
      polizas: |
        poliza_id | contabilidad_id | fecha_operacion | fecha_registro | total
        1 | 7 | 2019-12-31 | 2020-01-03 | 5
        2 | 7 | 2019-12-31 | 2020-01-04 | 6
        3 | 7 | 2020-01-01 | 2020-01-06 | 7
        4 | 8 | 2020-01-01 | 2020-01-07 | 8
        5 | 8 | 2014-12-18 | 2020-01-07 | 9
    expect: |
      poliza_id | resultado | monto
      1 | a_tiempo | 5
      2 | tarde | 6
      3 | a_tiempo | 7
      4 | tarde | 8
      5 | fuera_de_vigencia | 9
"""


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "EX001.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    return read_rule(written(tmp_path), "mx")


def _wrong_slices(rule: Rule) -> list[str]:
    with Bench(rule) as bench:
        return wrong_slices(bench)


def _surviving(rule: Rule) -> list[str]:
    with Bench(rule) as bench:
        return [mutant.name for mutant in surviving_mutants(bench)]


def test_a_sound_rule_has_no_problem_and_no_live_mutant(tmp_path: Path, rule: Rule) -> None:
    assert check_rule(written(tmp_path)) == []
    assert _surviving(rule) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("      2 | tarde | 6\n", "      2 | a_tiempo | 6\n", "poliza_id 2 dio resultado = tarde y se espera a_tiempo"),
        ("      2 | tarde | 6\n", "      2 | tarde | 60\n", "poliza_id 2 dio monto = 6 y se espera 60"),
        ("      1 | a_tiempo | 5\n", "", "juzgó también poliza_id 1 (a_tiempo)"),
        ("      1 | a_tiempo | 5\n", "      1 | a_tiempo | 5\n      9 | a_tiempo | 5\n", "no juzgó poliza_id 9"),
        ("      1 | a_tiempo | 5\n", "      1 | a_tiempo | \n", "se espera vacío"),
        ("COUNT(*) FROM polizas", "COUNT(*) FROM movimientos", "juzgó 5 renglones y el universo tiene 0"),
    ],
)
def test_a_case_that_does_not_come_out_says_what_differs(tmp_path: Path, old: str, new: str, says: str) -> None:
    told = [problem.mensaje for problem in check_rule(written(tmp_path, (old, new)))]
    assert any(says in text for text in told), told


def test_a_figure_without_a_case_at_its_edge_is_loose(tmp_path: Path) -> None:
    for number in (1, 2, 3, 4):  # each case at an edge holds one side of one span
        row = TEXT.splitlines()[25 + number] + "\n"
        expected = {1: "a_tiempo | 5", 2: "tarde | 6", 3: "a_tiempo | 7", 4: "tarde | 8"}[number]
        other = {1: "2020-01-01", 2: "2020-01-09", 3: "2020-01-02", 4: "2020-01-20"}[number]
        moved = row.replace(row.split(" | ")[3], other)
        path = written(tmp_path, (row, moved))
        assert expected in TEXT
        told = [problem.mensaje for problem in check_rule(path)]
        since, value = ("2019" if number < 3 else "2020"), (3 if number < 3 else 5)
        start = "2014-12-19" if since == "2019" else "2020-01-01"
        assert told == [f"Ningún caso fija el parámetro plazo desde {start}: {value}."], (number, told)


def test_a_figure_of_the_tables_of_law_is_pinned_in_one_span(rule: Rule) -> None:
    (plazo,) = rule.parameters
    lone = dataclasses.replace(rule.cases[0], expect=rule.cases[0].expect)
    with Bench(dataclasses.replace(rule, cases=(lone,))) as bench:
        assert loose_pins(bench) == []
    given = rule.cases[0].given["polizas"]
    early = dataclasses.replace(given, rows=given.rows[:2])
    expect = dataclasses.replace(rule.cases[0].expect, rows=rule.cases[0].expect.rows[:2])
    case = dataclasses.replace(rule.cases[0], given={"polizas": early}, expect=expect)
    own = dataclasses.replace(rule, cases=(case,))
    law = dataclasses.replace(own, parameters=(dataclasses.replace(plazo, source="law/parameters/plazo"),))
    with Bench(own) as bench:
        assert loose_pins(bench) == ["plazo desde 2020-01-01: 5"]
    with Bench(law) as bench:
        assert loose_pins(bench) == []


def test_a_query_that_looks_at_other_books_is_not_of_reach_contabilidad(rule: Rule) -> None:
    wide = rule.query.replace("p.total AS monto", "SUM(p.total) OVER (PARTITION BY p.fecha_operacion) AS monto")
    assert wide != rule.query
    assert _wrong_slices(rule) == []
    assert _wrong_slices(dataclasses.replace(rule, query=wide)) == [
        "filo: la contabilidad 7 cambia si se ven sólo sus libros.",
        "filo: la contabilidad 8 cambia si se ven sólo sus libros.",
    ]
    assert _wrong_slices(dataclasses.replace(rule, query=wide, reach="nacional")) == []


def test_a_mutant_no_case_sees_is_named(rule: Rule) -> None:
    case = rule.cases[0]
    given = {"polizas": dataclasses.replace(case.given["polizas"], rows=case.given["polizas"].rows[1:2])}
    blind = dataclasses.replace(case, given=given, expect=dataclasses.replace(case.expect, rows=case.expect.rows[1:2]))
    names = _surviving(dataclasses.replace(rule, cases=(blind,)))
    assert names == ["voltear DATE_DIFF('DAY', p.fecha_operacion, p.fecha_registro) > t.valor"]


def test_a_file_that_is_no_rule_tells_why(tmp_path: Path) -> None:
    assert {problem.codigo for problem in check_rule(written(tmp_path, ("reach: contabilidad", "reach: x")))} == {
        "valor"
    }
