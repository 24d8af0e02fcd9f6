"""The portal says of every rule what a lawyer asks of it, in both languages."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import translation

from sif.rulebook import load_rules
from sif.web.law import case_words

SPANISH = ("A quién obliga", "Qué queda fuera y por qué", "Ejemplo resuelto", "Precedentes", "Qué cambió y cuándo")
ENGLISH = ("Who it binds", "What is left out, and why", "Worked example", "Precedents", "What changed, and when")


@pytest.mark.parametrize(("language", "headings"), [("es-MX", SPANISH), ("en", ENGLISH)])
def test_the_page_of_every_rule_says_what_a_lawyer_asks(db: None, language: str, headings: tuple[str, ...]) -> None:
    reader = Client(headers={"accept-language": language})
    for rule in load_rules("mx"):
        page = unescape(reader.get(f"/reglas/{rule.id}/").text)
        assert [each for each in headings if f"<h2>{each}</h2>" not in page] == [], rule.id
        assert [basis.article for basis in rule.basis if f"«{basis.says}»" not in page] == [], rule.id
        result = "Result" if language == "en" else "Resultado"
        assert f"<h3>{result}</h3>" in page, rule.id
        assert " | " not in page.partition(headings[2])[2].partition(headings[3])[0], rule.id
        only = "It grounds only:" if language == "en" else "Sólo funda:"
        assert page.count(only) == sum(bool(basis.outcomes) for basis in rule.basis), rule.id
        assert not re.search(r"(por confirmar|to be confirmed)</span>\s*<span class=\"state", page), rule.id
        assert ("The case is shown as it is written, in Spanish." in page) == (language == "en"), rule.id
        assert "reproduce 1 sanciones" not in page and "reproduces 1 real sanctions" not in page, rule.id


def test_the_example_is_tables_with_amounts_to_the_right_and_what_is_long_folded(db: None) -> None:
    page = unescape(Client(headers={"accept-language": "es-MX"}).get("/reglas/AP007/").text)
    part = page.partition("<h2>Ejemplo resuelto</h2>")[2].partition("<h2>Precedentes</h2>")[0]
    assert re.search(r'<td[^>]*class="[^"]*num[^"]*"[^>]*>[^/]*\d\.\d\d<', part)
    opened = re.sub(r"<details>.*?</details>", "", part, flags=re.DOTALL)
    assert all(each.count("<tr") <= 1 + 3 for each in opened.split("<table")[1:])
    result = next(rule for rule in load_rules("mx") if rule.id == "AP007").cases[0].expect
    assert part.partition("<h3>Resultado</h3>")[2].count('<tr role="row"') == len(result.rows) + (
        2 if len(result.rows) > 3 else 1
    )


def test_what_a_rule_examines_names_each_datum_in_italics_in_the_language_of_the_page(db: None) -> None:
    for language, promise, name in (("es-MX", "en cursiva va", "acumulado"), ("en", "goes in italics", "accumulated")):
        page = unescape(Client(headers={"accept-language": language}).get("/reglas/AP007/").text)
        _, found, said = page.partition(promise)
        prose = said.partition('<div class="prose">')[2].partition("</div>")[0]
        assert found and f"<em>{name}</em>" in prose and "…" not in prose and "‹" not in page, language


def test_the_words_of_the_example_are_of_the_page_and_its_cells_as_they_are_written(db: None) -> None:
    page = unescape(Client(headers={"accept-language": "en"}).get("/reglas/AP007/").text)
    part = page.partition("<h2>Worked example</h2>")[2].partition("<h2>Precedents</h2>")[0]
    assert "<h3>Contributions</h3>" in part and "<h3>Result</h3>" in part and "Accumulated" in part
    assert "Aportaciones" not in part and '<span lang="es-MX" translate="no">' in part
    with translation.override("es-mx"):
        assert case_words("<b> {folio}, {emisor_rfc}") == "&lt;b&gt; <em>folio</em>, <em>RFC del emisor</em>"
