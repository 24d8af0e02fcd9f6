"""The pages that belong to no desk, and those that tell of an error."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "es-MX"})


@pytest.mark.parametrize("address", ["/muestras/", "/muestras/publico/", "/teclas/", "/ir/"])
def test_it_works(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 200
    assert visitor.post(address).status_code == 405


def test_the_policy_allows_only_our_own(visitor: Client) -> None:
    policy = visitor.get("/muestras/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_language_and_background_go_back_only_to_our_pages(visitor: Client) -> None:
    assert visitor.get("/idioma/en/?volver=/muestras/")["Location"] == "/muestras/"
    assert 'lang="en"' in visitor.get("/muestras/").text
    assert visitor.get("/tema/oscuro/?volver=https://otro.example/")["Location"] == "/"
    assert 'data-bs-theme="dark"' in visitor.get("/muestras/").text
    assert visitor.get("/idioma/xx/").status_code == 404
    assert visitor.get("/tema/rosa/").status_code == 404


def test_go_to_says_what_it_did_not_find(visitor: Client) -> None:
    page = visitor.get("/ir/", {"q": "<b>nada"}).text
    assert "Ninguna página ni clave coincide" in page
    assert "<b>nada" not in page


def test_go_to_opens_an_article_and_offers_the_candidacies(visitor: Client) -> None:
    assert visitor.get("/ir/", {"q": "LGPP 79.1.b"})["Location"] == "/ley/LGPP-79.1.b/"
    assert visitor.get("/ir/", {"q": "LXYZ 79.1.b"}).status_code == 200
    page = visitor.get("/ir/", {"q": "Mariela Ochoa"}).text
    assert "Buscar «Mariela Ochoa» entre las candidaturas publicadas" in page and "?q=Mariela" in page


def test_a_missing_page_tells_what_to_do(visitor: Client) -> None:
    response = visitor.get("/no/existe/")
    assert response.status_code == 404
    assert "Revise que la clave esté completa" in response.text


def test_an_address_asked_in_another_way_says_so_instead_of_nothing(visitor: Client) -> None:
    asked = [visitor.post("/muestras/"), visitor.get(reverse("party:revision_pedir"))]
    for answer, way in zip(asked, ("GET", "POST"), strict=True):
        assert answer.status_code == 405 and way in answer["Allow"]
        assert "Esta dirección no se abre así" in answer.text and 'href="/"' in answer.text


ERRORS = (
    "403",
    "403_csrf",
    "404",
    "405",
    "500",
    "503",
    "503_acuses",
    "503_archivo",
    "503_elaborando",
    "503_espacio",
    "503_factor",
)


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_stand_without_a_request(name: str) -> None:
    assert "<h1>" in render_to_string(f"{name}.html")


@pytest.mark.django_db
def test_login_speaks_in_our_words(visitor: Client) -> None:
    page = visitor.get("/cuenta/login/").text
    assert "Con la cuenta que le dio la autoridad" in page
    refused = visitor.post("/cuenta/login/", {"login": "nadie", "password": "nada"}).text
    assert "error-summary" in refused


@pytest.mark.parametrize("address", ["/muestras/", "/muestras/publico/"])
def test_the_sample_sheets_are_of_the_demonstration_alone(visitor: Client, settings: Any, address: str) -> None:
    assert visitor.get(address).status_code == 200
    settings.PRODUCTION = True
    assert visitor.get(address).status_code == 404


def test_the_page_of_keys_leads_back(client: Client) -> None:
    page = client.get("/teclas/").text
    assert 'href="/">Ir al inicio' in page[page.index("<main") : page.index("</main")]
