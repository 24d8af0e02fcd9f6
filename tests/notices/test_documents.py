"""One sheet, drawn as PDF and DOCX: same words, numbered pages, digest and code on each."""

from typing import Any

import pytest

from golden.reading import docx_text, pdf_text
from sif.notices.documents import UnknownTemplate, render_docx, render_pdf
from sif.notices.sheet import code_of, exact, fact, groups_of_four, paragraph, plain_text, sealed, section, table

COLUMNS = (("Póliza", "clave"), ("Concepto", "texto"), ("Monto", "monto"))


def _sheet(rows: int = 3, **changes: Any) -> dict[str, Any]:
    lines = [[f"PN1/DR-{n}", "Volantes del arranque", f"${n:,}.00"] for n in range(1, rows + 1)]
    total = ["", "Total", f"${sum(range(1, rows + 1)):,}.00"]
    return {
        "organo": "Unidad Técnica de Fiscalización", "titulo": "Oficio de errores y omisiones",
        "numero": "SIF/00001/2024",
        "asunto": "Errores y omisiones del Partido del Ámbar", "lugar_fecha": "Ciudad de México, 12 de junio de 2024",
        "proyecto": False, "recuadro": [{"rotulo": "Vence", "texto": "17 de junio de 2024, 24:00"}],
        "destinatario": ["Alicia Rosas Núñez", "Responsable de Finanzas"],
        "secciones": [
            section("Lo observado", paragraph("Faltan XML en las pólizas que se listan.", "RF 39.6"),
                    table(COLUMNS, lines, total), fact("Folio", "NOT-2024-000001")),
            section("Comprobación", exact("Cadena", "||1.0|ACUSE|" + "a1b2c3d4" * 30 + "||"), level=2),
        ],
        "firma": ["Irma Saldívar", "Directora"], **changes,
    }  # fmt: skip


def _words(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("template", ["acuse", "informe", "oficio", "dictamen", "resolucion"])
def test_pdf_and_docx_say_every_word_of_the_sheet(template: str) -> None:
    sheet = _sheet()
    pdf, docx = _words(pdf_text(render_pdf(template, sheet))), _words(docx_text(render_docx(template, sheet)))
    for line in plain_text(sheet).replace(" [", "\n[").replace(": ", "\n").splitlines():
        for piece in line.split(" | "):
            assert _words(piece) in pdf, (template, piece)
            assert _words(piece) in docx, (template, piece)


def test_the_same_sheet_gives_the_same_pdf() -> None:
    assert render_pdf("acuse", _sheet()) == render_pdf("acuse", _sheet())


def test_every_page_is_numbered_and_bears_the_digest() -> None:
    sheet = sealed(_sheet(rows=120))
    pages = pdf_text(render_pdf("oficio", sheet)).split("\f")[:-1]
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"página{number}de{len(pages)}" in _words(page)
        assert _words(groups_of_four(sheet["huella"])) in _words(page)
        assert _words(sheet["codigo"]) in _words(page)
        assert number == 1 or sheet["numero"] in page


def test_a_long_table_repeats_its_head_and_carries_its_sums() -> None:
    pages = pdf_text(render_pdf("oficio", _sheet(rows=120))).split("\f")[:-1]
    first, second = pages[0], pages[1]
    assert "Concepto" in second
    assert "Suma que pasa" in first
    assert "Suma anterior" not in first
    carried = next(line for line in first.splitlines() if "Suma que pasa" in line).split()[-1]
    brought = next(line for line in second.splitlines() if "Suma anterior" in line).split()[-1]
    last_row = [line for line in first.splitlines() if line.startswith("PN1/DR-")][-1]
    n = int(last_row.split()[0].removeprefix("PN1/DR-"))
    assert carried == brought == f"${n * (n + 1) // 2:,}.00"


def test_a_draft_says_so_on_every_page() -> None:
    pages = pdf_text(render_pdf("resolucion", _sheet(rows=120, proyecto=True))).split("\f")[:-1]
    assert all("PROYECTO" in page for page in pages)
    assert "PROYECTO" not in pdf_text(render_pdf("resolucion", _sheet()))


def test_a_sheet_without_a_part_is_refused_by_name() -> None:
    sheet = _sheet()
    del sheet["asunto"]
    with pytest.raises(ValueError, match="falta asunto"):
        render_pdf("acuse", sheet)


def test_an_unknown_letter_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownTemplate, match="acuse, dictamen, informe, libro, oficio, poliza, prorrateo"):
        render_docx("carta", _sheet())


def test_a_row_of_other_length_is_refused() -> None:
    with pytest.raises(ValueError, match="tantas celdas"):
        table(COLUMNS, [["una", "dos"]])


def test_the_code_changes_with_the_digest() -> None:
    one, other = code_of("00" * 32), code_of("00" * 31 + "01")
    assert one != other
    assert len(one) == len("XXXX XXXX XXXX XXXX")
    assert not set(one) & set("ILOU")
