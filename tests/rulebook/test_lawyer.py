"""The page of every rule says what a lawyer asks of it, and its changes are those of the gazette."""

import itertools
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sif.audit.models import Observacion
from sif.law.articles import Supuesto, load_laws, parse_reference
from sif.law.offenders import other_offender
from sif.rulebook.citations import bases_of_case, bases_standing, cited_text
from sif.rulebook.lawyer import (
    BOUND,
    SCOPES,
    bound_by,
    column_words,
    example,
    load_changes,
    money_columns,
    only_in_sentences,
    table_words,
    unread_days,
)
from sif.rulebook.printing import print_rule
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import ENGINE_OUTCOMES, PLACEHOLDER, Rule
from sif.values import Money

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
    assert re.search(r"\d", parts["Ejemplo resuelto"].partition("Resultado:")[2])
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
        ("TE001", Supuesto("aspirante", "apoyo_ciudadano", "federal"), ("LGIPE 430.1", "RF 27.1")),
        ("TE001", Supuesto("independiente", "campana", "federal"), ("LGIPE 431.1", "RF 27.1")),
        ("TE001", Supuesto("independiente", "campana", "local"), ("RF 27.1",)),
        ("TE001", Supuesto("partido", "precampana", "federal"), ("LGPP 79.1.a.I", "RF 27.1")),
        (
            "TE001",
            Supuesto("partido", "campana", "federal"),
            ("LGPP 79.1.b.I", "LGPP 76.1.g", "LGPP 79.1.a.V", "LGPP 83.3", "RF 27.1"),
        ),
        ("AG004", Supuesto("partido", "campana", "federal"), ("LGPP 79.1.b.I", "RF 127.1")),
        ("AG004", Supuesto("independiente", "campana", "federal"), ("LGIPE 431.1", "RF 127.1")),
        ("AG004", Supuesto("aspirante", "apoyo_ciudadano", "federal"), ("LGIPE 430.1", "RF 127.1")),
        ("CF007", Supuesto("partido", "campana", "federal"), ("RF 46.1",)),
        ("CF007", Supuesto("independiente", "campana", "federal"), ("LGIPE 404.2", "RF 46.1")),
        ("CF007", Supuesto("aspirante", "apoyo_ciudadano", "federal"), ("LGIPE 376.1", "RF 46.1")),
    ],
)
def test_what_is_observed_cites_what_speaks_of_its_case(rule: str, case: Supuesto, cited: tuple[str, ...]) -> None:
    assert tuple(basis.article for basis in bases_of_case(RULES[rule], case, "mx")) == cited


ELECTION = date(2024, 6, 2)


