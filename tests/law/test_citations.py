"""Every quotation of a law stands, word by word, in the article and part cited, and only for the days that it tells."""

from dataclasses import replace
from datetime import date

import pytest

from public_data import DATA
from sif.law.articles import Supuesto, load_laws, normalise, parse_reference, passage, read_articles, read_text, resolve
from sif.law.citations import Citation, days_read, is_read, law_citations
from sif.law.parameters import load_parameters
from sif.law.sanctions import load_criteria
from sif.law.sources import data_path, read_data
from sif.rulebook.citations import every_citation
from sif.values import Span

QUOTED = [
    each
    for each in every_citation("mx")
    if each.cita and each.referencia and load_laws("mx")[each.referencia.ley].archivo
]
CONFIRMED = [each for each in every_citation("mx") if each.estatus == "confirmado"]
PARTY = Supuesto("partido", "campana", "federal")


def named(citations: list[Citation]) -> list[str]:
    return [each.clave for each in citations]


def test_every_basis_that_was_read_of_the_lgipe_says_of_whom_it_speaks() -> None:
    """The law whole speaks of everybody: an article of aspirantes or of independents would ground what a party did."""
    listed = {part for part, _ in load_laws("mx")["LGIPE"].habla_de}
    read = [each.referencia for each in CONFIRMED if each.referencia and each.referencia.ley == "LGIPE"]
    assert read
    assert sorted({str(each) for each in read if each.numero not in {part.split(".")[0] for part in listed}}) == []


def test_there_are_quotations_to_check() -> None:
    assert len(QUOTED) > 120
    assert len(CONFIRMED) > 100


@pytest.mark.parametrize("citation", QUOTED, ids=named(QUOTED))
def test_the_words_stand_in_their_place(citation: Citation) -> None:
    cited = citation.referencia
    assert cited is not None
    article = read_text(cited.ley, "mx")[cited.numero]
    assert normalise(citation.cita) in normalise(passage(article, cited)), f"{citation.donde}: {cited}"


@pytest.mark.parametrize("citation", CONFIRMED, ids=named(CONFIRMED))
def test_what_is_confirmed_is_said_with_its_figure_all_the_days_that_it_claims(citation: Citation) -> None:
    cited = citation.referencia
    assert cited is not None, f"{citation.donde}: «{citation.articulo}» no es un artículo y no puede estar confirmado"
    assert citation.agrees(read_text(cited.ley, "mx")) == "coincide", citation.donde
    if citation.clave.startswith(("cifra", "criterio")):
        told, known = citation.lapso, days_read(citation, "mx")
        assert any(
            span.desde <= told.desde and (span.hasta is None or (told.hasta is not None and told.hasta <= span.hasta))
            for span in known
        ), f"{citation.donde} dice {told} y el texto solo consta en {known}"


@pytest.mark.parametrize(
    ("article", "quote", "known"),
    [
        ("LGPP 56.2.d", "límite individual anual", [Span(date(2014, 5, 24))]),
        ("LGPP 79.1.b.III", "tres días", [Span(date(2014, 5, 24), date(2023, 3, 3)), Span(date(2023, 6, 23))]),
        ("LGIPE 456.1.a.II", "diez mil veces", [Span(date(2022, 12, 21), date(2023, 3, 3)), Span(date(2023, 6, 23))]),
        ("LGIPE 456.1.a.III", "cincuenta por ciento", [Span(date(2014, 5, 24))]),
        ("LGIPE 229.1", "veinte por ciento", [Span(date(2014, 5, 24), date(2023, 3, 3)), Span(date(2023, 6, 23))]),
        ("LGSMIME 8.1", "cuatro días", [Span(date(1996, 11, 23), date(2023, 3, 3)), Span(date(2023, 6, 23))]),
        ("CPEUM 41.VI", "Se presumirá que las violaciones", [Span(date(2014, 2, 11))]),
    ],
)
def test_the_notes_of_the_text_say_since_when(article: str, quote: str, known: list[Span]) -> None:
    assert list(days_read(Citation("", "", article, quote, jurisdiction="mx"), "mx")) == known


def find(clave: str) -> Citation:
    return next(each for each in every_citation("mx") if each.clave == clave)


@pytest.mark.parametrize(
    ("clave", "case", "day", "read"),
    [
        ("criterio rebase_tope 2023-06-23", PARTY, date(2024, 6, 1), True),
        ("criterio rebase_tope 2023-06-23", Supuesto("partido", "precampana", "federal"), date(2024, 6, 1), False),
        ("criterio rebase_tope 2023-06-23", Supuesto("independiente", "campana", "federal"), date(2024, 6, 1), False),
        ("regla TO001 LGIPE 243.1", PARTY, date(2024, 6, 1), True),
        ("regla TO001 LGIPE 243.1", Supuesto("partido", "campana", "local"), date(2024, 6, 1), False),
        ("regla TO001 LGIPE 374.1", Supuesto("aspirante", "apoyo_ciudadano", "federal"), date(2024, 2, 1), True),
        ("regla PA001 LGPP 63.1.b", PARTY, date(2023, 4, 1), False),
        ("regla PA001 LGPP 63.1.b", PARTY, date(2023, 7, 1), True),
        ("regla PA001 LGPP 63.1.b", Supuesto("independiente", "campana", "federal"), date(2023, 7, 1), True),
        ("regla PA001 LGPP 63.1.b", Supuesto("aspirante", "apoyo_ciudadano", "federal"), date(2023, 7, 1), False),
        ("regla RE001 RF 38.1", PARTY, date(2024, 6, 1), False),
        ("cifra uma 2024-02-01", PARTY, date(2024, 6, 1), False),
    ],
)
def test_what_was_read_of_one_case_is_not_read_of_another(clave: str, case: Supuesto, day: date, *, read: bool) -> None:
    assert is_read(find(clave), case, day, "mx") is read


