"""Small files that take much to open, each made here."""

import io
import struct
import zipfile
import zlib


def nested_pdf(levels: int = 9, each: int = 10) -> bytes:
    """A PDF whose page draws a form that draws ten, nine levels down: 10^9 drawings in 2 KB."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        _stream(b"", b"/F Do"),
    ]
    for level in range(levels):
        below = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level) if level < levels - 1 else b""
        content = b"/F Do " * each if level < levels - 1 else b"0 0 9 9 re f"
        objects.append(_stream(b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]" + below, content))
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of numbered objects, the first its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def _stream(keys: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys, len(content), content)


def large_png(side: int = 13_300) -> bytes:
    """A PNG of one colour, `side` squared."""
    packer, raw = zlib.compressobj(9), bytearray()
    row = b"\0" + bytes(side * 3)
    for _each in range(side):
        raw += packer.compress(row)
    raw += packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*each) for each in ((b"IHDR", head), (b"IDAT", bytes(raw)), (b"IEND", b""))
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


_BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="polizas" sheetId="1" '
    'r:id="rId1"/></sheets></workbook>',
}
_SPACE = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book_of(cell: tuple[str, str, int, str], shared: tuple[str, str, int, str]) -> bytes:
    """A workbook whose sheet, and whose shared strings, are (before, piece, times, after)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, content in _BOOK.items():
            book.writestr(name, content)
        for name, (before, piece, times, after) in (
            ("xl/worksheets/sheet1.xml", cell),
            ("xl/sharedStrings.xml", shared),
        ):
            with book.open(name, "w") as part:
                part.write(before.encode())
                block, left = (piece * 10_000).encode(), times
                while left >= 10_000:
                    part.write(block)
                    left -= 10_000
                part.write((piece * left + after).encode())
    return stream.getvalue()


_SHEET = f"<worksheet{_SPACE}><sheetData><row r='1'>"
_ENDS = "</row></sheetData></worksheet>"
_NONE = (f"<sst{_SPACE}>", "", 0, "</sst>")


def many_strings(times: int = 7_800_000) -> bytes:
    """A workbook of 7.8 million shared strings that no cell uses."""
    return book_of(
        (_SHEET + "<c r='A1' t='s'><v>0</v></c>", "", 0, _ENDS),
        (f"<sst{_SPACE}>", "<si><t>a</t></si>", times, "</sst>"),
    )


def many_runs(times: int = 7_000_000) -> bytes:
    """A workbook with one cell of seven million runs of text."""
    return book_of((_SHEET + "<c r='A1' t='inlineStr'><is>", "<r><t>a</t></r>", times, "</is></c>" + _ENDS), _NONE)


def many_shared_runs(times: int = 3_000_000) -> bytes:
    """A workbook whose one shared string has three million runs of text, as a statement of a bank may claim."""
    return book_of(
        (_SHEET + "<c r='A1' t='s'><v>0</v></c>", "", 0, _ENDS),
        (f"<sst{_SPACE}><si>", "<r><t>a</t></r>", times, "</si></sst>"),
    )


def long_cell(times: int = 60_000_000) -> bytes:
    """A workbook with one cell of 60 MB."""
    return book_of((_SHEET + "<c r='A1' t='inlineStr'><is><t>", "a", times, "</t></is></c>" + _ENDS), _NONE)


def formulas() -> bytes:
    """A workbook of forty cells that a spreadsheet would compute, by themselves or with a program of the machine."""
    piece = "<c t='str'><f>cmd|' /C calc'!A0</f><v>1</v></c>"
    return book_of((_SHEET, piece, 40, _ENDS), _NONE)


def many_merges(times: int = 3_000_000) -> bytes:
    """A workbook that merges one pair of cells three million times."""
    return book_of(
        (
            f"<worksheet{_SPACE}><sheetData/><mergeCells>",
            '<mergeCell ref="A1:B2"/>',
            times,
            "</mergeCells></worksheet>",
        ),
        _NONE,
    )


def zeros_zip(mib: int = 2048) -> bytes:
    """A ZIP with one file of 2 GB of zeros, called as an invoice."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("a.xml", "w", force_zip64=True) as part,
    ):
        block = bytes(1 << 20)
        for _each in range(mib):
            part.write(block)
    return stream.getvalue()


def entities() -> bytes:
    """An XML of nested entities."""
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "aaaaaaaaaa"}">' for n in range(10))
    return f"<!DOCTYPE a [{rows}]><a>&e9;</a>".encode()


def deep(levels: int = 3_000_000) -> bytes:
    """An XML of three million levels."""
    return b"<a>" * levels + b"</a>" * levels


def empties(times: int = 10_000_000) -> bytes:
    """An XML of ten million empty elements."""
    return b"<a>" + b"<b/>" * times + b"</a>"


def attributes(times: int = 400_000) -> bytes:
    """An XML of one element with 400,000 attributes."""
    return b"<a " + b" ".join(b'a%d=""' % n for n in range(times)) + b"/>"


def wide_cfdi(times: int = 190_000) -> bytes:
    """An XML that says it is an invoice, with as many elements and attributes as the reader admits."""
    space = b' xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0"'
    return b"<cfdi:Comprobante%s>%s</cfdi:Comprobante>" % (space, b'<a b="" c="" d="" e=""/>' * times)


def wide_accounting(times: int = 300_000) -> bytes:
    """An XML that says it is SAT's trial balance, with 300,000 accounts of nothing."""
    space = b' xmlns="http://www.sat.gob.mx/esquemas/ContabilidadE/1_3/BalanzaComprobacion"'
    head = b'<Balanza%s Version="1.3" RFC="PAM140101AB1" Mes="01" Anio="2024" TipoEnvio="N">' % space
    return head + b'<Ctas NumCta="1" SaldoIni="0" Debe="0" Haber="0" SaldoFin="0"/>' * times + b"</Balanza>"


def many_tags_ofx(times: int = 6_000_000) -> bytes:
    """An OFX of six million empty tags."""
    return b"OFXHEADER:100\n\n<OFX>" + b"<A/>" * (times * 3 // 4) + b"</OFX>"


def many_movements_ofx(times: int = 250_000) -> bytes:
    """An OFX of a quarter of a million movements."""
    line = b"<STMTTRN><DTPOSTED>20240402<TRNAMT>1.00<FITID>1<NAME>a</STMTTRN>"
    head = b"<OFX><STMTRS><CURDEF>MXN<BANKTRANLIST><DTSTART>20240401<DTEND>20240430"
    return head + line * times + b"</BANKTRANLIST><LEDGERBAL><BALAMT>5.00<DTASOF>20240430</LEDGERBAL></STMTRS></OFX>"


def many_entries_camt(times: int = 3_900_000) -> bytes:
    """A CAMT.053 of nearly four million empty entries."""
    head = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
    return head + b"<N/>" * times + b"</Stmt></BkToCstmrStmt></Document>"


def deep_camt(levels: int = 3_000_000) -> bytes:
    """A CAMT.053 of three million levels."""
    return b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">' + b"<a>" * levels


def one_quote_csv(size: int = 19_000_000) -> bytes:
    """A CSV whose first quote never closes."""
    return b'Fecha,Concepto,Importe\n01/01/2024,"' + b"a,\n" * (size // 3)


def bomb_of_invoices(each: int = 8_000_000, times: int = 400) -> bytes:
    """A ZIP of 400 invoices of 8 MB of spaces each: 3.2 GB in 3 MB."""
    stream = io.BytesIO()
    content = b"<a>" + b" " * (each - 7) + b"</a>"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for number in range(times):
            packed.writestr(f"{number}.xml", content)
    return stream.getvalue()
