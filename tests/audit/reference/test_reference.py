"""Rules with real arithmetic give, on invented books, what a slow and obvious answer in Python gives."""

from collections.abc import Callable, Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sif.audit.engine import (
    check_verdict,
    judge,
    load_tables,
    locked_engine,
    set_parameters,
    states_of,
    tables_of,
    verdict_rows,
)
from sif.rulebook import Rule, load_rules
from sif.rulebook.binding import with_sources

from . import answers, answers_people, invented, invented_people
from .books import Answers, Books, Law, law_of, out_of_time, table_rows

RULES = {rule.id: rule for rule in load_rules("mx")}
REFERENCES: dict[str, tuple[Callable[[Books, Law], Answers], st.SearchStrategy[Books]]] = {
    "PO001": (answers.shared_out, invented.shared_out()),
    "SA001": (answers.owed_to_it, invented.owed_to_it()),
    "TO001": (answers.cap, invented.cap()),
    "RE001": (answers.late, invented.late()),
    "TR001": (answers.mirrored, invented.mirrored()),
    "EV002": (answers.evidence_due, invented.evidence_due()),
    "AP001": (answers_people.cash_received, invented_people.cash_received()),
    "AP003": (answers_people.yearly_limit, invented_people.yearly_limit()),
    "PA001": (answers_people.cash_paid, invented_people.cash_paid()),
    "PA003": (answers_people.paid_over_contract, invented_people.paid_over_contract()),
    "PR001": (answers_people.unregistered, invented_people.unregistered()),
    "CF011": (answers_people.invoice_used_up, invented_people.invoice_used_up()),
    "VA001": (answers_people.price, invented_people.price()),
}
QUICK = settings(
    max_examples=20, deadline=None, phases=(Phase.generate, Phase.shrink), suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """One engine for every example: each table is made anew."""
    with locked_engine() as opened:
        yield opened


@pytest.mark.parametrize("name", REFERENCES)
def test_the_rule_says_what_the_slow_answer_says(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    rule, (answer, books) = RULES[name], REFERENCES[name]

    @QUICK
    @given(books)
    def compare(books: Books) -> None:
        assert differences(rule, judged(engine, rule, books), answer(books, law_of(rule))) == []

    compare()


def test_people_are_joined_by_walking_from_key_to_key(engine: duckdb.DuckDBPyConnection) -> None:
    @QUICK
    @given(invented_people.donors())
    def compare(books: Books) -> None:
        load_tables(engine, table_rows(books), with_sources(["personas"]))
        rows = engine.execute("SELECT aportante_id, persona_id, certeza FROM personas").fetchall()
        expected = answers_people.clusters(books["aportantes"])
        assert sorted(rows) == [(donor, person, "exacta") for donor, person in sorted(expected.items())]

    compare()


def judged(engine: duckdb.DuckDBPyConnection, rule: Rule, books: Books, query: str | None = None) -> Answers:
    """The verdict of a rule by key, as the engine of audits gives it."""
    load_tables(engine, table_rows(books), tables_of(rule))
    set_parameters(engine, rule.parameters)
    judge(engine, rule, query)
    check_verdict(engine, rule)
    return {tuple(row[name] for name in rule.key): row for row in verdict_rows(engine, rule)}


def differences(rule: Rule, seen: Answers, expected: Answers) -> list[str]:
    """Keys judged by one alone, and columns in which they differ; what is no hallazgo may carry any amount."""
    told = [f"{key} was judged by one alone" for key in seen.keys() ^ expected.keys()]
    for key in seen.keys() & expected.keys():
        want = expected[key]
        if (untimely := out_of_time(rule, want[rule.day])) is not None:
            want = {"resultado": untimely}
        if states_of(rule)[want["resultado"]] != "hallazgo":
            want.pop("monto", None)
        told += [
            f"{key} {name}: {seen[key][name]}, not {value}" for name, value in want.items() if seen[key][name] != value
        ]
    return told
