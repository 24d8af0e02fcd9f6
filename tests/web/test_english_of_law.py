"""The law's data have their English, pages in English show it, and what is filed or notified stays in Spanish."""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from published_world import publish_world
from sif.audit.lens.indicio import lenses
from sif.audit.models import Hallazgo
from sif.catalogs.services.accounts import NewSerie, authorize_serie
from sif.commands.environment import JURISDICTIONS
from sif.registry.scope import everything
from sif.rulebook.rule import PLACEHOLDER
from sif.web import law_sentences, messages
from sif.web.law import finding_words, rulebook
from sif.web.law_sentences import Sentences
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@pytest.mark.parametrize("kind", law_sentences.KINDS)
def test_each_sentence_of_the_data_has_its_english(kind: Callable[[str], Sentences], jurisdiction: str) -> None:
    known = {message.id for message in messages.catalogue() if isinstance(message.id, str)}
    said = [(place, words) for place, words in kind(jurisdiction) if words]
    assert said
    assert [f"{place}: {words}" for place, words in said if words not in known] == []


def test_the_english_fills_the_same_data() -> None:
    known = {message.id: message.string for message in messages.catalogue() if isinstance(message.id, str)}
    for jurisdiction in JURISDICTIONS:
        for place, words in law_sentences.sentences(jurisdiction):
            assert set(PLACEHOLDER.findall(words)) == set(PLACEHOLDER.findall(str(known[words]))), place


def test_lenses(review: Scene, enter: Enter) -> None:
    lens = lenses()["benford"]
    page = enter(review.world.dario).get(reverse("auditor:indicios"), {"lente": "benford"}, headers=ENGLISH).text
    assert "First digits out of the ordinary" in page and "(Benford" in page
    assert lens.titulo not in page and lens.mira[:40] not in page


def test_duties(scene: Any, enter: Enter) -> None:
    page = enter(scene.alicia).get(reverse("party:obligaciones"), headers=ENGLISH).text
    assert "Percentages of prorrateo of the campaign" in page
    assert "Porcentajes de prorrateo de la campaña" not in page


def test_classes_of_evidence(scene: Any, enter: Enter) -> None:
    page = enter(scene.alicia).get(reverse("party:catalogo"), headers=ENGLISH).text
    assert "Quotations" in page and "Cotizaciones" not in page


def test_formats_of_receipt(scene: Any, enter: Enter) -> None:
    with everything():
        authorize_serie(NewSerie(scene.partido.pk, "RSEF", 1, 50), scene.alicia)
    page = enter(scene.alicia).get(reverse("party:folios"), headers=ENGLISH).text
    assert "Receipt of a contribution of a sympathiser in cash" in page
    assert "Recibo de aportación de simpatizante en efectivo" not in page


def test_conducts(world_of: Any) -> None:
    world_of(publish_world)
    visitor = Client(headers=ENGLISH)
    page = visitor.get("/reglas/RE001/").text
    assert "Late record in a normal period" in page and "Registro extemporáneo en periodo normal" not in page
    with translation.override("es-mx"):
        assert (
            "Registro extemporáneo en periodo normal"
            in Client(headers={"accept-language": "es-MX"}).get("/reglas/RE001/").text
        )


def test_a_rule_says_asks_and_doubts_in_english(review: Scene, enter: Enter) -> None:
    address = reverse("auditor:regla", args=["RE001"])
    page = html.unescape(enter(review.world.dario).get(address, headers=ENGLISH).text)
    assert re.search(r"Póliza <em>[^<]+</em> was recorded <em>[^<]+</em> days after the operation", page)
    assert "…" not in page.partition("was recorded")[2][:400]
    assert "Explain why the operation was not recorded in its term" in page
    assert "was argued before the Tribunal" in page and "se argumentó ante el Tribunal" not in page
    assert "se argumentó ante el Tribunal" in enter(review.world.dario).get(address).text


def test_a_finding_is_told_in_english_with_its_data() -> None:
    rule = rulebook()["FO001"]
    outcome = next(each for each in rule.outcomes if "{previo}" in each.says)
    kept = outcome.says.format(referencia="PN1/DR-3/ABR-2024", previo="2")
    with translation.override("es-mx"):
        assert finding_words("FO001", outcome.name, kept) == kept
    with translation.override("en"):
        assert finding_words("FO001", outcome.name, kept) == (
            "Before póliza PN1/DR-3/ABR-2024, number 2 of the same period, type and subtype is missing."
        )
        assert finding_words("FO001", outcome.name, "Otra cosa.") == "Otra cosa."
        assert finding_words("ZZ001", outcome.name, kept) == kept


def test_a_finding_without_a_datum_says_so_in_english() -> None:
    rule = rulebook()["RE001"]
    name = next(each.name for each in rule.outcomes if "{plazo}" in each.says)
    row = {"referencia": None, "dias": 5, "fecha_operacion": date(2024, 4, 1), "plazo": 3, "monto": 123_400}
    with translation.override("en"):
        said = finding_words("RE001", name, rule.say(name, row))
    assert said.startswith("Póliza no datum was recorded 5 days after the operation (01/04/2024); the term is 3.")
    assert said.endswith("$1,234.00.")


def test_the_auditor_reads_a_hallazgo_in_english(review: Scene, enter: Enter) -> None:
    with everything():
        row = next(each for each in Hallazgo.objects.order_by("pk") if each.regla == "RE001")
    address = reverse("auditor:hallazgo", args=[row.pk])
    assert "was recorded" in enter(review.world.dario).get(address, headers=ENGLISH).text
    assert row.mensaje in html.unescape(enter(review.world.dario).get(address).text)
