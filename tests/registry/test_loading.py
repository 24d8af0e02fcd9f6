"""A file of candidacies enters a stage by the names that a person matched; the public layout of INE too."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from public_data import public
from registry.test_candidaturas import HEAD, ROWS, sheet
from sif.registry.demarcations import register_territorio, territory_key
from sif.registry.loading import load_candidaturas, load_file, open_concentradoras, preview
from sif.registry.models import (
    Ambito,
    Candidatura,
    Contabilidad,
    Etapa,
    Nombramiento,
    SujetoObligado,
    Usuario,
)
from sif.registry.naming import say_names
from sif.registry.nominating import NewCandidacy, candidacy_warnings, offices, open_books, register_candidacy
from sif.registry.process_models import AliasSujeto
from sif.registry.scope import everything
from sif.registry.services import (
    appoint,
    create_etapa,
    create_proceso,
    create_usuario,
    nominated_persona,
    register_persona,
)
from sif.registry.sujetos import NewSujeto, register_subject
from sif.registry.topes import read_topes
from sif.values import Money, Refused

pytestmark = pytest.mark.django_db
Clase = Contabilidad.Clase
PUBLIC = (
    "PROCESO,AMBITO,ESTADO ELECCION,SUBNIVEL ENTIDAD,CARGO,TIPO ASOCIACION,SUJETO OBLIGADO,SIGLAS,NOMBRE COMPLETO,"
    "ESTATUS CONTABILIDAD,TOPE DE GASTOS"
)
OF_INE = (
    "P,FEDERAL,MEXICO,Distrito 11-ECATEPEC,DIPUTACION FEDERAL MR,C,PARTIDO ÁMBAR,PA,ANA LUNA,ACTIVO,1648189",
    "P,FEDERAL,,Circunscripcion Electoral- II,DIPUTACION FEDERAL RP,C,PARTIDO ÁMBAR,PA,LUIS SOL,ACTIVO,1648189",
    "P,FEDERAL,MEXICO,Distrito 2-X,DIPUTACION FEDERAL MR,CI,CANDIDATURA INDEPENDIENTE,CI,IRIS MAR,ACTIVO,1648189",
    "P,FEDERAL,MEXICO,Distrito 3-Y,DIPUTACION FEDERAL MR,C,PARTIDO ÁMBAR,PA,EVA RÍO,CANCELADO,1648189",
    "P,FEDERAL,MEXICO,Distrito 11-ECATEPEC,DIPUTACION FEDERAL MR,C,PARTIDO ÁMBAR,PA,ANA LUNA,ACTIVO,1648189",
)


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


@pytest.fixture
def ana() -> Usuario:
    person = create_usuario("ana", "Ana", None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def stage(ambito: str = Ambito.LOCAL, entidad: str = "", tipo: str = Etapa.Tipo.CAMPANA) -> Etapa:
    clave = f"P-{ambito}" if tipo == Etapa.Tipo.CAMPANA else f"P-{ambito}-{tipo}"
    proceso = create_proceso(clave=clave, nombre="Proceso", ambito=ambito, entidad=entidad, anio=2022)
    return create_etapa(proceso, tipo, date(2022, 4, 3), date(2022, 6, 1))


def told(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.donde for each in refused.value.problems]


def no_progress(_count: int) -> None:
    """Nobody follows this load."""


def test_names_are_matched_once_and_nothing_is_invented(ana: Usuario) -> None:
    etapa = stage()
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    union = register_subject(NewSujeto("coalicion", "VPO", "Coalición Va por Oaxaca"), ana)
    seen = preview(sheet(*ROWS), etapa)
    assert (seen.total, seen.nuevas, seen.libros, seen.independientes) == (4, 4, 3, 1)
    assert [(name.nombre, name.sujeto) for name in seen.nombres] == [("VA POR OAXACA", None), ("PARTIDO ÁMBAR", party)]
    say_names({"PARTIDO AMBAR": party}, ana)
    with pytest.raises(Refused) as refused:
        load_file(sheet(*ROWS), etapa, "", ana, no_progress)
    assert told(refused) == ["sujeto_0"]
    assert not Candidatura.objects.exists()
    say_names({"VA POR OAXACA": union, "PARTIDO AMBAR": party}, ana)
    assert AliasSujeto.objects.count() == 2  # what was said before is not said again
    report = load_file(sheet(*ROWS), etapa, "", ana, no_progress)
    assert (report.buenas, report.malas, report.contabilidades) == (4, 0, 5)  # three formulas, two concentradoras
    assert Contabilidad.objects.filter(sujeto=union).count() == 2
    assert set(SujetoObligado.objects.values_list("nombre", flat=True)) == {
        "Partido Ámbar",
        "Coalición Va por Oaxaca",
        "EVA RÍO",  # who stands alone, by her name
    }
    assert [name.sujeto for name in preview(sheet(*ROWS), stage(Ambito.FEDERAL)).nombres] == []
    with pytest.raises(Refused, match="ninguna candidatura nueva"):
        load_file(sheet(*ROWS), etapa, "", ana, no_progress)
    say_names({"VA POR OAXACA": party}, ana)
    assert preview(sheet(ROWS[1].replace("11", "99")), etapa).nombres[0].sujeto == party


def test_who_stands_alone_and_was_registered_by_hand_is_not_made_twice(ana: Usuario) -> None:
    etapa = stage()
    known = register_subject(NewSujeto("independiente", "TRI", "Tomás Robles Ibarra"), ana)
    alone = ROWS[3].replace("EVA RÍO", "TOMAS ROBLES IBARRA")
    stand_in = alone.replace("TOMAS ROBLES IBARRA", "SOL PAZ").replace("PROPIETARIA", "SUPLENTE")
    data = sheet(alone, stand_in)
    seen = preview(data, etapa)
    [offered] = seen.nombres
    assert (offered.nombre, offered.sujeto, offered.renglones, seen.independientes) == (
        "CANDIDATURA INDEPENDIENTE TOMAS ROBLES IBARRA",
        known,
        2,
        0,
    )
    with pytest.raises(Refused) as refused:
        load_file(data, etapa, "", ana, no_progress)  # nobody said yet whether it is he
    assert told(refused) == ["sujeto_0"]
    say_names({offered.clave: known}, ana)
    assert load_file(data, etapa, "", ana, no_progress).buenas == 2
    assert list(SujetoObligado.objects.all()) == [known]
    assert set(Candidatura.objects.values_list("sujeto", flat=True)) == {known.pk}


def test_who_stood_alone_in_another_process_is_another_subject(ana: Usuario) -> None:
    before, after = stage(tipo=Etapa.Tipo.PRECAMPANA), stage()
    for etapa in (before, after):
        assert preview(sheet(ROWS[3]), etapa).independientes == 1
        assert load_candidaturas(sheet(ROWS[3]), etapa, "mx").buenas == 1
    assert [(each.siglas, each.nombre) for each in SujetoObligado.objects.order_by("pk")] == [
        ("ER", "EVA RÍO"),
        ("ER-2", "EVA RÍO (P-local)"),
    ]


def test_who_sought_support_contends_as_the_same_subject(ana: Usuario) -> None:
    support = stage(tipo=Etapa.Tipo.APOYO_CIUDADANO)
    campaign = create_etapa(support.proceso, Etapa.Tipo.CAMPANA, date(2022, 6, 2), date(2022, 6, 20))
    load_candidaturas(sheet(ROWS[3]), support, "mx")
    assert load_candidaturas(sheet(ROWS[3]), campaign, "mx").buenas == 1
    assert SujetoObligado.objects.count() == 1


def test_of_two_who_stood_by_one_name_nobody_is_taken_unsaid(ana: Usuario) -> None:
    support = stage(tipo=Etapa.Tipo.APOYO_CIUDADANO)
    campaign = create_etapa(support.proceso, Etapa.Tipo.CAMPANA, date(2022, 6, 2), date(2022, 6, 20))
    other = ROWS[3].replace("TLAXIACO,12", "CANATLÁN,13")
    assert load_candidaturas(sheet(ROWS[3], other), support, "mx").buenas == 2
    names = ["EVA RÍO", "EVA RÍO (P-local-apoyo_ciudadano)"]
    assert list(SujetoObligado.objects.order_by("pk").values_list("nombre", flat=True)) == names
    assert [name.sujeto for name in preview(sheet(ROWS[3]), campaign).nombres] == [None]
    report = load_candidaturas(sheet(ROWS[3]), campaign, "mx")
    assert (report.buenas, [each.codigo for each in report.problemas]) == (0, ["sujeto"])
    assert SujetoObligado.objects.count() == 2


def test_an_office_that_the_process_did_not_have_is_told_at_its_row(ana: Usuario) -> None:
    etapa = stage()
    seen = preview(sheet(*ROWS), etapa)
    assert seen.ajenas == () and sum(many for _office, many, _row in seen.cargos) == seen.nuevas
    assert seen.cargos[0] == ("Gubernatura", 1, 2)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    local = NewCandidacy(party, "Eva Río", "DIPUTACION LOCAL MR", "OAX", "3", aprobada_el=etapa.inicia_el)
    register_candidacy(etapa, replace(local, acuerdo_aprobacion="CG/1"), ana)
    told = preview(sheet(*ROWS), etapa).ajenas
    assert [each.donde for each in told] == ["fila 2, cargo", "fila 5, cargo"]
    assert told[0].mensaje == "Gubernatura: ninguna candidatura de este proceso es de ese cargo."


def test_the_public_layout_of_ine_is_read_without_folios(ana: Usuario) -> None:
    etapa = stage(Ambito.FEDERAL)
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar Nacional"), ana)
    data = "\n".join((PUBLIC, *OF_INE)).encode("latin-1")
    seen = preview(data, etapa)
    assert [(each.codigo, each.donde) for each in seen.problemas] == [
        ("cancelada", "fila 5, ESTATUS CONTABILIDAD"),
        ("repetida", "fila 6, NOMBRE COMPLETO"),
    ]
    assert (seen.nuevas, seen.con_tope, seen.sin_acuerdo, seen.independientes) == (3, 3, 3, 1)
    [name] = seen.nombres
    assert name.sujeto is not None  # by its siglas
    say_names({name.clave: name.sujeto}, ana)
    with pytest.raises(Refused) as refused:
        load_file(data, etapa, " ", ana, no_progress)
    assert told(refused) == ["acuerdo"]
    assert refused.value.problems[0].mensaje == "3 topes del archivo no dicen su acuerdo."
    with pytest.raises(Refused) as alone:
        load_file("\n".join((PUBLIC, OF_INE[0])).encode("latin-1"), etapa, "", ana, no_progress)
    assert alone.value.problems[0].mensaje == "1 tope del archivo no dice su acuerdo."
    load_file(data, etapa, "INE/CG160/2021", ana, no_progress)
    books = Contabilidad.objects.get(candidatura__persona__nombre="ANA LUNA")
    assert (books.tope, books.topes.get().acuerdo) == (164_818_900, "INE/CG160/2021")
    assert books.candidatura is not None
    assert books.candidatura.territorio.nombre == "11-ECATEPEC"
    alone = Contabilidad.objects.get(candidatura__persona__nombre="IRIS MAR")
    assert (alone.sujeto.tipo, alone.sujeto.nombre) == ("independiente", "IRIS MAR")
    assert preview(data, etapa).nuevas == 0


def test_the_whole_public_file_of_2021_is_understood() -> None:
    data = next(public("ine", "portal-2021").glob("*.csv")).read_bytes()
    seen = preview(data, stage(Ambito.FEDERAL))
    assert (seen.total, seen.nuevas, seen.libros, len(seen.nombres)) == (2203, 2199, 2199, 12)
    assert {each.codigo for each in seen.problemas} == {"cancelada"}
    assert len(seen.problemas) == 4


def test_a_candidacy_of_another_process_is_refused_at_its_row() -> None:
    [problem] = preview(sheet(ROWS[0]), stage(Ambito.FEDERAL)).problemas
    assert (problem.codigo, problem.donde) == ("ambito", "fila 2, cargo")
    [problem] = preview(sheet(ROWS[0]), stage(entidad="DUR")).problemas
    assert (problem.codigo, problem.donde) == ("entidad", "fila 2, entidad")


def test_two_towns_with_a_long_beginning_are_two_territories() -> None:
    first, second = (territory_key("OAX", f"SAN JUAN BAUTISTA {name}", "municipio") for name in ("CUICATLÁN", "VALLE"))
    assert first != second
    assert max(len(first), len(second)) <= 24
    assert territory_key("DUR", "Canatlán", "municipio") == "DUR/mun/CANATLAN"


def test_concentradoras_are_opened_once_and_for_nobody_alone(ana: Usuario) -> None:
    etapa = stage()
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    say_names({"PARTIDO AMBAR": party}, ana)
    report = load_file(sheet(ROWS[0], ROWS[3]), etapa, "", ana, no_progress)
    assert report.contabilidades == 3
    assert Contabilidad.objects.get(clase=Clase.CONCENTRADORA).sujeto == party
    assert open_concentradoras(etapa, ana) == []


def typed(**changes: Any) -> NewCandidacy:
    subject = changes.pop("sujeto", None) or SujetoObligado.objects.get(siglas="PA")
    first = {"nombre": "Ana Luna", "cargo": "PRESIDENCIA MUNICIPAL", "entidad": "DUR", "lugar": "Canatlán"}
    return NewCandidacy(sujeto=subject, **{**first, **changes})


def test_one_candidacy_is_typed_with_its_cap(ana: Usuario) -> None:
    etapa = stage(entidad="DUR")
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    books = register_candidacy(etapa, typed(tope=Money(50_000_000), acuerdo="IEPC/CG9/2022"), ana)
    assert (books.tope, books.titular) == (50_000_000, "Ana Luna")
    assert books.candidatura is not None
    assert books.candidatura.territorio.clave == "DUR/mun/CANATLAN"
    assert books.candidatura.cargo.nombre == "Presidencia municipal"
    assert set(offices("federal")) & set(offices("local")) == set()


def test_a_candidacy_without_folio_takes_the_next_number_of_its_process(ana: Usuario) -> None:
    etapa = stage(entidad="DUR")
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    said = [{"folio": "SF9-2"}, {}, {"folio": "SF7"}, {}, {"folio": "F-1"}, {}]
    for place, more in enumerate(said, 1):
        register_candidacy(etapa, typed(cargo="DIPUTACION LOCAL MR", lugar=str(place), **more), ana)
    rows = Candidatura.objects.order_by("pk").values_list("folio", flat=True)
    assert list(rows) == ["SF9-2", "SF1", "SF7", "SF8", "F-1", "SF9"]


def test_a_place_that_is_typed_is_that_of_the_files(ana: Usuario) -> None:
    etapa = stage(entidad="DUR")
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    books = register_candidacy(etapa, typed(cargo="DIPUTACION LOCAL MR", lugar=" Distrito 1"), ana)
    assert books.candidatura is not None and books.candidatura.territorio.nombre == "1"
    caps = "CARGO,ENTIDAD,DISTRITO LOCAL,MUNICIPIO,TOPE\n"
    for written in ("1", "Distrito 1"):
        assert read_topes(f"{caps}DIPUTACION LOCAL MR,DURANGO,{written},,900".encode(), etapa).caps == {
            books.pk: 90_000
        }
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, typed(cargo="DIPUTACION LOCAL MR", lugar="Distrito", nombre="Eva Ríos"), ana)
    assert [each.donde for each in refused.value.problems] == ["lugar"]


def test_who_wrote_a_curp_before_does_not_name_who_contends(ana: Usuario) -> None:
    etapa, curp = stage(entidad="DUR"), "ROZA800101MMCBPL09"
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    before = register_persona("Nombre Ajeno", curp, sexo="HOMBRE")
    books = register_candidacy(etapa, typed(curp=curp, sexo="MUJER"), ana)
    assert books.candidatura is not None
    person = books.candidatura.persona
    assert (books.titular, person.sexo, person.identidad, person.version) == ("Ana Luna", "MUJER", before.identidad, 2)
    assert (person.motivo, person.registrada_por) == ("Así la registró la autoridad al aprobar su candidatura.", ana)
    before.refresh_from_db()
    assert before.nombre == "Nombre Ajeno"  # as whoever cites it read it
    assert nominated_persona("Ana Luna", curp, ana, sexo="", rfc="") == person


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"nombre": " "}, ["nombre"]),
        ({"cargo": "PRESIDENCIA"}, ["cargo"]),
        ({"lugar": ""}, ["lugar"]),
        ({"entidad": "OAX"}, ["entidad"]),
        ({"curp": "X"}, ["curp"]),
        ({"rfc": "X"}, ["rfc"]),
        ({"tope": Money(-1), "acuerdo": "A"}, ["tope"]),
        ({"tope": Money(0), "acuerdo": "A"}, ["tope"]),
        ({"tope": Money(100)}, ["acuerdo"]),
        ({"nombre": "luis sol"}, ["nombre"]),
        ({"nombre": "Otra Persona", "folio": "F-1"}, ["folio"]),
    ],
)
def test_a_candidacy_that_cannot_be_is_told_at_its_field(ana: Usuario, changes: Any, places: list[str]) -> None:
    etapa = stage(entidad="DUR")
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    other = register_subject(NewSujeto("partido", "PV", "Partido Verde Mar"), ana)
    register_candidacy(etapa, typed(sujeto=other, nombre="Luis Sol", folio="F-1"), ana)
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, typed(**changes), ana)
    assert told(refused) == places
    assert Candidatura.objects.count() == 1


def test_books_of_no_candidacy_are_those_of_the_stage_and_once(ana: Usuario) -> None:
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    campaign, year = stage(), stage(Ambito.FEDERAL, tipo=Etapa.Tipo.ORDINARIO)
    open_books(campaign, party, Clase.CONCENTRADORA, ana)
    open_books(year, party, Clase.ORDINARIA, ana)
    for etapa, clase, place in (
        (campaign, Clase.CONCENTRADORA, "sujeto"),
        (campaign, Clase.ORDINARIA, "clase"),
        (year, Clase.CONCENTRADORA, "clase"),
        (campaign, Clase.CANDIDATURA, "clase"),
    ):
        with pytest.raises(Refused) as refused:
            open_books(etapa, party, clase, ana)
        assert told(refused) == [place]
    assert Contabilidad.objects.count() == 2


def test_who_does_not_administer_loads_nothing(ana: Usuario) -> None:
    etapa, eva = stage(), create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    acts = (
        lambda: say_names({"X": party}, eva),
        lambda: load_file(sheet(ROWS[0]), etapa, "", eva, no_progress),
        lambda: open_concentradoras(etapa, eva),
        lambda: open_books(etapa, party, Clase.CONCENTRADORA, eva),
        lambda: register_candidacy(etapa, typed(), eva),
    )
    for act in acts:
        with pytest.raises(PermissionError):
            act()
    assert HEAD and not Contabilidad.objects.exists()


def test_each_row_says_when_it_was_approved_or_contends_from_the_first_day_of_the_stage(ana: Usuario) -> None:
    etapa = stage(Ambito.FEDERAL)
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar Nacional"), ana)
    days = ("10/05/2022,INE/CG500/2022", ",INE/CG500/2022", f"{etapa.inicia_el - timedelta(days=400)},", "mayo,")
    rows = [f"PA,DIPUTACION FEDERAL MR,DURANGO,{n},F-{n},Persona {n},{day}" for n, day in enumerate(days, 1)]
    head = "PARTIDO,CARGO,ENTIDAD,DISTRITO,FOLIO,NOMBRE,FECHA_APROBACION,ACUERDO_APROBACION"
    data = "\n".join((head, *rows)).encode()
    seen = preview(data, etapa)
    say_names({seen.nombres[0].clave: SujetoObligado.objects.get()}, ana)
    load_file(data, etapa, "", ana, no_progress)
    assert (seen.nuevas, seen.sin_dia) == (2, 1)
    assert [(each.codigo, each.donde) for each in seen.problemas] == [
        ("aprobacion", "fila 5, FECHA_APROBACION"),
        ("aprobacion", "fila 4, aprobación"),
    ]
    known = Candidatura.objects.order_by("folio").values_list("folio", "aprobada_el", "acuerdo_aprobacion")
    assert list(known) == [("F-1", date(2022, 5, 10), "INE/CG500/2022"), ("F-2", etapa.inicia_el, None)]


def test_a_subject_postulates_one_for_an_office_of_one_seat(ana: Usuario) -> None:
    """The one already there is named: who takes its place is its substitute. Elsewhere, or on a list, it may."""
    etapa = stage(entidad="DUR")
    party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    register_subject(NewSujeto("partido", "PV", "Partido Verde Mar"), ana)
    register_candidacy(etapa, typed(nombre="Luis Sol", folio="F-1"), ana)
    with pytest.raises(Refused) as refused:
        register_candidacy(etapa, typed(), ana)
    [problem] = refused.value.problems
    assert (problem.codigo, problem.donde) == ("ocupada", "cargo")
    assert "PA ya postula ahí a Luis Sol, con el folio F-1." in problem.mensaje and "sustituye" in problem.cura
    register_candidacy(etapa, typed(lugar="Tlahualilo"), ana)
    register_candidacy(etapa, typed(sujeto=SujetoObligado.objects.get(siglas="PV")), ana)
    for name in ("Eva Mar", "Iris Mar"):
        register_candidacy(etapa, typed(sujeto=party, nombre=name, cargo="DIPUTACION LOCAL RP", lugar="1"), ana)
    before = stage(entidad="OAX", tipo=Etapa.Tipo.PRECAMPANA)
    for name in ("Eva Mar", "Iris Mar"):  # who is to be chosen
        register_candidacy(before, typed(sujeto=party, nombre=name, entidad="OAX"), ana)
    assert Candidatura.objects.count() == 7


def test_a_municipality_that_is_known_of_another_entity_is_told(ana: Usuario) -> None:
    etapa = stage(entidad="DUR")
    register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
    register_territorio("OAX", "Tlaxiaco", "municipio")
    [told] = candidacy_warnings(etapa, typed(lugar="TLAXIACO"))
    assert (told.codigo, told.donde) == ("lugar", "lugar")
    assert "consta como municipio de Oaxaca, y no de Durango" in told.mensaje
    register_territorio("DUR", "Tlaxiaco", "municipio")
    assert candidacy_warnings(etapa, typed(lugar="Tlaxiaco")) == candidacy_warnings(etapa, typed()) == []
