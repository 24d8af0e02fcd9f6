"""No input crashes the reader, makes it open a file or a connection, or takes more than its share of time."""

import builtins
import io
import socket
import struct
import time
import zipfile
import zlib

import pytest

from sif.cfdi import containers, parsing, read, read_archive

ROOT = b'<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0">%s</cfdi:Comprobante>'
XSI = b"http://www.w3.org/2001/XMLSchema-instance"
LAUGHS = b"<!DOCTYPE l [<!ENTITY a0 'ja'>%s]><l>&a20;</l>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 21)
)
FILE_ENTITY = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ROOT % b"&x;"
HTTP_ENTITY = b'<?xml version="1.0"?>\n<!-- a --><!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">' + ROOT % b""
QUADRATIC = b"<!DOCTYPE r [<!ENTITY a '" + b"x" * 50_000 + b"'>]><r>" + b"&a;" * 50_000 + b"</r>"
STYLED = b'<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>' + ROOT % b""
INCLUDED = ROOT % b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
UTF7 = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r SYSTEM "http://127.0.0.1:9/"+AD4-<r/>'
UTF16 = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/"><r/>'.encode("utf-16")
MANY_NAMESPACES = ROOT % b"<a %s/>" % b" ".join(b'xmlns:p%d="u%d"' % (n, n) for n in range(30_000))

ATTACKS = [
    ("billion laughs", LAUGHS, "xml_doctype"),
    ("entity of a file", FILE_ENTITY, "xml_doctype"),
    ("DTD of the network", HTTP_ENTITY, "xml_doctype"),
    ("quadratic blow-up", QUADRATIC, "xml_doctype"),
    ("DOCTYPE after a BOM", b"\xef\xbb\xbf" + FILE_ENTITY, "xml_doctype"),
    ("DOCTYPE in UTF-7", UTF7, "codificacion"),
    ("DOCTYPE in UTF-16", UTF16, "codificacion"),
    ("a million nested elements", b"<a>" * 1_000_000, "xml_excesivo"),
    ("300 nested elements", b"<a>" * 300 + b"</a>" * 300, "xml_profundo"),
    ("50 MB of text", ROOT % (b"x" * 50_000_000), "archivo_grande"),
    ("a name of 2 MB", ROOT % (b"<" + b"n" * 2_000_000 + b"/>"), None),
    ("a stylesheet of the disk", STYLED, "campo_faltante"),
    ("an inclusion of the disk", INCLUDED, "campo_faltante"),
    ("thirty thousand namespaces", MANY_NAMESPACES, "campo_faltante"),
    ("unclosed comment", b"<!--" + b"-" * 100_000, "xml_mal_formado"),
    ("unclosed instruction", b"<?xml " + b" " * 100_000, "xml_mal_formado"),
    ("only a text", b"hola", "no_es_xml"),
    ("empty", b"", "archivo_vacio"),
    ("only blanks", b"\xef\xbb\xbf \n\t ", "archivo_vacio"),
    ("a program called .xml", b"MZ\x90\x00" + bytes(200), "no_es_xml"),
    ("a PDF called .xml", b"%PDF-1.7 ...", "no_es_xml"),
    ("a ZIP read as an XML", b"PK\x03\x04" + bytes(50), "no_es_xml"),
    ("zeros", bytes(10_000), "codificacion"),
    ("unknown encoding", b'<?xml version="1.0" encoding="x-klingon"?><a/>', "codificacion"),
    ("another version", ROOT.replace(b'"4.0"', b'"5.0"') % b"", "cfdi_version"),
    ("a version of another namespace", ROOT.replace(b'"4.0"', b'"3.3"') % b"", "cfdi_version"),
]


@pytest.fixture
def sealed_room(monkeypatch):
    """Python's ways to the disk and the network raise; the stylesheets are compiled before."""
    read(ROOT % b"")

    def refuse(*_args, **_kwargs):
        raise AssertionError("the reader went out of its room")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)


@pytest.mark.parametrize(("data", "codigo"), [case[1:] for case in ATTACKS], ids=[case[0] for case in ATTACKS])
def test_an_attack_is_a_problem_with_its_place(sealed_room, data, codigo):
    start = time.process_time()
    lectura = read(data, "x.xml")
    assert time.process_time() - start < 2
    assert lectura.cfdi is None
    assert lectura.as_dict()["version"] is None
    assert all(problem.donde and problem.mensaje and problem.cura for problem in lectura.problemas)
    if codigo is not None:
        assert lectura.problemas[0].codigo in {codigo, "sin_timbre"}
        assert codigo in [problem.codigo for problem in lectura.problemas]
    assert "root:" not in repr(lectura)


