"""Who may do what on whose books, and when books are open."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from rfcs import new_rfc
from sif.registry import clock
from sif.registry.models import Candidatura, Cargo, Persona, Territorio, Usuario
from sif.registry.scope import current_scope, everything, only, registering
from sif.registry.selectors import (
    ACTS,
    appointments_kept,
    contabilidades_of,
    is_authority,
    may,
    responsable_of,
    roles_of,
    scope_of_user,
    sujetos_of,
    windows_open,
)
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    cancel_contabilidad,
    create_usuario,
    open_correction,
    register_proveedor,
    register_rnp,
    set_tope,
)
from sif.values import InvalidKey
from small_world import ZONE, World


def person(name: str, rol: str, world: World, *, books: bool = False) -> Usuario:
    user = create_usuario(name, name, "", password_hash="!", rfc=new_rfc())
    appoint(user, rol, world.party, [world.books] if books else [])
    return user


def test_the_head_of_finance_sees_and_acts_on_its_subject_alone(world: World) -> None:
    assert roles_of(world.clerk) == {"responsable_finanzas"}
    assert list(sujetos_of(world.clerk)) == [world.party]
    assert list(contabilidades_of(world.clerk)) == [world.books, world.other_books]
    assert scope_of_user(world.clerk) == f"s{world.party.pk}"
    for act in ("capturar", "presentar", "responder", "consultar"):
        assert may(world.clerk, act, contabilidad=world.books)
        assert not may(world.clerk, act, contabilidad=world.foreign)
        assert not may(world.clerk, act, sujeto=world.rival)
    assert not may(world.clerk, "auditar")
    assert responsable_of(world.party) == world.clerk


def test_the_authority_sees_everything_and_captures_nothing(world: World) -> None:
    assert scope_of_user(world.auditor) == "todo"
    assert is_authority(world.auditor)
    assert may(world.auditor, "auditar", contabilidad=world.foreign)
    assert not may(world.auditor, "capturar", contabilidad=world.books)


def test_a_capturista_reaches_assigned_books_only_and_signs_nothing(world: World) -> None:
    user = person("Capturista", "capturista", world, books=True)
    assert scope_of_user(user) == str(world.books.pk)
    assert may(user, "capturar", contabilidad=world.books)
    assert not may(user, "capturar", contabilidad=world.other_books)
    assert not may(user, "presentar", contabilidad=world.books)


def test_who_may_not_sign_and_who_only_reads(world: World) -> None:
    assert not may(person("Admin", "administrador_so", world), "presentar", contabilidad=world.books)
    reader = person("Lector", "consulta", world)
    assert may(reader, "consultar", contabilidad=world.books)
    assert not may(reader, "capturar", contabilidad=world.books)


def test_nobody_of_the_authority_writes_books_and_nobody_of_a_party_audits() -> None:
    for rol, acts in ACTS.items():
        if rol in {"auditor", "revisor", "resoluciones", "consejero", "secretaria", "administrador"}:
            assert not acts & {"capturar", "presentar", "responder"}, rol
        else:
            assert not acts & {"auditar", "emitir_oficio", "dictaminar", "votar", "publicar", "administrar"}, rol


def test_who_administers_decides_nothing_and_who_resolves_does_not_analyse() -> None:
    assert ACTS["administrador"] == {"consultar", "administrar"}
    assert ACTS["resoluciones"] == {"consultar", "resolver", "fundamentar"}
    assert {rol for rol, acts in ACTS.items() if "publicar" in acts} == {"revisor", "secretaria"}


def test_a_stranger_and_one_whose_appointment_ended_see_nothing(world: World) -> None:
    assert scope_of_user(AnonymousUser()) == ""
    assert not may(AnonymousUser(), "consultar")
    former = create_usuario("Saliente", "Saliente", "", password_hash="!", rfc=new_rfc())
    with registering():
        former.nombramientos.create(rol="consulta", sujeto=world.party, desde=date(2024, 3, 1), hasta=date(2024, 4, 15))
    assert scope_of_user(former) == ""
    assert not may(former, "consultar", contabilidad=world.books)


def test_windows_open_with_the_campaign_and_close_three_days_after_the_period(world: World) -> None:
    assert [(p.numero, p.desde, p.hasta) for p in world.periods] == [
        (1, date(2024, 4, 1), date(2024, 4, 30)),
        (2, date(2024, 5, 1), date(2024, 5, 30)),
    ]
    moments = {
        datetime(2024, 3, 31, 23, 59, tzinfo=ZONE): [],
        datetime(2024, 4, 1, tzinfo=ZONE): [1],
        datetime(2024, 5, 3, 23, 59, 59, tzinfo=ZONE): [1, 2],
        datetime(2024, 5, 4, tzinfo=ZONE): [2],
        datetime(2024, 6, 2, 23, 59, tzinfo=ZONE): [2],
        datetime(2024, 6, 3, tzinfo=ZONE): [],
    }
    for moment, numbers in moments.items():
        assert [w.periodo.numero for w in windows_open(world.books, moment)] == numbers, moment


def test_the_correction_opens_for_the_observed_subject_alone(world: World) -> None:
    start = datetime(2024, 6, 14, tzinfo=ZONE)
    open_correction(world.etapa, world.party, start, start + timedelta(days=5), "oficio")
    assert [w.tipo for w in windows_open(world.books, start)] == ["correccion", "correccion"]
    assert windows_open(world.foreign, start) == []
    assert windows_open(world.books, start + timedelta(days=5)) == []


def candidacy(world: World, tope: int) -> NewCandidatura:
    return NewCandidatura(
        "F-1",
        Persona.objects.create(nombre="Ana"),
        world.party,
        Cargo.objects.create(clave="PRES", nombre="Presidencia", ambito="federal", columna="P"),
        Territorio.objects.create(clave="NAC", nombre="México", tipo="pais", entidad="NAC"),
        tope,
        "CG1/2024",
    )


def test_approving_a_candidacy_opens_its_books_by_itself(world: World) -> None:
    new = candidacy(world, 66_000_000_000)
    books = approve_candidatura(world.etapa, new)
    assert (books.candidatura.folio, books.tope, books.habilitada_el) == ("F-1", 66_000_000_000, clock.now())
    assert books.pk == world.foreign.pk + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        approve_candidatura(world.etapa, new)
    assert Candidatura.objects.count() == 1


def test_a_cap_and_a_cancellation_stand_beside_the_books(world: World) -> None:
    books = approve_candidatura(world.etapa, candidacy(world, 100))
    with pytest.raises(IntegrityError), transaction.atomic():
        set_tope(books, 0, "CG2/2024", world.auditor)
    set_tope(books, 90, "CG2/2024", world.auditor)
    assert (books.tope, books.estatus, books.cancelada_el) == (90, "activa", None)
    caps = books.topes.order_by("pk").values_list("tope", "acuerdo", "fijado_por")
    assert list(caps) == [(100, "CG1/2024", None), (90, "CG2/2024", world.auditor.pk)]
    cancel_contabilidad(books, "Declinó", world.auditor)
    done = clock.now()
    with clock.at(done + timedelta(days=1)):
        cancel_contabilidad(books, "Otra vez", world.clerk)
    assert (books.estatus, books.cancelada_el, books.cancelacion.motivo) == ("cancelada", done, "Declinó")
    held = contabilidades_of(world.auditor).get(pk=books.pk)
    assert (held.tope, held.estatus) == (90, "cancelada")


def test_a_supplier_is_one_by_rfc_and_its_registrations_do_not_overlap(world: World) -> None:
    assert register_proveedor(" ipr150312q47 ", "Otro nombre") == world.supplier
    with pytest.raises(InvalidKey):
        register_proveedor("NO", "x")
    register_rnp(world.supplier, "RNP-1", date(2024, 1, 1), date(2024, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        register_rnp(world.supplier, "RNP-2", date(2024, 5, 31))
    register_rnp(world.supplier, "RNP-2", date(2024, 6, 1))


def test_in_one_request_appointments_are_read_once_and_again_after_a_new_one(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with appointments_kept():
        with django_assert_num_queries(1):
            assert roles_of(world.clerk) == {"responsable_finanzas"}
            assert not may(world.clerk, "auditar")
            assert may(world.clerk, "capturar", contabilidad=world.books)
        assert is_authority(world.auditor)
        appoint(world.clerk, "auditor")
        assert may(world.clerk, "auditar")
    with django_assert_num_queries(2):
        assert may(world.clerk, "auditar") and may(world.clerk, "auditar")


def test_scopes_nest_and_come_back_even_after_an_error(world: World) -> None:
    assert current_scope() == "todo"
    with only([3, 1, 3]):
        assert current_scope() == "1,3"
        with pytest.raises(RuntimeError), everything():
            raise RuntimeError
        assert current_scope() == "1,3"
    assert current_scope() == "todo"


def test_the_clock_refuses_an_instant_without_zone() -> None:
    with pytest.raises(ValueError, match="zona"), clock.at(datetime(2024, 1, 1)):  # noqa: DTZ001
        pass
