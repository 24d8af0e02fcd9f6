"""The documents of the acts: the PDF, the DOCX and the text kept with them say the same, word by word."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from golden.reading import docx_text, pdf_text
from proceedings.world import World, at, campaign_of_2024, make_coalition, submitted
from sif.books.services import read_file
from sif.proceedings import resolving, selectors, services
from sif.proceedings.models import Documento
from sif.proceedings.proposing import propose_oficio
from sif.registry import scope

HERE = Path(__file__).parent


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """A coalition reviewed in 2024, answered in part, its resolución voted."""
    with scope.everything():
        world = campaign_of_2024()
        make_coalition(world.partido, {"PAR": 6000, "PRV": 4000})
        _walk(world)
        yield world


def _walk(world: World) -> None:
    many = [world.hallazgo(f"{1000 + 37 * place}.{place:02d}", book=place % 2) for place in range(48)]
    first = world.observacion(many)
    unreported = [world.hallazgo("466,832.53", "EG001"), world.hallazgo("19,420.00", "EG001", book=1)]
    world.observacion(unreported, criterio="egreso_no_reportado", titulo="Propaganda en vía pública que no se reportó")
    for name in ("Aviso de contratación sin anexos", "Recibo de aportación sin firma"):
        world.observacion([world.hallazgo("850.00", "FO001")], criterio="falta_formal", titulo=name)
    with at("2024-06-12 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        oficio = services.issue_oficio(world.etapa, world.partido, world.elena)
    with at("2024-06-16 09:00"):
        services.answer(oficio, first, "Los archivos XML se agregaron a cada póliza.", [], world.alicia)
    with at("2024-06-28 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for place, row in enumerate(selectors.conclusiones_of(dictamen)):
            world.judge(row, "atendida" if place == 3 else "no_atendida")
            services.close_conclusion(row, world.elena)
        services.close_dictamen(dictamen, world.bruno)
        resolucion = resolving.draft_resolucion(dictamen, date(2024, 7, 22), world.gloria)
    with at("2024-07-22 18:00"):
        submitted(resolucion, world.gloria, world.sofia)
        for place, person in enumerate(world.consejo):
            own = "" if place else "Acompaño el sentido y no la medida: la multa debió graduarse."
            resolving.vote(resolucion, person, "a_favor" if place < 4 else "en_contra", own)
        resolving.close_vote(resolucion, world.sofia)


def _squeezed(text: str) -> str:
    """The letters alone: where a line breaks is the affair of each file."""
    return "".join(text.replace("\u200b", "").split())


def _without_edges(found: str, text: str) -> str:
    """The text of a PDF without the foot of each page and the head of the next, which may cut a line in two."""
    lines = [line for line in text.splitlines() if line != "PROYECTO"]
    organ, number, matter = (re.escape(_squeezed(lines[place])) for place in (0, 2, 3))
    head = rf"{organ}(?:·PROYECTO)?{number}{matter}"
    foot = r"Códigodeverificación\w{16}página\d+de\d+Huella[0-9a-f]{64}Consultesiestávigente:\S+?/verificar/codigo/"
    return re.sub(rf"{foot}(?:{head})?", "", found)


def _documents(world: World) -> list[Documento]:
    return list(Documento.objects.order_by("pk"))


def test_the_four_documents_are_kept(world: World) -> None:
    assert [row.clave for row in _documents(world)] == [
        "SIF/UTF/DA/00001/2024",
        "SIF/UTF/DC/0001/2024",
        "SIF/CG001/2024/proyecto",
        "SIF/CG001/2024",
    ]


def test_the_docx_says_every_line_of_the_text(world: World) -> None:
    for documento in _documents(world):
        found = _squeezed(docx_text(read_file(documento.docx_sha256)))
        for line in _pieces(documento):
            assert _squeezed(line) in found, (documento.clave, line)


def test_the_pdf_says_every_line_of_the_text(world: World) -> None:
    for documento in _documents(world):
        text = read_file(documento.texto_sha256).decode()
        found = _without_edges(_squeezed(pdf_text(read_file(documento.pdf_sha256))), text)
        for line in _pieces(documento):
            assert _squeezed(line) in found, (documento.clave, line)


def _pieces(documento: Documento) -> list[str]:
    """The text kept, cut where a file may put an article or a cell apart."""
    text = read_file(documento.texto_sha256).decode()
    pieces = text.replace(" [", "\n[").replace(": ", "\n").splitlines()
    return [cell for piece in pieces for cell in piece.split(" | ") if cell.strip()]


@pytest.mark.parametrize(("place", "name"), [(0, "oficio"), (1, "dictamen"), (3, "resolucion")])
def test_the_text_is_the_one_that_was_read_and_approved(world: World, place: int, name: str) -> None:
    kept = HERE / f"{name}.txt"
    text = read_file(_documents(world)[place].texto_sha256).decode()
    if os.environ.get("SIF_RENUEVA_DORADOS"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")
