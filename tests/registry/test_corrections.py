"""A registered subject or candidacy is corrected by two people; what is in force is read, and what was said is kept."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from registry.test_leaving import END, MOMENT, SUCCESSOR, Scene, make
from rfcs import new_rfc
from sif.filing.verifying import corrected_question, leaves_question
from sif.registry import clock
from sif.registry.corrections import (
    Ground,
    SubjectFacts,
    approve,
    books_at,
    candidacy_at,
    facts_of_candidacy,
    facts_of_subject,
    history,
    propose_candidacy,
    propose_subject,
    refuse,
    subject_at,
    waiting,
    withdraw,
)
from sif.registry.demarcations import register_territorio
from sif.registry.leaving import end_candidacy, substitute
from sif.registry.models import (
    Candidatura,
    Contabilidad,
    CorreccionPropuesta,
    CorreccionResuelta,
    Nombramiento,
    Persona,
    Suceso,
    SujetoObligado,
    Usuario,
)
from sif.registry.scope import everything, only, registering
from sif.registry.services import NewCandidatura, appoint, approve_candidatura, create_usuario, open_contabilidad
from sif.registry.tables import CORRECTED
from sif.values import Conflict, Refused

GROUND = Ground("La captura cambió una letra del nombre.", "INE/CG12/2024")
LATER = MOMENT + timedelta(days=1)


def administrator(name: str, rfc: str = "") -> Usuario:
    person = create_usuario(name, name.title(), None, rfc=rfc or new_rfc())
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


@pytest.fixture
def people(db: None) -> Any:
    """The scene, and two people who administer."""
    with everything(), clock.at(MOMENT):
        scene = make()
        yield scene, administrator("carla"), administrator("beto")


People = tuple[Scene, Usuario, Usuario]


def typo(scene: Scene, **changes: str) -> SubjectFacts:
    return replace(facts_of_subject(scene.party), **(changes or {"nombre": "Partido Ámbar Unido"}))


def candidacy(scene: Scene, nombre: str = "Ana Luna") -> Candidatura:
    """One whose office and place are of the data of the jurisdiction."""
    scene.cargo = type(scene.cargo).objects.get_or_create(
        clave="DIPUTACION-FEDERAL-MR", defaults={"nombre": "Diputación", "ambito": "federal", "columna": "D"}
    )[0]
    scene.territorio = register_territorio("DUR", "Distrito 1", "distrito")
    return scene.approved(nombre)


def codes(act: Any, *args: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return {each.donde: each.codigo for each in refused.value.problems}


def fresh[M: (SujetoObligado, Candidatura, Contabilidad)](row: M) -> M:
    found: M = type(row).objects.get(pk=row.pk)
    return found


def test_a_subject_is_corrected_by_two_people_and_both_versions_stay(people: People) -> None:
    scene, carla, beto = people
    asked = propose_subject(scene.party, typo(scene), GROUND, carla)
    assert fresh(scene.party).nombre == "Partido Ámbar" and list(waiting()) == [asked]
    with clock.at(LATER):
        act = approve(asked, beto)
    now = fresh(scene.party)
    assert (now.nombre, now.siglas, now.numero) == ("Partido Ámbar Unido", "PA", "1")
    assert (act.antes["nombre"], act.despues["nombre"]) == ("Partido Ámbar", "Partido Ámbar Unido")
    assert (act.hecho_por, act.hecho_el, asked.propuesta_por, asked.documento) == (beto, LATER, carla, "INE/CG12/2024")
    assert subject_at(now, MOMENT).nombre == "Partido Ámbar"
    assert subject_at(now, LATER).nombre == "Partido Ámbar Unido" == now.nombre
    assert not waiting().exists() and [each.resuelta for each in history(scene.party)] == [act]
    assert [*Suceso.objects.order_by("pk").values_list("verbo", flat=True)][-2:] == [
        "proponer_correccion",
        "aprobar_correccion",
    ]


def test_each_version_is_that_of_its_days(people: People) -> None:
    scene, carla, beto = people
    for days, siglas in ((1, "PAU"), (3, "PAZ")):
        with clock.at(MOMENT + timedelta(days=days)):
            approve(propose_subject(fresh(scene.party), typo(scene, siglas=siglas), GROUND, carla), beto)
        scene.party = fresh(scene.party)
    said = [subject_at(scene.party, MOMENT + timedelta(days=days)).siglas for days in (0, 1, 2, 3, 4)]
    assert said == ["PA", "PAU", "PAU", "PAZ", "PAZ"]


def test_a_party_and_a_stranger_read_what_is_in_force_and_what_was_said(people: People) -> None:
    scene, carla, beto = people
    with clock.at(LATER):
        approve(propose_subject(scene.party, typo(scene), GROUND, carla), beto)
    with only([]):
        assert subject_at(SujetoObligado.objects.get(pk=scene.party.pk), MOMENT).nombre == "Partido Ámbar"
        assert not CorreccionPropuesta.objects.exists()  # personal keys are in it


def test_one_person_alone_corrects_nothing(people: People) -> None:
    scene, carla, beto = people
    asked = propose_subject(scene.party, typo(scene), GROUND, carla)
    bare = create_usuario("dora", "Dora", None)
    appoint(bare, Nombramiento.Rol.ADMINISTRADOR)
    auditor = create_usuario("eva", "Eva", None, rfc=new_rfc())
    appoint(auditor, Nombramiento.Rol.AUDITOR)
    for who in (carla, bare, auditor):
        with pytest.raises(PermissionError):
            approve(asked, who)
        if who != carla:
            with pytest.raises(PermissionError):
                propose_subject(scene.independent, SubjectFacts("Eva Solana", "CI", "", "2"), GROUND, who)
    with pytest.raises(PermissionError, match="retírelo"):
        refuse(asked, "No consta en el documento.", carla)
    with pytest.raises(PermissionError, match="otra persona"):
        withdraw(asked, beto)
    assert fresh(scene.party).nombre == "Partido Ámbar" and not CorreccionResuelta.objects.exists()


def test_a_correction_ends_once(people: People) -> None:
    scene, carla, beto = people
    asked = propose_subject(scene.party, typo(scene), GROUND, carla)
    assert codes(propose_subject, scene.party, typo(scene), GROUND, beto) == {"": "espera"}
    assert codes(refuse, asked, "No", beto) == {"motivo": "motivo"}
    assert refuse(asked, "No consta en el documento.", beto).motivo == "No consta en el documento."
    for again in (lambda: approve(asked, beto), lambda: withdraw(asked, carla)):
        with pytest.raises(Conflict, match="rechazada"):
            again()
    again = propose_subject(scene.party, typo(scene), GROUND, carla)
    withdraw(again, carla)
    assert fresh(scene.party).nombre == "Partido Ámbar" and history(scene.party).count() == 2


def test_of_two_corrections_the_second_is_asked_again_of_what_it_says_now(people: People) -> None:
    scene, carla, beto = people
    asked = propose_subject(scene.independent, SubjectFacts("Eva Sola", "PAU", "", "2"), GROUND, carla)
    approve(propose_subject(scene.party, typo(scene, siglas="PAU"), GROUND, carla), beto)
    assert codes(approve, asked, beto) == {"siglas": "repetido"}
    assert fresh(scene.independent).siglas == "CI"


def test_what_is_wrong_is_said_at_its_field(people: People) -> None:
    scene, carla, _beto = people
    wrong = SubjectFacts("X", "CI", "NO", "uno")
    assert codes(propose_subject, scene.party, wrong, Ground("no", ""), carla) == {
        "nombre": "nombre",
        "siglas": "repetido",
        "rfc": "rfc",
        "numero": "numero",
        "motivo": "motivo",
        "documento": "documento",
    }
    assert codes(propose_subject, scene.party, facts_of_subject(scene.party), GROUND, carla) == {"": "igual"}
    open_contabilidad(scene.etapa, scene.party, "concentradora")
    assert codes(propose_subject, scene.party, typo(scene, numero="9"), GROUND, carla) == {"numero": "numero_usado"}


def test_a_candidacy_is_corrected_and_its_books_say_so(people: People) -> None:
    scene, carla, beto = people
    found = candidacy(scene, "Ana Lunna")
    books = Contabilidad.objects.get(candidatura=found)
    said = facts_of_candidacy(found)
    facts = replace(said, nombre="Ana Luna", curp="LUAA800101MDGNNN04", lugar="Distrito 2", folio="F-9")
    asked = propose_candidacy(found, facts, GROUND, carla)
    for read in ({}, {"curp": "RIEE800101MDGSVV02"}):  # who approves reads the document, and did not read this
        assert codes(approve, asked, beto, read) == {"curp": "cotejo"}
    with clock.at(LATER):
        approve(asked, beto, {"curp": " luaa800101mdgnnn04 "})
    now = fresh(found)
    assert (now.persona.nombre, now.persona.curp, now.persona.version) == ("Ana Luna", "LUAA800101MDGNNN04", 2)
    assert (now.territorio.nombre, now.folio, now.cargo) == ("2", "F-9", found.cargo)
    assert fresh(books).titular == "Ana Luna"
    assert books_at(fresh(books), MOMENT).titular == "Ana Lunna"
    assert candidacy_at(now, MOMENT).territorio.nombre == "Distrito 1"
    assert books_at(fresh(books), LATER).titular == "Ana Luna"
    assert Persona.objects.get(pk=found.persona_id).nombre == "Ana Lunna"


def test_another_person_is_no_correction(people: People) -> None:
    scene, carla, _beto = people
    found = candidacy(scene)
    other = Persona.objects.create(nombre="Eva Ríos", curp="RIEE800101MDGSVV02")
    approve_candidatura(scene.etapa, NewCandidatura("F-7", other, scene.party, scene.cargo, scene.territorio))
    said = facts_of_candidacy(found)
    swapped = replace(said, nombre="Iris Mar")
    assert codes(propose_candidacy, found, swapped, GROUND, carla) == {"nombre": "otra_persona"}
    stolen = replace(said, curp=other.curp)
    assert codes(propose_candidacy, found, stolen, GROUND, carla) == {"curp": "otra_persona"}
    nowhere = replace(said, cargo="Gubernatura", folio="")
    assert codes(propose_candidacy, found, nowhere, GROUND, carla) == {"cargo": "cargo", "folio": "folio"}


def test_the_same_person_registered_under_the_right_curp_is_cited(people: People) -> None:
    scene, carla, beto = people
    found = candidacy(scene, "Ana Lunna")
    known = Persona.objects.create(nombre="Lo que dijo un rival", curp="LUAA800101MDGNNN04")
    facts = replace(facts_of_candidacy(found), nombre="Ana Luna", curp=known.curp)
    approve(propose_candidacy(found, facts, GROUND, carla), beto, {"curp": known.curp or ""})
    assert (fresh(found).persona.identidad, fresh(found).persona.nombre) == (known.identidad, "Ana Luna")


def test_who_contended_before_a_correction_is_read_by_who_nominated_and_by_no_other(people: People) -> None:
    scene, carla, beto = people
    found = candidacy(scene, "Ana Lunna")
    known = Persona.objects.create(nombre="Lo que dijo un rival", curp="LUAA800101MDGNNN04")
    facts = replace(facts_of_candidacy(found), nombre="Ana Luna", curp=known.curp)
    with clock.at(LATER):
        approve(propose_candidacy(found, facts, GROUND, carla), beto, {"curp": known.curp or ""})
    books = Contabilidad.objects.get(candidatura=found)
    for reached, now, before in (([books.pk], "Ana Luna", "Ana Lunna"), ([], "Candidatura", "Candidatura")):
        with only(reached):  # who nominates draws its papers of before with the name of then
            seen = fresh(books)
            assert (seen.titular, books_at(seen, MOMENT).titular) == (now, before)


def test_one_who_already_contends_there_is_not_made_twice(people: People) -> None:
    scene, carla, _beto = people
    found, _other = candidacy(scene, "Ana Lunna"), candidacy(scene, "Ana Luna")
    facts = replace(facts_of_candidacy(found), nombre="Ana Luna")
    assert codes(propose_candidacy, found, facts, GROUND, carla) == {"nombre": "repetida"}


def test_who_took_the_place_of_another_is_still_known_after_a_correction(people: People) -> None:
    scene, carla, beto = people
    left = candidacy(scene, "Ana Lunna")
    end_candidacy(left, END, carla)
    substitute(fresh(left).fines.get(), SUCCESSOR, carla)
    facts = replace(facts_of_candidacy(fresh(left)), nombre="Ana Luna")
    approve(propose_candidacy(fresh(left), facts, GROUND, carla), beto)
    entered = Candidatura.objects.get(persona__nombre="Eva Ríos")
    assert entered.sustituye.sale.candidatura.persona.nombre == "Ana Luna"


CHANGES = (
    "UPDATE registry_sujetoobligado SET nombre = 'Otro'",
    "DELETE FROM registry_sujetoobligado",
    "UPDATE registry_candidatura SET folio = 'Otro'",
    "UPDATE registry_correccionresuelta SET despues = antes",
    "UPDATE registry_correccionpropuesta SET motivo = 'otro'",
)


@pytest.mark.parametrize("sql", CHANGES)
def test_the_ordinary_role_changes_no_row(people: People, sql: str) -> None:
    scene, carla, beto = people
    candidacy(scene)
    approve(propose_subject(scene.party, typo(scene), GROUND, carla), beto)
    with (
        pytest.raises(DatabaseError, match=r"permission denied|permiso denegado"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_changes_no_row_either() -> None:
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_sujetoobligado (tipo, numero, siglas, nombre, rfc)"
            " VALUES ('partido', '77', 'X', 'Uno', '')"
        )
        for sql in ("UPDATE registry_sujetoobligado SET nombre = 'Otro'", "DELETE FROM registry_sujetoobligado"):
            with pytest.raises(DatabaseError, match="no se modifica"), transaction.atomic("owner"):
                cursor.execute(f"{sql} WHERE numero = '77'")
        transaction.set_rollback(True, using="owner")


def forged(people: People, **changes: Any) -> str:
    """What the database says of an approval that no service wrote."""
    scene, carla, beto = people
    asked = propose_subject(scene.party, typo(scene), GROUND, carla)
    before = {"numero": "1", "siglas": "PA", "nombre": "Partido Ámbar", "rfc": ""}
    row = {
        "propuesta": asked,
        "sujeto": scene.party,
        "sentido": "aprobada",
        "antes": before,
        "despues": {**before, "nombre": "Otro"},
        "hecho_el": clock.now(),
        "hecho_por": beto,
    }
    row |= {name: value(row) if callable(value) else value for name, value in changes.items()}
    author = row["hecho_por"]
    try:
        with transaction.atomic(), registering(author.pk):
            CorreccionResuelta.objects.create(**row)
    except DatabaseError as refused:
        return str(refused)
    return ""


def test_the_database_asks_who_approves_and_of_what(people: People) -> None:
    with transaction.atomic():
        assert forged(people) == ""  # what follows fails for its own reason
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hecho_por": "carla"}, "la aprueba o rechaza otra"),
        ({"hecho_por": "auditor"}, "la aprueba quien administra"),
        ({"hecho_por": "bare"}, "RFC"),
        ({"sujeto": "other"}, "la aprueba o rechaza otra"),
        ({"antes": {"numero": "1", "siglas": "PA", "nombre": "No", "rfc": ""}}, "no se modifica"),
        ({"despues": {"nombre": "Otro"}}, ""),
    ],
)
def test_a_forged_approval_is_refused(people: People, changes: dict[str, Any], told: str) -> None:
    scene, carla, _beto = people
    bare, auditor = create_usuario("dora", "Dora", None), create_usuario("eva", "Eva", None, rfc=new_rfc())
    appoint(bare, Nombramiento.Rol.ADMINISTRADOR)
    appoint(auditor, Nombramiento.Rol.AUDITOR)
    named = {"carla": carla, "auditor": auditor, "bare": bare, "other": scene.independent}
    said = forged(
        people,
        **{name: named.get(value, value) if isinstance(value, str) else value for name, value in changes.items()},
    )
    assert said and told in said
    assert fresh(scene.party).nombre == "Partido Ámbar"


def test_what_waited_before_a_candidacy_said_when_it_was_approved_is_approved_and_leaves_that_alone(
    people: People,
) -> None:
    scene, carla, beto = people
    found = candidacy(scene, "Ana Lunna")
    seen = {name: text for name, text in asdict(facts_of_candidacy(found)).items() if "aproba" not in name}
    said = {"visto": seen, "pedido": {**seen, "nombre": "Ana Luna"}, "motivo": GROUND.motivo, "documento": "A/1"}
    with registering(carla.pk):
        old = CorreccionPropuesta.objects.create(
            candidatura=found, **said, propuesta_el=clock.now(), propuesta_por=carla
        )
    approve(old, beto)
    now = fresh(found)
    assert (now.persona.nombre, now.aprobada_el, now.acuerdo_aprobacion) == ("Ana Luna", None, None)


def _before_approvals(act: CorreccionResuelta) -> str:
    """The corrections, one of them as made before a candidacy said when it was approved."""
    old = ", ".join(
        f"CASE WHEN id = {act.pk} THEN {name} - 'aprobada_el' - 'acuerdo_aprobacion' ELSE {name} END AS {name}"
        for name in ("antes", "despues")
    )
    return f"(SELECT id, sujeto_id, candidatura_id, sentido, {old} FROM public.registry_correccionresuelta)"


def test_the_verification_takes_what_was_corrected(people: People) -> None:
    scene, carla, beto = people
    found = candidacy(scene, "Ana Lunna")
    for siglas in ("PAU", "PAZ"):
        party = fresh(scene.party)
        approve(propose_subject(party, replace(facts_of_subject(party), siglas=siglas), GROUND, carla), beto)
    first = approve(
        propose_candidacy(found, replace(facts_of_candidacy(found), nombre="Ana Luna"), GROUND, carla), beto
    )
    later = {"aprobada_el": "2024-04-02", "acuerdo_aprobacion": "INE/CG9/2024"}
    approve(propose_candidacy(fresh(found), replace(facts_of_candidacy(fresh(found)), **later), GROUND, carla), beto)
    told = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        for table in CORRECTED:
            for sql in (leaves_question(table, "id"), corrected_question(table)):
                for seen in (sql, sql.replace("public.registry_correccionresuelta", _before_approvals(first))):
                    cursor.execute(seen)
                    told += cursor.fetchall()
            cursor.execute(leaves_question(table, "id", corrected=False))
            assert cursor.fetchall()  # its leaf is of what it said first
    assert told == []
