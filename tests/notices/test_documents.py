"""One sheet, drawn as PDF and DOCX: same words, numbered pages, digest and code on each."""

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import NumberTree

from golden.reading import docx_text, pdf_text
from sif.notices import cutting
from sif.notices.documents import UnknownTemplate, render_docx, render_pdf
from sif.notices.sheet import code_of, exact, fact, groups_of_four, paragraph, plain_text, sealed, section, table

COLUMNS = (("Póliza", "clave"), ("Concepto", "texto"), ("Monto", "monto"))


def _sheet(rows: int = 3, **changes: Any) -> dict[str, Any]:
    lines = [[f"PN1/DR-{n}", "Volantes del arranque", f"${n:,}.00"] for n in range(1, rows + 1)]
    total = ["", "Total", f"${sum(range(1, rows + 1)):,}.00"]
    return {
        "organo": "Unidad Técnica de Fiscalización",
        "titulo": "Oficio de errores y omisiones",
        "numero": "SIF/00001/2024",
        "asunto": "Errores y omisiones del Partido del Ámbar",
        "lugar_fecha": "Ciudad de México, 12 de junio de 2024",
        "proyecto": False,
        "recuadro": [{"rotulo": "Vence", "texto": "17 de junio de 2024, 24:00"}],
        "destinatario": ["Alicia Rosas Núñez", "Responsable de Finanzas"],
        "secciones": [
            section(
                "Lo observado",
                paragraph("Faltan XML en las pólizas que se listan.", "RF 39.6"),
                table(COLUMNS, lines, total),
                fact("Folio", "NOT-2024-000001"),
            ),
            section("Comprobación", exact("Cadena", "||1.0|ACUSE|" + "a1b2c3d4" * 30 + "||"), level=2),
        ],
        "firma": ["Irma Saldívar", "Directora"],
        **changes,
    }


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
    with pytest.raises(UnknownTemplate, match="acuse, constancia, dictamen, informe, libro, oficio, poliza, prorrateo"):
        render_docx("carta", _sheet())


def test_a_row_of_other_length_is_refused() -> None:
    with pytest.raises(ValueError, match="tantas celdas"):
        table(COLUMNS, [["una", "dos"]])


