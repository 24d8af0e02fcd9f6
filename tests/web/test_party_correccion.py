"""Reverse and re-record through pages, and the póliza on paper."""

from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from sif.books.models import Evidencia, Poliza
from sif.books.services import read_file
from sif.registry.scope import everything


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.fixture
def wrong(scene: Any) -> Any:
    return scene.post(scene.expense("100.00"), evidence=b"fotografia")


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def correction(scene: Any, wrong: Any) -> str:
    return reverse("party:corregir", args=[scene.libros.pk, wrong.eslabon])


def test_one_flow_reverses_records_again_links_and_attaches(scene: Any, alicia: Client, wrong: Any) -> None:
    asked = {"accion": "sustituir", "motivo": "El importe era otro."}
    draft = alicia.post(correction(scene, wrong), asked)["Location"]
    assert alicia.post(correction(scene, wrong), asked)["Location"] == draft
    page = alicia.get(draft).text
    assert "Esta póliza corrige a PN1/DR-1/" in page
    assert "muestra.txt" in page
    with everything():
        assert Poliza.objects.count() == 1  # nothing is posted until the right one is
    data = {
        "accion": "registrar",
        "ventana": f"{scene.periodos[0].pk}:normal",
        "subtipo": "DR",
        "clase": "ordinaria",
        "fecha": f"{scene.periodos[0].hasta:%d/%m/%Y}",
        "concepto": "Volantes",
        "cuenta_1": "5-5-01-03-0000",
        "auxiliar_1": "IPR150312Q47",
        "cargo_1": "90.00",
        "cuenta_2": "2-1-01-01-0000",
        "auxiliar_2": "IPR150312Q47",
        "abono_2": "90.00",
    }
    page = alicia.get(alicia.post(draft, data)["Location"]).text
    assert "Esta póliza sustituye a otra, que se canceló." in page
    page = alicia.get(reverse("party:poliza", args=[scene.libros.pk, wrong.eslabon])).text
    assert "La sustituye" in page
    assert "PN1/DR-3/" in page
    assert "Corregir con otra póliza" not in page
    with everything():
        right = Poliza.objects.get(eslabon=3)
        assert right.concepto.endswith(f"ID {scene.libros.pk}. Volantes")
        image = Evidencia.objects.get(poliza=right, clase="otra")
        kept = {(e.clase_id, e.nombre) for e in right.evidencias.all()}
        text = words_of(read_file(image.archivo_id))
    assert ("muestra", "muestra.txt") in kept
    assert "Volantes del arranque" in text
    assert "100.00" in text
    assert "PN1/DR-1/" in text


def test_reversing_alone_leaves_recording_for_later(scene: Any, alicia: Client, wrong: Any) -> None:
    done = alicia.post(correction(scene, wrong), {"accion": "revertir", "motivo": "Se duplicó."})
    assert "/2/" in done["Location"]
    page = alicia.get(correction(scene, wrong)).text
    assert "Ya la revierte PN1/DR-2/" in page
    assert "Solo revertirla" not in page


def test_without_a_reason_nothing_begins(scene: Any, alicia: Client, wrong: Any) -> None:
    refused = alicia.post(correction(scene, wrong), {"accion": "sustituir", "motivo": " "})
    assert refused.status_code == 422
    assert "Falta el motivo." in refused.text


def test_the_reason_cannot_be_forged_in_the_draft(scene: Any, alicia: Client, wrong: Any) -> None:
    draft = alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"]
    alicia.post(draft, {"accion": "guardar", "corrige": '{"asiento": 1}', "concepto": "x"})
    assert "Esta póliza corrige a" not in alicia.get(draft).text


def test_the_paper_says_what_was_posted_in_spanish_whoever_asks(scene: Any, alicia: Client, wrong: Any) -> None:
    address = reverse("party:poliza_pdf", args=[scene.libros.pk, wrong.eslabon])
    answer = alicia.get(address, headers={"accept-language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    text = words_of(answer.content)
    for words in ("Sumas iguales", "IPR150312Q47 Impresos del Prado", "Alicia Robles Zepeda", "$100.00", "muestra.txt"):
        assert words in text
    assert alicia.get(address).content == answer.content


def test_a_stranger_prints_and_corrects_nothing(scene: Any, enter: Any, wrong: Any) -> None:
    carla = enter(scene.carla)
    assert carla.get(reverse("party:poliza_pdf", args=[scene.libros.pk, wrong.eslabon])).status_code == 403
    assert carla.post(correction(scene, wrong), {"accion": "sustituir", "motivo": "x"}).status_code == 403
    assert carla.post(reverse("party:auxiliares", args=[scene.libros.pk]), {"tipo": "proveedor"}).status_code == 403
