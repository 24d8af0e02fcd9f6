"""A search by a personal key leaves it in no address: not in that of the list, its pages, its files or its jobs."""

import html
import re
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from sif.books.services import post_poliza
from sif.registry.scope import everything
from sif.web import searched
from sif.web.searched import address_of, is_personal, opened

RFC, CURP, ELECTOR = "SEVN790202AB3", "SEVN790202MDFXXX03", "SGVRNR79020209M400"
FORM = "application/x-www-form-urlencoded"
FORMS = re.compile(r'<form[^>]*role="search"[^>]*>', re.S)


def _search(client: Client, page: str, **asked: str) -> Any:
    """Post a form that searches, as a browser does."""
    return client.post(page, urlencode({"_buscar": "1", **asked}), content_type=FORM)


@pytest.mark.parametrize("text", [RFC, CURP, ELECTOR, CURP.lower(), f"Nora {RFC}", f"rfc:{RFC}."])
def test_a_personal_key_is_told(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    "text", ["", "PAM140101AB1", "Nora Segura", RFC[:10], "PN2/EG-118/MAY-2026", "8f3b1c52-6a0d-4e57-9b21-0c4d7a1e9f60"]
)
def test_what_is_no_personal_key_stays_in_the_address(text: str) -> None:
    assert not is_personal(text)


def test_a_search_is_posted_and_its_address_has_no_key(scene: Any, enter: Any) -> None:
    with everything():
        post_poliza(scene.expense("80.00", f"Anticipo a {RFC}"), scene.alicia)
    client, page = enter(scene.bruno), reverse("party:polizas")
    sent = _search(client, page, q=RFC, orden="fecha", csrfmiddlewaretoken="x")
    address = sent["Location"]
    assert sent.status_code == 302 and address.startswith(f"{page}?") and "orden=fecha" in address
    assert RFC not in unquote(address) and "csrf" not in address and "_buscar" not in address
    told = client.get(address)
    assert told.status_code == 200 and f"Anticipo a {RFC}" in told.text
    links = [html.unescape(link) for link in re.findall(r'(?:href|action)="([^"]*)"', told.text)]
    assert not [link for link in links if RFC in unquote(link)]
    (file,) = [link for link in links if "formato=csv" in link]
    assert f"Anticipo a {RFC}" in client.get(f"{page}{file}").content.decode()
    assert f"Anticipo a {RFC}" not in _found(client, page, CURP)


def _found(client: Client, page: str, text: str) -> str:
    return str(client.get(_search(client, page, q=text)["Location"]).text)


def test_what_is_not_personal_stays_readable(scene: Any, enter: Any) -> None:
    sent = _search(enter(scene.bruno), reverse("party:proveedores"), q="Papelería")
    assert unquote(sent["Location"]).endswith("?q=Papelería")


def test_a_key_that_comes_in_an_address_leaves_it(scene: Any, enter: Any) -> None:
    client = enter(scene.bruno)
    sent = client.get(reverse("party:proveedores"), {"q": CURP})
    assert sent.status_code == 302 and CURP not in sent["Location"]
    hostile = client.get("//otro.example/", {"q": CURP})
    assert hostile.status_code == 302 and not hostile["Location"].startswith("//")
    posted = _search(client, "//otro.example/")
    assert not posted["Location"].startswith("//")


def test_go_to_posts_and_leads_to_an_address_without_the_key(scene: Any, enter: Any) -> None:
    client = enter(scene.bruno)
    step = _search(client, reverse("ir_a"), q=RFC)
    assert RFC not in step["Location"]
    found = client.get(step["Location"])
    assert found["Location"].startswith(reverse("party:cfdi")) and RFC not in unquote(found["Location"])
    assert RFC in client.get(found["Location"]).text  # the page says what was searched


def test_the_address_is_of_its_person_and_of_its_day(scene: Any, enter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address = _search(enter(scene.bruno), reverse("party:proveedores"), q=RFC)["Location"]
    query = QueryDict(address.partition("?")[2])
    assert opened(query, scene.bruno)["q"] == RFC
    assert opened(query, scene.alicia)["q"] == query["q"]
    altered = QueryDict(f"q=~{query['q'][3:]}")
    assert opened(altered, scene.bruno)["q"] == altered["q"]
    monkeypatch.setattr(searched, "LASTS", -1)
    assert opened(query, scene.bruno)["q"] == query["q"]


def test_links_made_from_a_changed_copy_keep_the_token(scene: Any) -> None:
    asked = QueryDict(mutable=True)
    asked["q"] = RFC
    query = QueryDict(address_of("/x/", asked, scene.bruno).partition("?")[2])
    copy = opened(query, scene.bruno).copy()
    copy["pagina"] = "2"
    assert copy["q"] == RFC and RFC not in copy.urlencode() and "pagina=2" in copy.urlencode()


@pytest.mark.parametrize("name", ["party:proveedores", "party:cfdi", "party:contabilidades", "party:polizas", "ir_a"])
def test_forms_that_search_post(scene: Any, enter: Any, name: str) -> None:
    forms = FORMS.findall(enter(scene.alicia).get(reverse(name)).text)
    assert forms and all('method="post"' in form for form in forms)


def test_a_search_by_a_stranger_ends_at_the_door(scene: Any) -> None:
    sent = _search(Client(), reverse("party:proveedores"), q=RFC)
    assert "/cuenta/login/" in Client().get(sent["Location"])["Location"]
