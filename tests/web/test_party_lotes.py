"""The pages of loading by lots: preview, cells corrected in place, choice, errors as a file, and who may not."""

import io
import re
from typing import Any

from openpyxl import load_workbook

from batch.lots import csv_of, poliza_rows
from scene import LEAFLETS, PAYABLE
from sif.batch import services
from sif.batch.kinds import load_kinds
from sif.batch.models import ClaveApi, EquivalenciaCuenta, Lote, RevocacionClave
from sif.batch.services import apply_lote, keep_lote, receive_lote
from sif.books.models import Poliza
from sif.jobs.running import run_pieces
from sif.registry.scope import everything
from sif.web.formats import long_day
from sif.web.party.lotes.column_words import COLUMNS
from sif.web.party.mesa import poliza_url

PAGE = "/partido/lotes/"


def rows_of(scene: Any, number: int, pesos: str = "100.00", **changes: str) -> list[list[str]]:
    """Two sound rows dated in the period that is open."""
    day = f"{scene.periodos[0].hasta:%d/%m/%Y}"
    return poliza_rows(number, pesos, LEAFLETS, PAYABLE, fecha=day, **changes)


def upload(client: Any, scene: Any, data: bytes, name: str = "polizas.csv", **fields: str) -> Any:
    """Drop a file on the page."""
    file = io.BytesIO(data)
    file.name = name
    return client.post(PAGE, {"contabilidad": str(scene.libros.pk), "tipo": "polizas", "archivo": file, **fields})


def arrive(client: Any, answer: Any) -> str:
    """Go from the answer to a file, by the page of its job, to the address of its lot."""
    assert answer.url.startswith("/trabajos/")
    there = client.get(answer.url)
    assert there.status_code == 302 and there.url.startswith(PAGE), there.content.decode()
    return str(there.url)


def load(client: Any, scene: Any, data: bytes) -> str:
    """Drop a file and go to its lot."""
    return arrive(client, upload(client, scene, data))


def test_a_file_goes_to_its_preview_is_corrected_and_posted(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    rows = [*rows_of(scene, 1), *rows_of(scene, 2, cargo="0.005")]
    url = load(client, scene, csv_of(*rows))
    page = client.get(url).content.decode()
    assert "0.005" in page and "Solo con error" in page
    refused = client.post(url, {"accion": "aplicar"}, follow=True).content.decode()
    assert "No se aplicó nada" in refused and "tiene error" in refused and url in refused
    with everything():
        lote = Lote.objects.get()
        assert not Poliza.objects.exists()
    errors = client.get(f"{url}errores.csv").content.decode("utf-8-sig").splitlines()
    assert errors[0] == "fila,columna,codigo,mensaje,cura,valor"
    assert errors[1].startswith("4,cargo,importe,")
    fixed = client.post(f"{url}filas/4/", {"c_cargo": "100.00"}, headers={"HX-Request": "true"})
    assert "wrong" not in fixed.content.decode() and 'id="cuentas"' in fixed.content.decode()
    done = client.post(url, {"accion": "aplicar"}, follow=True).content.decode()
    assert "Se registraron 2 pólizas." in done
    again = upload(client, scene, csv_of(*rows), "copia.csv")
    assert again.url == url
    assert "nada cambió" in client.get(again.url).content.decode()
    with everything():
        assert Poliza.objects.count() == 2 and lote.polizas.count() == 2


def test_a_poliza_that_was_brought_in_says_so_with_its_own_day(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1)))
    client.post(url, {"accion": "aplicar"})
    with everything():
        brought = Poliza.objects.get()
        typed = scene.post(scene.expense("100.00"))
    page = " ".join(re.sub(r"<[^>]*>", " ", client.get(poliza_url(brought)).text).split())
    assert "Traída polizas.csv" in page
    assert brought.fecha_operacion == scene.periodos[0].hasta and long_day(brought.fecha_operacion) in page
    assert f'href="{url}"' in client.get(poliza_url(brought)).text
    assert "Traída" not in client.get(poliza_url(typed)).text
    assert enter(scene.carla).get(poliza_url(brought)).status_code in (403, 404)


