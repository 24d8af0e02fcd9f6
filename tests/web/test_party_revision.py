"""Revisión previa: the authority's rules over one's own books, with what to do; never over anybody else's."""

import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from sif.audit import preflight
from sif.jobs import bounds
from sif.jobs.models import Trabajo
from sif.registry import clock
from sif.registry.scope import everything
from sif.rulebook.reading import load_rules
from sif.web.outcomes import outcome_words
from sif.web.party.informes import preflight_cache


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    scene.post(scene.expense("1,500.25"))
    return enter(scene.alicia)


def test_the_page_comes_at_once_and_asks_for_its_figures(alicia: Client) -> None:
    page = alicia.get(reverse("party:revision")).text
    assert 'hx-trigger="load"' in page
    assert "revisar=si" in page


def test_it_says_what_was_seen_how_much_and_how_it_is_cured(alicia: Client) -> None:
    page = alicia.get(reverse("party:revision"), {"revisar": "si"}).text
    assert "Póliza sin evidencia vigente" in page
    assert "$1,500.25" in page
    assert "Gasto sin evidencia: 1 caso." in page
    rule = alicia.get(reverse("party:revision_regla", args=["EV001", "gasto_sin_evidencia"])).text
    assert "Presente el comprobante, el pago y las muestras" in rule
    assert "Abrir la póliza" in rule


def test_what_nobody_read_of_these_books_is_marked_beside_its_article(alicia: Client) -> None:
    page = alicia.get(reverse("party:revision"), {"revisar": "si"}).text
    rule = alicia.get(reverse("party:revision_regla", args=["EV001", "gasto_sin_evidencia"])).text
    read, unread = "LGPP 63.1.a</a>", '</a> <span class="note soft">por confirmar</span>'
    assert read in page and read in rule and f"{read} <span" not in page + rule
    assert unread in page and unread in rule


def test_each_outcome_is_read_as_spanish_is_written() -> None:
    known = {outcome_words(each.name) for rule in load_rules("mx") for each in rule.outcomes}
    written = {"Extemporánea", "Sin póliza", "Sin RFC", "Inválido", "En tránsito", "Rebase de nulidad", "De más"}
    assert written <= known
    assert not any("_" in words for words in known)


def test_what_is_cured_is_no_longer_said(scene: Any, alicia: Client) -> None:
    rule = reverse("party:revision_regla", args=["EV001", "gasto_sin_evidencia"])
    assert "1,500.25" in alicia.get(rule).text
    alicia.get(reverse("party:home"))
    scene.post(scene.expense("77.31"), evidence=b"a photograph")
    assert "77.31" not in alicia.get(rule).text
    scene.post(scene.expense("88.42"))
    assert "88.42" in alicia.get(rule).text


