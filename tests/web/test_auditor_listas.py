"""Lists of the authority on the pages: what there is and is missing, a file in whole or not at all, and out again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from flat import flat
from sif.audit.tables_tasks import LOAD, MOST_BYTES
from sif.catalogs.models import CargaDeTabla, RenglonDeTabla
from sif.jobs.models import Trabajo
from sif.registry.scope import everything
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
PRICES = 'zona,articulo,unidad,cfdi_id,linea,valor_unitario,desde,hasta\nMEX,lona,H87,,,"1,250.50",2024-01-01,\n'


@pytest.fixture
def dario(review: Scene, enter: Enter) -> Client:
    return enter(review.world.dario)


def send(client: Client, nombre: str, text: str, al: str = "2024-05-20", **more: Any) -> Any:
    file = SimpleUploadedFile("lista.csv", text.encode())
    return client.post(reverse("auditor:lista", args=[nombre]), {"al": al, "archivo": file}, **more)


def loaded() -> list[CargaDeTabla]:
    """What was loaded, in order."""
    with everything():
        return list(CargaDeTabla.objects.order_by("pk"))


def visits(review: Scene) -> str:
    head = "contabilidad_id,fecha,evento_id,con_gasto,acta\n"
    return head + f"{review.world.contabilidades[0].pk},12/04/2024,,sí,AC-1\n"


def test_each_page_works_and_refuses_a_stranger(review: Scene, enter: Enter) -> None:
    send(enter(review.world.dario), "visitas", visits(review))
    (kept,) = loaded()
    addresses = [
        reverse("auditor:listas"),
        reverse("auditor:lista", args=["visitas"]),
        reverse("auditor:lista_plantilla", args=["visitas"]),
        reverse("auditor:lista_csv", args=["visitas", kept.pk]),
    ]
    assert "AC-1" in enter(review.world.dario).get(addresses[1]).text  # a withheld list, to the authority
    for address in addresses:
        assert enter(review.world.dario).get(address).status_code == 200
        assert "/cuenta/login/" in Client().get(address)["Location"]
        for stranger in (review.world.alicia, review.world.consejo[0]):
            assert enter(stranger).get(address).status_code == 403
    for stranger in (review.world.alicia, review.world.consejo[0]):
        assert send(enter(stranger), "visitas", visits(review)).status_code == 403
    assert len(loaded()) == 1


def test_what_is_missing_is_said_and_what_is_loaded_is_shown(review: Scene, dario: Client) -> None:
    page = dario.get(reverse("auditor:listas")).text
    assert "sus reglas dicen «no aplica»" in page
    before = page.count("No se ha cargado")
    told = send(dario, "matriz_precios", PRICES, follow=True).text
    assert "Quedó cargada: 1 renglón." in told
    assert "1250.50" in told
    assert "20 may 2024" in told
    assert dario.get(reverse("auditor:listas")).text.count("No se ha cargado") == before - 1


def test_a_list_comes_out_as_a_file_that_goes_in_again(review: Scene, dario: Client) -> None:
    send(dario, "matriz_precios", PRICES)
    (first,) = loaded()
    file = dario.get(reverse("auditor:lista_csv", args=["matriz_precios", first.pk])).content.decode("utf-8-sig")
    assert file.splitlines()[1].endswith(",MEX,lona,H87,,,1250.50,2024-01-01,")
    send(dario, "matriz_precios", file, al="2024-05-21")
    _, again = loaded()
    with everything():
        rows = [list(each.filas.values_list("numero", "valores")) for each in (first, again)]
    assert rows[0] == rows[1]
    empty = dario.get(reverse("auditor:lista_plantilla", args=["matriz_precios"])).content.decode("utf-8-sig")
    assert empty.strip() == file.splitlines()[0]


def test_twice_is_the_same_as_once(review: Scene, dario: Client) -> None:
    for _ in range(2):
        assert send(dario, "matriz_precios", PRICES).status_code == 302
    assert len(loaded()) == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"al": "2024-05-20"}, "No eligió un archivo."),
        ({"al": "", "archivo": PRICES}, "Falta el día."),
        ({"al": "ayer", "archivo": PRICES}, "Falta el día."),
        ({"al": "2024-06-12", "archivo": PRICES}, "El 12/06/2024 no ha llegado."),
        ({"al": "2024-05-20", "archivo": PRICES.replace("1,250.50", "mucho")}, "fila 2, valor_unitario"),
        ({"al": "2024-05-20", "archivo": "zona\nMEX\n"}, "Faltan columnas"),
        ({"al": "2024-05-20", "archivo": "x" * 2**10}, "Sobran columnas"),
    ],
)
def test_a_list_that_is_not_understood_says_where_and_nothing_is_kept(
    review: Scene, dario: Client, sent: dict[str, Any], says: str
) -> None:
    if "archivo" in sent:
        sent = {**sent, "archivo": SimpleUploadedFile("lista.csv", sent["archivo"].encode())}
    answer = dario.post(reverse("auditor:lista", args=["matriz_precios"]), sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert "No se cargó nada" in answer.text
    assert not loaded()


def test_a_file_too_big_for_the_page_is_sent_to_the_command(
    review: Scene, dario: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.web.auditor.listas.listas.MOST_BYTES", 10)
    assert "sif tablas cargar" in send(dario, "matriz_precios", PRICES).text


def many_visits(review: Scene, last: str = "") -> str:
    """A list of visits that a request does not load."""
    books = review.world.contabilidades[0].pk
    rows = "".join(f"{books},12/04/2024,,sí,Acta número {n:>40}\n" for n in range(MOST_BYTES // 60))
    return visits(review) + rows + last


def test_a_long_list_is_loaded_by_a_job_and_its_page_says_how_many(review: Scene, dario: Client) -> None:
    text = many_visits(review)
    assert len(text.encode()) > MOST_BYTES
    for _ in range(2):
        done = send(dario, "visitas", text, follow=True)
    assert f"Quedó cargada: {text.count('\n') - 1:,} renglones." in done.text
    (carga,) = loaded()
    assert (carga.renglones, carga.archivo, carga.cargada_por) == (
        text.count("\n") - 1,
        "lista.csv",
        review.world.dario,
    )
    assert not RenglonDeTabla.objects.exclude(carga=carga, secreta=True).exists()
    assert {trabajo.tipo for trabajo in Trabajo.objects.filter(persona=review.world.dario)} == {LOAD}
    assert done.redirect_chain[-1][0] == reverse("auditor:lista", args=["visitas"])


def test_a_long_list_that_is_not_understood_says_where_on_the_page_of_its_job(review: Scene, dario: Client) -> None:
    text = many_visits(review, "ayer,no,,quizá,AC\n")
    done = send(dario, "visitas", text, follow=True).text
    assert f"fila {text.count('\n')}, fecha" in done and "No se cargó nada" in done
    assert not loaded()


def test_a_list_that_a_request_loads_asks_for_no_job(review: Scene, dario: Client) -> None:
    send(dario, "matriz_precios", PRICES)
    assert loaded() and not Trabajo.objects.filter(tipo=LOAD).exists()


def test_a_list_of_another_stage_or_name_is_not_there(review: Scene, dario: Client) -> None:
    send(dario, "visitas", visits(review))
    (kept,) = loaded()
    assert dario.get(reverse("auditor:lista", args=["nada"])).status_code == 404
    assert dario.get(reverse("auditor:lista_csv", args=["matriz_precios", kept.pk])).status_code == 404


SAT = (
    "Información actualizada al 18 de mayo de 2021,,,,\nNo,RFC,Nombre del Contribuyente,Situación del contribuyente,"
    "Publicación página SAT presuntos,Publicación página SAT definitivos\n1,AAA080808HL8,UNO,Presunto,01/02/2016,\n"
    "2,AAA080808HL8,UNO,Definitivo,01/02/2016,01/06/2016\n3,XXXXXXXXXXXX,OTRO,Presunto,01/02/2016,\n"
)


def send_69b(client: Client, text: str, **more: Any) -> Any:
    file = SimpleUploadedFile("69b.csv", text.encode("latin-1"))
    return client.post(reverse("auditor:lista_69b"), {"archivo": file, **more}, follow=True)


def test_the_list_of_69b_comes_in_as_sat_publishes_it_and_answers(review: Scene, dario: Client, enter: Enter) -> None:
    page = reverse("auditor:lista_69b")
    assert page in dario.get(reverse("auditor:listas")).text
    assert "No se ha cargado ninguna lista" in dario.get(page, {"rfc": "AAA080808HL8"}).text
    done = send_69b(dario, SAT)
    assert "Quedó cargada: 3 renglones, 1 contribuyentes, 1 renglones repetidos y 1 fuera." in done.text
    done = dario.get(page)
    assert "El SAT tachó el RFC" in done.text
    typed = "_buscar=1&rfc=aaa080808hl8&al="
    answer = dario.post(page, typed, content_type="application/x-www-form-urlencoded", follow=True)
    answer = flat(answer.text)
    assert '<strong>Definitivo</strong> desde el <time datetime="2016-06-01">' in answer
    assert "Presunto" in answer
    then = dario.get(page, {"rfc": "AAA080808HL8", "al": "01/03/2016"}).text
    assert '<strong>Presunto</strong> desde el <time datetime="2016-02-01">' in flat(then)
    assert "no estaba en la lista" in dario.get(page, {"rfc": "BBB080808HL8"}).text
    assert "Eso no es un RFC." in dario.get(page, {"rfc": "nadie"}).text
    shown = dario.get(reverse("auditor:listas")).text
    assert "18 may 2021" in shown
    refused = send_69b(dario, SAT.replace("01/06/2016", "junio").replace("18 de mayo", "19 de mayo"))
    assert "fila 4, Publicación página SAT definitivos" in refused.text
    assert dario.post(page, {}).status_code == 422
    assert enter(review.world.alicia).get(page).status_code == 403
    assert send_69b(enter(review.world.alicia), SAT).status_code == 403
    assert "/cuenta/login/" in Client().get(page)["Location"]


def test_a_list_too_large_for_a_page_says_how_it_is_loaded(dario: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.web.auditor.listas.lista_69b.MOST_BYTES", 10)
    assert "sif listas cargar 69b" in send_69b(dario, SAT).text