def test_no_document_opens_a_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = b"http://127.0.0.1:%d/" % server.getsockname()[1]
        for data in (
            b'<!DOCTYPE r SYSTEM "%sa.dtd"><r/>' % address,
            b'<!DOCTYPE r [<!ENTITY % x SYSTEM "' + address + b'">%x;]><r/>',
            b'<?xml-stylesheet type="text/xsl" href="' + address + b'"?>' + ROOT % b"",
            ROOT % (b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="' + address + b'"/>'),
            ROOT.replace(b"Version", b'xsi:schemaLocation="u %sa.xsd" xmlns:xsi="%s" Version' % (address, XSI)) % b"",
        ):
            assert read(data).problemas
        with pytest.raises(BlockingIOError):
            server.accept()


def test_concepts_inside_concepts_do_not_multiply_the_work():
    part = b'<cfdi:Parte ClaveProdServ="1" Cantidad="1" Descripcion="' + b"x" * 200 + b'"/>'
    inner = part * 4000
    for _ in range(80):
        inner = b"<cfdi:Concepto><cfdi:ComplementoConcepto>" + inner + b"</cfdi:ComplementoConcepto></cfdi:Concepto>"
    start = time.process_time()
    lectura = read(
        ROOT.replace(b'"4.0"', b'"4.0" Sello="AA==" ') % (b"<cfdi:Conceptos>" + inner + b"</cfdi:Conceptos>")
    )
    assert time.process_time() - start < 2
    assert [problem.codigo for problem in lectura.problemas] == ["xml_estructura"]


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def codes(data):
    return [[problem.codigo for problem in lectura.problemas] for lectura in read_archive(data, "lote.zip")]


def test_a_zip_bomb_is_stopped(monkeypatch):
    monkeypatch.setattr(containers, "MAX_EXPANDED", 3 * parsing.MAX_BYTES)
    bomb = zipped([(f"{n}.xml", bytes(40_000_000)) for n in range(6)])
    assert len(bomb) < 300_000
    found = codes(bomb)
    assert found == [["archivo_grande"]] * 2 + [["zip_bomba"]]


def test_names_that_leave_the_zip_are_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../fuera.xml", "/etc/fuera.xml", "a/../../b.xml", "C:/x.xml", "..\\fuera.xml"]
    assert codes(zipped([(name, b"<a/>") for name in names])) == [["zip_ruta"]] * 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("claimed", [1, 0, 2**31])
def test_a_size_that_lies_is_not_believed(claimed):
    content = b"<a>" + b"x" * 5000 + b"</a>"
    data = bytearray(zipped([("a.xml", content)]))
    central = data.rfind(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", claimed)
    data[22:26] = struct.pack("<I", claimed)
    [found] = codes(bytes(data))
    assert found[0] in {"zip_danado", "no_es_cfdi", "archivo_vacio", "xml_mal_formado"}


def test_an_encrypted_entry_is_named():
    data = bytearray(zipped([("a.xml", b"<a/>")]))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert codes(bytes(data)) == [["zip_cifrado"]]


def test_too_many_entries_are_refused(monkeypatch):
    data = zipped([(f"{n}.xml", b"") for n in range(containers.MAX_ENTRIES + 1)], zipfile.ZIP_STORED)
    assert codes(data) == [["zip_excesivo"]]


def test_zips_inside_zips_end():
    data = zipped([("a.xml", b"<a/>")])
    for _ in range(2):
        data = zipped([("n.zip", data)])
    assert codes(data) == [["no_es_cfdi"]]
    assert codes(zipped([("n.zip", data)])) == [["zip_anidado"]]


def test_a_zip_of_another_compression_or_cut_or_empty_is_named():
    assert codes(zipped([("a.xml", b"<a/>" * 99)], zipfile.ZIP_LZMA)) == [["zip_compresion"]]
    whole = zipped([("a.xml", b"<a/>" * 99)])
    assert codes(whole[:-30]) == [["zip_danado"]]
    assert codes(zipped([])) == [["sin_xml"]]
    assert codes(zipped([("foto.png", b"")])) == [["sin_xml"]]


def test_a_wrong_checksum_is_named():
    data = bytearray(zipped([("a.xml", b"<a/>" * 99)]))
    crc = zlib.crc32(b"otra").to_bytes(4, "little")
    central = data.rfind(b"PK\x01\x02")
    data[central + 16 : central + 20] = crc
    data[14:18] = crc
    assert codes(bytes(data)) == [["zip_danado"]]
