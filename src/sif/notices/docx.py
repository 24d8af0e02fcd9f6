"""Write a sheet as DOCX with real headings, repeated table heads and page numbers."""

import io
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from sif.notices.sheet import Block, Grid, groups_of_four

SERIF, SANS, MONO = "Source Serif 4", "Source Sans 3", "Source Code Pro"
_NO_HOUR = datetime(2000, 1, 1, tzinfo=UTC)  # the file carries no hour of its own: same sheet, same content


def draw_docx(data: Mapping[str, Any], qr: bytes) -> bytes:
    """Return the file of a sealed sheet (`sheet.sealed`); qr: the PNG of its code."""
    word = Document()
    _page(word, data, qr)
    _front(word, data)
    for part in data["secciones"]:
        word.add_heading(part["titulo"], part["nivel"])
        for block in part["bloques"]:
            _block(word, block)
    if data["firma"]:
        _signed(word, data)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _signed(word: WordFile, data: Mapping[str, Any]) -> None:
    """Write the signatures: a line to sign and the data of each of `firmas`, or else the lines of `firma`."""
    for signer in data.get("firmas") or ():
        word.add_paragraph("_" * 40)
        for line in signer:
            word.add_paragraph(line)
    if not data.get("firmas"):
        for line in data["firma"]:
            word.add_paragraph(line)


def _page(word: WordFile, data: Mapping[str, Any], qr: bytes) -> None:
    properties = word.core_properties
    properties.title, properties.author = f"{data['titulo']} {data['numero']}", data["organo"]
    properties.subject, properties.comments, properties.language = data["asunto"], "", "es-MX"
    properties.created = properties.modified = _NO_HOUR
    page = word.sections[0]
    page.page_width, page.page_height = Mm(215.9), Mm(279.4)
    page.top_margin, page.right_margin, page.bottom_margin, page.left_margin = Mm(25), Mm(20), Mm(28), Mm(25)
    _styles(word)
    head = page.header.paragraphs[0]
    _run(head, f"{data['organo']} · {data['numero']}\n{data['asunto']}", SANS, 8.5)
    foot = page.footer.paragraphs[0]
    foot.add_run().add_picture(io.BytesIO(qr), width=Mm(15))
    _run(foot, f"  Código de verificación {data['codigo']}  ·  página ", SANS, 8)
    _field(foot, "PAGE")
    _run(foot, " de ", SANS, 8)
    _field(foot, "NUMPAGES")
    _run(page.footer.add_paragraph(), f"Huella {groups_of_four(data['huella'])}", MONO, 7)


def _styles(word: WordFile) -> None:
    for name, font, size in (
        ("Normal", SERIF, 10.5),
        ("Title", SERIF, 16),
        ("Heading 1", SERIF, 12),
        ("Heading 2", SERIF, 10.5),
    ):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{slot}"), font)


def _front(word: WordFile, data: Mapping[str, Any]) -> None:
    if data["proyecto"]:
        _run(word.add_paragraph(), "PROYECTO", SANS, 10.5, bold=True)
    _run(word.add_paragraph(), data["organo"], SANS, 9)
    word.add_paragraph(data["titulo"], "Title")
    _run(word.add_paragraph(), data["numero"], MONO, 9)
    word.add_paragraph(data["asunto"])
    _run(word.add_paragraph(), data["lugar_fecha"], SANS, 9)
    for row in data["recuadro"]:
        line = word.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(line, f"{row['rotulo']} ", SANS, 9)
        _run(line, row["texto"], SANS, 10.5, bold=True)
    for text in data["destinatario"]:
        word.add_paragraph(text)


def _block(word: WordFile, block: Block) -> None:
    if block["tipo"] == "parrafo":
        line = word.add_paragraph()
        if "numeral" in block:
            line.add_run(f"{block['numeral']}. ").bold = True
        line.add_run(block["texto"])
        if block["articulo"]:
            _run(line, f" [{block['articulo']}]", SANS, 8.5)
    elif block["tipo"] == "dato":
        line = word.add_paragraph()
        line.add_run(f"{block['rotulo']}.").bold = True
        line.add_run(f" {block['texto']}")
    elif block["tipo"] == "codigo":
        _run(word.add_paragraph(), block["rotulo"], SANS, 8.5, bold=True)
        _run(word.add_paragraph(), block["texto"], MONO, 7.5)
    else:
        _table(word, block)


def _table(word: WordFile, block: Grid) -> None:
    kinds = [column["clase"] for column in block["columnas"]]
    rows = [
        [column["titulo"] for column in block["columnas"]],
        *block["filas"],
        *([block["total"]] if block["total"] else []),
    ]
    grid = word.add_table(rows=len(rows), cols=len(kinds), style="Table Grid")
    cells = grid._cells  # one walk of the table; `cell()` would walk it again for every cell
    strong = {0, len(rows) - 1} if block["total"] else {0}
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            line = cells[place * len(kinds) + column].paragraphs[0]
            _run(line, text, MONO if kinds[column] == "clave" and place else SANS, 8.5, bold=place in strong)
            if kinds[column] == "monto":
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for place, row_element in enumerate(grid._tbl.tr_lst):
        properties = row_element.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
    word.add_paragraph()


def _run(line: Paragraph, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = deepcopy(_styled(font, size, bold))
    line._p.append(run)
    Run(run, line).text = text


@cache
def _styled(font: str, size: float, bold: bool) -> CT_R:
    """Return an empty run of a font, to be copied: to write its properties again takes ten times as long."""
    run = Document().add_paragraph().add_run()
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    return run._r


def _field(line: Paragraph, name: str) -> None:
    """A number that the word processor counts: PAGE, NUMPAGES."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    line._p.append(field)
