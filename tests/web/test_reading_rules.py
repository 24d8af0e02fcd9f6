"""The portal says of every rule what a lawyer asks of it, in both languages."""

from html import unescape

import pytest
from django.test import Client

from sif.rulebook import load_rules

SPANISH = ("A quién obliga", "Qué queda fuera y por qué", "Ejemplo resuelto", "Precedentes", "Qué cambió y cuándo")
ENGLISH = ("Who it binds", "What is left out, and why", "Worked example", "Precedents", "What changed, and when")


@pytest.mark.parametrize(("language", "headings"), [("es-MX", SPANISH), ("en", ENGLISH)])
def test_the_page_of_every_rule_says_what_a_lawyer_asks(db: None, language: str, headings: tuple[str, ...]) -> None:
    reader = Client(headers={"accept-language": language})
    for rule in load_rules("mx"):
        page = unescape(reader.get(f"/reglas/{rule.id}/").text)
        assert [each for each in headings if f"<h2>{each}</h2>" not in page] == [], rule.id
        assert [basis.article for basis in rule.basis if f"«{basis.says}»" not in page] == [], rule.id
        assert "Resultado:" in page, rule.id
        assert ("The case is shown as it is written, in Spanish." in page) == (language == "en"), rule.id
        assert "reproduce 1 sanciones" not in page and "reproduces 1 real sanctions" not in page, rule.id
