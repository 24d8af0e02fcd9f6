"""Caps of an accord reach the books of their office and place, all or none; and a process says what it lacks."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.test_candidaturas import ROWS, sheet
from registry.test_loading import no_progress
from sif.registry.coalitions import NewAgreement, register_agreement
from sif.registry.elections import lacks
from sif.registry.loading import load_file
from sif.registry.models import Ambito, Contabilidad, Etapa, Nombramiento, TopeContabilidad, Usuario
from sif.registry.naming import say_names
from sif.registry.nominating import NewCandidacy, register_candidacy
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario, open_periods
from sif.registry.sujetos import NewSujeto, register_subject
from sif.registry.topes import fix_topes, read_topes
from sif.values import Money, Refused

pytestmark = pytest.mark.django_db
HEAD = "CARGO,ENTIDAD,DISTRITO LOCAL,MUNICIPIO,TOPE"
GOOD = (
    "GUBERNATURA,OAXACA,,,9000000",
    'DIPUTACIÓN LOCAL MR,OAXACA,3-TLAXIACO,,"1,500,000.50"',
    "PRESIDENCIA MUNICIPAL,OAXACA,,TLAXIACO,800000",
)


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


def make_ana() -> Usuario:
    """Create who administers."""
    person = create_usuario("ana", "Ana", None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


@pytest.fixture
def ana() -> Usuario:
    return make_ana()


@pytest.fixture
def etapa(ana: Usuario) -> Etapa:
    return make_stage(ana)


def make_stage(ana: Usuario) -> Etapa:
    """Create a local campaign with three formulas of a party, a coalition and an independent."""
    proceso = create_proceso(clave="PEL-OAX", nombre="Local", ambito=Ambito.LOCAL, entidad="OAX", anio=2022)
    made = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2022, 4, 3), date(2022, 6, 1))
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar", "AAA010101AA1"), ana)
    union = register_subject(NewSujeto("coalicion", "VPO", "Va por Oaxaca"), ana)
    say_names({"PARTIDO AMBAR": party, "VA POR OAXACA": union}, ana)
    load_file(sheet(*ROWS), made, "", ana, no_progress)
    return made


def file(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def test_each_row_reaches_its_books_and_the_accord_stays(etapa: Etapa, ana: Usuario) -> None:
    assert fix_topes(file(*GOOD), etapa, "IEEPCO/CG1/2022", ana) == 3
    found = {books.titular: books.tope for books in Contabilidad.objects.filter(clase="candidatura")}
    assert found == {"ANA LUNA": 900_000_000, "IRIS MAR": 150_000_050, "EVA RÍO": 80_000_000}
    last = TopeContabilidad.objects.order_by("-pk").first()
    assert last is not None
    assert (last.acuerdo, last.fijado_por) == ("IEEPCO/CG1/2022", ana)
    assert fix_topes(file(*GOOD), etapa, "IEEPCO/CG1/2022", ana) == 0  # twice is once
    assert fix_topes(file("GUBERNATURA,OAXACA,,,9000001"), etapa, "IEEPCO/CG2/2022", ana) == 1
    assert TopeContabilidad.objects.count() == 4  # what was fixed before stays


def test_a_column_that_nobody_reads_is_refused_and_its_cap_reaches_nobody(etapa: Etapa, ana: Usuario) -> None:
    data = b"cargo,entidad,lugar,tope\nPRESIDENCIA MUNICIPAL,OAXACA,TLAXIACO,800000\n"
    seen = read_topes(data, etapa)
    assert seen.caps == {}
    assert [(each.codigo, each.mensaje) for each in seen.problemas] == [
        ("columnas", "No se conoce la columna «lugar».")
    ]
    assert "MUNICIPIO" in seen.problemas[0].cura
    with pytest.raises(Refused):
        fix_topes(data, etapa, "IEEPCO/CG1/2022", ana)


def test_a_row_of_a_place_rules_over_one_of_every_place(etapa: Etapa) -> None:
    rows = file("PRESIDENCIA MUNICIPAL,,,TLAXIACO,800000", "PRESIDENCIA MUNICIPAL,,,,5", "GUBERNATURA,,,,7")
    assert sorted(read_topes(rows, etapa).caps.values()) == [700, 80_000_000]


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        ("REY,OAXACA,,,10", "cargo", "fila 3, cargo"),
        ("GUBERNATURA,OXACA,,,10", "entidad", "fila 3, entidad"),
        ("GUBERNATURA,OAXACA,,,0", "tope", "fila 3, tope"),
        ("GUBERNATURA,OAXACA,,,mil", "tope", "fila 3, tope"),
        ("GUBERNATURA,OAXACA,,,", "tope", "fila 3, tope"),
        ("PRESIDENCIA MUNICIPAL,OAXACA,,OTRO,10", "nadie", "fila 3, lugar"),
        ("DIPUTACIÓN LOCAL MR,OAXACA,3-tlaxiaco,,10", "repetida", "fila 3, cargo"),
    ],
)
def test_a_bad_row_is_told_and_nothing_is_fixed(etapa: Etapa, ana: Usuario, row: str, code: str, place: str) -> None:
    data = file(GOOD[1], row)
    assert [(each.codigo, each.donde) for each in read_topes(data, etapa).problemas] == [(code, place)]
    with pytest.raises(Refused):
        fix_topes(data, etapa, "A/1", ana)
    assert not TopeContabilidad.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\0", b",,,\n,,\n", b"a,b\n1,2\n", b"CARGO\nGUBERNATURA\n"])
def test_what_is_no_table_of_caps_is_refused_whole(etapa: Etapa, data: bytes) -> None:
    assert [each.donde for each in read_topes(data, etapa).problemas] == ["archivo"]


def test_an_accord_is_cited_and_who_does_not_administer_fixes_nothing(etapa: Etapa, ana: Usuario) -> None:
    for accord in (" ", "x" * 61):
        with pytest.raises(Refused, match="acuerdo"):
            fix_topes(file(*GOOD), etapa, accord, ana)
    with pytest.raises(Refused, match="ningún tope"):
        fix_topes(f"{HEAD}\n".encode(), etapa, "A/1", ana)
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    with pytest.raises(PermissionError):
        fix_topes(file(*GOOD), etapa, "A/1", eva)
    assert not TopeContabilidad.objects.exists()


def test_nothing_owed_is_silently_absent(etapa: Etapa, ana: Usuario) -> None:
    found = {each.clave: each.cuantos for each in lacks(etapa.proceso)}
    assert found == {
        "etapa_sin_periodos": 1,
        "libros_sin_tope": 3,
        "sin_integrantes": 1,
        "sin_responsable": 3,
        "sin_rfc": 2,
        "nadie_audita": 1,
        "un_revisor": 2,
    }
    open_periods(etapa)
    fix_topes(file(*GOOD), etapa, "A/1", ana)
    other = register_subject(NewSujeto("partido", "PB", "Partido Bravo"), ana)
    union = etapa.contabilidades.get(clase="concentradora", sujeto__siglas="VPO").sujeto
    party = etapa.contabilidades.get(clase="concentradora", sujeto__siglas="PA").sujeto
    parts = ((party.pk, 5_000), (other.pk, 5_000))
    register_agreement(union, NewAgreement("A/2", date(2022, 1, 1), date(2022, 1, 1), parts), ana)
    for subject in {books.sujeto for books in etapa.contabilidades.select_related("sujeto")}:
        appoint(create_usuario(f"fin{subject.pk}", f"Fin {subject.pk}", None), Nombramiento.Rol.RESPONSABLE, subject)
    appoint(create_usuario("aud", "Aud", None), Nombramiento.Rol.AUDITOR)
    appoint(create_usuario("rev", "Rev", None), Nombramiento.Rol.REVISOR)
    assert {each.clave: each.cuantos for each in lacks(etapa.proceso)}["un_revisor"] == 1
    appoint(create_usuario("otra", "Otra", None), Nombramiento.Rol.REVISOR)
    left = {each.clave: each.ejemplos for each in lacks(etapa.proceso)}
    assert set(left) == {"sin_rfc"}
    assert left["sin_rfc"] == ("EVA RÍO", "Partido Bravo")  # by whom it is invoiced


def test_a_year_lacks_its_ordinary_books_and_a_stage_its_candidacies(ana: Usuario) -> None:
    proceso = create_proceso(clave="ORD", nombre="Ejercicio", ambito=Ambito.FEDERAL, anio=2022)
    create_etapa(proceso, Etapa.Tipo.ORDINARIO, date(2022, 1, 1), date(2022, 12, 31))
    create_etapa(proceso, Etapa.Tipo.PRECAMPANA, date(2022, 1, 1), date(2022, 1, 31))
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar", "AAA010101AA1"), ana)
    found = {each.clave: each.ejemplos for each in lacks(proceso)}
    assert found["sin_ordinaria"] == ("Partido Ámbar",)
    assert found["etapa_sin_candidaturas"] == ("precampana",)


def test_who_is_approved_later_has_the_cap_of_its_office_and_place(etapa: Etapa, ana: Usuario) -> None:
    fix_topes(file(*GOOD), etapa, "IEEPCO/CG1/2022", ana)
    other = register_subject(NewSujeto("partido", "PB", "Partido Bravo"), ana)
    new = NewCandidacy(other, "Sol Paz", "PRESIDENCIA MUNICIPAL", "OAX", "Tlaxiaco", aprobada_el=etapa.inicia_el)
    books = register_candidacy(etapa, replace(new, acuerdo_aprobacion="CG/9"), ana)
    [cap] = books.topes.all()
    assert (cap.tope, cap.acuerdo, cap.fijado_por) == (80_000_000, "IEEPCO/CG1/2022", ana)
    elsewhere = register_candidacy(etapa, replace(new, lugar="Huautla", acuerdo_aprobacion="CG/9"), ana)
    assert not elsewhere.topes.exists()
    assert ("libros_sin_tope", 1, ("Sol Paz",)) in [(x.clave, x.cuantos, x.ejemplos) for x in lacks(etapa.proceso)]


def test_a_place_of_several_caps_gives_none(etapa: Etapa, ana: Usuario) -> None:
    fix_topes(file(*GOOD), etapa, "IEEPCO/CG1/2022", ana)
    parties = [register_subject(NewSujeto("partido", name, f"Partido {name}"), ana) for name in ("PB", "PC")]
    new = NewCandidacy(parties[0], "Sol Paz", "PRESIDENCIA MUNICIPAL", "OAX", "Tlaxiaco", aprobada_el=etapa.inicia_el)
    own = replace(new, tope=Money(5_00), acuerdo="CG/8", acuerdo_aprobacion="CG/9")
    register_candidacy(etapa, own, ana)
    third = replace(new, sujeto=parties[1], nombre="Luz Mar", acuerdo_aprobacion="CG/9")
    assert not register_candidacy(etapa, third, ana).topes.exists()
