"""What tells a duty from others of its kind, and what met it, are read in the language of the page."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from sif.web.duty_details import detail_words, proof_words

DETAILS = {
    ", diciembre de 2026": ", December 2026",
    ", BBVA, enero de 2026 (12)": ", BBVA, January 2026 (12)",
    ", trimestre 4 de 2026": ", quarter 4 of 2026",
    ", trimestre 4, Ejercicio ordinario 2026": ", quarter 4, Ejercicio ordinario 2026",
    ", ejercicio de 2026": ", fiscal year of 2026",
    ", periodo 1, Ana Río (7)": ", period 1, Ana Río (7)",
    ", contrato «Lonas, mantas, etapa» (36)": ", contract «Lonas, mantas, etapa» (36)",
    ", «enero de 2026 en la plaza», 03/01/2026 (4)": ", «enero de 2026 en la plaza», 03/01/2026 (4)",
    "": "",
}
PROOFS = {
    "cuenta 36": "account 36",
    "evento 102": "event 102",
    "nombramiento 9": "appointment 9",
    "estado de 2026-03": "statement of 2026-03",
    "INF-2026-7": "INF-2026-7",
    "": "",
}


@pytest.mark.parametrize(("spanish", "english"), DETAILS.items())
def test_the_detail_is_read_in_both_languages(spanish: str, english: str) -> None:
    with translation.override("en"):
        assert detail_words(spanish) == english
    with translation.override("es-mx"):
        assert detail_words(spanish) == spanish


@pytest.mark.parametrize(("spanish", "english"), PROOFS.items())
def test_the_proof_is_read_in_both_languages(spanish: str, english: str) -> None:
    with translation.override("en"):
        assert proof_words(spanish) == english
    with translation.override("es-mx"):
        assert proof_words(spanish) == spanish


def test_who_reads_english_reads_no_spanish_period_nor_limit(scene: Any, enter: Any) -> None:
    desk, english = enter(scene.alicia), {"accept-language": "en"}
    page = desk.get(reverse("party:obligaciones"), headers=english).text
    assert ", period 1, " in page and ", periodo 1, " not in page
    home = desk.get(reverse("party:home"), headers=english).text
    assert "Yearly limit of what supporters give to a party" in home and "Límite anual" not in home
