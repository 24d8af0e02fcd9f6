"""What a page waits for files from outside: real hostile files, and honest ones on a machine that is slow."""

import io
from secrets import randbelow
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import Workbook

from books.test_uploads import PDF
from config.settings import PAGINA_ESPERA_S
from sandbox import hostile
from sif.banks.models import EstadoDeCuenta
from sif.banks.write import CSV_HEAD
from sif.books.services import Handed, attach_evidencia, store_file
from sif.jobs.models import Trabajo
from sif.jobs.openings import MOST, OPEN
from sif.jobs.running import run_pieces
from sif.registry.scope import everything
from sif.web.trabajos.aperturas import came_from
from web.test_party_bancos import upload
from web.test_party_bancos_archivos import two

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def own(data: bytes) -> bytes:
    """The same PDF with an end of its own: what was answered of other bytes in another test is kept."""
    return data + b"\n%" + uuid4().hex.encode()


@pytest.fixture
def queue(settings: Any) -> None:
    """Jobs wait for a worker, as they do where pages are served."""
    settings.TRABAJOS_EN_LINEA = False


def hurry(settings: Any, seconds: float = 0.0) -> None:
    """Let no file be open in time, as on a slow machine, or let pages wait as they do."""
    settings.PAGINA_ESPERA_S = seconds


def work() -> Trabajo:
    """What a worker does of the one job that waits."""
    (waits,) = Trabajo.objects.filter(estado="en_cola")
    with everything():
        run_pieces(waits.pk)
    waits.refresh_from_db()
    assert waits.estado == "hecho", waits.problemas
    return waits


def book() -> bytes:
    stream, made = io.BytesIO(), Workbook()
    for row in (
        CSV_HEAD,
        ("2024-04-30", "DEPOSITO", "", None, 5000, 5000),
        ("2024-04-30", "COMISION", "", 58, None, 4942),
    ):
        made.active.append(row)
    made.save(stream)
    return stream.getvalue()


def piece_of(scene: Any, data: bytes) -> Any:
    poliza = scene.post(scene.expense("1,500.25"))
    with everything():
        kept = store_file(data, Handed(scene.libros, scene.alicia))
        return attach_evidencia(poliza, "muestra", "plano.pdf", kept, scene.alicia)


def test_a_hostile_statement_leaves_the_page_in_its_seconds_and_is_refused_by_its_job(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings, PAGINA_ESPERA_S)
    client = enter(scene.alicia)
    columns = upload(client, scene, "abril.xlsx", hostile.many_shared_runs(3_000_000 + randbelow(9_999)))["Location"]
    followed = client.get(columns)
    assert followed["Location"].startswith("/trabajos/")
    done = work()
    assert (done.tipo, done.estado) == (OPEN, "hecho")
    page = client.get(followed["Location"], follow=True)
    assert page.redirect_chain[0][0] == columns
    assert page.status_code == 422 and "archivo" in page.text and not Trabajo.objects.filter(estado="en_cola")
    with everything():
        assert not EstadoDeCuenta.objects.exists()


def test_an_honest_statement_enters_by_jobs_on_a_slow_machine(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings)
    client = enter(scene.alicia)
    columns = upload(client, scene, "abril.xlsx", book())["Location"]
    for _each in ("its format", "its columns"):
        assert client.get(columns)["Location"].startswith("/trabajos/")
        assert work().estado == "hecho"
    assert "Depósitos" in client.get(columns).text
    typed = {
        "fecha": "Fecha",
        "cargo": "Retiros",
        "abono": "Depósitos",
        "saldo": "Saldo",
        "formato_fecha": "%Y-%m-%d",
        "decimal": ".",
    }
    assert client.post(columns, typed)["Location"].startswith("/trabajos/")
    assert work().tipo == "estado_cargar"
    with everything():
        assert EstadoDeCuenta.objects.get().lineas_nuevas == 2


def test_an_account_of_several_is_chosen_and_loaded_by_jobs_on_a_slow_machine(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings)
    client = enter(scene.alicia)
    data = two(scene).replace(b"SPEI", uuid4().hex[:8].encode())
    columns = upload(client, scene, "varias.sta", data)["Location"]
    assert client.get(columns)["Location"].startswith("/trabajos/")  # what it is
    work()
    accounts = client.get(columns)["Location"]
    assert client.get(accounts)["Location"].startswith("/trabajos/")  # which accounts it has
    work()
    page = client.get(accounts)
    assert [row.celdas["movimientos"] for row in page.context["tabla"].filas] == [2, 1]
    assert client.post(accounts, {"elegida": f"{scene.banco.clabe} MXN"})["Location"].startswith("/trabajos/")
    assert work().tipo == "estado_cargar"
    with everything():
        assert EstadoDeCuenta.objects.get().lineas_nuevas == 2


def test_a_hostile_drawing_leaves_the_page_in_its_seconds(scene: Any, enter: Any, settings: Any, queue: None) -> None:
    data = own(hostile.nested_pdf())
    piece = piece_of(scene, data)
    hurry(settings, 0.2)  # a quick machine refuses it in one second
    client, place = enter(scene.alicia), [scene.libros.pk, piece.pk]
    drawing = reverse("party:evidencia_png", args=[*place, 1])
    waits = client.get(drawing)
    assert (waits.status_code, waits["Retry-After"], waits["Cache-Control"]) == (202, "2", "no-store, private")
    assert "Se está preparando la vista previa" in client.get(drawing, headers=HX).text
    assert client.get(f"{drawing}?espera=1", headers=HX).status_code == 204
    assert Trabajo.objects.count() == 1
    assert work().estado == "hecho"
    told = client.get(f"{drawing}?espera=1", headers=HX)
    assert "Se está preparando" not in told.text and "de la que se concede a un archivo" in told.text
    assert client.get(drawing).status_code == 404
    assert client.get(reverse("party:evidencia", args=place)).content == data


