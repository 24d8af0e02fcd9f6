"""The inbox on the page: views by what was checked, many accepted at once, some set aside, never anybody else's."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from flat import flat
from sif.books import tasks
from sif.books.models import Poliza, Recepcion
from sif.books.services import set_aside
from sif.cfdi.write import Contribuyente, Linea
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.selectors import windows_open
from sif.values import Money
from sif.web.party.cfdi import inbox_list, invoice_sheet
from sif.web.places import place_words
from web.test_largos import leave

FOLIO = "7C1E90B4-3F0A-4D52-9B17-{:012X}"


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    """Alicia, with three invoices in her inbox: two sound and one for nobody's account."""
    client = enter(scene.alicia)
    files = [SimpleUploadedFile(f"{n}.xml", scene.invoice(FOLIO.format(n), f"{n},000.00")) for n in (1, 2)]
    files.append(SimpleUploadedFile("3.xml", scene.invoice(FOLIO.format(3), "3,000.00", books=999_999)))
    page = client.post(reverse("party:cfdi"), {"contabilidad": scene.libros.pk, "archivos": files})
    assert page.status_code == 200
    return client


def test_what_no_longer_waits_is_paged_added_up_and_written_whole(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with everything():
        rows = list(Recepcion.objects.order_by("-recibida_el", "-pk"))
        set_aside(rows, "No es nuestra", scene.alicia)
    monkeypatch.setattr(inbox_list, "MOST", 1)
    address, folios = reverse("party:cfdi"), [row.comprobante.uuid for row in rows]
    page = alicia.get(address, {"vista": "apartados"}).text
    assert "Suma de 3 comprobantes" in page and all(folio in page for folio in folios)
    lines = alicia.get(address, {"vista": "apartados", "formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[3] for line in lines[1:]] == folios
    failing = alicia.get(address, {"vista": "apartados", "comprobacion": "sello"})
    assert failing.context["bandeja"].page.total == 0
    assert alicia.get(address).context["bandeja"].counts["apartados"] == 3


def _waiting() -> dict[str, Recepcion]:
    with everything():
        rows = Recepcion.objects.select_related("comprobante")
        return {row.comprobante.uuid[-1]: row for row in rows}


def _polizas(scene: Any) -> int:
    with everything():
        return Poliza.objects.filter(contabilidad=scene.libros).count()


@pytest.mark.parametrize("forged_first", [True, False])
def test_a_forged_xml_of_a_rival_keeps_no_folio_of_mine(scene: Any, enter: Any, forged_first: bool) -> None:
    folio, address = FOLIO.format(9), reverse("party:cfdi")
    drops = [
        (scene.carla, scene.ajenos, scene.invoice(folio, "7.00", books=scene.ajenos.pk)),
        (scene.alicia, scene.libros, scene.invoice(folio, "9,000.00")),
    ]
    for person, books, data in drops if forged_first else reversed(drops):
        sent = {"contabilidad": books.pk, "archivos": [SimpleUploadedFile("f.xml", data)]}
        page = enter(person).post(address, sent)
        assert page.status_code == 200
        assert "otro XML" not in page.text
    alicia = enter(scene.alicia)
    mine = alicia.get(address).text
    assert "9,000.00" in mine
    assert "No hay comprobantes" not in mine
    row = next(each for each in _all_received(folio) if each.contabilidad_id == scene.libros.pk)
    sheet = alicia.get(reverse("party:cfdi_ficha", args=[scene.libros.pk, row.pk])).text
    assert "9,000.00" in sheet
    before = _polizas(scene)
    answer = alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [row.pk]})
    assert (answer.status_code, _polizas(scene)) == (302, before + 1)
    theirs = enter(scene.carla).get(address).text
    assert "7.00" in theirs
    assert "9,000.00" not in theirs


def _all_received(folio: str) -> list[Recepcion]:
    with everything():
        return list(Recepcion.objects.filter(comprobante__uuid=folio))


def test_each_view_has_its_own_and_says_what_was_seen(alicia: Client) -> None:
    page = alicia.get(reverse("party:cfdi")).text
    assert "El complemento nombra la contabilidad 999999" in page
    assert "Suma de 3 comprobantes" in page
    refused = alicia.get(reverse("party:cfdi"), {"vista": "rechazados"}).text
    assert "Suma de 1 comprobante" in refused
    assert "3,000.00" in refused
    assert "1,000.00" not in refused
    narrowed = alicia.get(reverse("party:cfdi"), {"comprobacion": "complemento"}).text
    assert "Suma de 1 comprobante" in narrowed


def test_an_inbox_too_long_says_how_many_it_did_not_check(alicia: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.web.party.cfdi.inbox_list.MOST", 2)
    monkeypatch.setattr("sif.web.party.cfdi.inbox_acts.MOST", 2)
    page = alicia.get(reverse("party:cfdi")).text
    assert "Se comprueban los 2 recibidos al último; espera 1 más." in page
    assert "Suma de 2 comprobantes" in page
    day = next(iter(_waiting().values())).comprobante.fecha.date()
    narrowed = alicia.get(reverse("party:cfdi"), {"hasta": f"{day - timedelta(days=1):%Y-%m-%d}"}).text
    assert "Se comprueban" not in narrowed
    assert "No hay comprobantes en esta vista." in narrowed
    assert (
        "Suma de 2" in alicia.get(reverse("party:cfdi"), {"hasta": f"{day:%Y-%m-%d}", "desde": f"{day:%Y-%m-%d}"}).text
    )


def test_the_chosen_are_posted_together_or_not_at_all(scene: Any, alicia: Client) -> None:
    rows, address = _waiting(), reverse("party:cfdi_decidir")
    before = _polizas(scene)
    answer = alicia.post(address, {"decision": "registrar", "elegir": [rows["1"].pk, rows["2"].pk]})
    assert answer.status_code == 302
    assert _polizas(scene) == before + 2
    again = alicia.post(address, {"decision": "registrar", "elegir": [rows["1"].pk]})
    assert again.status_code == 422
    assert "alguien lo registró" in again.text
    assert _polizas(scene) == before + 2
    done = alicia.get(reverse("party:cfdi"), {"vista": "registrados"}).text
    assert "Suma de 2 comprobantes" in done
    assert "PN1/DR-" in done


def test_nothing_chosen_or_no_reason_is_said_and_nothing_is_done(alicia: Client) -> None:
    address = reverse("party:cfdi_decidir")
    assert "No eligió ningún comprobante" in alicia.post(address, {"decision": "registrar"}).text
    row = _waiting()["3"]
    assert "Falta el motivo" in alicia.post(address, {"decision": "apartar", "elegir": [row.pk]}).text
    assert _waiting()["3"].descartada_el is None


def test_one_set_aside_is_seen_there_and_comes_back(alicia: Client) -> None:
    address, row = reverse("party:cfdi_decidir"), _waiting()["3"]
    alicia.post(address, {"decision": "apartar", "elegir": [row.pk], "motivo": "Es de otra campaña"})
    assert "Es de otra campaña" in alicia.get(reverse("party:cfdi"), {"vista": "apartados"}).text
    alicia.post(address, {"decision": "devolver", "elegir": [row.pk]})
    assert _waiting()["3"].descartada_el is None


def test_the_file_is_of_the_view(alicia: Client) -> None:
    text = alicia.get(reverse("party:cfdi"), {"vista": "rechazados", "formato": "csv"}).content.decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "3000.00" in text


def test_one_invoice_tells_each_of_its_seven_checks(scene: Any, alicia: Client) -> None:
    row = _waiting()["3"]
    page = alicia.get(reverse("party:cfdi_ficha", args=[scene.libros.pk, row.pk]))
    assert [
        page.text.count(f">{name}") > 0
        for name in ("Sello", "Vigencia en el SAT", "Receptor", "Complemento INE", "Folio único", "Lista 69-B", "Fecha")
    ] == [True] * 7
    assert "El complemento nombra la contabilidad 999999" in page.text
    assert (page.text.count("No pasa"), page.text.count("No se sabe")) == (1, 2)  # no list loaded, SAT not asked
    assert "Volantes de campaña, tiro de 10,000" in page.text
    assert "Abrir su propuesta" in page.text
    alicia.post(reverse("party:cfdi_decidir"), {"decision": "apartar", "elegir": [row.pk], "motivo": "Es de otra"})
    aside = alicia.get(reverse("party:cfdi_ficha", args=[scene.libros.pk, row.pk])).text
    assert "Es de otra" in aside
    assert "Abrir su propuesta" not in aside
    good = _waiting()["1"]
    alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [good.pk]})
    done = alicia.get(reverse("party:cfdi_ficha", args=[scene.libros.pk, good.pk])).text
    assert "PN1/DR-" in done
    assert "Abrir su propuesta" not in done


