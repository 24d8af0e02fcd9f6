"""Pages that offer books ask the database the same however many books the person keeps."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scene import make_books
from sif.registry.models import Cargo
from sif.registry.scope import everything

OFFER = (
    "cfdi", "lotes", "lotes_sat", "captura", "aportacion_nueva", "calendario", "obligaciones", "bancos", "revision",
    "buzon", "oficios", "libros", "plantillas", "catalogo", "constancia", "prorrateo_gasto", "traspaso",
)  # fmt: skip


def asked(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", OFFER)
def test_more_books_are_no_more_questions(scene: Any, enter: Any, name: str) -> None:
    client, page = enter(scene.alicia), reverse(f"party:{name}")
    asked(client, page)
    before = asked(client, page)
    with everything():
        for n in range(4):
            make_books(
                scene.etapa, scene.partido, Cargo.objects.get(clave="DL"), f"{scene.etapa.pk}-muchos-{n}", f"Otra {n}"
            )
    assert asked(client, page) == before


def test_many_books_come_a_page_at_a_time_and_any_is_found(scene: Any, enter: Any) -> None:
    poliza = scene.post(scene.expense("100.00"))
    with everything():
        office = Cargo.objects.get(clave="DL")
        made = [
            make_books(scene.etapa, scene.partido, office, f"{scene.etapa.pk}-pagina-{n}", f"Otra Núm x{n}")
            for n in range(50)
        ]
    client, last = enter(scene.alicia), made[-1]
    for name in ("contabilidades", "captura", "aportacion_nueva"):
        page = reverse(f"party:{name}")
        assert "1 a 50 de 52" in client.get(page).text
        assert "51 a 52 de 52" in client.get(page, {"pagina": 2}).text
        for asked in ("otra num x49", str(last.pk)):
            found = client.get(page, {"q": asked}).text
            assert "Otra Núm x49" in found and "Otra Núm x48" not in found and "Mariela Ochoa" not in found
        assert "Otra Núm x49" not in enter(scene.carla).get(page, {"q": "otra num x49"}, follow=True).text
    there = reverse("party:poliza", args=[poliza.contabilidad_id, poliza.eslabon])
    sheet = client.get(there).text
    offered = sheet.partition('id="id_destino"')[2].partition("</select>")[0]
    assert offered.count("<option") == 50 and 'name="otra"' in sheet
    assert f'<option value="{poliza.contabilidad_id}"' in offered and f'<option value="{last.pk}"' not in offered
    copied = client.post(f"{there}copiar/", {"contabilidad": poliza.contabilidad_id, "otra": str(last.pk)})
    assert copied.status_code == 302 and f"/{last.pk}/" in copied["Location"]
    stranger = client.post(f"{there}copiar/", {"otra": str(scene.ajenos.pk)})
    assert stranger.status_code == 403
    mistyped = client.post(f"{there}copiar/", {"contabilidad": poliza.contabilidad_id, "otra": "12a"})
    assert mistyped.status_code == 422 and "«12a» no es el número de una contabilidad." in mistyped.text
    assert 'value="12a"' in mistyped.text  # what was typed stays


def test_reports_come_a_page_at_a_time_and_none_is_lost(scene: Any, enter: Any) -> None:
    with everything():
        office = Cargo.objects.get(clave="DL")
        for n in range(50):
            make_books(scene.etapa, scene.partido, office, f"{scene.etapa.pk}-informe-{n}", f"Otra {n}")
    client, page = enter(scene.alicia), reverse("party:informes")
    first = client.get(page).text
    assert "1 a 50 de" in first
    total = int(re.findall(r"1 a 50 de (\d+)", first)[0])
    found = [
        place
        for number in range(1, -(-total // 50) + 1)
        for place in re.findall(r'href="(/partido/informes/\d+/\w+/\d+/)"', client.get(page, {"pagina": number}).text)
    ]
    assert len(set(found)) == len(found) == total
