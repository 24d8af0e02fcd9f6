"""Every quotation of a law stands, word by word, in the article and part that the data cite."""

from collections.abc import Iterator

import pytest

from public_data import public
from sif.law.articles import load_laws, normalise, parse_reference, passage, read_articles, resolve
from sif.law.calendar import load_stages
from sif.law.parameters import load_parameters
from sif.law.processes import load_kinds
from sif.law.sanctions import load_criteria
from sif.law.sources import data_path, read_data


def _quotations() -> Iterator[tuple[str, str, str]]:
    for parameter in load_parameters().values():
        for span in parameter.valores:
            if span.cita:
                yield parameter.clave, span.articulo, span.cita
    for stage, terms in load_stages().items():
        for term in terms:
            if term.cita:
                yield f"{stage} {term.tramo}", term.articulo, term.cita
    for clave, rows in load_criteria().items():
        for row in rows:
            if row.cita:
                yield clave, row.articulo, row.cita
    for kind in load_kinds().values():
        for stage in kind.etapas.values():
            if stage.cita:
                yield f"{kind.clave} {stage.tipo}", stage.base, stage.cita
    elections = read_data(data_path("mx", "law", "procesos.yaml"))["elecciones_federales"]
    for row in (elections, elections["presidencial"]):
        yield "elecciones_federales", row["base"], row["cita"]
    in_process = read_data(data_path("mx", "law", "calendario.yaml"))["en_proceso"]
    yield "en_proceso", in_process["articulo"], in_process["cita"]


QUOTATIONS = list(_quotations())


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, str]]:
    return {
        law.clave: read_articles(public("leyes", law.archivo).read_text(encoding="utf-8"))
        for law in load_laws().values()
        if law.archivo
    }


def test_there_are_quotations_to_check() -> None:
    assert len(QUOTATIONS) > 55


@pytest.mark.parametrize(("where", "reference", "quote"), QUOTATIONS, ids=[q[0] for q in QUOTATIONS])
def test_the_sentence_stands_in_its_place(
    where: str, reference: str, quote: str, texts: dict[str, dict[str, str]]
) -> None:
    cited = parse_reference(reference)
    article = texts[cited.ley][cited.numero]
    assert normalise(quote) in normalise(passage(article, cited)), f"{where}: {reference}"


def test_a_changed_word_or_a_wrong_place_is_noticed(texts: dict[str, dict[str, str]]) -> None:
    right, wrong = parse_reference("LGPP 56.2.d"), parse_reference("LGPP 56.2.a")
    sentence = "Las aportaciones de simpatizantes tendrán como límite individual anual el 0.5 por ciento"
    assert sentence in normalise(passage(texts["LGPP"]["56"], right))
    assert sentence.replace("0.5", "0.6") not in normalise(passage(texts["LGPP"]["56"], right))
    assert sentence not in normalise(passage(texts["LGPP"]["56"], wrong))


def test_a_day_of_voting_in_another_month_stands_in_a_transitory_article() -> None:
    text = normalise(public("leyes", "LGIPE.md").read_text(encoding="utf-8"))
    for row in read_data(data_path("mx", "law", "procesos.yaml"))["jornadas_de_otro_mes"].values():
        assert f"**{row['base'].removeprefix('LGIPE, transitorio ')}.** {row['cita']}" in text


def test_the_law_of_the_uma_says_when_it_begins(texts: dict[str, dict[str, str]]) -> None:
    assert "entrarán en vigor dichos valores el 1o. de febrero de dicho año" in texts["LDVUMA"]["5"]


def test_the_last_article_of_each_law_is_the_one_listed(texts: dict[str, dict[str, str]]) -> None:
    for law in load_laws().values():
        if law.archivo and law.clave != "CPEUM":
            assert max(int(number.split()[0]) for number in texts[law.clave]) == law.ultimo, law.clave


def test_every_listed_article_stands_in_the_text(texts: dict[str, dict[str, str]]) -> None:
    for law in load_laws().values():
        for number, _ in law.materias if law.archivo else ():
            assert number in texts[law.clave], f"{law.clave} {number}"


def test_every_basis_that_is_a_citation_resolves() -> None:
    bases = {s.base for p in load_parameters().values() for s in p.valores}
    bases |= {row.base for rows in load_criteria().values() for row in rows}
    cited = [base for base in bases if base.split(" ")[0] in load_laws() and "," not in base and " por " not in base]
    assert len(cited) > 40
    for base in cited:
        assert resolve(base).ley == base.split(" ")[0]
