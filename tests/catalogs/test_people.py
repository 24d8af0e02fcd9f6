"""Suppliers, donors and people: keys are checked at their field, and nobody is kept twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from sif.books.records import repap_use
from sif.books.references import own_persons
from sif.books.services.registros import NewRepap, issue_repap
from sif.catalogs.models import FichaProveedor, PersonaSujeto
from sif.catalogs.selectors import listed
from sif.catalogs.selectors.auxiliaries import auxiliary_choices
from sif.catalogs.selectors.people import rfc_doubt, with_rnp
from sif.catalogs.services import (
    NewAportante,
    NewPersona,
    NewProveedor,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.counterparties.seen import fichas_of, people_of
from sif.registry.history import FieldChange, current, history_of
from sif.registry.masks import masked
from sif.registry.models import Aportante, Persona, Proveedor
from sif.registry.selectors import reach_of
from sif.registry.services import register_persona, register_proveedor, register_rnp
from sif.values import Money, Refused
from sif.web.party.auxiliaries import match
from sif.web.party.catalogos.versions import history_rows

CURP, DAY = "ROZA800101MMCBPL09", date(2024, 4, 8)


def _curp(first17: str) -> str:
    from stdnum.mx.curp import calc_check_digit

    return first17 + calc_check_digit(first17)


def _refusal(act: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act()
    return {problem.donde: problem.codigo for problem in refused.value.problems}


def test_a_supplier_with_enye_and_ampersand_is_kept(world: Any) -> None:
    ficha = save_proveedor(
        NewProveedor(world.party.pk, " ñ&a010203ab9 ", "Ñandú & Asociados", clabe="002180000000000009"), world.clerk
    )
    assert ficha.proveedor.rfc == "Ñ&A010203AB9"
    assert FichaProveedor.objects.get(pk=ficha.pk).clabe == "002180000000000009"


@pytest.mark.parametrize(
    ("rfc", "code"),
    [("", "falta"), ("IPR150312Q4", "rfc"), ("IPR151312Q47", "rfc"), ("1PR150312Q47", "rfc"), ("XAXX010101000", "rfc")],
)
def test_a_bad_rfc_is_told_at_its_field(world: Any, rfc: str, code: str) -> None:
    assert _refusal(lambda: save_proveedor(NewProveedor(world.party.pk, rfc, "X"), world.clerk)) == {"rfc": code}
    assert not FichaProveedor.objects.filter(sujeto=world.party).exists()


def test_everything_wrong_is_told_at_once(world: Any) -> None:
    new = NewProveedor(world.party.pk, "malo", "", curp="CURP", clabe="123", domicilio="x" * 251)
    assert set(_refusal(lambda: save_proveedor(new, world.clerk))) == {"rfc", "nombre", "curp", "clabe", "domicilio"}


def test_a_supplier_is_one_for_everybody_and_its_ficha_of_each(world: Any) -> None:
    first = save_proveedor(NewProveedor(world.party.pk, "AAA010101AAA", "Uno"), world.clerk)
    other = save_proveedor(NewProveedor(world.rival.pk, "AAA010101AAA", "Otro nombre"), world.stranger)
    assert first.proveedor == other.proveedor
    assert other.proveedor.nombre == "Uno"
    again = NewProveedor(world.party.pk, "AAA010101AAA", "Uno")
    assert _refusal(lambda: save_proveedor(again, world.clerk)) == {"rfc": "repetido"}
    changed = NewProveedor(world.party.pk, "AAA010101AAA", "Uno", representante="Eva")
    assert _refusal(lambda: save_proveedor(changed, world.clerk, ficha=first)) == {"motivo": "falta"}
    second = save_proveedor(changed, world.clerk, ficha=first, motivo="Cambió de representante")
    assert (second.identidad, second.version, second.representante) == (first.pk, 2, "Eva")
    assert FichaProveedor.objects.get(pk=first.pk).representante == ""
    late = NewProveedor(world.party.pk, "AAA010101AAA", "Uno", domicilio="Centro 1")
    told = _refusal(lambda: save_proveedor(late, world.clerk, ficha=first, motivo="Se mudó"))
    assert told == {"": "reemplazada"}
    assert [row.representante for row in fichas_of(reach_of(world.clerk))] == ["Eva"]
    assert Proveedor.objects.filter(rfc="AAA010101AAA").count() == 1


def test_a_stranger_keeps_nothing(world: Any) -> None:
    for act in (
        lambda: save_proveedor(NewProveedor(world.party.pk, "AAA010101AAA", "Uno"), world.stranger),
        lambda: save_aportante(NewAportante(world.party.pk, "Eva", rfc="AAAA010101AA1"), world.stranger),
        lambda: save_persona(NewPersona(world.party.pk, "Eva", "empleo", date(2024, 4, 1)), world.auditor),
    ):
        assert _refusal(act) == {"": "ajeno"}


def test_a_donor_is_a_natural_person_who_can_be_told_from_others(world: Any) -> None:
    company = NewAportante(world.party.pk, "Empresa", rfc="AAA010101AAA")
    assert _refusal(lambda: save_aportante(company, world.clerk)) == {"rfc": "persona_moral"}
    nobody = NewAportante(world.party.pk, "Quién sabe")
    assert _refusal(lambda: save_aportante(nobody, world.clerk)) == {"rfc": "sin_identificar"}
    generic = NewAportante(world.party.pk, "Público", rfc="XAXX010101000")
    assert _refusal(lambda: save_aportante(generic, world.clerk)) == {"rfc": "rfc"}
    bad = NewAportante(world.party.pk, "Eva", clave_elector="ABC")
    assert _refusal(lambda: save_aportante(bad, world.clerk)) == {"clave_elector": "clave_elector"}
    eva = save_aportante(NewAportante(world.party.pk, "Eva", clave_elector="abcdef80010109m123"), world.clerk)
    assert eva.clave_elector == "ABCDEF80010109M123"
    twice = NewAportante(world.party.pk, "Eva otra", clave_elector="ABCDEF80010109M123")
    assert _refusal(lambda: save_aportante(twice, world.clerk)) == {"clave_elector": "repetido"}
    assert save_aportante(twice, world.clerk, aportante=eva, motivo="Así consta").nombre == "Eva otra"
    assert current(Aportante.objects.filter(sujeto=world.party, nombre__startswith="Eva")).count() == 1


def test_a_corrected_donor_is_another_version_with_its_reason_and_author(world: Any) -> None:
    first = save_aportante(NewAportante(world.party.pk, "Eva", rfc="PEUU800101AA1"), world.clerk)
    changed = NewAportante(world.party.pk, "Eva Ríos", rfc="PEUU800101AA1")
    assert _refusal(lambda: save_aportante(changed, world.clerk, aportante=first)) == {"motivo": "falta"}
    second = save_aportante(changed, world.clerk, aportante=first, motivo="Así consta en su credencial")
    assert (second.identidad, second.version, second.reemplaza_a) == (first.identidad, 2, first)
    assert Aportante.objects.get(pk=first.pk).nombre == "Eva"
    assert [each.id for each in auxiliary_choices("aportante", world.books, "eva")] == [second.pk]
    told = history_of(first)
    assert [(each.version, each.por, each.motivo) for each in told] == [
        (2, world.clerk.nombre, "Así consta en su credencial"),
        (1, world.clerk.nombre, ""),
    ]
    assert told[0].cambios == (FieldChange("nombre", "Eva", "Eva Ríos"),)
    assert told[1].cambios == ()


def test_a_version_is_replaced_once_and_nothing_changed_makes_none(world: Any) -> None:
    first = save_aportante(NewAportante(world.party.pk, "Eva", rfc="PEUU800101AA1"), world.clerk)
    same = NewAportante(world.party.pk, "Eva", rfc="PEUU800101AA1")
    assert save_aportante(same, world.clerk, aportante=first, motivo="Nada").pk == first.pk
    save_aportante(NewAportante(world.party.pk, "Ana", rfc="PEUU800101AA1"), world.clerk, aportante=first, motivo="Uno")
    late = NewAportante(world.party.pk, "Iris", rfc="PEUU800101AA1")
    assert _refusal(lambda: save_aportante(late, world.clerk, aportante=first, motivo="Dos")) == {"": "reemplazada"}


def test_a_key_left_by_a_correction_is_free_and_the_current_one_is_not(world: Any) -> None:
    first = save_aportante(NewAportante(world.party.pk, "Eva", rfc="PEUU800101AA1"), world.clerk)
    corrected = NewAportante(world.party.pk, "Eva", rfc="RIUU800101AA1")
    save_aportante(corrected, world.clerk, aportante=first, motivo="Error de captura")
    assert _refusal(lambda: save_aportante(corrected, world.clerk)) == {"rfc": "repetido"}
    assert save_aportante(NewAportante(world.party.pk, "Ana", rfc="PEUU800101AA1"), world.clerk).version == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_aportante SET nombre = 'Otro'",
        "DELETE FROM registry_aportante",
        "TRUNCATE registry_aportante CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_donor(world: Any, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Aportante.objects.get(pk=world.donor.pk).nombre == world.donor.nombre


def test_a_person_of_a_curp_is_one(world: Any) -> None:
    curp = _curp("ROZA800101MMCBPL0")
    new = NewPersona(world.party.pk, "Rosa Zepeda", "empleo", date(2024, 4, 1), curp=curp)
    first = save_persona(new, world.clerk)
    other = save_persona(NewPersona(world.party.pk, "R. Zepeda", "caja", date(2024, 4, 2), curp=curp), world.clerk)
    assert other.persona == first.persona
    assert other.persona.nombre == "Rosa Zepeda"
    assert _refusal(lambda: save_persona(new, world.clerk)) == {"curp": "repetida"}
    moved = NewPersona(world.party.pk, "Rosa Zepeda", "repap", date(2024, 4, 1), curp=curp)
    second = save_persona(moved, world.clerk, ficha=first, motivo="No es empleada")
    assert (second.identidad, second.version, second.relacion) == (first.pk, 2, "repap")
    assert PersonaSujeto.objects.get(pk=first.pk).relacion == "empleo"
    assert sorted(row.relacion for row in people_of(reach_of(world.clerk))) == ["caja", "repap"]
    taken = NewPersona(world.party.pk, "Rosa Zepeda", "caja", date(2024, 4, 2), curp=curp)
    assert _refusal(lambda: save_persona(taken, world.clerk, ficha=second, motivo="x")) == {"curp": "repetida"}
    wrong = NewPersona(world.party.pk, "Rosa", "amistad", date(2024, 4, 2), hasta=date(2024, 4, 1))
    assert _refusal(lambda: save_persona(wrong, world.clerk)) == {"relacion": "relacion", "hasta": "dias"}
    assert PersonaSujeto.objects.count() == 3


def test_a_person_is_corrected_by_a_version_and_what_was_recorded_cites_the_one_before(world: Any) -> None:
    seen = save_persona(NewPersona(world.party.pk, "Rosa Zepeda", "repap", date(2024, 4, 1)), world.clerk)
    pay = NewRepap(seen.persona_id, "Brigada", date(2024, 4, 1), date(2024, 4, 7), Money(100), "cheque", DAY)
    receipt = issue_repap(world.books, pay, world.clerk)
    told = NewPersona(world.party.pk, "Rosa Zepeda Ruiz", "repap", date(2024, 4, 1), rfc="ZERR8001011A1", curp=CURP)
    saved = save_persona(told, world.clerk, ficha=seen, motivo="Faltaba su apellido")
    person = saved.persona
    assert (person.identidad, person.version, person.nombre, person.curp) == (seen.persona_id, 2, told.nombre, CURP)
    assert (person.motivo, person.registrada_por) == ("Faltaba su apellido", world.clerk)
    receipt.refresh_from_db()
    assert receipt.persona.nombre == "Rosa Zepeda"
    issue_repap(world.books, replace(pay, persona_id=person.pk), world.clerk)
    assert repap_use(world.party.pk, person.pk, DAY).usado == repap_use(world.party.pk, seen.persona_id, DAY).usado
    assert repap_use(world.party.pk, person.pk, DAY).usado == Money(200)
    [choice] = auxiliary_choices("persona", world.books, "rosa")
    assert (choice.id, choice.identidad) == (person.pk, person.identidad)
    assert {seen.persona_id, person.pk} <= own_persons(world.party.pk)
    assert register_persona("Otra", CURP) == person
    changes = [(each.campo, each.despues) for each in history_of(saved)[0].cambios]
    assert changes == [("persona.nombre", told.nombre), ("persona.curp", CURP), ("persona.rfc", told.rfc)]
    [shown] = history_rows(saved, {"persona.curp": "CURP"})[0].cambios
    assert (shown.campo, shown.despues) == ("CURP", masked("curp", CURP))


def test_every_record_of_a_subject_follows_its_person_and_the_name_stays_where_another_cites_it(world: Any) -> None:
    first = save_persona(NewPersona(world.party.pk, "Rosa", "empleo", date(2024, 4, 1), curp=CURP), world.clerk)
    save_persona(NewPersona(world.party.pk, "Rosa", "caja", date(2024, 4, 1), curp=CURP), world.clerk)
    theirs = save_persona(NewPersona(world.rival.pk, "Rosa", "caja", date(2024, 4, 1), curp=CURP), world.stranger)
    told = NewPersona(world.party.pk, "Otro nombre", "empleo", date(2024, 4, 1), rfc="ZERR8001011A1", curp=CURP)
    save_persona(told, world.clerk, ficha=first, motivo="Trajo su RFC")
    own = people_of(reach_of(world.clerk))
    assert [(row.persona.nombre, row.persona.rfc) for row in own] == [("Rosa", "ZERR8001011A1")] * 2
    assert PersonaSujeto.objects.get(pk=theirs.pk).persona.rfc == ""
    other = save_persona(NewPersona(world.party.pk, "Luz", "representante", date(2024, 4, 1)), world.clerk)
    stolen = NewPersona(world.party.pk, "Luz", "representante", date(2024, 4, 1), curp=CURP)
    assert _refusal(lambda: save_persona(stolen, world.clerk, ficha=other, motivo="x")) == {"curp": "curp"}
    with pytest.raises(IntegrityError, match="persona_una_por_curp"), transaction.atomic():
        Persona.objects.create(nombre="Impostora", curp=CURP)


def test_an_rfc_not_known_is_completed_when_another_subject_registers_the_person(world: Any) -> None:
    save_persona(NewPersona(world.party.pk, "Rosa", "caja", date(2024, 4, 1), curp=CURP), world.clerk)
    known = NewPersona(world.rival.pk, "Rosa", "caja", date(2024, 4, 1), curp=CURP, rfc="ZERR8001011A1")
    person = save_persona(known, world.stranger).persona
    assert (person.version, person.rfc, person.registrada_por) == (2, known.rfc, world.stranger)
    again = replace(known, relacion="empleo", rfc="")
    assert save_persona(again, world.stranger).persona == person


def test_auxiliaries_are_found_without_accents_and_only_ones_own(world: Any) -> None:
    save_aportante(NewAportante(world.party.pk, "Úrsula Peña", rfc="PEUU800101AA1"), world.clerk)
    save_aportante(NewAportante(world.rival.pk, "Úrsula Ajena", rfc="AEUU800101AA1"), world.stranger)
    assert [each.label for each in auxiliary_choices("aportante", world.books, "ursula")] == ["Úrsula Peña"]
    assert [each.label for each in auxiliary_choices("aportante", world.books, "peuu800101aa1")] == ["Úrsula Peña"]
    assert auxiliary_choices("aportante", world.books, "peuu ÚRSULA") == []  # of a part of a key, a mask is guessed
    assert auxiliary_choices("proveedor", world.books, "prado ipr15")[0].id == world.supplier.pk
    assert auxiliary_choices("cuenta_bancaria", world.books, "0021")[0].id == world.bank.pk
    assert auxiliary_choices("cuenta_bancaria", world.foreign, "0021") == []
    assert auxiliary_choices("persona", world.books, "rosa") == []
    save_persona(NewPersona(world.party.pk, "Rosa", "empleo", date(2024, 4, 1)), world.clerk)
    assert [each.label for each in auxiliary_choices("persona", world.books, "rosa")] == ["Rosa"]
    assert auxiliary_choices("persona", world.foreign, "rosa") == []
    assert auxiliary_choices("nave", world.books, "x") == []


def test_a_supplier_with_fichas_of_two_subjects_is_one_choice_and_the_own_come_first(world: Any) -> None:
    for sujeto, by in ((world.party, world.clerk), (world.rival, world.stranger)):
        save_proveedor(NewProveedor(sujeto.pk, "ZZZ010101AAA", "Zeta Compartida"), by)
    save_proveedor(NewProveedor(world.rival.pk, "AAA010101AAA", "Alfa Compartida"), world.stranger)
    register_proveedor("CCC010101AAA", "Cama Compartida")
    wanted = ["Zeta Compartida", "Alfa Compartida", "Cama Compartida"]
    assert [each.label for each in auxiliary_choices("proveedor", world.books, "compartida")] == wanted
    assert [each.numero for each in match(world.books, "proveedor", "ZZZ010101AAA", reach_of(world.clerk))] == [
        Proveedor.objects.get(rfc="ZZZ010101AAA").pk
    ]


def test_a_person_bound_twice_to_a_subject_is_one_choice(world: Any) -> None:
    for kind in ("empleo", "caja"):
        save_persona(NewPersona(world.party.pk, "Rosa", kind, date(2024, 4, 1), curp=CURP), world.clerk)
    assert [each.label for each in auxiliary_choices("persona", world.books, "rosa")] == ["Rosa"]


def test_the_rnp_of_a_day_is_not_that_of_another(world: Any) -> None:
    register_rnp(world.supplier, "RNP1", date(2024, 1, 1), date(2024, 4, 1))
    register_rnp(world.supplier, "RNP2", date(2024, 4, 10))

    def on(day: date) -> tuple[bool, str]:
        row = with_rnp(Proveedor.objects.filter(pk=world.supplier.pk), day).values("rnp_activo", "folio_rnp").get()
        return row["rnp_activo"], row["folio_rnp"]

    assert on(date(2023, 12, 31)) == (False, "RNP2")
    assert on(date(2024, 3, 31)) == (True, "RNP1")
    assert on(date(2024, 4, 5)) == (False, "RNP2")
    assert on(date(2024, 4, 10)) == (True, "RNP2")
    other = Proveedor.objects.create(rfc="ZZZ010101ZZZ", nombre="Sin registro")
    row = with_rnp(Proveedor.objects.filter(pk=other.pk), date(2024, 4, 10)).values("rnp_activo", "folio_rnp").get()
    assert row == {"rnp_activo": False, "folio_rnp": ""}


def test_a_doubtful_check_digit_only_warns() -> None:
    assert rfc_doubt("GODE561231GR8") is None
    assert rfc_doubt("GODE561231GR9") is not None
    assert rfc_doubt("") is None


def test_the_list_of_69b_says_nothing_until_it_is_loaded(world: Any) -> None:
    assert listed.listed_on([world.supplier.rfc], date(2024, 4, 1)) is None