def test_a_changed_word_a_wrong_place_and_a_changed_figure_are_noticed() -> None:
    sentence = "Las aportaciones de simpatizantes tendrán como límite individual anual el 0.5 por ciento"
    law = read_text("LGPP", "mx")
    assert Citation("", "", "LGPP 56.2.d", sentence, (50, "puntos base"), jurisdiction="mx").agrees(law) == "coincide"
    assert Citation("", "", "LGPP 56.2.d", sentence.replace("0.5", "0.6"), jurisdiction="mx").agrees(law) == "difiere"
    assert Citation("", "", "LGPP 56.2.a", sentence, jurisdiction="mx").agrees(law) == "difiere"
    assert Citation("", "", "LGPP 56.2.d", sentence, (60, "puntos base"), jurisdiction="mx").agrees(law) == "difiere"
    assert Citation("", "", "LGPP 56.2.z", sentence, jurisdiction="mx").agrees(law) == "no_hallada"
    assert Citation("", "", "LGPP 99.1", "", jurisdiction="mx").agrees(law) == "no_hallada"


def test_the_extracts_are_the_official_texts_word_by_word() -> None:
    for law in load_laws("mx").values():
        if not law.archivo:
            continue
        whole = read_articles((DATA / "leyes" / law.archivo).read_text(encoding="utf-8"))
        held = read_text(law.clave, "mx")
        assert held and {number: whole[number] for number in held} == held, law.clave
        if law.clave != "CPEUM":
            assert max(int(number.split()[0]) for number in whole) == law.ultimo, law.clave


def test_the_project_holds_every_article_that_it_cites_of_a_law_it_read() -> None:
    lacking = {
        f"{cited.ley} {cited.numero}"
        for each in every_citation("mx")
        if (cited := each.referencia)
        and load_laws("mx")[cited.ley].archivo
        and cited.numero not in read_text(cited.ley, "mx")
    }
    assert lacking == {"CPEUM 116"}, "el texto de la Constitución que se leyó es el del artículo 41"
    for law in load_laws("mx").values():
        for number, _ in law.materias if law.archivo else ():
            assert number in read_text(law.clave, "mx"), f"{law.clave} {number}"


def test_a_day_of_voting_in_another_month_stands_in_a_transitory_article() -> None:
    text = normalise(data_path("mx", "law", "textos", "LGIPE.md").read_text(encoding="utf-8"))
    for row in read_data(data_path("mx", "law", "procesos.yaml"))["jornadas_de_otro_mes"].values():
        assert f"**{row['base'].removeprefix('LGIPE, transitorio ')}.** {row['cita']}" in text


def test_the_law_of_the_uma_says_when_it_begins() -> None:
    assert "entrarán en vigor dichos valores el 1o. de febrero de dicho año" in read_text("LDVUMA", "mx")["5"]


def test_every_basis_that_is_a_citation_resolves() -> None:
    bases = {s.base for p in load_parameters("mx").values() for s in p.valores}
    bases |= {row.base for rows in load_criteria("mx").values() for row in rows}
    cited = [
        base for base in bases if base.split(" ")[0] in load_laws("mx") and "," not in base and " por " not in base
    ]
    assert len(cited) > 40
    for base in cited:
        assert resolve(base, "mx").ley == base.split(" ")[0]


def test_a_key_is_of_one_citation_and_its_digest_of_what_it_says() -> None:
    keys = [each.clave for each in every_citation("mx")]
    assert len(keys) == len(set(keys))
    one = find("cifra plazo_registro_dias 2014-12-19")
    assert one.huella == find("cifra plazo_registro_dias 2014-12-19").huella
    assert one.figura is not None
    others = [
        replace(one, figura=(4, "dias")),
        replace(one, articulo="RF 38.2"),
        replace(one, cita="en tiempo real"),
    ]
    assert len({one.huella, *(each.huella for each in others)}) == 4


def test_terms_forms_and_acts_are_cited_too() -> None:
    places = {each.donde.partition(",")[0] for each in law_citations("mx")}
    assert {"law/calendario.yaml", "law/procesos.yaml", "law/receipts.yaml", "forms/ic.yaml", "acts.yaml"} <= places
    assert parse_reference("LGPP 80.1.d.II") in {each.referencia for each in law_citations("mx")}