@pytest.mark.parametrize(
    ("rule", "outcome", "case", "cited"),
    [
        ("TO001", "rebase", Supuesto("partido", "campana", "federal"), "LGIPE 243.1; LGIPE 443.1.f"),
        (
            "TO001",
            "rebase_de_nulidad",
            Supuesto("partido", "campana", "federal"),
            "LGIPE 243.1; LGIPE 443.1.f; CPEUM 41.VI.a",
        ),
        ("TO001", "rebase", Supuesto("partido", "precampana", "federal"), "LGIPE 229.4; LGIPE 445.1.e"),
        ("TO001", "rebase", Supuesto("coalicion", "precampana", "federal"), "LGIPE 229.4; LGIPE 445.1.e"),
        ("TO001", "rebase", Supuesto("independiente", "campana", "federal"), "LGIPE 394.1.c; LGIPE 446.1.h"),
        ("TO001", "rebase", Supuesto("aspirante", "apoyo_ciudadano", "federal"), "LGIPE 374.1; LGIPE 446.1.h"),
        (
            "EV001",
            "gasto_sin_evidencia",
            Supuesto("partido", "campana", "local"),
            "LGPP 63.1.a; RF 127.1, por confirmar",
        ),
        (
            "EV001",
            "gasto_sin_evidencia",
            Supuesto("independiente", "campana", "federal"),
            "LGPP 63.1.a; RF 127.1, por confirmar",
        ),
        (
            "EV001",
            "gasto_sin_evidencia",
            Supuesto("aspirante", "apoyo_ciudadano", "federal"),
            "RF 127.1, por confirmar",
        ),
        (
            "EV001",
            "gasto_sin_evidencia",
            Supuesto("independiente", "apoyo_ciudadano", "federal"),
            "RF 127.1, por confirmar",
        ),
        (
            "IN001",
            "omitido",
            Supuesto("aspirante", "apoyo_ciudadano", "federal"),
            "LGIPE 378.1; LGIPE 430.1.c; LGIPE 380.1.g; LGIPE 446.1.g; RF 237, por confirmar",
        ),
        (
            "IN001",
            "extemporaneo",
            Supuesto("aspirante", "apoyo_ciudadano", "federal"),
            "LGIPE 378.1; LGIPE 430.1.c; LGIPE 380.1.g; RF 237, por confirmar",
        ),
        (
            "IN001",
            "omitido",
            Supuesto("independiente", "campana", "federal"),
            "LGIPE 431.1; LGIPE 431.3; LGIPE 446.1.g; RF 237, por confirmar",
        ),
        (
            "IN001",
            "omitido",
            Supuesto("partido", "campana", "federal"),
            "LGPP 79.1.b.III; LGIPE 443.1.d; RF 237, por confirmar",
        ),
        ("IN002", "omitido", Supuesto("partido", "ordinario", "federal"), "LGPP 78.1.b.I; LGIPE 443.1.d"),
        (
            "IN002",
            "avance_omitido",
            Supuesto("partido_local", "ordinario", "local"),
            "LGPP 78.1.a.I; LGPP 80.1.a.II; LGIPE 443.1.d",
        ),
        (
            "IN002",
            "omitido",
            Supuesto("agrupacion", "ordinario", "federal"),
            "LGPP 22.7; LGPP 22.8; LGPP 22.9.c; LGIPE 444.1.a",
        ),
        (
            "IN002",
            "extemporaneo",
            Supuesto("agrupacion", "ordinario", "federal"),
            "LGPP 22.7; LGPP 22.8; LGIPE 444.1.a",
        ),
        ("IN002", "omitido", Supuesto("observadores", "ordinario", "federal"), "LGIPE 217.2; LGIPE 448.1.b"),
        ("IN002", "extemporaneo", Supuesto("observadores", "ordinario", "local"), "LGIPE 217.2; LGIPE 448.1.b"),
        ("IN002", "avance_omitido", Supuesto("en_formacion", "ordinario", "federal"), "LGPP 11.2; LGIPE 453.1.a"),
        ("IN002", "avance_extemporaneo", Supuesto("en_formacion", "ordinario", "local"), "LGIPE 453.1.a"),
        ("EV001", "ingreso_sin_evidencia", Supuesto("partido", "campana", "local"), "RF 96.1, por confirmar"),
        ("DE001", "falta", Supuesto("partido", "ordinario", "federal"), "LGPP 51.1.c.II; LGPP 51.1.a.IV"),
        (
            "DE001",
            "falta",
            Supuesto("partido_local", "ordinario", "local"),
            "LGPP 51.1.c.II, por confirmar; LGPP 51.1.a.IV, por confirmar",
        ),
    ],
)
def test_what_is_found_rests_on_what_grounds_that_outcome(rule: str, outcome: str, case: Supuesto, cited: str) -> None:
    assert cited_text(bases_standing(RULES[rule], case, ELECTION, "mx", outcome=outcome)) == cited


@pytest.mark.parametrize("sujeto", ["partido", "partido_local", "coalicion", "independiente"])
@pytest.mark.parametrize("outcome", ["rebase", "rebase_si_se_confirma", "rebase_de_nulidad"])
def test_a_nullity_read_does_not_ground_that_a_local_campaign_spent_too_much(sujeto: str, outcome: str) -> None:
    case = Supuesto(sujeto, "campana", "local")
    found = bases_standing(RULES["TO001"], case, ELECTION, "mx", outcome=outcome)
    assert [basis.article for basis in found if basis.status == "leído"] == ["CPEUM 41.VI.a"] * outcome.endswith(
        "nulidad"
    )
    assert "LGIPE 243.1, por confirmar" in cited_text(found)


