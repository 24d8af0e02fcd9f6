"""The code on every page of a document leads anybody to what it is, its digest and whether it stands."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pytest
from django.test import Client

from filing.campaign import Campaign, make_campaign, on
from golden.reading import pdf_text
from proceedings.world import World
from sif.books.services import read_file
from sif.disclosure.codes import document_of_code
from sif.filing import services
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.notices.sheet import code_of, read_code, sealed
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.services import open_correction
from sif.signing import minting

NONE = "ZZZZ ZZZZ ZZZZ ZZZZ"


@pytest.fixture
def campaign(db: None, settings: Any, tmp_path: Any) -> Iterator[Campaign]:
    """A campaign whose reports are presented on the last night of their term."""
    settings.DATOS = tmp_path
    with everything(), on("2024-05-03 23:58:07"):
        yield make_campaign(minting.mint_authority(keys=cycle([minting.new_key()])))


def codes_of(pdf: bytes) -> list[str]:
    """Return the code that each page prints beside the address, without spaces."""
    pages = ["".join(page.split()) for page in pdf_text(pdf).split("\f") if page.strip()]
    foot = r"Códigodeverificación(\w{16})página.*?vigente:http://localhost:8000/verificar/codigo/"
    found = [re.search(foot, page) for page in pages]
    assert pages and all(found)
    return [each[1] for each in found if each]


def test_a_code_is_read_however_it_is_typed() -> None:
    code = code_of("ab" * 32)
    assert read_code(code) == read_code(code.lower().replace(" ", "-")) == read_code(code.replace("0", "o"))
    assert [read_code(typed) for typed in ("", "U" * 16, code + "0", "ñ")] == [""] * 4


def test_the_acuse_and_the_report_are_found_and_say_what_replaced_them(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "10.00", date(2024, 4, 10))
    first = campaign.present(campaign.prepare())
    acuse, informe = sealed(acuse_sheet(first)), sealed(informe_sheet(first.informe))
    for sheet, pdf, clase in (
        (acuse, services.acuse_pdf(first), "acuse"),
        (informe, services.informe_pdf(first.informe), "informe"),
    ):
        assert set(codes_of(pdf)) == {sheet["codigo"].replace(" ", "")}
        found = document_of_code(first.informe.folio, sheet["codigo"])
        assert found is not None
        assert (found.clase, found.numero, found.huella) == (clase, first.informe.folio, sheet["huella"])
        assert (found.estado, found.fecha) == ("vigente", first.recibida_el)
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    world = campaign.world
    with on("2024-06-16 09:00"):
        open_correction(world.etapa, world.party, clock.now(), clock.now() + timedelta(days=5), "LGPP 80.1.d.III")
        draft = campaign.prepare()
        seen = document_of_code(draft.folio, sealed(informe_sheet(draft))["codigo"])
        assert seen is not None and seen.estado == "borrador"
        campaign.present(draft)
    for sheet in (acuse, informe):
        later = document_of_code(first.informe.folio, sheet["codigo"])
        assert later is not None and (later.estado, later.por) == ("sustituido", draft.folio)


def test_the_acts_of_the_authority_are_found(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    oficio, dictamen, draft = world.oficio(), world.dictamen(), world.resolucion()
    project = draft.documento
    assert _states(oficio.documento, dictamen.documento, project) == ["vigente", "vigente", "borrador"]
    voted = world.voted(4, 1)
    assert _states(project, voted.documento) == [f"sustituido {voted.numero}", "vigente"]


def _states(*kept: Any) -> list[str]:
    states = []
    for row in kept:
        (said,) = set(codes_of(read_file(row.pdf_sha256)))
        found = document_of_code(row.clave.removesuffix("/proyecto"), said)
        assert found is not None and (found.numero, found.pdf_sha256) == (row.titulo, row.pdf_sha256)
        states.append(f"{found.estado} {found.por}".strip())
    return states


def test_a_stranger_with_the_paper_reads_it_and_one_with_another_code_nothing(campaign: Campaign) -> None:
    act = campaign.present(campaign.prepare(nil=True))
    sheet, visitor = sealed(acuse_sheet(act)), Client(headers={"accept-language": "es-MX"})
    page = visitor.get("/verificar/codigo/", {"numero": act.informe.folio, "codigo": sheet["codigo"].lower()})
    assert page.status_code == 200
    assert f"Acuse del informe {act.informe.folio}" in page.text and "Está vigente" in page.text
    assert sheet["huella"] in re.sub(r"<[^>]*>|\s", "", page.text)
    assert act.rfc not in page.text and act.nombre not in page.text
    led = visitor.get(sheet["verificar"].removeprefix("http://localhost:8000"))
    assert led.status_code == 200 and "Está vigente" in led.text
    for numero, other in ((act.informe.folio, NONE), ("otro", sheet["codigo"]), ("", "x"), ("'; --", "%00")):
        answer = visitor.get("/verificar/codigo/", {"numero": numero, "codigo": other})
        assert answer.status_code == 404 and "No encontramos un documento con ese número" in answer.text
    assert visitor.get("/verificar/codigo/").status_code == 200
