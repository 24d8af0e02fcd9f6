"""The files and documents that the public pages give: their digests, rows, seals and losses."""

import base64
import csv
import hashlib
import io
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
import typst
from cryptography import x509
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from published_world import MOMENT, PDF, publish_files
from sif.books.services import store_file
from sif.books.services.file_store import almacen_of
from sif.disclosure.models import (
    ProcesoPublicado,
)
from sif.filing.cuts import make_cut
from sif.filing.services import authority_key
from sif.jobs import bounds
from sif.registry.models import Corte, SelloCorte
from sif.registry.scope import registering
from sif.web.templatetags.piezas import day
from web.public_scene import body, datos, open_world, visitor, world

__all__ = ["datos", "open_world", "visitor", "world"]
pytestmark = pytest.mark.django_db


def test_open_files_say_their_digest_and_keep_it(visitor: Client, open_world: ProcesoPublicado) -> None:
    page = visitor.get("/datos-abiertos/").text
    addresses = re.findall(r'href="(/datos-abiertos/[^"]+\.(?:csv|xlsx|json))"', page)
    assert len(addresses) == 8
    for address in addresses:
        answer = visitor.get(address)
        digest = hashlib.sha256(body(answer)).hexdigest()
        assert " ".join(digest[start : start + 4] for start in range(0, 64, 4)) in page
        assert answer["ETag"] == f'"{digest}"' and answer["Content-Length"] == str(len(body(visitor.get(address))))
        assert base64.b64decode(answer["Repr-Digest"].split(":")[1]).hex() == digest
        again = visitor.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    official = body(visitor.get(addresses[0])).decode().split("\r\n")
    assert len(next(csv.reader([official[0]]))) == 26
    assert len(official) == 1 + 6 + 1
    assert visitor.get("/datos-abiertos/otro/sanciones.csv").status_code == 404
    for absent in ("otro.csv", "sanciones.pdf", "publicacion.csv", "reglas.xlsx"):
        assert visitor.get(f"/datos-abiertos/ANAHUAC-2026-campana/{absent}").status_code == 404


@pytest.mark.parametrize("lost", [True, False])
def test_a_file_whose_bytes_are_lost_or_changed_is_told_and_publishing_again_puts_it_back(
    visitor: Client, world: ProcesoPublicado, datos: Path, lost: bool
) -> None:
    address = "/datos-abiertos/ANAHUAC-2026-campana/sanciones.csv"
    publish_files(world)
    whole = body(visitor.get(address))
    path = almacen_of(str(datos / "archivos")).path_of(hashlib.sha256(whole).hexdigest())
    path.chmod(0o600)
    path.unlink() if lost else path.write_bytes(b"another")
    answer = visitor.get(address)
    assert answer.status_code == 503 and "ya no es lo que se publicó" in answer.text
    assert b"another" not in body(answer) and "ETag" not in answer
    publish_files(world)
    assert body(visitor.get(address)) == whole


def test_a_stage_published_before_its_files_were_kept_says_so(visitor: Client, world: ProcesoPublicado) -> None:
    assert "antes de que sus archivos se guardaran" in visitor.get("/datos-abiertos/").text
    assert visitor.get("/datos-abiertos/ANAHUAC-2026-campana/sanciones.csv").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["candidaturas", "sanciones"])