def test_a_stranger_sees_no_invoice(scene: Any, enter: Any, alicia: Client) -> None:
    address = reverse("party:cfdi_ficha", args=[scene.libros.pk, _waiting()["1"].pk])
    assert enter(scene.carla).get(address).status_code == 403
    assert enter(scene.dario).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert alicia.post(address).status_code == 405
    elsewhere = reverse("party:cfdi_ficha", args=[scene.otros.pk, _waiting()["1"].pk])
    assert alicia.get(elsewhere).status_code == 404


def test_a_stranger_decides_nothing(scene: Any, enter: Any, alicia: Client) -> None:
    rows, address = _waiting(), reverse("party:cfdi_decidir")
    answer = enter(scene.carla).post(address, {"decision": "registrar", "elegir": [rows["1"].pk]})
    assert answer.status_code == 422
    assert enter(scene.dario).post(address, {"decision": "registrar"}).status_code == 403
    assert Client().post(address).status_code == 302
    assert enter(scene.alicia).get(address).status_code == 405


def _drop(client: Client, scene: Any, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("party:cfdi"), {"contabilidad": scene.libros.pk, "archivos": sent})


def test_many_invoices_are_received_by_a_job_that_tells_what_a_request_would(
    scene: Any, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(f"{n}.xml", scene.invoice(FOLIO.format(n), f"{n},000.00")) for n in (1, 2)]
    files += [("3.xml", scene.invoice(FOLIO.format(3), "3,000.00", books=999_999)), ("4.xml", b"<roto")]
    most = sum(len(data) for _name, data in files)
    monkeypatch.setattr(tasks, "MOST_BYTES", most)
    client = enter(scene.alicia)
    told = _drop(client, scene, *files)
    assert told.status_code == 200
    monkeypatch.setattr(tasks, "MOST_BYTES", most - 1)
    answer = _drop(client, scene, *files)
    page = client.get(answer["Location"], follow=True)
    for words in ("4 comprobantes leídos", "nombra la contabilidad 999999", "No entró a la bandeja.", "4.xml"):
        assert words in told.text and words in page.text
    assert page.redirect_chain[-1][0].startswith("/partido/cfdi/?recibido=") and "recibido=" not in page.text
    with everything():
        assert Recepcion.objects.count() == 3


