"""The acuse and the report: PDF and DOCX say exactly the same, and the acuse is the one that was read and approved."""

import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from filing.campaign import Campaign, make_campaign, on
from golden.reading import docx_text, pdf_text
from sif.filing import services
from sif.filing.annexes import annexes_in
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.notices.documents import render_pdf
from sif.notices.joining import count_pages as pages_of
from sif.notices.sheet import fact, groups_of_four, plain_text, sealed
from sif.registry.scope import everything
from sif.signing import minting

HERE = Path(__file__).parent


@pytest.fixture
def campaign(db: None, settings: Any, tmp_path: Path) -> Iterator[Campaign]:
    """A report with income of nothing and an expense, presented on the last night of its term."""
    settings.DATOS = tmp_path
    with everything(), on("2024-05-03 23:58:07"):
        campaign = make_campaign(minting.mint_authority(keys=cycle([minting.new_key()])))
        campaign.spend(campaign.ana, "83420.75", date(2024, 4, 10))
        campaign.spend(campaign.ana, "1200.00", date(2024, 4, 28))
        yield campaign


def squeezed(text: str) -> str:
    """The letters alone: where a line breaks is the affair of each file."""
    return "".join(text.replace("\u200b", "").split()).replace("|", "")


def body_of(pdf: bytes, sheet: dict[str, Any]) -> str:
    """The words of a PDF without its running head and its foot, page by page."""
    whole = sealed(sheet)
    pages = [page for page in pdf_text(pdf).split("\f") if page.strip()]
    tables = [block for part in sheet["secciones"] for block in part["bloques"] if block["tipo"] == "tabla"]
    heads = {squeezed("".join(column["titulo"] for column in block["columnas"])) for block in tables}
    words = ""
    for number, page in enumerate(pages, start=1):
        text = squeezed(page)
        foot = squeezed(f"Código de verificación {whole['codigo']}página {number} de {len(pages)}")
        head = squeezed(
            f"{whole['organo']}{' · PROYECTO' if whole['proyecto'] else ''}{whole['numero']}{whole['asunto']}"
        )
        digest = squeezed(f"Huella {groups_of_four(whole['huella'])}")
        asked = squeezed(f"Consulte si está vigente: {whole['direccion']}")
        for part in (foot, digest, asked, *([head] if number > 1 else [])):
            assert text.count(part) == 1, (number, part)
            text = text.replace(part, "")
        for again in heads if number > 1 else ():  # a table that goes on repeats its head
            text = text.removeprefix(again)
        words += text
    return words


def test_the_acuse_says_the_same_in_pdf_docx_and_text(campaign: Campaign) -> None:
    act = campaign.present(campaign.prepare())
    sheet = acuse_sheet(act)
    docx = squeezed(docx_text(services.acuse_docx(act)))
    assert docx == squeezed(_as_docx(sheet))
    assert sorted(body_of(services.acuse_pdf(act), sheet)) == sorted(docx)
    for piece in (act.cadena, act.sello, act.acuse["cadena"], act.acuse["sello_autoridad"]):
        assert squeezed(piece) in body_of(services.acuse_pdf(act), sheet)


def _as_docx(sheet: dict[str, Any]) -> str:
    """The text kept, without the colon that stands for the ruled box."""
    text = plain_text(sheet)
    for row in sheet["recuadro"]:
        text = text.replace(f"{row['rotulo']}: {row['texto']}", f"{row['rotulo']} {row['texto']}")
    return text


def test_the_report_says_the_same_in_pdf_and_docx(campaign: Campaign) -> None:
    informe = campaign.prepare()
    sheet = informe_sheet(informe)
    docx = squeezed(docx_text(services.informe_docx(informe)))
    assert docx == squeezed(_as_docx(sheet))
    assert sorted(body_of(services.informe_pdf(informe), sheet)) == sorted(docx)
    assert "PROYECTO" in docx and "quedan$1,563,568.25" in docx


def test_an_acuse_of_one_signature_is_a_page_and_no_report_ends_in_a_few_lines(campaign: Campaign) -> None:
    informe = campaign.prepare()
    act = campaign.present(informe)
    assert pages_of(services.acuse_pdf(act)) == 1
    (*_before, last) = [squeezed(page) for page in pdf_text(services.informe_pdf(informe)).split("\f") if page.strip()]
    annexes = [squeezed(each.titulo) for each in annexes_in(informe)]
    assert annexes and all(title in last for title in ("Anexosqueelsistemaadjunta", *annexes))
    assert "Firmó." in last and squeezed(act.sello) in last


@pytest.mark.parametrize("fillers", [5, 9, 17, 22])
def test_the_last_part_of_an_acuse_is_whole_wherever_its_page_ends(campaign: Campaign, fillers: int) -> None:
    sheet = acuse_sheet(campaign.present(campaign.prepare()))
    first, *others = sheet["secciones"]
    more = [fact("Dato", str(n)) for n in range(fillers)]
    longer = {**sheet, "secciones": [{**first, "bloques": [*first["bloques"], *more]}, *others]}
    pages = [squeezed(page) for page in pdf_text(render_pdf("acuse", longer)).split("\f") if page.strip()]
    assert len(pages) > 1 and "Acusedelaautoridad" in pages[-1] and "Cadenadelacuse" in pages[-1]
    (table,) = [page for page in pages if "Archivosrecibidos" in page]
    assert all(name in table for name in ("informe.json", "contratos.csv"))


def test_the_acuse_is_the_one_that_was_read_and_approved(campaign: Campaign) -> None:
    act = campaign.present(campaign.prepare())
    text = _without_chance(plain_text(acuse_sheet(act)), act.acuse, str(campaign.ana.pk))
    kept = HERE / "acuse.txt"
    if os.environ.get("SIF_RENUEVA_DORADOS"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def _without_chance(text: str, acuse: dict[str, Any], number: str) -> str:
    """The words without what keys, serials and sequences change in each run."""
    for seal in (acuse["firma"]["sello"], acuse["sello_autoridad"]):
        text = text.replace(seal, "<sello>")
    text = re.sub(r"[0-9a-f]{64}", "<sha256>", text)
    text = re.sub(r"\b9\d{19}\b", "<serie>", text).replace(number, "<contabilidad>")
    text = re.sub(r"Ámbar \d+ \(PA\d+\)", "Ámbar (PA)", re.sub(r"\|PA\d+\|", "|PA|", text))
    text = re.sub(r"informe\.json \| [\d,]+", "informe.json | <bytes>", text)
    return re.sub(r"Ámbar \d+", "Ámbar", text)
