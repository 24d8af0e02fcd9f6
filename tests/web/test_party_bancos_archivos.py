"""Bancos: a file of several accounts asks which one, a workbook asks for its columns, what is odd is told."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from flat import flat
from scene import Scene
from sif.banks.models import EstadoDeCuenta
from sif.banks.write import CSV_HEAD, write_mt940, write_ofx
from sif.registry.scope import everything
from sif.web.party.bancos import account_page, bank_list
from web.test_party_bancos import statement, upload

pytestmark = pytest.mark.django_db
OTHER = "012180015123456787"


def two(scene: Scene) -> bytes:
    ours = statement(scene, ("5000.00", "SPEI"), ("-58.00", "COMISION"))
    return write_mt940(ours) + write_mt940(replace(statement(scene, ("9.00", "AJENO")), cuenta=OTHER))


def test_which_account_of_a_file_is_chosen_on_its_page(scene: Scene, enter: Any) -> None:
    client = enter(scene.alicia)
    asked = upload(client, scene, "varias.sta", two(scene))["location"]
    page = client.get(asked).text
    assert page.count("Es otra cuenta.") == 1
    assert f'value="{scene.banco.clabe} MXN" checked' in flat(page)
    assert f'value="{OTHER} MXN"' not in page
    wrong = client.post(asked, {"elegida": "otra"})
    assert (wrong.status_code, "No eligió ninguna cuenta." in wrong.text) == (422, True)
    other = client.post(asked, {"elegida": f"{OTHER} MXN"})
    assert (other.status_code, "usted eligió la" in other.text) == (422, True)
    done = client.post(asked, {"elegida": f"{scene.banco.clabe} MXN"}, follow=True).text
    assert "Estado de cuenta cargado: 2 movimientos nuevos" in done
    assert enter(scene.alicia).get(asked).status_code == 404  # another session did not bring it
    assert enter(scene.carla).get(asked).status_code == 404
    with everything():
        assert EstadoDeCuenta.objects.get().saldo_final == 494_200


def test_a_long_file_of_several_loads_ours_and_asks_only_where_none_is(
    scene: Scene, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bank_list, account_page):
        monkeypatch.setattr(module, "MOST_BYTES", 0)
    client, data = enter(scene.alicia), two(scene)
    done = client.get(upload(client, scene, "varias.sta", data)["location"], follow=True).text
    assert "Estado de cuenta cargado: 2 movimientos nuevos" in done
    strange = data.replace(scene.banco.clabe.encode(), b"072180015123456784")
    told = client.get(upload(client, scene, "otras.sta", strange)["location"], follow=True).text
    assert "Elija cuál se carga." in told
    asked = re.search(r'href="(/partido/bancos/[^"]*/cuentas/[^"]*)"', told)
    assert asked and "Ninguna es esta cuenta" in client.get(asked[1]).text
    again = client.post(asked[1], {"elegida": f"{OTHER} MXN"}, follow=True).text
    assert "No se cargó nada" in again and "usted eligió la" in again
    with everything():
        assert EstadoDeCuenta.objects.count() == 1


def test_a_file_where_none_is_this_account_says_so(scene: Scene, enter: Any) -> None:
    client = enter(scene.alicia)
    data = two(scene).replace(scene.banco.clabe.encode(), b"072180015123456784")
    page = client.get(upload(client, scene, "otras.sta", data)["location"]).text
    assert "Ninguna es esta cuenta" in page
    damaged = two(scene).replace(b"C9,00N", b"C9;00N")
    assert upload(client, scene, "a.sta", damaged).status_code == 302  # one account alone can be read, and it is ours


def test_the_columns_of_a_workbook_are_named(scene: Scene, enter: Any) -> None:
    client, made, stream = enter(scene.alicia), Workbook(), io.BytesIO()
    day = scene.periodos[0].hasta
    for row in (CSV_HEAD, (day, "DEPOSITO", "", None, 5000, 5000), (day, "COMISION", "", 58, None, 4942)):
        made.active.append(row)
    made.save(stream)
    answer = upload(client, scene, "mayo.xlsx", stream.getvalue())
    assert "Depósitos" in client.get(answer["location"]).text
    typed = {
        "fecha": "Fecha",
        "cargo": "Retiros",
        "abono": "Depósitos",
        "saldo": "Saldo",
        "formato_fecha": "%Y-%m-%d",
        "decimal": ".",
    }
    assert client.post(answer["location"], typed).status_code == 302
    with everything():
        assert EstadoDeCuenta.objects.get().formato == "xlsx"


def test_what_is_odd_in_a_file_is_told(scene: Scene, enter: Any) -> None:
    client = enter(scene.alicia)
    whole = statement(scene, *((f"{n}.00", f"DEPOSITO {n}") for n in range(1, 8)))
    moved = scene.periodos[0].hasta
    other = moved.replace(day=1 if moved.day > 1 else 2)  # the file says that it is of another day of the month
    data = write_ofx(replace(whole, desde=other, hasta=other))
    answer = client.post(
        f"/partido/bancos/{scene.banco.pk}/estado/", {"archivo": SimpleUploadedFile("a.ofx", data)}, follow=True
    ).text
    assert answer.count("se cuenta en él") == 5
    assert "Y 2 avisos más de este archivo." in answer
    assert "Estado de cuenta cargado: 7 movimientos nuevos" in answer