def test_columns_are_named_to_people_and_their_keys_stay_in_the_help(scene: Any, enter: Any) -> None:
    names = {column.nombre for kind in load_kinds("mx").values() for column in kind.columnas}
    assert names == set(COLUMNS)
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1), *rows_of(scene, 2, cargo="0.005")))
    page = re.sub(r"<[^>]*>", "\n", client.get(url).text)
    assert "Fecha de operación" in page and "Su identificador" in page
    assert not re.search(r"fecha_operacion|poliza_tmp|auxiliar_id|importe\n", page)
    helped = client.get(PAGE).text
    assert '<span class="under key" translate="no">poliza_tmp</span>' in helped
    client.get("/idioma/en/")
    helped = client.get(PAGE).text
    assert "Day on which it took place: dd/mm/yyyy." in helped
    spoken = [each.ayuda for kind in load_kinds("mx").values() for each in kind.columnas if "_" not in each.ayuda]
    assert [words for words in spoken if f">{words}<" in helped] == []
    assert "whole number" in helped and "número entero" not in helped


def test_what_is_not_undone_opens_before_it_acts(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1)))
    client.post(f"{PAGE}claves/", {"nombre": "Contabilidad", "alcance": "registro"})
    for address, words, act in (
        (url, "sus correcciones se pierden", 'value="descartar"'),
        (f"{PAGE}claves/", "Ningún programa entrará", 'name="revocar"'),
    ):
        page = client.get(address).text
        inside = page.partition('<details class="confirm">')[2].partition("</details>")[0]
        assert words in inside and act in inside and page.count(act) == 1


def test_choice_is_kept_across_pages(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1), *rows_of(scene, 2)))
    counted = client.post(
        url, {"accion": "elegir", "visible": ["P-001", "P-002"], "elegir": ["P-002"]}, headers={"HX-Request": "true"}
    )
    assert counted.status_code == 200
    client.post(url, {"accion": "aplicar"})
    with everything():
        assert [row.externo for row in Lote.objects.get().polizas.all()] == ["P-002"]


def test_a_row_can_be_edited_whole_and_moved_to_another_poliza(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1)))
    form = client.get(f"{url}filas/2/", headers={"HX-Request": "true", "X-Columnas": "cuenta,cargo"})
    assert 'name="c_cuenta"' in form.content.decode() and 'name="c_abono"' not in form.content.decode()
    moved = client.post(f"{url}filas/2/", {"c_poliza_tmp": "P-9"}, headers={"HX-Request": "true"})
    assert moved.headers["HX-Refresh"] == "true"


def test_strangers_see_and_touch_nothing(scene: Any, enter: Any) -> None:
    url = load(enter(scene.alicia), scene, csv_of(*rows_of(scene, 1)))
    rival = enter(scene.carla)
    for address in (url, f"{url}errores.csv", f"{url}cuentas/", f"{url}filas/2/"):
        assert rival.get(address).status_code == 403
        assert enter(scene.dario).get(address).status_code == 403
    assert rival.post(url, {"accion": "aplicar"}).status_code == 403
    assert rival.post(f"{url}filas/2/", {"c_cargo": "1"}).status_code == 403
    assert upload(rival, scene, csv_of(*rows_of(scene, 5))).status_code == 403
    assert rival.get(f"{PAGE}{scene.ajenos.pk}/{url.split('/')[-2]}/").status_code == 404
    assert "P-001" not in rival.get(PAGE).content.decode()