def test_a_list_beyond_what_a_request_writes_offers_the_whole_file(
    visitor: Client, open_world: ProcesoPublicado, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    address = f"/{name}/lista.{form}?siglas=PJ"
    rows = {"candidaturas": 1, "sanciones": 2}[name]
    monkeypatch.setitem(bounds.MOST_ROWS, form, rows)
    assert body(visitor.get(address))
    monkeypatch.setitem(bounds.MOST_ROWS, form, rows - 1)
    answer = visitor.get(address)
    assert answer.status_code == 422 and "llévesela entera" in answer.text
    whole = {"candidaturas": "estados-de-cuenta", "sanciones": "sanciones"}[name]
    assert f'href="/datos-abiertos/ANAHUAC-2026-campana/{whole}.{form}"' in answer.text
    monkeypatch.setitem(bounds.MOST_ROWS, form, 0)
    assert visitor.get(f"/retiros/lista.{form}").status_code == 200  # it has no rows


def test_an_open_file_has_every_row_that_the_lists_have(visitor: Client, open_world: ProcesoPublicado) -> None:
    listed = visitor.get("/candidaturas/lista.csv", {"clase": "todas", "orden": "-reportado"})
    kept = body(visitor.get("/datos-abiertos/ANAHUAC-2026-campana/estados-de-cuenta.csv"))
    assert sorted(body(listed).splitlines()) == sorted(kept.splitlines()) and len(kept.splitlines()) == 8
    book = load_workbook(io.BytesIO(body(visitor.get("/datos-abiertos/ANAHUAC-2026-campana/estados-de-cuenta.xlsx"))))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [str(row[0]) for row in cells] == [line.split(b",")[0].decode() for line in kept.splitlines()]
    said = {row["contabilidad"]: row for row in csv.DictReader(io.StringIO(kept.decode()))}
    approvals = [(said[n]["contiende_desde"], said[n]["acuerdo_aprobacion"]) for n in ("41207", "41211", "41201")]
    assert approvals == [("2026-03-30", "IEPC/CG12/2026"), ("", ""), ("", "")]
    assert cells[1][10] == 4_480_500 and book.properties.created == MOMENT.replace(tzinfo=None)
    addresses = csv.DictReader(
        io.StringIO(body(visitor.get("/datos-abiertos/ANAHUAC-2026-campana/documentos.csv")).decode())
    )
    assert {row["direccion"] for row in addresses} == {
        reverse("public:documento", args=[key]) for key in ("INE-DC-2026-PJ", "RES/2026/PJ")
    }


def test_the_dictionary_names_every_column_of_every_file(visitor: Client, open_world: ProcesoPublicado) -> None:
    page = visitor.get("/datos-abiertos/").text
    for address in re.findall(r'href="(/datos-abiertos/[^"]+\.csv)"', page):
        for name in next(csv.reader(io.StringIO(body(visitor.get(address)).decode()))):
            assert f'<span class="key" translate="no">{name}</span>' in page, (address, name)


def test_each_cut_shows_its_roots_and_gives_its_files(visitor: Client, datos, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Todavía no se ha hecho ningún corte" in visitor.get("/registro/").text
    assert visitor.get("/registro/1/").status_code == 404
    first, second = make_cut(), make_cut()
    with registering():
        third = Corte.objects.create(numero=3, hecho_el=second.hecho_el, hasta=0, raices=second.raices)
        SelloCorte.objects.create(corte=third, respuesta=b"sello")
    page = visitor.get("/registro/").text
    assert f"primer corte, del {day(first.hecho_el)}:" in page
    assert "Corte 3" in page and "periódico oficial" in page
    assert hashlib.sha256(second.raices.encode()).hexdigest() in re.sub(r"<[^>]+>|\s", "", page)
    assert json.loads(visitor.get("/registro/1/raices.json").content) == json.loads(first.raices)
    assert visitor.get("/registro/1/raices.json").content == first.raices.encode()
    assert visitor.get("/registro/3/raices.json.tsr").content == b"sello"
    for absent in (
        "/registro/9/",
        "/registro/9/raices.json",
        "/registro/1/raices.json.tsr",
        "/registro/" + "9" * 40 + "/",
    ):
        assert visitor.get(absent).status_code == 404
    rows = visitor.get("/registro/cortes.json").json()["cortes"]
    assert [row["numero"] for row in rows] == [3, 2, 1]
    assert [row["sello_de_tiempo"] is not None for row in rows] == [True, False, False]
    assert rows[2]["sha256"] == hashlib.sha256(first.raices.encode()).hexdigest()
    verify = visitor.get("/verificar/").text
    assert "/registro/" in verify and "sif acuse verificar acuse.json raices.json" in verify


def test_a_file_that_cannot_be_opened_is_told_as_lost(visitor: Client, world: ProcesoPublicado, datos: Path) -> None:
    address = "/datos-abiertos/ANAHUAC-2026-campana/sanciones.csv"
    publish_files(world)
    path = almacen_of(str(datos / "archivos")).path_of(hashlib.sha256(body(visitor.get(address))).hexdigest())
    path.unlink()
    path.mkdir()
    answer = visitor.get(address)
    assert answer.status_code == 503 and "ya no es lo que se publicó" in answer.text


def test_documents_are_sent_only_as_they_were_published(visitor: Client, world: ProcesoPublicado, datos) -> None:
    page = visitor.get("/documentos/").text
    assert hashlib.sha256(PDF).hexdigest()[:4] in page and re.search(r'data-label="Sujeto">[^/]*\bPJ\b', page)
    response = visitor.get("/documentos/RES/2026/PJ.pdf")
    assert response.content == PDF
    assert "RES-2026-PJ.pdf" in response["Content-Disposition"]
    assert visitor.get("/documentos/OTRO.pdf").status_code == 404
    next((datos / "archivos").rglob("*/*")).write_bytes(b"%PDF-1.7 another")
    lost = visitor.get("/documentos/RES/2026/PJ.pdf")
    assert lost.status_code == 503 and "ya no es lo que se publicó" in lost.text and "another" not in lost.text


def test_a_published_document_is_sealed_and_its_seal_is_told_from_a_changed_one(
    visitor: Client, world: ProcesoPublicado
) -> None:
    drawn = typst.compile(b"#set document(title: [R])\nResolucion", pdf_standards="ua-1")
    row = store_file(drawn)
    with registering():
        world.documentos.filter(clave="RES/2026/PJ").update(pdf_sha256=row.sha256)
    given = visitor.get("/documentos/RES/2026/PJ.pdf").content
    assert given.startswith(drawn) and len(given) > len(drawn)
    assert visitor.get("/documentos/RES/2026/PJ.pdf?sello=no").content == drawn
    page = visitor.post("/verificar/documento/", {"archivo": BytesIO(given)})
    assert "Lo selló esta autoridad y no ha cambiado desde entonces." in page.text and row.sha256[:4] in page.text
    assert "Ninguno: nadie más dice desde cuándo existe." in page.text and not page.cookies
    for other, said in (
        (given.replace(b"Contents", b"Contento", 1), "Cambió después de sellarse"),
        (drawn, "No lleva el sello de una autoridad"),
        (b"%PDF-", "No lleva el sello de una autoridad"),
    ):
        page = visitor.post("/verificar/documento/", {"archivo": BytesIO(other)})
        assert page.status_code == 422 and said in page.text
    assert "Elija el PDF tal como lo descargó" in visitor.post("/verificar/documento/").text
    mine = x509.load_der_x509_certificate(visitor.get("/verificar/sello.cer").content)
    assert mine.public_key() == authority_key().public_key()
