"""Caps are computed on their page with the arithmetic in sight, and go on to the page that fixes them by an accord."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.test_topes import make_ana, make_stage
from sif.registry.models import Ambito, Contabilidad, Etapa, Nombramiento, TopeContabilidad
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario

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
        "corte": "28/02/2022",
        "redondeo": "centavos_medio",
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
    ("changes", "field"),
    [
        ({"factor": ""}, "factor"),
        ({"dia": ""}, "dia"),
        ({"articulo": ""}, "articulo"),
        ({"corte": ""}, "corte"),
        ({"redondeo": ""}, "redondeo"),
        ({"minimo_uma": "mil"}, "minimo_uma"),
        ({"formula": "presidencia", "importe": "1"}, "formula"),
    ],
)
def test_what_is_wrong_stands_at_its_field(scene: Any, enter: Enter, changes: dict[str, str], field: str) -> None:
    etapa, ana = scene
    page = enter(ana).post(reverse("administration:topes_formula"), typed(etapa, **changes))
    assert page.status_code == 422 and f'id="id_{field}-error"' in page.text


def test_a_floor_is_typed_with_its_comma_and_said_where_it_rules(scene: Any, enter: Enter) -> None:
    etapa, ana = scene
    page = enter(ana).post(reverse("administration:topes_formula"), typed(etapa, minimo_uma="5,000"))
    assert "rige el mínimo: 5,000 × 96.22 = 481,100.00; padrón al 28/02/2022" in page.text


def test_a_federal_cap_says_how_it_is_rounded_and_warns_of_the_kind_of_year(scene: Any, enter: Enter) -> None:
    _etapa, ana = scene
    with everything():
        proceso = create_proceso(clave="PEF", nombre="Federal", ambito=Ambito.FEDERAL, entidad="", anio=2021)
        federal = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2021, 4, 4), date(2021, 6, 2))
    told = {"etapa": federal.pk, "formula": "presidencia", "dia": "10/01/2024", "importe": "3304893615"}
    page = enter(ana).post(reverse("administration:topes_formula"), told)
    assert "660,978,723.00" in page.text and "Ningún artículo dice cómo redondear" in page.text
    assert "solo se renuevan diputaciones" in page.text


def test_a_stranger_computes_nothing(scene: Any, enter: Enter) -> None:
    etapa, _ana = scene
    url = reverse("administration:topes_formula")
    assert "/cuenta/login/" in Client().get(url)["Location"]
    rosa = create_usuario("rosa", "Rosa", None)
    appoint(rosa, Nombramiento.Rol.REVISOR)
    assert enter(rosa).get(url).status_code == 403
    assert enter(rosa).post(url, typed(etapa)).status_code == 403
