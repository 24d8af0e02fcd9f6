"""Each row of SAT's matrix of errors of the INE complement 1.1, kept and broken."""

import pytest

from public_data import public
from sif.cfdi import ComplementoIne, EntidadIne, read
from sif.cfdi.ine import CLAVES, MATRIX_CODES, PLACE, check_matrix

JAL, NLE = EntidadIne("JAL", "Local", (1,)), EntidadIne("NLE", "Federal", (2,))
BARE = EntidadIne("JAL", "", (1,))


def ine(proceso, comite="", id_contabilidad=None, *entidades):
    return ComplementoIne("1.1", proceso, comite, id_contabilidad, entidades)


@pytest.mark.parametrize(
    "good",
    [
        ine("Campaña", "", None, JAL, NLE),
        ine("Precampaña", "", None, JAL),
        ine("Campaña", "", None, JAL, EntidadIne("JAL", "Federal", (1,))),
        ine("Campaña", "", None, EntidadIne("NAC", "Federal"), EntidadIne("CR5", "Federal")),
        ine("Ordinario", "Ejecutivo Nacional", 123456),
        ine("Ordinario", "Ejecutivo Nacional"),
        ine("Ordinario", "Ejecutivo Estatal", None, BARE),
        ine("Ordinario", "Directivo Estatal", 77, BARE),
    ],
)
def test_a_complement_by_the_matrix_has_no_fault(good):
    assert check_matrix(good) == []


@pytest.mark.parametrize(
    ("bad", "faults"),
    [
        (ine("Ordinario"), [("INE180", "/@TipoComite")]),
        (ine("Campaña"), [("INE181", "")]),
        (ine("Precampaña", "", None, JAL, BARE), [("INE181", "/ine:Entidad[2]/@Ambito")]),
        (ine("Campaña", "Ejecutivo Nacional", None, JAL), [("INE182", "/@TipoComite"), ("INE184", "/ine:Entidad[1]")]),
        (ine("Campaña", "", 9, JAL), [("INE183", "/@IdContabilidad")]),
        (ine("Ordinario", "Ejecutivo Nacional", 9, BARE), [("INE184", "/ine:Entidad[1]")]),
        (ine("Ordinario", "Ejecutivo Estatal", 9, BARE), [("INE185", "/@IdContabilidad")]),
        (ine("Ordinario", "Ejecutivo Estatal"), [("INE186", "")]),
        (ine("Ordinario", "Directivo Estatal", None, NLE), [("INE186", "/ine:Entidad[1]/@Ambito")]),
        # a campaign needs the Ambito that a state comité forbids: the comité is the fault, and the only one
        (ine("Campaña", "Directivo Estatal", None, JAL), [("INE182", "/@TipoComite")]),
        (ine("Precampaña", "Directivo Estatal"), [("INE181", ""), ("INE182", "/@TipoComite")]),
        (ine("Campaña", "", None, JAL, JAL), [("INE187", "/ine:Entidad[2]/@ClaveEntidad")]),
        (ine("Campaña", "", None, EntidadIne("CR3", "Local")), [("INE188", "/ine:Entidad[1]/@ClaveEntidad")]),
    ],
)
def test_each_row_of_the_matrix(bad, faults):
    assert [(problem.codigo, problem.donde.removeprefix(PLACE)) for problem in check_matrix(bad)] == faults
    assert all(problem.mensaje and problem.cura for problem in check_matrix(bad))


def test_faults_arrive_with_the_reading(write, mint):
    lectura = read(write(ine=ine("Campaña", "Ejecutivo Estatal", 9, BARE)), "a", mint.trust)
    assert lectura.sello == "valido"
    assert [problem.codigo for problem in lectura.problemas] == ["INE181", "INE182", "INE183", "INE185"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'TipoProceso="Campa\xc3\xb1a"', b'TipoProceso="Campana"', "/@TipoProceso"),
        (b'ClaveEntidad="JAL"', b'ClaveEntidad="XXX"', "/ine:Entidad[1]/@ClaveEntidad"),
        (b'Ambito="Local"', b'Ambito="local"', "/ine:Entidad[1]/@Ambito"),
        (
            b'IdContabilidad="102934"',
            b'IdContabilidad="1029345"',
            "/ine:Entidad[1]/ine:Contabilidad[1]/@IdContabilidad",
        ),
        (b'IdContabilidad="102934"', b'IdContabilidad="1e3"', "/ine:Entidad[1]/ine:Contabilidad[1]/@IdContabilidad"),
        (
            b'IdContabilidad="102934"',
            "IdContabilidad='١٢'".encode(),
            "/ine:Entidad[1]/ine:Contabilidad[1]/@IdContabilidad",
        ),
    ],
)
def test_a_value_out_of_its_list_is_named_at_its_place(xml, mint, old, new, place):
    assert old in xml
    problems = read(xml.replace(old, new), "a", mint.trust).problemas
    assert ("ine_forma", PLACE + place) in [(problem.codigo, problem.donde) for problem in problems]


def test_a_complement_in_the_addenda_does_not_count(write, mint):
    misplaced = b'<cfdi:Addenda><ine:INE Version="1.1" TipoProceso="Ordinario"/></cfdi:Addenda></cfdi:Comprobante>'
    lectura = read(write().replace(b"</cfdi:Comprobante>", misplaced), "a", mint.trust)
    assert lectura.sello == "valido"  # an addenda is outside of the seal
    assert [problem.codigo for problem in lectura.problemas] == ["ine_fuera_de_lugar"]


def test_the_matrix_and_the_catalogue_are_those_of_sat():
    import python_calamine

    rows = python_calamine.load_workbook(
        public("sat", "complemento-ine", "MatrizdeerroresINE11.xls")
    ).get_sheet_by_index(0)
    codes = {str(cell) for row in rows.to_python() for cell in row if str(cell).startswith("INE1")}
    assert codes == MATRIX_CODES
    xsd = public("sat", "complemento-ine", "ine11.xsd").read_text("utf-8-sig")
    listed = xsd.split('name="t_ClaveEntidad"')[1]
    assert {part.split('"')[0] for part in listed.split('enumeration value="')[1:]} == CLAVES