def test_the_file_has_a_row_for_each_case(alicia: Client, tmp_path: Any) -> None:
    text = alicia.get(reverse("party:revision"), {"formato": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "regla,titulo,resultado,contabilidad,dia,monto,que_se_vio,como_se_cura"
    assert "EV001" in text
    book = tmp_path / "r.xlsx"
    book.write_bytes(alicia.get(reverse("party:revision"), {"formato": "xlsx"}).content)
    rows = list(openpyxl.load_workbook(book).active.values)
    assert len(rows) == len(text.splitlines())
    assert 1500.25 in [row[5] for row in rows]


def test_another_party_sees_nothing_of_it(scene: Any, enter: Any, alicia: Client) -> None:
    carla = enter(scene.carla)
    assert "1,500.25" not in carla.get(reverse("party:revision"), {"revisar": "si"}).text
    assert carla.get(reverse("party:revision"), {"contabilidad": scene.libros.pk, "revisar": "si"}).status_code == 403
    assert carla.get(reverse("party:revision_regla", args=["EV001", "gasto_sin_evidencia"])).text.count("1,500.25") == 0
    assert enter(scene.dario).get(reverse("party:revision")).status_code == 403
    assert Client().get(reverse("party:revision")).status_code == 302


def test_one_who_sees_only_some_books_is_asked_about_those(scene: Any, enter: Any, alicia: Client) -> None:
    page = enter(scene.bruno).get(reverse("party:revision"), {"revisar": "si"}).text
    assert "Lo que solo ve la autoridad" in page
    assert "PR001" in page


def test_today_shows_limits_used_and_what_lacks(scene: Any, alicia: Client) -> None:
    scene.post(scene.gift("2,000.00"))
    page = alicia.get(reverse("party:home")).text
    assert "Límites de aportaciones" in page
    assert "2,000.00" in page
    brief = alicia.get(reverse("party:revision_breve")).text
    assert "Póliza sin evidencia vigente" in brief


RULE = ["EV001", "gasto_sin_evidencia"]
ASK = "Revisar estos libros"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make any books too large for a request, and fail any page that asks the rules."""
    monkeypatch.setattr(preflight, "MOST_ROWS", -1)

    def refuse(*_given: Any, **_told: Any) -> Any:
        raise AssertionError("una página preguntó a las reglas por libros grandes")

    monkeypatch.setattr(preflight_cache, "preflight", refuse)


def press(client: Client, page: str) -> Any:
    """Press the button that a page offers; the answer after its redirects."""
    found = re.search(r'action="(/partido/revision/pedir/[^"]*)"', client.get(page).text)
    assert found, page
    return client.post(found[1], follow=True)


@pytest.mark.usefixtures("large")
def test_large_books_wait_for_their_button_on_every_page(alicia: Client) -> None:
    pages = {name: reverse(f"party:{name}") for name in ("revision", "revision_breve")}
    for page in pages.values():
        text = alicia.get(page).text
        assert ASK in text and "todavía no se revisan" in text and "1,500.25" not in text
    assert alicia.get(f"{pages['revision']}?formato=csv")["Location"].split("?")[0] == pages["revision"]
    assert alicia.get(reverse("party:revision_regla", args=RULE))["Location"].split("?")[0] == pages["revision"]
    assert alicia.get(reverse("party:revision_pedir")).status_code == 405
    with everything():
        assert not Trabajo.objects.exists()


@pytest.mark.usefixtures("large")
def test_the_answer_of_a_job_is_read_by_every_page(alicia: Client) -> None:
    told = press(alicia, reverse("party:revision_breve"))
    assert told.redirect_chain[-1][0] == reverse("party:revision")
    assert (
        "La revisión previa está lista." in told.text and "$1,500.25" in told.text and "Por contabilidad" in told.text
    )
    assert "Revisar de nuevo" in told.text and "Los libros cambiaron" not in told.text
    brief = alicia.get(reverse("party:revision_breve")).text
    assert "Póliza sin evidencia vigente" in brief and "pedir" not in brief
    rule = alicia.get(reverse("party:revision_regla", args=RULE)).text
    assert "Abrir la póliza" in rule and "se ve al revisar de nuevo" in rule
    text = alicia.get(reverse("party:revision"), {"formato": "csv"}).content.decode("utf-8-sig")
    assert "EV001" in text and "1500.25" in text


@pytest.mark.usefixtures("large")
def test_books_that_moved_are_said_to_have_until_reviewed_again(scene: Any, alicia: Client) -> None:
    press(alicia, reverse("party:revision"))
    scene.post(scene.expense("77.31"))
    pages = [reverse("party:revision"), reverse("party:revision_breve"), reverse("party:revision_regla", args=RULE)]
    for page in pages:
        text = alicia.get(page).text
        assert "Los libros cambiaron" in text and "Corrida: " in text and "1,500.25" in text and "77.31" not in text
    press(alicia, pages[0])
    for page in pages:
        assert "Los libros cambiaron" not in alicia.get(page).text
    assert "77.31" in alicia.get(pages[2]).text


@pytest.mark.usefixtures("large")
def test_an_answer_of_another_day_is_said_to_be(scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    press(alicia, reverse("party:revision"))
    monkeypatch.setattr(preflight_cache.clock, "today", lambda: clock.now().date() + timedelta(days=1))
    assert "o es de otro día" in alicia.get(reverse("party:revision")).text


@pytest.mark.usefixtures("large")
def test_a_review_in_course_is_shown_and_not_asked_twice(alicia: Client, settings: Any) -> None:
    settings.TRABAJOS_EN_LINEA = False
    first = press(alicia, reverse("party:revision"))
    assert "Revisar libros antes que la autoridad" in first.text and "En cola" in first.text
    for page in (reverse("party:revision"), reverse("party:revision_breve")):
        text = alicia.get(page).text
        assert "Se está revisando." in text and ASK not in text
    alicia.post(reverse("party:revision_pedir"))
    with everything():
        assert Trabajo.objects.count() == 1


@pytest.mark.usefixtures("large")
def test_the_answer_of_one_set_of_books_is_of_those_alone(scene: Any, enter: Any, alicia: Client) -> None:
    one = f"{reverse('party:revision')}?contabilidad={scene.libros.pk}"
    told = press(alicia, one)
    assert told.redirect_chain[-1][0] == one and "$1,500.25" in told.text and "Por contabilidad" not in told.text
    assert ASK in alicia.get(reverse("party:revision")).text
    assert ASK in alicia.get(f"{reverse('party:revision')}?contabilidad={scene.otros.pk}").text
    bruno = enter(scene.bruno).get(reverse("party:revision")).text  # keeps the same books and asked for nothing
    assert ASK in bruno and "1,500.25" not in bruno


@pytest.mark.usefixtures("large")
def test_a_stranger_neither_asks_about_large_books_nor_reads_what_they_answered(
    scene: Any, enter: Any, alicia: Client
) -> None:
    press(alicia, reverse("party:revision"))
    press(alicia, f"{reverse('party:revision')}?contabilidad={scene.libros.pk}")
    carla = enter(scene.carla)
    for page in (reverse("party:revision"), reverse("party:revision_breve")):
        assert ASK in carla.get(page).text and "1,500.25" not in carla.get(page).text
    theirs = f"?contabilidad={scene.libros.pk}"
    for page in (reverse("party:revision"), reverse("party:revision_regla", args=RULE)):
        assert carla.get(page + theirs).status_code == 403
    assert carla.post(reverse("party:revision_pedir") + theirs).status_code == 403
    assert enter(scene.dario).post(reverse("party:revision_pedir")).status_code == 403
    assert Client().post(reverse("party:revision_pedir"))["Location"].startswith("/cuenta/login/")
    with everything():
        assert Trabajo.objects.count() == 2


@pytest.mark.usefixtures("large")
def test_the_long_file_of_large_books_is_another_job(alicia: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    press(alicia, reverse("party:revision"))
    page = f"{reverse('party:revision')}?formato=csv"
    wanted = alicia.get(page).content
    monkeypatch.setitem(bounds.MOST_ROWS, "csv", 0)
    found = re.search(r'name="oferta" value="([^"]+)"', alicia.get(page).text)
    assert found
    job = alicia.post("/trabajos/aparte/", {"oferta": found[1]})["Location"].split("?")[0]
    assert alicia.get(f"{job}archivo/").getvalue() == wanted


def test_small_books_posted_are_reviewed_at_once(alicia: Client) -> None:
    told = alicia.post(reverse("party:revision_pedir"), follow=True)
    assert "$1,500.25" in told.text and "de_nuevo=si" in told.redirect_chain[-1][0]
    with everything():
        assert not Trabajo.objects.exists()
