"""What a process elects is of its kind: another office is refused where the law was read, told where it was not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from proceedings.world import at
from registry.test_corrections import GROUND
from registry.test_procesos import administrator
from sif.registry.corrections import check_candidacy, facts_of_candidacy, propose_candidacy
from sif.registry.elections import lacks
from sif.registry.leaving import NewEnd, end_candidacy
from sif.registry.loading import load_file, preview
from sif.registry.models import Candidatura, Cargo, Etapa, Usuario
from sif.registry.nominating import NewCandidacy, candidacy_warnings, offices, register_candidacy
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.registry.scope import acting, everything
from sif.registry.sujetos import NewSujeto, register_subject
from sif.values import Refused

pytestmark = pytest.mark.django_db
HEAD = "PARTIDO,CARGO,ENTIDAD,DISTRITO,NOMBRE"
DEPUTY = "CANDIDATURA INDEPENDIENTE,DIPUTACION FEDERAL MR,MEXICO,11-ECATEPEC,ANA LUNA"
SENATOR = "CANDIDATURA INDEPENDIENTE,SENADURIA MR,MEXICO,,IRIS MAR"
GOVERNOR = "CANDIDATURA INDEPENDIENTE,GUBERNATURA,DURANGO,,EVA RÍO"


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


@pytest.fixture
def ana() -> Usuario:
    return administrator("ana")


def campaign(ana: Usuario, *asked: Any) -> Etapa:
    """Open a process with its campaign alone, by an accord."""
    new = draft(*asked)
    stages = tuple(replace(each, acuerdo="A/1") for each in new.etapas if each.tipo == "campana")
    return open_proceso(propose_proceso(replace(new, etapas=stages), ana), administrator("luis")).etapas.get()


def rows(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def test_an_office_that_a_federal_process_does_not_elect_is_refused_at_its_row(ana: Usuario) -> None:
    etapa = campaign(ana, "federal_intermedia", "", 2027)
    seen = preview(rows(DEPUTY, SENATOR), etapa)
    [told] = seen.problemas
    assert (seen.nuevas, told.codigo, told.donde) == (1, "cargo", "fila 3, cargo")
    assert "no se elige en un proceso «Federal, solo diputaciones» (LGIPE 22.1.a)" in told.mensaje and told.cura
    report = load_file(rows(DEPUTY, SENATOR), etapa, "", ana, lambda _count: None)
    assert (report.buenas, report.malas) == (1, 1)
    assert set(Candidatura.objects.values_list("cargo__clave", flat=True)) == {"DIPUTACION-FEDERAL-MR"}


def test_one_typed_for_it_is_refused_at_its_field(ana: Usuario) -> None:
    etapa = campaign(ana, "federal_intermedia", "", 2027)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    typed = NewCandidacy(party, "Iris Mar", "PRESIDENCIA", "NAC")
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, typed, ana)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("cargo", "cargo")]
    assert not Candidatura.objects.exists()


def test_what_a_local_process_may_not_elect_is_told_and_enters(ana: Usuario) -> None:
    etapa = campaign(ana, "local_intermedia", "DUR", 2027)
    seen = preview(rows(GOVERNOR), etapa)
    [told] = seen.ajenas
    assert (seen.nuevas, seen.problemas, told.donde) == (1, (), "fila 2, cargo")
    assert "se abrió como «Local, solo diputaciones o ayuntamientos»" in told.mensaje
    assert load_file(rows(GOVERNOR), etapa, "", ana, lambda _count: None).buenas == 1


def test_an_office_that_is_always_elected_is_missed_once_there_are_others(ana: Usuario) -> None:
    etapa = campaign(ana, "federal", "", 2030)
    assert "cargo_sin_candidaturas" not in {each.clave for each in lacks(etapa.proceso)}
    load_file(rows(DEPUTY), etapa, "", ana, lambda _count: None)
    found = {each.clave: each.ejemplos for each in lacks(etapa.proceso)}
    assert found["cargo_sin_candidaturas"] == ("Presidencia", "Senaduría MR")
    load_file(rows(SENATOR), etapa, "", ana, lambda _count: None)
    assert {each.clave: each.ejemplos for each in lacks(etapa.proceso)}["cargo_sin_candidaturas"] == ("Presidencia",)


HEAD_OF_GOVERNMENT = "CANDIDATURA INDEPENDIENTE,JEFATURA DE GOBIERNO,{},,EVA RÍO"


def test_each_entity_elects_the_offices_that_it_has(ana: Usuario) -> None:
    durango, capital = campaign(ana, "local", "DUR", 2027), extraordinary(ana, "PEX-1", "DIF")
    own, other = GOVERNOR, HEAD_OF_GOVERNMENT.format("DURANGO")
    seen = preview(rows(own, other), durango)
    [told] = seen.problemas
    assert (seen.nuevas, told.codigo, told.donde) == (1, "cargo", "fila 3, cargo")
    assert told.mensaje == "Jefatura de Gobierno no se elige en Durango (LGIPE 25.1)." and told.cura
    own, other = HEAD_OF_GOVERNMENT.format("CIUDAD DE MEXICO"), GOVERNOR.replace("DURANGO", "CIUDAD DE MEXICO")
    assert [each.donde for each in preview(rows(own, other), capital).problemas] == ["fila 3, cargo"]
    assert load_file(rows(own, other), capital, "", ana, lambda _count: None).buenas == 1


@pytest.mark.parametrize(
    ("entity", "office", "place"),
    [
        ("DUR", "JEFATURA DE GOBIERNO", ""),
        ("DUR", "ALCALDIA", "Canatlán"),
        ("DIF", "GUBERNATURA", ""),
        ("DIF", "PRESIDENCIA MUNICIPAL", "Coyoacán"),
    ],
)
def test_one_typed_for_an_office_that_its_entity_lacks_is_refused_at_its_field(
    ana: Usuario, entity: str, office: str, place: str
) -> None:
    etapa = extraordinary(ana, "PEX-1", entity)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, NewCandidacy(party, "Iris Mar", office, entity, place), ana)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("cargo", "cargo")]
    assert office not in offices("local", entity) and office in offices("local")


def test_a_correction_puts_no_office_that_the_entity_lacks_and_an_old_one_blocks_no_other(ana: Usuario) -> None:
    etapa = campaign(ana, "local", "DUR", 2027)
    load_file(rows(GOVERNOR), etapa, "", ana, lambda _count: None)
    found = Candidatura.objects.get()
    said = facts_of_candidacy(found)
    with pytest.raises(Refused) as refused:
        propose_candidacy(found, replace(said, cargo="JEFATURA DE GOBIERNO"), GROUND, ana)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("cargo", "cargo")]
    head = {"nombre": "Jefatura de Gobierno", "ambito": "local", "columna": "L"}
    with acting():
        found.cargo = Cargo.objects.get_or_create(clave="JEFATURA-DE-GOBIERNO", defaults=head)[0]
    renamed = replace(facts_of_candidacy(found), nombre="Eva Río Paz")
    assert [each.campo for each in check_candidacy(found, renamed, GROUND, ana)] == ["nombre"]


def test_a_local_process_misses_its_governor_or_its_head_of_government(ana: Usuario) -> None:
    etapa = campaign(ana, "local", "DUR", 2027)
    mayor = "CANDIDATURA INDEPENDIENTE,DIPUTACION LOCAL MR,DURANGO,2-X,ANA LUNA"
    load_file(rows(mayor), etapa, "", ana, lambda _count: None)
    found = {each.clave: each.ejemplos for each in lacks(etapa.proceso)}
    assert found["cargo_sin_candidaturas"] == ("Gubernatura",), "Durango no elige Jefatura de Gobierno"
    load_file(rows(GOVERNOR), etapa, "", ana, lambda _count: None)
    assert "cargo_sin_candidaturas" not in {each.clave for each in lacks(etapa.proceso)}


def extraordinary(ana: Usuario, clave: str, entity: str = "DUR") -> Etapa:
    """Open the campaign of an extraordinary local election of the same days as others."""
    new = replace(
        draft("extraordinario", entity, 2027, date(2027, 9, 5)), clave=clave, nombre=f"Extraordinaria {clave}"
    )
    stages = tuple(replace(each, acuerdo="A/2") for each in new.etapas if each.tipo == "campana")
    return open_proceso(propose_proceso(replace(new, etapas=stages), ana), administrator(clave)).etapas.get()


def test_one_office_is_not_contested_in_two_processes_at_once(ana: Usuario) -> None:
    one, two = extraordinary(ana, "PEX-1"), extraordinary(ana, "PEX-2")
    assert load_file(rows(GOVERNOR), one, "", ana, lambda _count: None).buenas == 1
    mayor = "CANDIDATURA INDEPENDIENTE,DIPUTACION LOCAL MR,DURANGO,2-X,IRIS MAR"
    seen = preview(rows(GOVERNOR, mayor), two)
    [told] = seen.problemas
    assert (seen.nuevas, told.codigo, told.donde) == (1, "traslape", "fila 2, cargo")
    assert "en los mismos días, en Extraordinaria PEX-1" in told.mensaje and told.cura
    report = load_file(rows(GOVERNOR, mayor), two, "", ana, lambda _count: None)
    assert (report.buenas, report.malas) == (1, 1)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    typed = NewCandidacy(party, "Eva Mar", "GUBERNATURA", "DUR")
    with pytest.raises(Refused) as refused:
        register_candidacy(two, typed, ana)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("traslape", "cargo")]
    register_candidacy(one, typed, ana)


def test_it_is_free_once_whoever_contended_elsewhere_left(ana: Usuario) -> None:
    one, two = extraordinary(ana, "PEX-1"), extraordinary(ana, "PEX-2")
    load_file(rows(GOVERNOR), one, "", ana, lambda _count: None)
    end = NewEnd("fallecimiento", one.inicia_el, "A/9")
    with at(f"{one.inicia_el} 12:00"):
        end_candidacy(Candidatura.objects.get(), end, ana)
    assert load_file(rows(GOVERNOR), two, "", ana, lambda _count: None).buenas == 1


def test_one_typed_that_its_kind_may_not_elect_is_told_as_in_a_file(ana: Usuario) -> None:
    etapa = campaign(ana, "local_intermedia", "DUR", 2027)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    typed = NewCandidacy(party, "Eva Mar", "GUBERNATURA", "DUR")
    [told] = candidacy_warnings(etapa, typed)
    assert told.donde == "cargo" and "se abrió como «Local, solo diputaciones o ayuntamientos»" in told.mensaje
    register_candidacy(etapa, typed, ana)
    [other] = candidacy_warnings(etapa, replace(typed, cargo="DIPUTACION LOCAL MR", lugar="2"))
    assert "ninguna candidatura de este proceso es de ese cargo" in other.mensaje