def test_an_honest_drawing_is_seen_once_it_is_prepared_and_no_browser_keeps_it(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    piece = piece_of(scene, own(PDF))
    client, place = enter(scene.alicia), [scene.libros.pk, piece.pk]
    hurry(settings)
    sheet = reverse("party:evidencia_ver", args=place)
    assert client.get(sheet)["Location"].startswith("/trabajos/")  # how many pages it has
    work()
    drawing = reverse("party:evidencia_png", args=[*place, 1])
    assert f'hx-get="{drawing}" hx-trigger="error"' in client.get(sheet).text
    assert client.get(drawing).status_code == 202
    work()
    seen = client.get(f"{drawing}?espera=1", headers=HX).text
    assert f'<img class="preview" src="{drawing}" alt="Página 1 de plano.pdf">' in seen
    image = client.get(drawing)
    assert image.content.startswith(b"\x89PNG") and image["Cache-Control"] == "no-store, private"


def test_a_drawing_that_its_job_could_not_make_says_why_and_is_tried_again_when_asked(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    piece = piece_of(scene, own(PDF))
    client, drawing = enter(scene.alicia), reverse("party:evidencia_png", args=[scene.libros.pk, piece.pk, 1])
    hurry(settings)
    client.get(drawing)
    Trabajo.objects.update(
        estado="fallido",
        terminado_el="2024-05-01T00:00Z",
        problemas=[{"codigo": "x", "donde": "archivo", "mensaje": "No terminó.", "cura": "Espere."}],
    )
    assert "No terminó. Espere." in client.get(drawing, headers=HX).text
    assert client.get(drawing).status_code == 202
    assert Trabajo.objects.filter(estado="en_cola").count() == 1


def test_invoices_that_take_long_to_read_are_received_by_their_job(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings)
    client = enter(scene.alicia)
    sent = {"contabilidad": scene.libros.pk, "archivos": SimpleUploadedFile("a.xml", f"<a{uuid4().hex}/>".encode())}
    assert client.post("/partido/cfdi/", sent)["Location"].startswith("/trabajos/")
    done = work()
    assert (done.tipo, done.estado, done.resultado["recibidos"]) == ("cfdi_recibir", "hecho", 1)


def test_a_form_whose_file_takes_long_is_sent_again_and_enters(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings)
    client, page = enter(scene.alicia), "/partido/lotes/contabilidad-electronica/"
    data = f"<a{uuid4().hex}/>".encode()

    def send() -> Any:
        sent = {"contabilidad": scene.libros.pk, "archivo": SimpleUploadedFile("a.xml", data)}
        return client.post(page, sent, headers={"Referer": f"http://testserver{page}?x=1"})

    followed = send()["Location"]
    work()
    back = client.get(followed, follow=True)
    assert back.redirect_chain == [(f"{page}?x=1", 302)]
    assert "Elíjalo otra vez" in back.text
    assert send().status_code == 422  # what the file is refused for


def test_another_persons_opening_is_not_followed(scene: Any, enter: Any, settings: Any, queue: None) -> None:
    piece = piece_of(scene, own(PDF))
    hurry(settings)
    drawing = reverse("party:evidencia_png", args=[scene.libros.pk, piece.pk, 1])
    assert enter(scene.alicia).get(drawing).status_code == 202
    assert enter(scene.carla).get(drawing).status_code in (403, 404)
    (asked,) = Trabajo.objects.all()
    assert enter(scene.carla).get(f"/trabajos/{asked.pk}/").status_code == 404


def test_who_waits_for_as_many_files_as_one_may_is_led_to_them(
    scene: Any, enter: Any, settings: Any, queue: None
) -> None:
    hurry(settings)
    client, page = enter(scene.alicia), "/partido/lotes/contabilidad-electronica/"
    drawing = reverse("party:evidencia_png", args=[scene.libros.pk, piece_of(scene, own(PDF)).pk, 1])

    def send(**headers: str) -> Any:
        sent = {"contabilidad": scene.libros.pk, "archivo": SimpleUploadedFile("a.xml", f"<a{uuid4().hex}/>".encode())}
        return client.post(page, sent, headers=headers)

    for _each in range(MOST):
        assert "ir=1" in send()["Location"]
    assert send()["Location"] == "/trabajos/"
    assert send(**HX)["HX-Redirect"] == "/trabajos/"
    assert "Usted tiene 8 trabajos en espera o en curso" in client.get("/trabajos/").text
    assert client.get(drawing).status_code == 202
    assert Trabajo.objects.filter(tipo=OPEN).count() == MOST


def test_a_page_named_by_two_slashes_leads_to_no_other_site() -> None:
    request = RequestFactory().get("/x/", headers={"Referer": "http://testserver//ajeno.example/y?z=1"})
    assert came_from(request) == "/%2Fajeno.example/y?z=1"
