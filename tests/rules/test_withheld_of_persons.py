"""What an authority tells of a person stays with the authority: no words to a subject carry it (LGIPE 190.3)."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from sif.law.sources import JURISDICTIONS, read_data
from sif.rulebook import Rule, load_rules
from sif.rulebook.rule import PLACEHOLDER

# Who is accused of receiving from a barred donor has to be told why the donor is barred.
TOLD = {("AP010", "motivo")}
REACHES = {"hallazgo", "sin_dato"}


def withheld_of_persons() -> set[str]:
    lists = read_data(JURISDICTIONS / "mx" / "tablas.yaml")
    return {name for name, each in lists.items() if each["secreta"] and "rfc" in each["columnas"]}


def tables_of(name: str, select: exp.Select, steps: dict[str, exp.Select]) -> Iterator[str]:
    """Yield the tables from which a projection of a query takes its value, through the steps before it."""
    found = next(each for each in select.selects if each.alias_or_name == name)
    sources = {each.alias_or_name: each.name for each in select.find_all(exp.Table)}
    for column in found.find_all(exp.Column):
        table = sources[column.table]
        if table in steps:
            yield from tables_of(column.name, steps[table], steps)
        else:
            yield table


def told_by(rule: Rule) -> set[str]:
    said = [f"{each.says} {each.asks}" for each in rule.outcomes if each.state in REACHES]
    return {"monto", *PLACEHOLDER.findall(" ".join(said))}


def test_no_words_to_a_subject_carry_what_an_authority_said_of_a_person() -> None:
    withheld, told, readers = withheld_of_persons(), set(), set()
    for rule in load_rules("mx"):
        select = sqlglot.parse_one(rule.query, dialect="duckdb")
        if not withheld & {table.name for table in select.find_all(exp.Table)}:
            continue
        assert isinstance(select, exp.Select)
        readers.add(rule.id)
        steps = {each.alias: each.this for each in select.find_all(exp.CTE)}
        select.set("with_", None)
        told |= {(rule.id, name) for name in told_by(rule) if withheld & set(tables_of(name, select, steps))}
    assert readers == {"AP010", "AP011", "AP012"}
    assert told == TOLD
