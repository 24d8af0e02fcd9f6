"""The list of pólizas narrowed by its address, its files, the chart on screen and the lookup of auxiliaries."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from kept import keeps
from scene import Scene, under_way
from sif.books.services import NewAccount, add_account, reverse_poliza
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.web.party.mesa import poliza_url


def _posted() -> Scene:
    scene = under_way()
    with everything():
        scene.post(scene.gift("900,000.00"))
        for pesos in ("318,413.07", "1,250.50"):
            scene.post(scene.expense(pesos, f"Volantes de {pesos}"))
        reverse_poliza(scene.polizas[-1], scene.alicia, concepto="Se canceló.")
        scene.post(scene.expense("10.00", "Antigua", fecha_operacion=scene.periodos[0].desde))
    return scene


@pytest.fixture
@keeps(_posted)
def scene(world_of: Any) -> Scene:
    return world_of(_posted)


@pytest.fixture
def alicia(scene: Scene, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.mark.parametrize(
    ("asked", "how_many"),
    [
        ({}, 5),
        ({"tipo": "correccion"}, 0),
        ({"tipo": "normal", "subtipo": "IG"}, 1),
        ({"minimo": "1,250.50", "maximo": "400000"}, 2),
        ({"cuenta": "4-2"}, 1),
        ({"cuenta": "2-1-01-00-0000"}, 4),
        ({"cuenta": "volantes"}, 4),
        ({"cuenta": "proveedores por pagar"}, 4),
        ({"estado": "corregida"}, 1),
        ({"estado": "reversion"}, 1),
        ({"estado": "vigente"}, 3),
        ({"estado": "tarde"}, 1),
        ({"estado": "incompleta"}, 3),
        ({"q": "antigua"}, 1),
        ({"q": "PN1/DR-1"}, 1),
    ],
)
def test_the_address_narrows_the_list(alicia: Client, asked: dict[str, str], how_many: int) -> None:
    csv = alicia.get(reverse("party:polizas"), {**asked, "formato": "csv"})
    assert len(csv.content.decode("utf-8-sig").splitlines()) - 1 == how_many
    page = alicia.get(reverse("party:polizas"), asked).text
    assert (f"1 a {how_many} de {how_many}" if how_many else "Ninguna póliza responde a este filtro.") in page


def test_days_narrow_it_and_what_is_unreadable_is_said(scene: Any, alicia: Client) -> None:
    first = f"{scene.periodos[0].desde:%d/%m/%Y}"
    book = alicia.get(reverse("party:polizas"), {"hasta": first, "formato": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert [row[10] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Antigua"]
    page = alicia.get(reverse("party:polizas"), {"desde": "31/02/2026", "maximo": "x", "cuenta": "zzz"}).text
    for words in ("«31/02/2026» no es una fecha.", "«x» no es un importe.", "Ninguna cuenta se llama «zzz»."):
        assert words in page
    assert "1 a 5 de 5" in page


def test_the_chart_shows_segments_nature_auxiliary_and_evidence(scene: Any, alicia: Client) -> None:
    with everything():
        admin = create_usuario(f"admin-{scene.libros.pk}", "Irene Salas", "una-clave-de-prueba")
        appoint(admin, "administrador")
        add_account(NewAccount(scene.etapa.proceso, "5-5-01-09-0000", "Cubrebocas", "CG/17/2024"), admin)
    page = alicia.get(reverse("party:catalogo"), {"q": "550103"}).text
    assert "5-5-01-03-0000" in page
    assert "Deudora" in page
    assert "Proveedor" in page
    assert "5-5-01-09-0000" not in page.split("<main")[1]
    page = alicia.get(reverse("party:catalogo"), {"nivel": "agregadas"}).text
    assert "agregada por el proceso, CG/17/2024" in page
    whole = alicia.get(reverse("party:catalogo"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert any(line.startswith("5-5-01-09-0000,Cubrebocas,D,") and line.endswith("CG/17/2024") for line in whole)
    assert "Ninguna cuenta responde" in alicia.get(reverse("party:catalogo"), {"q": "zzzz"}).text
    draft = alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"]
    assert '["5-5-01-09-0000", "Cubrebocas", ' in alicia.get(draft).text


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        ("proveedor", "prado", "IPR150312Q47 Impresos del Prado"),
        ("proveedor", "ipr15", "IPR150312Q47 Impresos del Prado"),
        ("cuenta_bancaria", "", "002180000000000009"),
        ("contabilidad", "iturbe", "Tomás Iturbe Salgado"),
        ("aportante", "donante", "Donante Uno"),
        ("nada", "x", ""),
    ],
)
def test_auxiliaries_are_found_by_key_or_words(scene: Any, alicia: Client, kind: str, text: str, first: str) -> None:
    found = alicia.post(reverse("party:auxiliares", args=[scene.libros.pk]), {"tipo": kind, "q": text}).json()
    assert (first in found[0][0]) if first else found == []


def test_a_printed_poliza_has_no_form(scene: Any, alicia: Client) -> None:
    with everything():
        poliza = scene.libros.polizas.get(eslabon=1)
    page = alicia.get(poliza_url(poliza)).text
    page = page[page.index("<main") : page.index("</main")]
    assert "Registrar otra como esta" in page
    printed = re.sub(r'<section class="[^"]*no-print".*?</section>', "", page, flags=re.DOTALL)
    assert [form for form in re.findall(r"<form[^>]*>", printed) if "no-print" not in form] == []