def test_a_bad_file_is_told_and_leaves_no_lot(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    for data, name, words in (
        (b"MZ\x90\x00 programa", "polizas.xlsx", "es un programa"),
        (b"", "vacio.csv", "vac"),
        (b"PK\x03\x04 a medias", "polizas.xlsx", "a medias"),
    ):
        answer = upload(client, scene, data, name)
        assert answer.status_code == 422 and words in answer.content.decode(), name
    read = client.get(upload(client, scene, b"otra,cosa\n1,2\n", "otra.csv").url).content.decode()
    assert "No se cargó nada" in read and "Faltan las columnas" in read and f'href="{PAGE}"' in read
    assert "/seguir/" not in read
    with everything():
        assert not Lote.objects.exists()


def test_a_lot_kept_and_not_read_is_read_when_asked(scene: Any, enter: Any) -> None:
    with everything():
        got = keep_lote(scene.libros, "polizas", ("p.csv", [csv_of(*rows_of(scene, 1))]), scene.alicia)
    client, url = enter(scene.alicia), f"{PAGE}{scene.libros.pk}/{got.lote.pk}/"
    page = client.get(url).content.decode()
    assert "todavía no se lee" in page and 'value="aplicar"' not in page
    assert "P-001" in client.post(url, {"accion": "leer"}, follow=True).content.decode()


def test_a_lot_in_work_is_not_edited_until_it_ends(scene: Any, enter: Any, settings: Any) -> None:
    client = enter(scene.alicia)
    url = load(client, scene, csv_of(*rows_of(scene, 1)))
    settings.TRABAJOS_EN_LINEA = False
    asked = [client.post(url, {"accion": "aplicar"}) for _press in range(2)]
    assert asked[0].url == asked[1].url
    page = client.get(url).content.decode()
    assert asked[0].url in page and 'value="aplicar"' not in page
    for act in ({"accion": "descartar"}, {"accion": "todas"}):
        assert "tiene un trabajo en curso" in client.post(url, act, follow=True).content.decode()
    client.post(f"{url}filas/2/", {"c_cargo": "9.00"})
    with everything():
        lote = Lote.objects.get()
        assert lote.estado == "revisado" and lote.filas.get(fila=2).celdas["cargo"] == "100.00"
    with everything():
        run_pieces(int(asked[0].url.split("/")[2]))
        assert lote.polizas.count() == 1


def test_every_template_opens_and_carries_its_example(scene: Any, enter: Any) -> None:
    client = enter(scene.bruno)
    for kind, declared in load_kinds("mx").items():
        book = load_workbook(io.BytesIO(client.get(f"{PAGE}plantillas/{kind}.xlsx").content))
        rows = [[cell or "" for cell in row] for row in book[kind[:31]].iter_rows(values_only=True)]
        assert tuple(rows[0]) == declared.nombres
        assert [tuple(row) for row in rows[1:]] == list(declared.ejemplos)
        text = client.get(f"{PAGE}plantillas/{kind}.csv").content.decode("utf-8-sig")
        assert text.splitlines()[0] == ",".join(declared.nombres)
    assert client.get(f"{PAGE}plantillas/casas.pdf").status_code == 404


def test_keys_are_shown_once_and_revoked(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    page = client.post(f"{PAGE}claves/", {"nombre": "Contpaq de la oficina", "alcance": "registro"}, follow=True)
    [text] = set(re.findall(r"sif_[\w-]{43}", page.content.decode()))
    assert page.headers["Cache-Control"] == "no-store"
    assert text not in client.get(f"{PAGE}claves/").content.decode()
    key = ClaveApi.objects.get()
    assert text not in str(vars(key))
    assert enter(scene.carla).post(f"{PAGE}claves/", {"revocar": str(key.pk)}).status_code == 404
    client.post(f"{PAGE}claves/", {"revocar": str(key.pk)})
    client.post(f"{PAGE}claves/", {"revocar": str(key.pk)})  # twice is once
    [act] = RevocacionClave.objects.all()
    assert (act.clave_id, act.motivo, act.revocada_por) == (key.pk, "persona", scene.alicia)
    assert "Revocada" in client.get(f"{PAGE}claves/").content.decode()


def test_accounts_of_another_program_are_said_once(scene: Any, enter: Any) -> None:
    from batch.lots import sat_polizas

    client, day = enter(scene.alicia), scene.periodos[0].hasta
    data = sat_polizas(
        scene.partido.rfc, day, [("601-01", "Volantes", "100.00", "0.00"), (PAYABLE, "Prov", "0", "100.00")]
    )
    file = io.BytesIO(data)
    file.name = "polizas.xml"
    answer = client.post(f"{PAGE}contabilidad-electronica/", {"contabilidad": scene.libros.pk, "archivo": file})
    url = arrive(client, answer)
    page = client.get(f"{url}cuentas/").content.decode()
    assert "601-01" in page
    with everything():
        asked = EquivalenciaCuenta.objects.get(externa="601-01")
    assert client.post(f"{url}cuentas/", {f"cuenta_{asked.pk}": "9-9-99-99-9999"}).status_code == 422
    said = client.post(f"{url}cuentas/", {f"cuenta_{asked.pk}": LEAFLETS}, follow=True).content.decode()
    assert "Se guardaron las equivalencias" in said
    assert "Se registró 1 póliza." in client.post(url, {"accion": "aplicar"}, follow=True).content.decode()


def test_rows_and_things_are_counted_as_they_are_read(scene: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "STEP", 2)
    read, posted = list[int](), list[int]()
    with everything():
        data = csv_of(*rows_of(scene, 1), *rows_of(scene, 2), *rows_of(scene, 3))
        got = receive_lote(scene.libros, "polizas", ("p.csv", [data]), scene.alicia, progress=read.append)
        apply_lote(got.lote, scene.alicia, progress=posted.append)
    assert (read, posted) == ([2, 4, 6], [3])