def test_the_code_changes_with_the_digest() -> None:
    one, other = code_of("00" * 32), code_of("00" * 31 + "01")
    assert one != other
    assert len(one) == len("XXXX XXXX XXXX XXXX")
    assert not set(one) & set("ILOU")


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a part hold sixty rows of the table of these tests."""
    monkeypatch.setattr(cutting, "MOST_CELLS", 60 * len(COLUMNS))


def _amount(page: str, words: str) -> str:
    return next(line for line in page.splitlines() if words in line).split()[-1]


def test_a_document_in_parts_is_numbered_and_summed_as_one(in_parts: None) -> None:
    sheet = sealed(_sheet(rows=200))
    pages = pdf_text(render_pdf("oficio", sheet)).split("\f")[:-1]
    assert len(pages) > len(cutting.cut(sheet)) == 4
    for number, page in enumerate(pages, start=1):
        assert f"página{number}de{len(pages)}" in _words(page)
        assert _words(sheet["codigo"]) in _words(page)
        assert number == 1 or sheet["numero"] in page
        assert (sheet["titulo"] in page) == (number == 1) and (sheet["firma"][0] in page) == (number == len(pages))
    passed = [_amount(page, "Suma que pasa") for page in pages if "Suma que pasa" in page]
    assert passed == [_amount(page, "Suma anterior") for page in pages if "Suma anterior" in page]
    assert len(passed) == len(pages) - 1 and "$20,100.00" not in passed
    text = "\n".join(pages)
    assert [n for n in range(1, 201) if f"PN1/DR-{n} " not in text] == [] and text.count("$20,100.00") == 1
    assert text.count("Lo observado (continúa)") == 3


@pytest.mark.parametrize("template", ["oficio", "dictamen", "resolucion"])
def test_a_document_in_parts_says_every_word_and_counts_its_paragraphs(in_parts: None, template: str) -> None:
    more = [section(f"Parte {n}", paragraph(f"Párrafo de la parte {n}.")) for n in range(1, 4)]
    sheet = _sheet(rows=140)
    sheet["secciones"] += more
    read = pdf_text(render_pdf(template, sheet))
    for line in plain_text(sheet).replace(" [", "\n[").replace(": ", "\n").splitlines():
        for piece in line.split(" | "):
            assert _words(piece) in _words(read), piece
    assert all(f"{n + 1}.Párrafodelaparte{n}." in _words(read) for n in range(1, 4))


@pytest.mark.parametrize("template", ["oficio", "dictamen", "resolucion"])
def test_a_paragraph_with_a_numeral_of_its_own_takes_no_other_number(in_parts: None, template: str) -> None:
    """«11. PRIMERO.» numbered each point twice: those around it count on as if it were not there, in every part."""
    points = [paragraph("Se impone lo que sigue:", "LGIPE 456.1.a", numeral="PRIMERO"), paragraph("Lo que antecede.")]
    sheet = _sheet(rows=140)
    sheet["secciones"] = [section("Puntos", *points), *sheet["secciones"], section("Fin", paragraph("Nada más."))]
    read = _words(pdf_text(render_pdf(template, sheet)))
    assert "PRIMERO.Seimponeloquesigue:" in read and ".PRIMERO" not in read
    assert all(each in read for each in ("1.Loqueantecede.", "2.FaltanXML", "3.Nadamás."))
    for said in (plain_text(sheet), docx_text(render_docx(template, sheet))):
        assert "PRIMERO. Se impone lo que sigue: [LGIPE 456.1.a]" in said


def test_a_document_in_parts_is_tagged_as_one(in_parts: None) -> None:
    sheet = _sheet(rows=200)
    made = render_pdf("oficio", sheet)
    assert made == render_pdf("oficio", sheet)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        tree = pdf.Root.StructTreeRoot
        parents = dict(NumberTree(tree.ParentTree).items())
        numbers = [int(page.obj.StructParents) for page in pdf.pages]
        assert numbers == sorted(set(numbers)) and max(numbers) < int(tree.ParentTreeNextKey)
        for page in pdf.pages:
            elements = list(parents[int(page.obj.StructParents)])
            assert elements and all(each.Pg.objgen == page.obj.objgen for each in elements if "/Pg" in each)
        heads = [str(each.ID) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/ID" in each]
        assert sorted(heads) == [str(key) for key in list(tree.IDTree.Names)[::2]] and len(set(heads)) == len(heads)
        assert len(tree.K) == 1 and all(each.P.objgen == tree.K[0].objgen for each in tree.K[0].K)
        with pdf.open_outline() as outline:
            titles = [each.title for each in outline.root]
    assert titles[0] == "Lo observado" and titles.count("Lo observado (continúa)") == 3
    assert _tags(made)["/TD"] == (200 + 1 + 4) * 3  # its rows, its total, and a sum that is carried in each part


def _tags(data: bytes) -> Counter[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary))
        return Counter(str(each.S) for each in found if each.get("/Type") == "/StructElem")


def test_a_part_within_a_section_says_first_what_it_is_within(in_parts: None) -> None:
    sheet = _sheet(rows=1)
    lines = [[f"PN1/DR-{n}", "Volantes", "$1.00"] for n in range(140)]
    sheet["secciones"] = [
        section("Observación 1", paragraph("Los hechos.")),
        section("Anexo de la observación 1", table(COLUMNS, lines, ["", "Suma", "$140.00"]), level=2),
        section("Observación 2", table(COLUMNS, lines[:50])),
        section("Plazo", paragraph("Vence mañana.")),
    ]
    told = [
        [(each["titulo"], each.get("continua", False)) for each in part["secciones"]] for part in cutting.cut(sheet)
    ]
    again = [("Observación 1", True), ("Anexo de la observación 1", True)]
    assert told == [
        [("Observación 1", False), ("Anexo de la observación 1", False)],
        again,
        again,
        [("Observación 2", False), ("Plazo", False)],
    ]
    assert len(cutting.cut(_sheet(rows=60))) == 1


def _resident() -> int:
    """Megabytes of this process in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def test_what_was_drawn_does_not_stay_in_memory() -> None:
    def draw(turn: int) -> None:
        lines = [[f"PN1/DR-{turn}-{n}", f"Volantes {turn}-{n}", "$1.00"] for n in range(400)]
        render_pdf("oficio", _sheet(rows=1) | {"secciones": [section("Lo observado", table(COLUMNS, lines))]})

    draw(0)
    before = _resident()
    for turn in range(1, 9):
        draw(turn)
    assert _resident() - before < 60  # each lays out some 20 MB


def test_markup_that_people_type_is_drawn_as_they_typed_it() -> None:
    """Words of a party never become code, emphasis, mathematics, a label or a file read by the renderer."""
    typed = '#read("/etc/passwd") #let a = 2; *fuerte* _suave_ $x^2$ <nota> @cita `crudo` // nada \\ = Título'
    sheet = _sheet(
        asunto=typed, secciones=[section(typed, paragraph(typed), table(COLUMNS, [[typed, typed, "$1.00"]]))]
    )
    pdf, docx = pdf_text(render_pdf("oficio", sheet)), docx_text(render_docx("oficio", sheet))
    assert _words(pdf).count(_words(typed)) >= 4
    assert _words(docx).count(_words(typed)) >= 4