def test_what_a_job_received_is_told_to_who_asked_while_the_books_are(
    scene: Any, enter: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(tasks, "MOST_BYTES", 0)
    client = enter(scene.alicia)
    page = client.get(_drop(client, scene, ("roto.xml", b"<roto"))["Location"], follow=True)
    address = page.redirect_chain[-1][0]
    assert "roto.xml" in client.get(address).text
    for person in (scene.carla, scene.bruno):  # one of another party, one of the same books
        assert "roto.xml" not in enter(person).get(address).text
    assert "roto.xml" not in client.get("/partido/cfdi/?recibido=99999999").text
    for path in (tmp_path / "trabajos").iterdir():
        path.unlink()
    assert "roto.xml" not in client.get(address).text
    assert _drop(enter(scene.carla), scene, ("x.xml", b"<x")).status_code == 403


def test_what_suggests_no_account_is_not_ready(scene: Any, alicia: Client) -> None:
    advice = (Linea("Asesoría jurídica", 1000, Money.parse("8,765.00"), "80121600", iva_pb=0),)
    _drop(alicia, scene, ("asesoria.xml", scene.invoice(FOLIO.format(7), lineas=advice)))
    address = reverse("party:cfdi")
    assert "8,765.00" not in alicia.get(address, {"vista": "listos"}).text
    warned = alicia.get(address, {"vista": "avisos"}).text
    assert "8,765.00" in warned and "falta que elija la cuenta" in warned
    before = _polizas(scene)
    done = alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "alcance": "listos"}, follow=True)
    assert "2 pólizas registradas." in done.text and _polizas(scene) == before + 2


