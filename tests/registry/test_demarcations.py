"""In one process a district is one place by its number; what is not evident is told, and nothing is joined."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.test_candidaturas import sheet
from registry.test_loading import no_progress, stage
from registry.test_topes import file, make_ana
from sif.registry.loading import LoadReport, load_file, preview
from sif.registry.models import Candidatura, Etapa, Territorio, Usuario
from sif.registry.naming import say_names
from sif.registry.nominating import NewCandidacy, register_candidacy
from sif.registry.scope import everything
from sif.registry.services import create_etapa, create_proceso
from sif.registry.sujetos import NewSujeto, register_subject
from sif.registry.topes import fix_topes, read_topes
from sif.values import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


@pytest.fixture
def ana() -> Usuario:
    return make_ana()


@pytest.fixture
def etapa(ana: Usuario) -> Etapa:
    parties = {f"P{each}": register_subject(NewSujeto("partido", f"P{each}", f"Partido {each}"), ana) for each in "ABC"}
    say_names(parties, ana)
    return stage(entidad="DUR")


def rows(*seats: tuple[str, str, str]) -> bytes:
    written = (
        f"{party},DIPUTACIÓN LOCAL MR,DURANGO,{place},No aplica,{number},{name},PROPIETARIA,MUJER"
        for number, (party, place, name) in enumerate(seats, 1)
    )
    return sheet(*written)


def load(data: bytes, etapa: Etapa, ana: Usuario) -> LoadReport:
    return load_file(data, etapa, "", ana, no_progress)


def test_one_number_is_one_place_however_it_is_written(etapa: Etapa, ana: Usuario) -> None:
    report = load(
        rows(("PA", "1", "ANA LUNA"), ("PB", "1 Durango", "IRIS MAR"), ("PC", "Distrito 01", "EVA RÍO")), etapa, ana
    )
    assert (report.buenas, report.malas) == (3, 0)
    assert set(Candidatura.objects.values_list("territorio__clave", flat=True)) == {"DUR/dis/1"}
    assert Territorio.objects.count() == 1
    assert fix_topes(file("DIPUTACIÓN LOCAL MR,DURANGO,1-DURANGO,,900"), etapa, "A/1", ana) == 3
    [again] = read_topes(file("DIPUTACIÓN LOCAL MR,,1,,9", "DIPUTACIÓN LOCAL MR,,01 Durango,,9"), etapa).problemas
    assert (again.codigo, again.donde) == ("repetida", "fila 3, cargo")


def test_the_form_and_the_next_file_find_the_place_of_the_process(etapa: Etapa, ana: Usuario) -> None:
    load(rows(("PA", "1 Durango", "ANA LUNA")), etapa, ana)
    load(sheet(rows(("PB", "1", "IRIS MAR")).decode().splitlines()[1].replace(",1,IRIS", ",9,IRIS")), etapa, ana)
    party = Candidatura.objects.get(persona__nombre="ANA LUNA").sujeto
    other = register_subject(NewSujeto("partido", "PD", "Partido D"), ana)
    new = NewCandidacy(other, "Eva Río", "DIPUTACION LOCAL MR", "DUR", "Distrito 01", aprobada_el=etapa.inicia_el)
    register_candidacy(etapa, replace(new, acuerdo_aprobacion="CG/1"), ana)
    assert Territorio.objects.get().nombre == "1 Durango"
    with pytest.raises(Refused, match="ya postula ahí a ANA LUNA"):
        register_candidacy(etapa, replace(new, sujeto=party, nombre="Sol Paz", acuerdo_aprobacion="CG/1"), ana)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("1 Durango", "1 Canatlán", "El 1 consta en este proceso como «1 Durango», y aquí dice «1 Canatlán»."),
        ("1 Durango", "Durango", "«Durango» no dice su número, y los de este proceso lo dicen («1 Durango»)."),
        ("Durango", "1 Durango", "«DURANGO» consta en este proceso sin número, y aquí dice «1 Durango»."),
    ],
)
def test_what_is_not_evident_is_told_at_its_row(etapa: Etapa, ana: Usuario, first: str, second: str, told: str) -> None:
    data = rows(("PA", first, "ANA LUNA"), ("PB", second, "IRIS MAR"))
    [problem] = preview(data, etapa).problemas
    assert (problem.donde, problem.mensaje) == ("fila 3, distrito", told)
    assert load(data, etapa, ana).buenas == 1
    [place] = Territorio.objects.values_list("nombre", flat=True)
    assert place == first
    other = register_subject(NewSujeto("partido", "PD", "Partido D"), ana)
    new = NewCandidacy(other, "Eva Río", "DIPUTACION LOCAL MR", "DUR", second, aprobada_el=etapa.inicia_el)
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, replace(new, acuerdo_aprobacion="CG/1"), ana)
    assert [(each.donde, each.mensaje) for each in refused.value.problems] == [("lugar", told)]
    [cap] = read_topes(file(f"DIPUTACIÓN LOCAL MR,DURANGO,{second},,900"), etapa).problemas
    assert (cap.donde, cap.mensaje) == ("fila 2, distrito", told)


def test_who_stands_twice_is_told_whatever_the_writing_of_the_place(etapa: Etapa) -> None:
    seen = preview(rows(("PA", "1", "ANA LUNA"), ("PA", "01 Durango", "ANA LUNA")), etapa)
    assert [(each.codigo, each.donde) for each in seen.problemas] == [("repetida", "fila 3, NOMBRE_CANDIDATO")]


def test_another_process_has_places_of_its_own(etapa: Etapa, ana: Usuario) -> None:
    load(rows(("PA", "1 Durango", "ANA LUNA")), etapa, ana)
    proceso = create_proceso(clave="P-2", nombre="Otro", ambito="local", entidad="DUR", anio=2025)
    later = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2025, 4, 3), date(2025, 6, 1))
    assert load(rows(("PA", "1 Canatlán", "IRIS MAR")), later, ana).buenas == 1  # its districts were drawn again
    assert Territorio.objects.count() == 2


def test_a_file_refuses_at_its_row_a_second_candidacy_of_a_subject_for_a_seat(etapa: Etapa, ana: Usuario) -> None:
    data = rows(
        ("PA", "1", "ANA LUNA"), ("PA", "01 Durango", "IRIS MAR"), ("PB", "1", "EVA RÍO"), ("PA", "2", "SOL PAZ")
    )
    [told] = preview(data, etapa).problemas
    assert (told.codigo, told.donde) == ("ocupada", "fila 3, cargo")
    assert told.mensaje == "PA ya postula ahí a ANA LUNA en la fila 2."
    assert load(data, etapa, ana).buenas == 3
    [later, new] = (
        rows(("PA", "1", "LUZ DIA"), ("PC", "1", "PAZ SOL")).decode().replace(",1,LUZ", ",7,LUZ").splitlines()[1:]
    )
    [told] = preview(sheet(later, new.replace(",2,PAZ", ",8,PAZ")), etapa).problemas
    assert (told.donde, told.mensaje) == ("fila 2, cargo", "PA ya postula ahí a ANA LUNA, con el folio 1.")


def test_a_substitute_and_an_office_of_several_seats_are_not_a_second_candidacy(etapa: Etapa) -> None:
    [titular] = rows(("PA", "1", "ANA LUNA")).decode().splitlines()[1:]
    substitute = titular.replace("ANA LUNA,PROPIETARIA", "IRIS MAR,SUPLENTE")
    listed = [
        f"PA,DIPUTACIÓN LOCAL RP,DURANGO,No aplica,No aplica,{n},{name},PROPIETARIA,MUJER,1"
        for n, name in ((30, "EVA RÍO"), (31, "SOL PAZ"))
    ]
    head, *first = sheet(f"{titular},", f"{substitute},", *listed).decode().splitlines()
    seen = preview("\n".join((f"{head},CIRCUNSCRIPCION", *first)).encode(), etapa)
    assert (seen.problemas, seen.nuevas) == ((), 4)
