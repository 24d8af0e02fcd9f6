"""SAT's schema and catalogues: what they refuse is said at its place, and taking long lists out accepts the same."""

import pytest
from lxml import etree

from public_data import public
from sif.cfdi import read
from sif.cfdi.cadena import satcfdi_folder
from sif.cfdi.schema import check_schema, load_schema


def _found(data: bytes) -> list[tuple[str, str]]:
    root = etree.fromstring(data)
    return [(problem.codigo, problem.donde) for problem in check_schema(root, root.get("Version"))]


def test_what_is_written_here_meets_sats_schema(write):
    assert _found(write()) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        (b'LugarExpedicion="', b'LugarExpedicion="0', "catalogo", "Comprobante/@LugarExpedicion"),
        (b'Moneda="MXN"', b'Moneda="PESOS"', "catalogo", "Comprobante/@Moneda"),
        (b'ClaveUnidad="', b'ClaveUnidad="PZ', "catalogo", "Concepto/@ClaveUnidad"),
        (b'Exportacion="01"', b'Exportacion="99"', "esquema", "línea 2"),
        (b'TipoProceso="', b'TipoProceso="Pre', "esquema", "línea 2"),
        (b' Total="', b' Total="1.234', "esquema", "línea 2"),
    ],
)
def test_a_changed_datum_is_told(write, old, new, code, place):
    data = write()
    assert data.count(old) >= 1
    found = _found(data.replace(old, new, 1))
    assert code in {each for each, _ in found}
    if code == "catalogo":
        assert (code, place) in found


def test_the_reader_says_it_too(write, mint):
    lectura = read(write().replace(b'Moneda="MXN"', b'Moneda="PESOS"', 1), "a.xml", mint.trust)
    (problem,) = [each for each in lectura.problemas if each.codigo == "catalogo"]
    assert "c_Moneda" in problem.mensaje


def test_a_complement_that_is_not_read_here_is_not_judged(write):
    extra = b'<x:Otro xmlns:x="urn:otro" a="1"/></cfdi:Complemento>'
    assert _found(write().replace(b"</cfdi:Complemento>", extra, 1)) == []


def test_it_answers_as_the_schema_sat_ships(write):
    """The whole XSD, with its lists in line: slow, and the judge of the quick one."""
    whole = etree.XMLSchema(
        etree.parse(satcfdi_folder() / "transform/schemas/www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd")
    )
    bare = etree.fromstring(write())
    for complement in bare.findall("{http://www.sat.gob.mx/cfd/4}Complemento"):
        bare.remove(complement)  # SAT's own judges no complement by itself
    for attribute, value in [("Moneda", "MXN"), ("Moneda", "XYZ"), ("LugarExpedicion", "00000"), ("Exportacion", "9")]:
        kept = bare.get(attribute)
        bare.set(attribute, value)
        assert (not check_schema(bare, "4.0")) == whole.validate(bare), (attribute, value)
        bare.set(attribute, kept)


def test_shared_invoices_of_every_version_meet_it():
    for name in (
        "comprobante40/cfdv40-pagos20-all.xml",
        "comprobante33/cfdv33-signed-tfd.xml",
        "comprobante32/cfdv32-ejemplo.xml",
    ):
        root = etree.fromstring(public("cfdi", "satcfdi", *name.split("/")).read_bytes())
        assert check_schema(root, root.get("Version") or root.get("version")) == []


def test_long_lists_left_the_schema():
    lists = {name for places in load_schema("4.0").catalogos.values() for _, name, _ in places}
    assert {"c_ClaveProdServ", "c_CodigoPostal", "c_ClaveUnidad", "c_Moneda", "c_Pais"} <= lists
