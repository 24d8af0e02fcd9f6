"""Real invoices of three versions, and the dirt that real files carry."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from public_data import public
from sif.cfdi import Relacionado, read, read_files, read_path
from sif.cfdi.fields import scaled
from sif.values import Money

SEALED = [
    ("phpcfdi/cfdi32-real.xml", "3.2", "valido", []),
    ("phpcfdi/cfdi33-real.xml", "3.3", "valido", []),
    ("satcfdi/sellados/test_finkok_stamped.xml", "4.0", "valido", ["emisor_desconocido"]),
    (
        "satcfdi/sellados/no_signature.xml.xml",
        "4.0",
        "ausente",
        ["sin_timbre", "sin_sello", "esquema", "esquema"],
    ),
    ("satcfdi/comprobante40/cfdv40-ejemplo-signed-tfd.xml", "4.0", "valido", ["vencido", "emisor_desconocido"]),
    ("satcfdi/comprobante32/cfdv32-ejemplo.xml", "3.2", "invalido", ["sello_invalido", "emisor_desconocido"]),
    (
        "satcfdi/comprobante33/cfdv33-signed-tfd.xml",
        "3.3",
        "valido",
        ["rfc_ajeno", "vencido", "es_efirma", "emisor_desconocido"],
    ),
    ("satcfdi/comprobante40/cfdv40-pagos20-all.xml", "4.0", "no_verificable", ["sin_timbre", "certificado_ilegible"]),
]


@pytest.mark.parametrize(("name", "version", "sello", "codes"), SEALED, ids=[case[0] for case in SEALED])
def test_seals_of_real_files(name, version, sello, codes):
    lectura = read(public("cfdi", *name.split("/")).read_bytes(), name)
    assert (lectura.cfdi.version, lectura.sello) == (version, sello)
    assert [problem.codigo for problem in lectura.problemas] == codes


def test_every_shared_file_has_its_line():
    folder = public("cfdi")
    found = list(read_path(folder))
    assert [Path(lectura.archivo) for lectura in found] == sorted(folder.rglob("*.xml"), key=_walk_order)
    unreadable = {Path(lectura.archivo).name for lectura in found if lectura.cfdi is None}
    assert unreadable == {"CatalogoCuentas.xml", "balanza.xml", "poliza.xml"}


def _walk_order(path):
    """Files of a folder before those of its subfolders, both by name."""
    folder = public("cfdi")
    parts = path.relative_to(folder).parts
    return [(len(parts) > n + 1, part) for n, part in enumerate(parts)]


def test_fields_agree_with_another_readers_json():
    expected = json.loads(public("cfdi", "phpcfdi", "cfdi-example.json").read_text("utf-8"))
    cfdi = read(public("cfdi", "phpcfdi", "cfdi-example.xml").read_bytes()).cfdi
    assert (cfdi.emisor_rfc, cfdi.receptor_rfc) == (expected["Emisor"]["Rfc"], expected["Receptor"]["Rfc"])
    assert (cfdi.serie, cfdi.folio) == (expected["Serie"], expected["Folio"])
    assert (cfdi.subtotal, cfdi.total) == (Money.parse(expected["SubTotal"]), Money.parse(expected["Total"]))
    lines = expected["Conceptos"]["Concepto"]
    assert [line.descripcion for line in cfdi.conceptos] == [line["Descripcion"] for line in lines]
    assert cfdi.fecha.strftime("%Y-%m-%dT%H:%M:%S") == expected["Fecha"]


def test_an_old_invoice_speaks_the_words_of_today():
    cfdi = read(public("cfdi", "satcfdi", "comprobante32", "cfdv32-ejemplo.xml").read_bytes()).cfdi
    assert (cfdi.tipo, cfdi.moneda, cfdi.total) == ("I", "MXN", Money(4_060_000))
    assert (cfdi.forma_pago, cfdi.metodo_pago) == ("No Identificado", "PAGO EN UNA SOLA EXHIBICION")
    assert cfdi.receptor_rfc == "E&Ñ831019M53"


@pytest.mark.parametrize(
    ("text", "places", "value"),
    [
        ("150.005", 2, 15001),
        ("150.0049999", 2, 15000),
        ("-0.005", 2, -1),
        ("7", 2, 700),
        ("1.5", 3, 1500),
        ("1,000.00", 2, None),
        ("1e3", 2, None),
        ("NaN", 2, None),
        ("", 2, None),
        ("٣", 2, None),
        ("9" * 30, 2, None),
    ],
)
def test_decimals_become_whole_numbers_half_up(text, places, value):
    assert scaled(text, places) == value


def test_latin_1_and_marks_of_order_are_read(xml, mint):
    text = xml.decode("utf-8")
    declared = text.replace("encoding='UTF-8'", "encoding='ISO-8859-1'").encode("latin-1")
    for data in (declared, b"\xef\xbb\xbf" + xml, b"\n  " + xml):
        assert read(data, "a", mint.trust).is_trustworthy
    lying = read(text.encode("latin-1"), "a", mint.trust)
    assert (lying.sello, lying.cfdi.emisor_nombre) == ("valido", "IMPRENTA PÚBLICA")
    assert [problem.codigo for problem in lying.problemas] == ["codificacion"]


def test_a_cut_file_says_where(xml):
    lectura = read(xml[:-200])
    assert [problem.codigo for problem in lectura.problemas] == ["xml_mal_formado"]
    assert lectura.problemas[0].donde.startswith("línea 2, columna ")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'Total="841.53"', b'Total="mucho"', "/cfdi:Comprobante/@Total"),
        (b'Fecha="2024-04-02T10:30:00"', b'Fecha="2024-02-31T10:30:00"', "/cfdi:Comprobante/@Fecha"),
        (b'Fecha="2024-04-02T10:30:00"', b'Fecha="ayer"', "/cfdi:Comprobante/@Fecha"),
        (b'Rfc="IPU0101019A8"', b'Rfc=""', "/cfdi:Comprobante/cfdi:Emisor/@Rfc"),
    ],
)
def test_without_a_needed_field_it_is_no_invoice(xml, mint, old, new, place):
    assert old in xml
    lectura = read(xml.replace(old, new), "a", mint.trust)
    assert lectura.cfdi is None
    assert place in [problem.donde for problem in lectura.problemas]
    assert lectura.sello == "invalido"


def test_a_malformed_rfc_and_figure_are_named_and_kept(xml, mint):
    changed = xml.replace(b'Rfc="PDM000101AB1"', b'Rfc="PDM0"').replace(b'Cantidad="2"', b'Cantidad="dos"')
    lectura = read(changed, "a", mint.trust)
    assert lectura.cfdi.receptor_rfc == "PDM0"
    assert {problem.donde for problem in lectura.problemas} >= {
        "/cfdi:Comprobante/cfdi:Receptor/@Rfc",
        "/cfdi:Comprobante/cfdi:Conceptos/cfdi:Concepto[2]/@Cantidad",
    }


def test_a_related_invoice_is_kept():
    found = [
        lectura.cfdi.relacionados for lectura in read_path(public("cfdi", "satcfdi", "comprobante40")) if lectura.cfdi
    ]
    assert (Relacionado("09", "ED1752FE-E865-4FF2-BFE1-0F552E770DC9"),) in found


def test_folders_and_zips_are_walked_in_order(tmp_path, xml, mint):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.XML").write_bytes(xml)
    (tmp_path / "a.xml").write_bytes(xml)
    (tmp_path / "nota.txt").write_text("no es factura")
    (tmp_path / "enlace.xml").symlink_to("/etc/passwd")
    (tmp_path / "b" / "vuelta").symlink_to(tmp_path)  # a loop, if it were followed
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("z.xml", xml)
    with zipfile.ZipFile(tmp_path / "lote.zip", "w") as archive:
        archive.writestr("x/1.xml", xml)
        archive.writestr("más.zip", inner.getvalue())
        archive.writestr("leeme.txt", b"")
    found = list(read_path(tmp_path, mint.trust))
    names = [Path(lectura.archivo).relative_to(tmp_path).as_posix() for lectura in found]
    assert names == ["a.xml", "lote.zip/x/1.xml", "lote.zip/más.zip/z.xml", "b/2.XML"]
    assert all(lectura.is_trustworthy for lectura in found)


def test_an_empty_folder_and_a_missing_path(tmp_path):
    [only] = read_path(tmp_path)
    assert only.problemas[0].codigo == "sin_xml"
    with pytest.raises(FileNotFoundError):
        list(read_path(tmp_path / "nada"))


def test_a_zip_called_xml_is_opened_as_what_it_is(tmp_path, xml, mint):
    with zipfile.ZipFile(tmp_path / "f.xml", "w") as archive:
        archive.writestr("z.xml", xml)
    [only] = read_path(tmp_path / "f.xml", mint.trust)
    assert only.is_trustworthy


def test_many_files_are_answered_as_each_alone_and_in_their_order(xml, mint):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(50):
            archive.writestr(f"{number}.xml", xml if number % 3 else xml[: number * 40])
        archive.writestr("../fuera.xml", xml)
    big = xml.replace(b"</cfdi:Comprobante>", b"<!--" + b" " * 3_000_000 + b"--></cfdi:Comprobante>")
    files = [("a.xml", xml), ("lote.zip", packed.getvalue()), ("grande.xml", big), ("z.xml", b"\0")]
    found = list(read_files(files, mint.trust))
    inside = [f"lote.zip/{number}.xml" for number in range(50)]
    assert [each.archivo for each in found] == ["a.xml", *inside, "lote.zip/../fuera.xml", "grande.xml", "z.xml"]
    alone = {
        number: read(xml if number % 3 else xml[: number * 40], inside[number], mint.trust) for number in range(50)
    }
    assert found[1:51] == list(alone.values())
    assert [each.sello for each in found[-3:]] == ["no_verificable", "valido", "no_verificable"]
    assert [problem.codigo for problem in found[-3].problemas] == ["zip_ruta"]