def test_only_the_first_of_many_wrong_files_are_told(scene: Any, enter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "TOLD", 1)
    client = enter(scene.alicia)
    page = _drop(client, scene, ("a.xml", b"<a"), ("b.xml", b"<b"), ("c.xml", b"<c"))
    assert "Y 2 más con algo que ver" in page.text and "b.xml" not in page.text


def test_many_chosen_are_posted_by_a_job_together_or_not_at_all(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MOST_POSTED", 1)
    rows, address, before = _waiting(), reverse("party:cfdi_decidir"), _polizas(scene)
    all_three = [rows[n].pk for n in "123"]
    refused = alicia.post(address, {"decision": "registrar", "elegir": all_three}, follow=True)
    assert "No se registró nada" in refused.text and "nombra la contabilidad 999999" in refused.text
    assert _polizas(scene) == before
    done = alicia.post(address, {"decision": "registrar", "alcance": "listos"}, follow=True)
    assert "2 pólizas registradas." in done.text and _polizas(scene) == before + 2
    assert done.redirect_chain[-1][0] == reverse("party:cfdi")


def test_who_lost_the_books_before_the_job_posts_nothing(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TRABAJOS_EN_LINEA = False
    monkeypatch.setattr(tasks, "MOST_POSTED", 0)
    before, rows = _polizas(scene), _waiting()
    alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [rows["1"].pk]})
    leave(scene.alicia, scene)
    with everything():
        trabajo = Trabajo.objects.get(tipo=tasks.ACCEPT)
        run_pieces(trabajo.pk)
        trabajo.refresh_from_db()
    assert trabajo.estado == "fallido" and "ya no consulta" in trabajo.problemas[0]["mensaje"]
    assert _polizas(scene) == before
    with everything(), pytest.raises(PermissionError, match="otro sujeto"):
        tasks.ask_to_accept(list(Recepcion.objects.filter(pk=rows["2"].pk)), scene.carla)


def _today(client: Client) -> str:
    return " ".join(client.get(reverse("party:home")).text.split())


