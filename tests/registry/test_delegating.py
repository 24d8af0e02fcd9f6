"""A role of a subject is delegated for a span, never what is signed, and ends with the role that it comes from."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from rfcs import new_rfc
from sif.registry import clock, scope
from sif.registry.accesses import appointments_seen
from sif.registry.appointments import AppointmentRefused, appoint, end_nombramiento
from sif.registry.delegating import NewDelegation, delegate, delegations_of, may_delegate, receivers
from sif.registry.eyes import proven
from sif.registry.models import DocumentoNombramiento, FinNombramiento, Nombramiento, Suceso, Usuario
from sif.registry.papers import Paper
from sif.registry.prolonging import prolong
from sif.registry.proofs import record_proof
from sif.registry.scope import registering
from sif.registry.selectors import may, scope_of_user
from sif.registry.services import create_usuario
from sif.values import Refused
from small_world import World

Rol = Nombramiento.Rol
TODAY = date(2024, 4, 15)
PAPER = Paper("CEN/SF/8", "oficio.pdf", "c" * 64, 12)


def person(name: str, rol: str = "", *of: Any, **span: Any) -> Usuario:
    user = create_usuario(name, name, "", password_hash="!", rfc=new_rfc())
    if rol:
        appoint(user, rol, *of, **span)
    return user


def held(user: Usuario) -> Nombramiento:
    return Nombramiento.objects.get(usuario=user, delegado_de=None)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def lent(to: Usuario, first: int = 0, until: int = 5) -> NewDelegation:
    return NewDelegation(to, day(first), day(until), PAPER)


def checked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_a_responsable_delegates_the_work_and_keeps_what_is_signed(world: World) -> None:
    nora = person("nora", Rol.CONSULTA, world.party)
    made = delegate(held(world.clerk), lent(nora), world.clerk)
    assert (made.rol, made.delegado_de, made.nombrado_por) == (Rol.ADMINISTRADOR_SO, held(world.clerk), world.clerk)
    assert may(nora, "capturar", contabilidad=world.books) and may(nora, "preparar", sujeto=world.party)
    for act in ("presentar", "responder", "nombrar"):
        assert may(world.clerk, act, sujeto=world.party) and not may(nora, act, sujeto=world.party)
    assert DocumentoNombramiento.objects.get(nombramiento=made).referencia == "CEN/SF/8"
    assert Suceso.objects.filter(verbo="delegar", objeto=made.pk, persona=world.clerk).exists()
    assert list(delegations_of(held(world.clerk))) == [made] and made in appointments_seen(world.clerk)
    with clock.at(clock.midnight(day(5))):
        assert not may(nora, "capturar", contabilidad=world.books)


def test_a_capturista_delegates_its_books_and_no_others(world: World) -> None:
    ana, luis = person("ana", Rol.CAPTURISTA, world.party, [world.books]), person("luis", Rol.CONSULTA, world.party)
    made = delegate(held(ana), lent(luis), ana)
    assert may(luis, "capturar", contabilidad=world.books)
    assert not may(luis, "capturar", contabilidad=world.other_books)
    assert made in appointments_seen(ana) and made in appointments_seen(world.clerk)
    with pytest.raises(IntegrityError, match="función delegada"), transaction.atomic(), registering():
        made.contabilidades.add(world.other_books)


def test_it_ends_with_the_role_that_it_comes_from(world: World) -> None:
    ana, luis = person("ana", Rol.CAPTURISTA, world.party, [world.books]), person("luis", Rol.CONSULTA, world.party)
    made = delegate(held(ana), lent(luis), ana)
    end_nombramiento(held(ana), "Se fue", world.clerk)
    checked()
    assert FinNombramiento.objects.get(nombramiento=made).motivo == "Terminó la función de quien la delegó"
    assert not may(luis, "capturar", contabilidad=world.books) and may(luis, "consultar", contabilidad=world.books)


def test_it_ends_with_the_last_role_of_who_received_it(world: World) -> None:
    ana = person("ana", Rol.CAPTURISTA, world.party, [world.books])
    brief, luis = person("eva", Rol.CONSULTA, world.party, hasta=day(9)), person("luis", Rol.CONSULTA, world.party)
    with pytest.raises(Refused, match="ultimo: La función propia de eva termina el 23/04/2024"):
        delegate(held(ana), lent(brief, until=12), ana)
    made = delegate(held(ana), lent(luis), ana)
    other = appoint(luis, Rol.CANDIDATURA, world.party, [world.other_books])
    end_nombramiento(Nombramiento.objects.get(usuario=luis, rol=Rol.CONSULTA), "Cambia", world.clerk)
    assert may(luis, "capturar", contabilidad=world.books)  # another of their own is left
    end_nombramiento(other, "Se fue", world.clerk)
    checked()
    assert not may(luis, "capturar", contabilidad=world.books) and made.pk == made.fin.nombramiento_id


def test_who_judges_the_books_receives_nothing_of_them(world: World) -> None:
    berta = person("berta", Rol.AUDITOR_EXTERNO, world.party)
    assert berta not in receivers(held(world.clerk))
    with pytest.raises(Refused, match="a: Esa persona no tiene una función"):
        delegate(held(world.clerk), lent(berta), world.clerk)


def test_a_delegation_that_begins_when_a_role_ends_does_not_prolong_it(world: World) -> None:
    ana, luis = person("ana", Rol.CAPTURISTA, world.party, [world.books]), person("luis", Rol.CONSULTA, world.party)
    short = appoint(luis, Rol.CAPTURISTA, world.party, [world.other_books], hasta=day(2))
    made = delegate(held(ana), lent(luis, 2), ana)
    end_nombramiento(short, "Se va de esos libros", world.clerk)
    assert not FinNombramiento.objects.filter(nombramiento=made).exists()


def test_no_delegation_outlives_its_role_in_the_database(world: World) -> None:
    ana, luis = person("ana", Rol.CAPTURISTA, world.party, [world.books]), person("luis", Rol.CONSULTA, world.party)
    delegate(held(ana), lent(luis), ana)
    with pytest.raises(IntegrityError, match="deja una delegación"), transaction.atomic():
        with registering(world.clerk.pk):
            now = clock.now()
            FinNombramiento.objects.create(
                nombramiento=held(ana), termina_el=now, motivo="Se fue", hecho_el=now, hecho_por=world.clerk
            )
        checked()


def test_who_delegated_revokes_it_and_so_does_who_names(world: World) -> None:
    ana, luis = person("ana", Rol.CAPTURISTA, world.party, [world.books]), person("luis", Rol.CONSULTA, world.party)
    first = delegate(held(ana), lent(luis), ana)
    for who in (luis, world.stranger, world.auditor):
        with pytest.raises(PermissionError):
            end_nombramiento(first, "No", who)
    with pytest.raises(AppointmentRefused, match="se revoca en este momento"):
        end_nombramiento(first, "Ya volví", ana, termina_el=clock.midnight(day(2)))
    end_nombramiento(first, "Ya volví", ana)
    assert not may(luis, "capturar", contabilidad=world.books)
    second = delegate(held(ana), lent(luis, 1), ana)
    end_nombramiento(second, "No procede", world.clerk)
    with pytest.raises(Refused, match="desde: luis ya tiene esa función"):
        delegate(held(ana), lent(luis, 1), ana)


def test_what_is_not_delegated_and_by_whom(world: World) -> None:
    nora, eva = person("nora", Rol.CONSULTA, world.party), person("eva", Rol.CONSULTA, world.party, hasta=day(9))
    mine = held(world.clerk)
    made = delegate(mine, lent(nora), world.clerk)
    for row, by in ((mine, nora), (made, nora), (mine, world.stranger), (held(world.auditor), world.auditor)):
        with pytest.raises(PermissionError, match="la delega quien la tiene"):
            delegate(row, lent(nora), by)
    assert not may_delegate(made, nora) and may_delegate(mine, world.clerk)
    with pytest.raises(Refused, match="la prolonga quien la hizo"):
        prolong(made, day(9), PAPER, world.clerk)
    luis = person("luis", Rol.CONSULTA, world.party)
    for who, new, said in (
        (world.clerk, lent(world.stranger), "a: Esa persona no tiene una función vigente"),
        (world.clerk, lent(world.clerk), "a: Esa persona"),
        (world.clerk, lent(luis, -1), "desde: El 14/04/2024 ya pasó"),
        (world.clerk, lent(luis, 3, 3), "ultimo: El último día es antes"),
        (world.clerk, lent(luis, 0, 400), "ultimo: Una delegación dura 366 días"),
        (eva, lent(luis, 0, 10), "ultimo: Su función termina el 23/04/2024"),
        (world.clerk, NewDelegation(luis, TODAY, day(2), Paper("", "a.pdf", "d" * 64, 1)), "referencia: Falta"),
    ):
        with pytest.raises(Refused, match=said):
            delegate(held(who), new, who)
    assert Nombramiento.objects.exclude(delegado_de=None).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"rol": Rol.RESPONSABLE},
        {"hasta": date(2026, 1, 1)},
        {"nombrado_por": "nora"},
        {"usuario": "stranger"},
        {"usuario": "brief"},
        {"sujeto": "rival"},
    ],
)
def test_the_database_refuses_a_delegation_that_is_none(world: World, wrong: dict[str, Any]) -> None:
    nora, brief = person("nora", Rol.CONSULTA, world.party), person("eva", Rol.CONSULTA, world.party, hasta=day(4))
    said = {"nora": nora, "stranger": world.stranger, "rival": world.rival, "brief": brief}
    row = {
        "usuario": nora,
        "rol": Rol.ADMINISTRADOR_SO,
        "sujeto": world.party,
        "desde": TODAY,
        "hasta": day(5),
        "nombrado_por": world.clerk,
        **{key: said.get(value, value) for key, value in wrong.items()},
    }
    with pytest.raises(IntegrityError, match="no delega"), transaction.atomic(), registering(row["nombrado_por"].pk):
        Nombramiento.objects.create(delegado_de=held(world.clerk), **row)


def test_a_delegate_gives_no_role_in_the_database(world: World) -> None:
    nora, luis = person("nora", Rol.CONSULTA, world.party), person("luis")
    delegate(held(world.clerk), lent(nora), world.clerk)
    with pytest.raises(IntegrityError, match="no da la función"), transaction.atomic():
        appoint(luis, Rol.CAPTURISTA, world.party, by=nora)
    assert scope_of_user(nora) == f"s{world.party.pk}" and luis not in receivers(held(world.clerk))


@pytest.mark.parametrize("roles", [(Rol.AUDITOR_EXTERNO, Rol.CONSULTA), (Rol.CONSULTA, Rol.AUDITOR_EXTERNO)])
def test_who_judges_from_outside_acts_for_nobody_in_the_database(world: World, roles: tuple[str, str]) -> None:
    berta = person("berta", roles[0], world.party, hasta=day(9))
    row = {"usuario": berta, "rol": roles[1], "nombrado_por": None}
    for desde, hasta in ((TODAY, day(5)), (day(8), day(20))):
        with pytest.raises(IntegrityError, match="auditor externo"), transaction.atomic(), registering():
            Nombramiento.objects.create(**row, sujeto=world.party, desde=desde, hasta=hasta)
    with registering():
        Nombramiento.objects.create(**row, sujeto=world.party, desde=day(9), hasta=day(20))
        Nombramiento.objects.create(**row, sujeto=world.rival, desde=TODAY, hasta=day(5))


def test_a_delegate_does_not_ask_whether_the_rfc_of_others_is_proven(world: World) -> None:
    nora = person("nora", Rol.CONSULTA, world.party)
    record_proof(world.stranger, new_rfc(), ("||", ""), b"", "1")
    delegate(held(world.clerk), lent(nora), world.clerk)
    world.stranger.refresh_from_db()
    asked = {}
    for who in (world.clerk, nora):
        with scope._within(scope_of_user(who), who.pk):
            asked[who.nombre] = proven([world.stranger.pk])
    assert asked == {world.clerk.nombre: {world.stranger.pk}, "nora": set()}
