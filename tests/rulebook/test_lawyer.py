"""The page of every rule says what a lawyer asks of it, and its changes are those of the gazette."""

import re
from datetime import date
from pathlib import Path

import pytest

from sif.law.articles import Supuesto
from sif.rulebook.citations import bases_of_case
from sif.rulebook.lawyer import bound_by, example, load_changes, unread_days
from sif.rulebook.printing import print_rule
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import Rule

RULES = {rule.id: rule for rule in load_rules("mx")}
SECTIONS = (
    "Fundamento",
    "A quién obliga",
    "Qué se cuenta",
    "Qué queda fuera y por qué",
    "Ejemplo resuelto",
    "Precedentes",
    "Qué cambió y cuándo",
    "Casos que la prueban",
    "Consulta",
)
GAZETTE = Path(__file__).parents[2] / "GACETA.md"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_says_what_a_lawyer_asks(rule: Rule) -> None:
    parts = dict(
        part.split("\n", 1) for part in re.split(r"^## ", print_rule(rule, None, "mx"), flags=re.MULTILINE)[1:]
    )
    assert [name for name in SECTIONS if not parts.get(name, "").strip()] == []
    assert "Cifras" in parts or not rule.parameters
    assert all(basis.says in parts["Fundamento"] and basis.article in parts["A quién obliga"] for basis in rule.basis)
    unexplained = [each.name for each in rule.outcomes if each.state in ("no_aplica", "sin_dato") and not each.says]
    assert unexplained == []
    assert re.search(r"\d", parts["Ejemplo resuelto"].partition("resultado:")[2])
    assert all(doubt.text in parts["Dudas de interpretación"] for doubt in rule.doubts)


def test_a_basis_says_whom_it_binds_and_the_days_in_which_it_is_not_known_to_say_so() -> None:
    told = {basis.article: bound_by(basis, "mx") for basis in RULES["AP006"].basis}
    assert told["LGIPE 400.1"] == ("candidaturas independientes", "campaña", "lo federal")
    assert told["RF 107.1"] == ()
    revived = {rule.id for rule in RULES.values() for basis in rule.basis if unread_days(rule, basis, "mx")}
    assert revived >= {"IN001", "TO001"}
    (gap,) = {days for basis in RULES["IN001"].basis for days in unread_days(RULES["IN001"], basis, "mx")}
    assert gap == (date(2023, 3, 3), date(2023, 6, 22))
    assert "Del 3 de marzo de 2023 al 22 de junio de 2023 no consta" in print_rule(RULES["IN001"], None, "mx")


@pytest.mark.parametrize(
    ("rule", "case", "cited"),
    [
        ("TE001", Supuesto("aspirante", "apoyo_ciudadano", "federal"), ("RF 27.1",)),
        ("TE001", Supuesto("partido", "precampana", "federal"), ("LGPP 79.1.a.I", "RF 27.1")),
        (
            "TE001",
            Supuesto("partido", "campana", "federal"),
            ("LGPP 79.1.b.I", "LGPP 76.1.g", "LGPP 79.1.a.V", "RF 27.1"),
        ),
        ("AG004", Supuesto("partido", "campana", "federal"), ("LGPP 79.1.b.I", "RF 127.1")),
        ("AG004", Supuesto("aspirante", "apoyo_ciudadano", "federal"), ("LGIPE 430.1", "RF 127.1")),
    ],
)
def test_what_is_observed_cites_what_speaks_of_its_case(rule: str, case: Supuesto, cited: tuple[str, ...]) -> None:
    assert tuple(basis.article for basis in bases_of_case(RULES[rule], case, "mx")) == cited


def test_an_example_gives_the_facts_and_what_comes_of_each() -> None:
    said = "\n".join(example(RULES["AP007"].cases[0]))
    assert "aportacion_id | poliza_id | contabilidad_id | fecha      | monto" in said
    assert said.index("aportaciones:") < said.index("resultado:") < said.index("excede")


def test_a_figure_is_said_in_its_words_and_unit_with_how_sure_it_is() -> None:
    pages = {name: print_rule(RULES[name], None, "mx") for name in ("AP007", "DE003", "RE001", "AP015", "TE001")}
    assert "24 de mayo de 2014 | sigue vigente | 10 % | leído |" in pages["AP007"]
    assert "proporción del tope de su elección» fue 50 % en un proceso (local, NLE, 2018)" in pages["AP007"]
    assert "cambió: 40 % desde el 28 de octubre de 2020, 50 % desde" in pages["DE003"]
    assert "sigue vigente | 3 días | por confirmar |" in pages["RE001"]
    assert all("La ley cambió" not in page for page in pages.values())
    told = "Gravedad de la falta en general"
    assert told in pages["TE001"] and told not in pages["AP015"]  # whose results propose no sanction


def test_the_changes_are_those_of_the_gazette() -> None:
    told = []
    for entry in re.split(r"^## ", GAZETTE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        named = re.search(r"\*\*Rules\.\*\* (.*?)(?:\*\*|\n- |\Z)", entry, re.DOTALL)
        rules = tuple(sorted(set(re.findall(r"\b[A-Z]{2}\d{3}\b", named[1])))) if named else ()
        if rules:
            told.append((date.fromisoformat(entry[:10]), rules))
    assert [(each.el, each.reglas) for each in load_changes("mx")] == told
    assert {name for each in load_changes("mx") for name in each.reglas} <= RULES.keys()