def test_a_subject_without_rfc_is_no_receiver_that_passes(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, rfc = invoice_sheet.received_or_404, ""

    def of_a_subject_with_that_rfc(*asked: Any) -> Recepcion:
        row = found(*asked)
        row.contabilidad.sujeto.rfc = rfc
        return row

    address = reverse("party:cfdi_ficha", args=[scene.libros.pk, _waiting()["1"].pk])
    assert "no tiene RFC registrado" not in alicia.get(address).text
    monkeypatch.setattr(invoice_sheet, "received_or_404", of_a_subject_with_that_rfc)
    page = alicia.get(address).text
    assert page.count("No se sabe") == 3
    assert "El sujeto no tiene RFC registrado. Pida a quien administra el sistema que lo anote" in page
    rfc = "AAA010101AAA"  # noted later, it is of somebody else: the invoice dropped before says so
    told = alicia.get(address).text
    assert "y el sujeto es AAA010101AAA." in told and "No pasa" in told


def test_an_invoice_dropped_again_is_said_to_be_there(scene: Any, alicia: Client) -> None:
    first, third = (
        ("otra-vez.xml", scene.invoice(FOLIO.format(1), "1,000.00")),
        ("rara.xml", scene.invoice(FOLIO.format(3), "3,000.00", books=999_999)),
    )
    sheet = reverse("party:cfdi_ficha", args=[scene.libros.pk, _waiting()["1"].pk])
    page = _drop(alicia, scene, first, ("nueva.xml", scene.invoice(FOLIO.format(4), "4,000.00"))).text
    told = page[page.index("otra-vez.xml") : page.index('id="lista"')]
    assert "Ya estaba en la bandeja desde el " in told and f'href="{sheet}"' in told and "1,000.00" in told
    assert "Todavía no tiene póliza." in told and "nueva.xml" not in told and "Todos entraron" not in page
    alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [_waiting()["1"].pk]})
    alicia.post(reverse("party:cfdi_decidir"), {"decision": "apartar", "elegir": [_waiting()["3"].pk], "motivo": "No"})
    page = _drop(alicia, scene, first, third).text
    assert re.search(r"Su póliza:\s*<a href=\"/partido/polizas/\d+/\d+/\">PN1/DR-", flat(page))
    assert "Está apartado." in page and page.count("Ya estaba en la bandeja") == 2
    twice = ("una.xml", scene.invoice(FOLIO.format(5), "5,000.00"))
    assert _drop(alicia, scene, twice, ("dos.xml", twice[1])).text.count("Ya estaba en la bandeja") == 1
    with everything():
        assert Recepcion.objects.count() == 5


def test_today_counts_apart_those_that_bring_no_proposal(scene: Any, alicia: Client, monkeypatch: Any) -> None:
    page = _today(alicia)
    assert "2 traen su propuesta; 1 no pasa sus comprobaciones." in page
    assert "cada uno trae su propuesta" not in page
    monkeypatch.setattr("sif.web.party.hoy.home.CHECKED", 2)
    assert "La bandeja dice cuáles traen su propuesta." in _today(alicia)


def test_what_else_was_seen_is_a_sentence(scene: Any, alicia: Client) -> None:
    odd = scene.invoice(FOLIO.format(6), "6,000.00", books=999_999).replace(b"tiro de 10", b"tiro de 90")
    _drop(alicia, scene, ("alterada.xml", odd))
    page = alicia.get(reverse("party:cfdi")).text
    assert re.search(r"[.\]] Y 1 aviso más\.", page) and " y 1 aviso más" not in page


def test_a_folio_in_a_list_is_whole_for_who_copies_it(alicia: Client) -> None:
    whole = FOLIO.format(1)
    page = alicia.get(reverse("party:cfdi")).text
    assert f'title="{whole}">{whole}</span>' in page
    row = _waiting()["3"]
    refused = alicia.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [row.pk]}).text
    assert FOLIO.format(3) in refused[refused.index("error-summary") : refused.index('id="soltar"')]


def test_the_supplier_that_lacks_is_registered_from_its_invoice_and_named_in_its_proposal(
    scene: Any, enter: Any
) -> None:
    client, issuer = enter(scene.alicia), Contribuyente("TAL170516AB1", "Talleres del Alba")
    _drop(client, scene, ("nueva.xml", scene.invoice(FOLIO.format(9), "9,000.00", emisor=issuer)))
    row = next(iter(_waiting().values()))
    address = f"{reverse('party:proveedor_nuevo')}?cfdi={row.pk}"
    refused = client.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [row.pk]})
    assert refused.status_code == 422 and f'href="{address}"' in refused.text
    assert "no identifica a un proveedor" in refused.text and "proveedor · " not in refused.text
    draft = client.post(reverse("party:proponer", args=[scene.libros.pk, row.pk]))["Location"]
    assert f'href="{address}"' in client.get(draft).text
    form = client.get(address)
    assert 'value="TAL170516AB1"' in form.text and 'value="Talleres del Alba"' in form.text
    assert "compárelos con su constancia" in form.text
    saved = client.post(address, {"rfc": "TAL170516AB1", "nombre": "Talleres del Alba"})
    assert saved["Location"] == draft
    page = client.get(draft).text
    assert "TAL170516AB1 Talleres del Alba" in page and f'href="{address}"' not in page
    again = client.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": [row.pk]})
    assert "no identifica a un proveedor" not in again.text


