"""Facts in which one peso meets several rules, from the tables of an audit to the sanctions of its resolución."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from proceedings.world import World, at, open_of_2024
from rulebook.meeting import TABLE
from sif.audit.cases import _loaded
from sif.audit.engine import judge, set_parameters, verdict_rows
from sif.audit.models import Hallazgo
from sif.proceedings import resolving, services
from sif.proceedings.concurrence import bound_of, closing_order, meetings_of
from sif.proceedings.selectors import conclusiones_of
from sif.rulebook import load_rules
from sif.rulebook.pipes import given_rows
from sif.rulebook.published import TABLES
from sif.rulebook.rule import Case, Rows
from sif.values import Money

FACTS = yaml.safe_load((Path(__file__).parent / "one_peso.yaml").read_text(encoding="utf-8"))


def _found(given: dict[str, str], rules: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Audit some tables with the rules that may look at them, and yield what each would sanction."""
    tables = {name: given_rows(text, TABLES[name]) for name, text in given.items()}
    for rule in (each for each in load_rules("mx") if each.id in rules):
        with _loaded(rule, Case("", tables, Rows((), ()))) as engine:
            set_parameters(engine, rule.parameters)
            judge(engine, rule)
            for row in verdict_rows(engine, rule):
                if conduct := rule.outcome(str(row["resultado"])).sanction:
                    yield rule.id, conduct, dict(row)


@pytest.mark.parametrize("name", FACTS)
def test_one_peso_that_several_rules_see_is_sanctioned_once(of_2024: World, name: str) -> None:
    fact = FACTS[name]
    found: dict[tuple[str, str], list[Hallazgo]] = defaultdict(list)
    for rule, conduct, row in _found(fact["given"], fact["reglas"]):
        named = {key: value for key, value in row.items() if key in (*TABLE.comunes, *TABLE.partes)}
        named.setdefault("poliza_id", None)
        found[rule, conduct].append(of_2024.hallazgo(str(Money(int(row["monto"]))), rule, **named))
    assert sorted({rule for rule, _ in found}) == sorted(fact["ven"])
    if not found:  # what no rule sanctions reaches no dictamen
        assert fact["sanciona"] == {}
        return
    for (_rule, conduct), facts in sorted(found.items()):
        of_2024.observacion(facts, criterio=conduct)
    dictamen = open_of_2024(of_2024)
    for row in closing_order(list(conclusiones_of(dictamen))):
        bound = bound_of(row, meetings_of(list(conclusiones_of(dictamen))))
        with at("2024-07-01 12:00"):
            of_2024.judge(row, "no_atendida" if bound.hechos else "sin_efectos", str(Money(bound.monto)))
            if bound.hechos:
                services.count_unattended(row, bound.hechos, of_2024.elena)
            services.close_conclusion(row, of_2024.elena)
    with at("2024-07-01 12:00"):
        services.close_dictamen(dictamen, of_2024.bruno)
        resolucion = resolving.draft_resolucion(dictamen, date(2024, 7, 22), of_2024.gloria)
    told = {row.conclusion.observacion.regla: str(Money(row.monto_involucrado)) for row in resolucion.sanciones.all()}
    assert told == fact["sanciona"]
