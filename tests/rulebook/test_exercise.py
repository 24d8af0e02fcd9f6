"""A query that adds up one stage is refused where law adds up the exercise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sif.rulebook import load_rules, read_rule
from sif.rulebook.exercise import shortfalls
from sif.rulebook.subset import parse
from sif.values import Refused

SUM = "SUM(a.monto) OVER (PARTITION BY a.sujeto_id, a.{key} ORDER BY a.aportacion_id) AS suma"
BY_YEAR = f"SELECT a.aportacion_id, {SUM} FROM aportes a"
INNER = "WITH x AS (SELECT b.aportacion_id, b.sujeto_id, b.anio AS anio, b.monto FROM aportes b)"
THROUGH = f"{INNER} SELECT a.aportacion_id, {SUM} FROM x a"
SHORT = "Suma por anio sobre «{}», que sólo tiene la etapa; una también «{}»."
OF_GIFTS = SHORT.format("aportaciones", "aportes_ajenos")
WHOLE = f"SELECT a.aportacion_id, {SUM} FROM aportes_ejercicio a"
GROUPED = "SELECT r.persona_id, r.anio, SUM(r.monto) AS suma FROM repap r GROUP BY r.persona_id, r.anio"
LISTED = "SELECT f.anio, SUM(f.monto) AS suma FROM financiamiento f GROUP BY f.anio"


@pytest.mark.parametrize(
    ("query", "reach", "span", "told"),
    [
        (BY_YEAR, "nacional", "etapa", OF_GIFTS),
        (THROUGH, "sujeto", "etapa", OF_GIFTS),
        (GROUPED, "sujeto", "etapa", SHORT.format("repap", "repap_ajenos")),
        (BY_YEAR, "contabilidad", "etapa", ""),
        (WHOLE, "nacional", "ejercicio", ""),
        (WHOLE, "contabilidad", "etapa", "Lee aportes_ajenos, que son de otras etapas, y declara sólo la suya."),
        (LISTED, "nacional", "etapa", ""),
        (BY_YEAR.replace("{key}", "calidad"), "nacional", "etapa", ""),
    ],
)
def test_each_sum_is_told_where_it_falls_short(query: str, reach: str, span: str, told: str) -> None:
    tree = parse(query.replace("{key}", "anio"))
    assert list(shortfalls(tree, reach, span)) == ([told] if told else [])


def test_a_rule_that_declares_the_exercise_and_reads_one_stage_is_refused(rule_file: Callable[..., Path]) -> None:
    with pytest.raises(Refused, match="Declara el ejercicio y no lee ninguna tabla que lo traiga"):
        read_rule(rule_file(("reach: contabilidad", "reach: contabilidad\nspan: ejercicio")), "mx")


def test_the_rules_whose_limit_is_of_a_year_declare_the_exercise() -> None:
    whole = {rule.id for rule in load_rules("mx") if rule.span == "ejercicio"}
    assert whole == {
        "AP003",
        "AP004",
        "AP008",
        "AP009",
        "AP012",
        "AP014",
        "AP015",
        "BA004",
        "CF011",
        "EV003",
        "RP001",
        "SA001",
        "SA002",
        "TE002",
        "TR001",
    }
