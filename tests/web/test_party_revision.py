"""Revisión previa: the authority's rules over one's own books, with what to do; never over anybody else's."""

from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse


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
    rule = alicia.get(reverse("party:revision_regla", args=["EV001", "gasto_sin_evidencia"])).text
    assert "Presente el comprobante, el pago y las muestras" in rule
    assert "Abrir la póliza" in rule


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