def test_another_party_learns_nothing_of_the_invoice_of_a_supplier(scene: Any, enter: Any) -> None:
    issuer = Contribuyente("TAL170516AB1", "Talleres del Alba")
    _drop(enter(scene.alicia), scene, ("nueva.xml", scene.invoice(FOLIO.format(9), "9,000.00", emisor=issuer)))
    row = next(iter(_waiting().values()))
    page = enter(scene.carla).get(f"{reverse('party:proveedor_nuevo')}?cfdi={row.pk}")
    assert page.status_code == 200 and "TAL170516AB1" not in page.text and "Talleres" not in page.text
    assert enter(scene.carla).get(f"{reverse('party:proveedor_nuevo')}?cfdi=no").status_code == 200


@pytest.mark.parametrize(
    ("donde", "said"),
    [
        ("/cfdi:Comprobante/@Certificado", ""),
        ("Complemento/ine:INE/@IdContabilidad", ""),
        ("proveedor", ""),
        ("Talleres, S. A. 7C1E, proveedor", "Talleres, S. A. 7C1E, proveedor"),
        ("CFDI, Emisor/@Rfc", ""),
        ("línea 2, auxiliar", "línea 2, auxiliar"),
        ("fila 7, columna RFC", "fila 7, columna RFC"),
    ],
)
def test_a_place_is_said_in_words_or_not_at_all(donde: str, said: str) -> None:
    assert place_words(donde) == said


def test_an_invoice_of_a_day_that_no_period_holds_is_told_before_anyone_presses(scene: Any, enter: Any) -> None:
    """With one open period it is chosen; without it, that it lacks and that the day is of none are told at once."""
    before = scene.etapa.inicia_el - timedelta(days=1)
    day, address = f"{before:%d/%m/%Y}", reverse("party:cfdi")
    moment = datetime.combine(before, time(11), clock.legal_zone())
    data = scene.invoice(FOLIO.format(7), "1,000.00", fecha=moment)
    with clock.at(clock.midnight(scene.periodos[0].hasta) + timedelta(days=5)):
        client = enter(scene.alicia)
        client.post(address, {"contabilidad": scene.libros.pk, "archivos": [SimpleUploadedFile("7.xml", data)]})
        inbox = client.get(address)
        assert f"Es del {day}, y ningún periodo de la etapa tiene ese día." in flat(inbox.text)
        assert inbox.context["bandeja"].counts["listos"] == 0
        row = _waiting()["7"]
        draft = client.post(reverse("party:proponer", args=[scene.libros.pk, row.pk]))["Location"]
        page = client.get(draft)
        (only,) = windows_open(scene.libros, clock.now())
        assert page.context["borrador"].contenido["ventana"] == f"{only.periodo_id}:normal"
        told = f"El {day} no cae en el periodo {only.periodo.numero}"
        assert told in page.context["fuera"].mensaje and told in flat(page.text)
        assert "Ningún periodo de la etapa tiene ese día." in flat(page.text) and "elija el periodo" not in page.text
        refused = client.post(draft, {"accion": "registrar", "ventana": "", "fecha": day})
    assert refused.status_code == 422
    errors = refused.context["form"].errors
    assert "Falta en qué periodo se registra." in str(errors["ventana"]) and told in str(errors["fecha"])
