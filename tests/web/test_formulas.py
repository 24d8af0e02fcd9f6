"""Caps are computed on their page with the arithmetic in sight, and go on to the page that fixes them by an accord."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.test_topes import make_ana, make_stage
from sif.registry.models import Contabilidad, Nombramiento, TopeContabilidad
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]


@pytest.fixture
def scene(db: None) -> Any:
    with everything():
        ana = make_ana()
        return make_stage(ana), ana


def typed(etapa: Any, **changes: Any) -> dict[str, Any]:
    table = b"CARGO,ENTIDAD,MUNICIPIO,PADRON\nPRESIDENCIA MUNICIPAL,OAXACA,TLAXIACO,30000\n"
    return {
        "etapa": etapa.pk,
        "formula": "local",
        "dia": "01/03/2022",
        "factor": "15.5",
        "articulo": "LIPEEO 192",
        "archivo": SimpleUploadedFile("padron.csv", table),
        **changes,
    }


def test_a_cap_is_computed_looked_at_and_fixed(scene: Any, enter: Enter) -> None:
    etapa, ana = scene
    client, url = enter(ana), reverse("administration:topes_formula")
    assert url in client.get(reverse("administration:topes")).text
    assert "Calcular" in client.get(url).text
    page = client.post(url, typed(etapa))
    assert "30,000 × 96.22 × 15.50 % = 447,423.00" in page.text and "LIPEEO 192 (por confirmar)" in page.text
    assert not TopeContabilidad.objects.exists()
    look = page.context["sigue"]
    assert look in page.text and "447,423.00" in client.get(look).text
    client.post(look, {"acuerdo": "IEEPCO/CG1/2022"}, follow=True)
    with everything():
        assert {books.tope for books in Contabilidad.objects.filter(topes__acuerdo="IEEPCO/CG1/2022")} == {447_423_00}


@pytest.mark.parametrize(
    ("changes", "field"), [({"factor": ""}, "factor"), ({"dia": ""}, "dia"), ({"articulo": ""}, "articulo")]
)
def test_what_is_wrong_stands_at_its_field(scene: Any, enter: Enter, changes: dict[str, str], field: str) -> None:
    etapa, ana = scene
    page = enter(ana).post(reverse("administration:topes_formula"), typed(etapa, **changes))
    assert page.status_code == 422 and f'id="id_{field}-error"' in page.text


def test_a_stranger_computes_nothing(scene: Any, enter: Enter) -> None:
    etapa, _ana = scene
    url = reverse("administration:topes_formula")
    assert "/cuenta/login/" in Client().get(url)["Location"]
    rosa = create_usuario("rosa", "Rosa", None)
    appoint(rosa, Nombramiento.Rol.REVISOR)
    assert enter(rosa).get(url).status_code == 403
    assert enter(rosa).post(url, typed(etapa)).status_code == 403
