"""What the project writes is what it reads, to the cent, and any change is noticed."""

from dataclasses import replace

import pytest
from lxml import etree

from sif.cfdi import Relacionado, read, trust
from sif.cfdi.cadena import TFD_NAMESPACE, cadena_of_timbre, satcfdi_folder
from sif.cfdi.write import build_cfdi
from sif.values import Money


def test_a_written_invoice_reads_back_sound(write, mint):
    lectura = read(write(relacionados=(Relacionado("04", "11111111-2222-4333-8444-555555555555"),)), "a", mint.trust)
    cfdi = lectura.cfdi
    assert (lectura.sello, lectura.timbre_sello, lectura.problemas) == ("valido", "valido", ())
    assert lectura.is_trustworthy
    assert (cfdi.version, cfdi.uuid, cfdi.serie, cfdi.folio) == (
        "4.0",
        "0A1B2C3D-0000-4000-8000-00000000ABCD",
        "F",
        "88",
    )
    assert cfdi.fecha.isoformat() == "2024-04-02T10:30:00-06:00"
    assert (cfdi.emisor_nombre, cfdi.receptor_nombre) == ("IMPRENTA PÚBLICA", "PARTIDO DEL MAÍZ & SAL")
    # 1.5 x 100.50 = 150.75; 2 x 333.33 = 666.66; IVA of the first 24.12
    assert [line.importe for line in cfdi.conceptos] == [Money(150_75), Money(666_66)]
    assert (cfdi.subtotal, cfdi.total) == (Money(150_75 + 666_66), Money(150_75 + 666_66 + 24_12))
    assert cfdi.conceptos[0].cantidad_milesimas == 1500
    assert cfdi.complementos == ("INE 1.1", "TimbreFiscalDigital 1.1")
    assert cfdi.relacionados == (Relacionado("04", "11111111-2222-4333-8444-555555555555"),)
    assert cfdi.ine.contabilidades == (102934,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'Total="841.53"', b'Total="841.54"'),
        (b'IdContabilidad="102934"', b'IdContabilidad="102935"'),
        (b'Ambito="Local"', b'Ambito="Federal"'),
        (b'Descripcion="Lona"', b'Descripcion="Loma"'),
    ],
)
def test_any_changed_datum_breaks_the_seal(xml, mint, old, new):
    assert old in xml
    lectura = read(xml.replace(old, new, 1), "a", mint.trust)
    assert lectura.sello == "invalido"
    assert [problem.codigo for problem in lectura.problemas] == ["sello_invalido"]


def test_a_changed_timbre_breaks_the_seal_of_the_provider(xml, mint):
    lectura = read(xml.replace(b"0A1B2C3D-0000", b"0A1B2C3D-0001"), "a", mint.trust)
    assert (lectura.sello, lectura.timbre_sello) == ("valido", "invalido")
    assert [problem.codigo for problem in lectura.problemas] == ["timbre_invalido"]


def test_without_the_certificate_of_the_provider_its_seal_cannot_be_judged(xml, mint):
    lectura = read(xml, "a", [mint.authority])
    assert (lectura.sello, lectura.timbre_sello, lectura.problemas) == ("valido", "no_verificable", ())


def test_a_minted_certificate_is_not_of_sat(xml):
    lectura = read(xml)
    assert [problem.codigo for problem in lectura.problemas] == ["emisor_desconocido"]
    assert not lectura.is_trustworthy


def test_another_taxpayers_certificate_is_named(factura, mint):
    impostor = replace(factura, emisor=replace(factura.emisor, rfc="OTR010101AB1"))
    lectura = read(build_cfdi(impostor, mint.issuer, mint.pac), "a", mint.trust)
    assert [(problem.codigo, problem.donde) for problem in lectura.problemas] == [
        ("rfc_ajeno", "/cfdi:Comprobante/cfdi:Emisor/@Rfc")
    ]


def test_a_certificate_out_of_date_is_named(factura, mint):
    early = replace(factura, fecha=factura.fecha.replace(year=2022))
    late = replace(factura, fecha=factura.fecha.replace(year=2028))
    found = [read(build_cfdi(each, mint.issuer, None), "a", mint.trust) for each in (early, late)]
    assert [[problem.codigo for problem in each.problemas] for each in found] == [
        ["sin_timbre", "aun_no_vigente"],
        ["sin_timbre", "vencido"],
    ]


def test_a_wrong_certificate_number_is_named(xml, mint):
    serie = mint.issuer.certificate.serie.encode()
    other = xml.replace(b'NoCertificado="' + serie, b'NoCertificado="00001000000000000001')
    codes = [problem.codigo for problem in read(other, "a", mint.trust).problemas]
    assert codes == ["sello_invalido", "certificado_numero"]


def test_a_stamp_of_another_seal_is_named(write, mint):
    first, second = write(), write(folio="89")
    sello_of = lambda data: etree.fromstring(data).get("Sello").encode()  # noqa: E731
    swapped = first.replace(b'SelloCFD="' + sello_of(first), b'SelloCFD="' + sello_of(second))
    codes = [problem.codigo for problem in read(swapped, "a", mint.trust).problemas]
    assert codes == ["timbre_ajeno", "timbre_invalido"]


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_the_cadena_of_the_timbre_is_that_of_sats_stylesheet(version):
    names = {
        "1.1": {"Version": "1.1", "RfcProvCertif": " AAA  010101AAA", "Leyenda": "dos  palabras", "SelloCFD": "x="}
        | {"UUID": "u", "FechaTimbrado": "f", "NoCertificadoSAT": "9", "SelloSAT": "no entra"},
        "1.0": {"version": "1.0", "UUID": "u", "FechaTimbrado": "f", "selloCFD": "x ", "noCertificadoSAT": "9"},
    }
    element = etree.Element(f"{{{TFD_NAMESPACE}}}TimbreFiscalDigital", names[version])
    folder = satcfdi_folder() / "transform/schemas/www.sat.gob.mx/sitio_internet/cfd/TimbreFiscalDigital"
    sheet = etree.XSLT(etree.parse(folder / f"cadenaoriginal_TFD_{version.replace('.', '_')}.xslt"))
    assert cadena_of_timbre(element).decode() == str(sheet(element))


def test_judgements_are_remembered_by_certificate_and_day(write, factura, mint):
    fresh = trust([mint.authority], [mint.pac.certificate])
    for hour in range(3):
        assert read(write(fecha=factura.fecha.replace(hour=hour)), "a", fresh).is_trustworthy
    assert len(fresh._judged) == 2  # the issuer's and the provider's, once each