def test_the_page_of_a_rule_says_what_a_basis_grounds_alone() -> None:
    assert "  - Sólo funda: rebase de nulidad." in print_rule(RULES["TO001"], None, "mx")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_nobody_read_of_a_case_is_marked_for_every_kind_of_person_stage_and_scope(rule: Rule) -> None:
    laws = load_laws("mx")
    for case in itertools.starmap(Supuesto, itertools.product(BOUND, rule.applies_to, SCOPES)):
        text = cited_text(bases_standing(rule, case, ELECTION, "mx"))
        parts = dict(part.partition(", por confirmar")[:2] for part in text.split("; "))
        assert parts
        assert len(text) < (Observacion._meta.get_field("fundamento").max_length or 0) // 2
        others = (other_offender(each.sanction, case.sujeto, case.etapa, "mx") for each in rule.outcomes)
        offender = next((replace(case, sujeto=each.persona) for each in others if each), case)
        for article, mark in parts.items():
            (own,) = (basis for basis in rule.basis if basis.article == article)
            law = laws[article.split(" ")[0]]
            speaks = law.archivo and law.speaks_of(parse_reference(article)).covers(offender)
            assert mark or (own.status == "leído" and speaks), (case, article)


@pytest.mark.parametrize(
    ("case", "cited"),
    [
        (
            Supuesto("independiente", "campana", "federal"),
            "LGIPE 400.1; LGIPE 403.1; LGIPE 405.1; LGIPE 446.1.f; RF 107.1, por confirmar",
        ),
        (
            Supuesto("aspirante", "apoyo_ciudadano", "federal"),
            "LGIPE 380.1.c; LGIPE 446.1.f; RF 107.1, por confirmar",
        ),
        (Supuesto("independiente", "campana", "local"), "RF 107.1, por confirmar"),
    ],
)
def test_cash_to_a_candidacy_without_party_cites_what_was_read_of_its_case_and_marks_the_rest(
    case: Supuesto, cited: str
) -> None:
    assert cited_text(bases_standing(RULES["AP006"], case, ELECTION, "mx")) == cited


def test_what_an_installation_confirmed_is_marked_no_more() -> None:
    case = Supuesto("independiente", "campana", "local")
    here = bases_standing(RULES["AP006"], case, ELECTION, "mx", lambda said: said.articulo == "RF 107.1")
    assert [basis.status for basis in here] == ["confirmada aquí"]
    assert cited_text(here) == "RF 107.1"


def test_an_example_gives_the_facts_and_what_comes_of_each_in_words_and_pesos() -> None:
    said = "\n".join(example(RULES["AP007"]))
    assert "Aportación | Póliza | Contabilidad | Fecha      |" in said
    assert said.index("Aportaciones:") < said.index("Resultado:") < said.index("excede")
    told = "\n".join(example(RULES["AP003"]))
    limit = RULES["AP003"].parameters[0].values[-1].valor
    assert f"${Money(limit)}" in told and str(limit) not in told


def test_no_example_nor_case_shows_the_name_of_a_column_or_a_word_of_the_program() -> None:
    for rule in RULES.values():
        lines = list(example(rule))
        assert not [line for line in lines if re.search(r"_|9999-12-31|0001-01-01", line)], rule.id
        page = print_rule(rule, None, "mx")
        shown = page[page.index("## Casos que la prueban") : page.index("## Consulta")]
        assert "_" not in shown and "_id" not in page[: page.index("## Fundamento")], rule.id


def test_every_table_and_column_of_a_case_has_its_words_and_nothing_else_has() -> None:
    cases = [case for rule in RULES.values() for case in rule.cases]
    tables = {name for rule in RULES.values() for name in rule.cases[0].given}
    columns = {name for case in cases for name in case.expect.columns}
    columns |= {name for rule in RULES.values() for rows in rule.cases[0].given.values() for name in rows.columns}
    columns |= {name for rule in RULES.values() for name in (*rule.key, *rule.group, rule.day)}
    assert set(table_words()) == tables
    assert set(column_words()) == columns
    assert money_columns() <= columns


def test_every_datum_of_a_sentence_is_named_in_words() -> None:
    said = [each.says for rule in RULES.values() for each in (*rule.outcomes, *ENGINE_OUTCOMES) if each.says]
    names = {name for text in said for name in PLACEHOLDER.findall(text)}
    assert names <= column_words().keys() | only_in_sentences().keys()
    assert only_in_sentences().keys() == names - column_words().keys()


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
