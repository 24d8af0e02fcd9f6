"""What a rule says of an article it has read stands there, word by word; what it has not read says so."""

from collections.abc import Mapping

import pytest

from public_data import public
from sif.law.articles import load_laws, normalise, parse_reference, passage, read_articles, resolve
from sif.law.sanctions import load_criteria
from sif.rulebook import load_rules
from sif.rulebook.rule import Basis, Rule

RULES = load_rules("mx")
CITED = [(rule.id, basis) for rule in RULES for basis in rule.basis]
READ = [(rule, basis) for rule, basis in CITED if basis.status == "leído"]


def _name(value: object) -> str:
    return f"{value.article}" if isinstance(value, Basis) else str(value)


@pytest.fixture(scope="module")
def texts() -> Mapping[str, Mapping[str, str]]:
    return {
        law.clave: read_articles(public("leyes", law.archivo).read_text(encoding="utf-8"))
        for law in load_laws("mx").values()
        if law.archivo
    }


def _stands(basis: Basis, texts: Mapping[str, Mapping[str, str]]) -> bool:
    cited = parse_reference(basis.article)
    return normalise(basis.says) in normalise(passage(texts[cited.ley][cited.numero], cited))


@pytest.mark.parametrize(("rule", "basis"), READ, ids=_name)
def test_the_sentence_stands_in_its_article(rule: str, basis: Basis, texts: Mapping[str, Mapping[str, str]]) -> None:
    assert _stands(basis, texts), f"{rule}: {basis.article} no dice «{basis.says}»."


def test_a_changed_word_or_a_wrong_place_is_noticed(texts: Mapping[str, Mapping[str, str]]) -> None:
    says = "Las aportaciones de simpatizantes tendrán como límite individual anual el 0.5 por ciento"
    assert _stands(Basis("LGPP 56.2.d", says, "leído"), texts)
    assert not _stands(Basis("LGPP 56.2.a", says, "leído"), texts)
    assert not _stands(Basis("LGPP 56.2.d", says.replace("0.5", "5"), "leído"), texts)


@pytest.mark.parametrize(("rule", "basis"), CITED, ids=_name)
def test_every_citation_names_a_law_and_says_whether_it_was_read(rule: str, basis: Basis) -> None:
    held = bool(load_laws("mx")[resolve(basis.article, "mx").ley].archivo)
    assert held or basis.status == "por confirmar", f"{rule}: el texto de {basis.article} no se ha leído."


INFORMS = {"AP007", "RM001", "TO002"}
"""An excess for which law gives a kind of person no amount; what is given back, which is no penalty; and what may annul
an election, whose excess TO001 sanctions once."""


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_sanction_is_a_criterion_of_law(rule: Rule) -> None:
    named = {outcome.sanction for outcome in rule.outcomes if outcome.sanction}
    assert named <= set(load_criteria("mx"))
    told = "Sólo quien pide una aclaración, o informa a quien decide, no propone un criterio de sanción."
    assert named or rule.severity == "formal" or rule.id in INFORMS, told


def test_every_criterion_is_proposed_by_some_rule() -> None:
    """The Consejo is shown the criteria by conduct: one that no outcome proposes punishes what nothing finds."""
    proposed = {outcome.sanction for rule in RULES for outcome in rule.outcomes}
    assert set(load_criteria("mx")) - proposed == set()
