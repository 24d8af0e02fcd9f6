"""The pages of the party desk: each works, refuses a stranger, and writes only by POST."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scene import make_books
from sif.filing.selectors import obligations
from sif.registry import clock
from sif.registry.models import Etapa, Proceso
from sif.registry.scope import everything, registering

READ = [
    "home",
    "contabilidades",
    "polizas",
    "captura",
    "borradores",
    "cfdi",
    "informes",
    "oficios",
    "buzon",
    "calendario",
    "ics",
]


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.mark.parametrize("name", READ)
def test_it_works(alicia: Client, name: str) -> None:
    response = alicia.get(reverse(f"party:{name}"))
    assert response.status_code == 200
    assert response.content


@pytest.mark.parametrize("name", READ)
def test_it_refuses_a_stranger(scene: Any, enter: Any, name: str) -> None:
    address = reverse(f"party:{name}")
    anonymous = Client().get(address)
    assert anonymous.status_code == 302
    assert "/cuenta/login/" in anonymous["Location"]
    assert enter(scene.dario).get(address).status_code == 403


@pytest.mark.parametrize("name", [name for name in READ if name != "cfdi"])
def test_it_only_reads(alicia: Client, name: str) -> None:
    assert alicia.post(reverse(f"party:{name}")).status_code == 405


def test_each_person_lands_at_their_desk(scene: Any, enter: Any) -> None:
    assert Client().get("/mesa/").status_code == 302
    assert enter(scene.alicia).get("/mesa/")["Location"] == reverse("party:home")
    assert enter(scene.dario).get("/mesa/")["Location"].startswith("/auditor")


def test_another_partys_books_say_whose_they_are(scene: Any, enter: Any) -> None:
    page = enter(scene.carla).get(reverse("party:contabilidad", args=[scene.libros.pk]))
    assert page.status_code == 403
    assert "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas." in page.text


def test_today_begins_with_the_reports_whose_term_ended_without_them(scene: Any, alicia: Client) -> None:
    owed = obligations(scene.libros)
    scene.post(scene.expense("1,500.25"))
    before = alicia.get(reverse("party:home")).text
    assert "Informes omitidos" not in before and "Informe omitido" not in before
    with clock.at(max(each.vence_el for each in owed) + timedelta(days=1)):
        told = alicia.get(reverse("party:home")).text
    assert "No corre ningún plazo" not in told and "Nada espera su mano" not in told
    assert 0 < told.index("venció sin que se presentara") < told.index("Falta evidencia")
    assert told.count("su plazo venció sin que se presentara.") == len({(each.tipo, each.periodo_id) for each in owed})


def test_a_bank_account_says_once_that_its_term_is_unread(scene: Any, alicia: Client) -> None:
    page = alicia.get(reverse("party:cuenta", args=[scene.banco.pk])).text
    [term] = re.findall(r"Avisar a la autoridad de la apertura\..*?</section>", page, re.DOTALL)
    assert "RF 54.1" in term and term.count("por confirmar") == 1


def test_today_adds_income_and_spending(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    scene.post(scene.gift("2,000.00"))
    page = alicia.get(reverse("party:home")).text
    assert "$1,500.25" in page
    assert "$2,000.00" in page
    assert "Falta evidencia" in page
    rows = alicia.get(reverse("party:home"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("contabilidad,nombre")
    assert f"{scene.libros.pk},Mariela Ochoa Rentería" in rows[1]
    assert ",2000.00,1500.25,1842350.00," in rows[1]


def test_a_clerk_sees_only_the_books_assigned(scene: Any, enter: Any) -> None:
    page = enter(scene.bruno).get(reverse("party:contabilidades")).text
    assert "Mariela Ochoa Rentería" in page
    assert "Tomás Iturbe Salgado" not in page
    assert "Noemí Pech Canul" not in page


def test_each_election_has_its_own_table_and_sum(scene: Any, alicia: Client) -> None:
    address = reverse("party:contabilidades")
    ((process, stage, table),) = alicia.get(address).context["tablas"]
    assert (process, stage, len(table.filas)) == (scene.libros.etapa.proceso.nombre, "Campaña", 2)
    before, past = Proceso.objects.get(pk=scene.libros.etapa.proceso_id), Etapa.objects.get(pk=scene.libros.etapa_id)
    before.pk, before.clave, before.nombre = None, "VIEJO", "Elección de antes"
    past.pk, past.inicia_el, past.termina_el = None, past.inicia_el - timedelta(30), past.termina_el - timedelta(30)
    with registering():
        before.save()
        past.proceso = before
        past.save()
    make_books(past, scene.partido, scene.libros.candidatura.cargo, "V-1", "Ana Río")
    tables = alicia.get(address).context["tablas"]
    assert [(name, len(each.filas)) for name, _stage, each in tables] == [(process, 2), ("Elección de antes", 1)]
    rows = alicia.get(address, {"formato": "csv"}).text.splitlines()
    assert len(rows) == 4
    assert "Ninguna contabilidad tiene ese número" in alicia.get(address, {"q": "nadie se llama así"}).text


def test_the_sheet_of_some_books_says_what_they_lack(scene: Any, alicia: Client) -> None:
    address = reverse("party:contabilidad", args=[scene.libros.pk])
    assert "Sus pólizas tienen las evidencias que piden." in alicia.get(address).text
    scene.post(scene.expense("100.00"))
    page = alicia.get(address).text
    assert "Falta evidencia: " in page and f"?contabilidad={scene.libros.pk}&amp;falta=" in page
    assert "Sus pólizas tienen" in alicia.get(reverse("party:contabilidad", args=[scene.otros.pk])).text


def test_the_balance_adds_what_was_posted(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("100.00"))
    address = reverse("party:contabilidad", args=[scene.libros.pk])
    assert "Sumas iguales" in alicia.get(address).text
    rows = alicia.get(address, {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert "2-1-01-01-0000,Proveedores por pagar,0.00,100.00,100.00" in rows


def test_the_list_filters_and_exports_the_filtered_set(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("100.00", "Lonas para el mitin"))
    scene.post(scene.expense("200.00", "Volantes"))
    scene.post(scene.gift("300.00"))
    address = reverse("party:polizas")
    assert "1 a 3 de 3" in alicia.get(address).text
    assert "1 a 1 de 1" in alicia.get(address, {"q": "lonas"}).text
    assert "1 a 2 de 2" in alicia.get(address, {"subtipo": "DR"}).text
    one = alicia.get(address, {"q": f"PN1/DR-2/{_month(scene)}; ID {scene.libros.pk}"}).text
    assert "Volantes" in one
    assert "Lonas" not in one
    rows = alicia.get(address, {"subtipo": "DR", "formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    book = alicia.get(address, {"subtipo": "DR", "formato": "xlsx"})
    assert book.content[:2] == b"PK"


def _month(scene: Any) -> str:
    from sif.ledger.reference import MONTHS

    day = scene.periodos[0].hasta
    return f"{MONTHS[day.month - 1]}-{day.year}"


def test_a_formula_in_a_concept_is_text_in_the_file(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("100.00", "=1+1"))
    rows = alicia.get(reverse("party:polizas"), {"formato": "csv"}).content.decode("utf-8-sig")
    assert ",'=1+1," in rows


def test_a_poliza_shows_its_lines_evidence_and_chain(scene: Any, alicia: Client) -> None:
    posted = scene.post(scene.expense("100.00"), evidence=b"fotografia")
    address = reverse("party:poliza", args=[scene.libros.pk, posted.eslabon])
    page = alicia.get(address).text
    assert "Sumas iguales" in page
    assert "Única de la cadena: comprobado el" in page
    assert "En plazo" in page
    with everything():
        evidence = posted.evidencias.get()
    file = alicia.get(reverse("party:evidencia", args=[scene.libros.pk, evidence.pk]))
    assert file.content == b"fotografia"
    assert "attachment" in file["Content-Disposition"]


def test_the_page_of_a_poliza_reads_no_other_of_its_books(scene: Any, alicia: Client) -> None:
    posted = [scene.post(scene.expense("100.00")) for _ in range(6)]
    address = reverse("party:poliza", args=[scene.libros.pk, posted[2].eslabon])
    alicia.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert "Enlazada con la anterior" in alicia.get(address).text
    whole = [each["sql"] for each in asked if "books_cuentaevidencia" in each["sql"] or "json_agg" in each["sql"]]
    assert len(whole) == 2
    assert all("m.poliza_id = ANY" in sql or f"p.eslabon <= {posted[2].eslabon + 1}" in sql for sql in whole)


def test_another_partys_poliza_and_file_are_refused(scene: Any, enter: Any) -> None:
    posted = scene.post(scene.expense("100.00"), evidence=b"fotografia")
    with everything():
        evidence = posted.evidencias.get()
    carla = enter(scene.carla)
    assert carla.get(reverse("party:poliza", args=[scene.libros.pk, posted.eslabon])).status_code == 403
    assert carla.get(reverse("party:evidencia", args=[scene.libros.pk, evidence.pk])).status_code == 403
    assert carla.get(reverse("party:evidencia", args=[scene.ajenos.pk, evidence.pk])).status_code == 404
    assert carla.post(reverse("party:corregir", args=[scene.libros.pk, posted.eslabon])).status_code == 403


def test_a_poliza_is_corrected_once_with_its_reason(scene: Any, alicia: Client) -> None:
    posted = scene.post(scene.expense("100.00"))
    address = reverse("party:corregir", args=[scene.libros.pk, posted.eslabon])
    assert alicia.get(address).status_code == 200
    empty = alicia.post(address, {"motivo": " "})
    assert empty.status_code == 422
    assert "Falta el motivo" in empty.text
    done = alicia.post(address, {"motivo": "El proveedor canceló la factura."})
    assert done.status_code == 302
    alicia.post(address, {"motivo": "El proveedor canceló la factura."})
    with everything():
        assert posted.contabilidad.polizas.count() == 2
    page = alicia.get(reverse("party:poliza", args=[scene.libros.pk, posted.eslabon])).text
    assert "Esta póliza fue corregida" in page
    assert "El proveedor canceló la factura." in page
    assert "−100.00" in alicia.get(done["Location"]).text


def test_evidence_is_attached_once_and_only_by_post(scene: Any, alicia: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    posted = scene.post(scene.expense("100.00"))
    address = reverse("party:adjuntar", args=[scene.libros.pk, posted.eslabon])
    assert alicia.get(address).status_code == 405
    assert "No eligió ningún archivo" in alicia.post(address).text
    for _twice in range(2):
        file = SimpleUploadedFile("muestra.txt", b"fotografia")
        assert alicia.post(address, {"clase": "muestra", "archivo": file}).status_code == 302
    with everything():
        assert posted.evidencias.count() == 1
    refused = alicia.post(address, {"clase": "muestra", "archivo": SimpleUploadedFile("a.pdf", b"MZ\x90\x00")})
    assert refused.status_code == 422
    assert "es un programa" in refused.text
