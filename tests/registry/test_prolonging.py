"""An appointment has a span: it opens nothing from the midnight in which its last day ends, and an act prolongs it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rfcs import new_rfc
from sif.mail.invitations import resend
from sif.mail.recipients import Recipient
from sif.registry import clock, invitations, proposals
from sif.registry.accesses import appointments_seen
from sif.registry.appointments import AppointmentRefused, appoint, end_nombramiento, last_day, state_of
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import DocumentoNombramiento, Invitacion, Nombramiento, Suceso, Usuario
from sif.registry.papers import Paper, add_paper
from sif.registry.prolonging import prolong
from sif.registry.scope import registering
from sif.registry.selectors import may, scope_of_user
from sif.registry.services import create_usuario
from sif.values import Refused
from small_world import World

Rol = Nombramiento.Rol
WORDS = "gis-trueno-maceta-olmo"
TODAY = date(2024, 4, 15)
PAPER = Paper("CEN/SF/7", "oficio.pdf", "a" * 64, 12)


def person(name: str, rol: str = "", *of: Any, **span: Any) -> Usuario:
    user = create_usuario(name, name, "", password_hash="!", rfc=new_rfc())
    if rol:
        appoint(user, rol, *of, **span)
    return user


def held(user: Usuario) -> Nombramiento:
    return Nombramiento.objects.get(usuario=user)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def test_a_role_opens_nothing_from_the_midnight_in_which_its_last_day_ends(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party, [world.books], desde=day(1), hasta=day(3))
    assert (state_of(held(nora)), last_day(held(nora))) == ("por_empezar", day(2))
    assert not may(nora, "capturar", contabilidad=world.books) and scope_of_user(nora) == ""
    with clock.at(clock.midnight(day(1))):
        assert state_of(held(nora)) == "vigente" and scope_of_user(nora) == str(world.books.pk)
    with clock.at(clock.midnight(day(3)) - timedelta(microseconds=1)):
        assert may(nora, "capturar", contabilidad=world.books)
    with clock.at(clock.midnight(day(3))):
        assert not may(nora, "capturar", contabilidad=world.books) and scope_of_user(nora) == ""
        assert state_of(held(nora)) == "terminado"


def test_a_span_ends_after_it_begins(world: World) -> None:
    nora = person("nora")
    for hasta in (TODAY, day(-1)):
        with pytest.raises(AppointmentRefused, match="no llega a empezar"):
            appoint(nora, Rol.CAPTURISTA, world.party, hasta=hasta)
    with pytest.raises(IntegrityError), transaction.atomic(), registering():
        Nombramiento.objects.create(usuario=nora, rol=Rol.CAPTURISTA, sujeto=world.party, desde=day(2), hasta=day(2))


def test_it_is_prolonged_by_an_act_with_its_document_and_stays_as_it_was(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party, [world.books], hasta=day(3))
    before = held(nora)
    made = prolong(before, day(9), PAPER, world.clerk)
    assert (made.desde, made.hasta, list(made.contabilidades.all())) == (day(3), day(9), [world.books])
    assert held_again(before).hasta == day(3)
    assert DocumentoNombramiento.objects.get(nombramiento=made).referencia == "CEN/SF/7"
    assert Suceso.objects.filter(verbo="prolongar_nombramiento", objeto=made.pk, persona=world.clerk).exists()
    with clock.at(clock.midnight(day(8))):
        assert may(nora, "capturar", contabilidad=world.books)
    with clock.at(clock.midnight(day(9))):
        assert not may(nora, "capturar", contabilidad=world.books)
    with pytest.raises(Refused, match="ya tiene un nombramiento"):
        prolong(before, day(12), PAPER, world.clerk)


def held_again(row: Nombramiento) -> Nombramiento:
    return Nombramiento.objects.get(pk=row.pk)


def test_what_is_not_prolonged_and_by_whom(world: World) -> None:
    hugo = person("hugo", Rol.ADMINISTRADOR)
    nora = person("nora", Rol.CAPTURISTA, world.party, hasta=day(3))
    open_ended, auditor = person("luis", Rol.CONSULTA, world.party), person("ana", Rol.AUDITOR, hasta=day(3))
    for who in (world.stranger, nora, world.auditor):
        with pytest.raises(PermissionError, match="lo lleva otra persona"):
            prolong(held(nora), day(9), PAPER, who)
    for row, hasta, by, said in (
        (held(nora), day(3), world.clerk, "ultimo: El nombramiento ya llega al 17/04/2024"),
        (held(open_ended), day(9), world.clerk, "no tiene último día"),
        (held(auditor), day(9), hugo, "la propone una persona y la aprueba otra"),
    ):
        with pytest.raises(Refused, match=said):
            prolong(row, hasta, PAPER, by)
    with pytest.raises(Refused, match="referencia: Falta cómo se cita"):
        prolong(held(nora), day(9), Paper(" ", "a.pdf", "b" * 64, 1), world.clerk)
    end_nombramiento(held(nora), "Se fue", world.clerk)
    with pytest.raises(Refused, match="terminó"):
        prolong(held(nora), day(9), PAPER, world.clerk)
    assert Nombramiento.objects.filter(usuario=nora).count() == 1


def test_a_role_that_ends_ends_with_whatever_prolongs_it(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party, [world.books], hasta=day(3))
    second = prolong(held(nora), day(9), PAPER, world.clerk)
    third = prolong(second, day(15), PAPER, world.clerk)
    other = appoint(nora, Rol.CONSULTA, world.party, desde=day(3), hasta=day(9), by=world.clerk)
    first = Nombramiento.objects.get(usuario=nora, desde=TODAY)
    end_nombramiento(first, "Se fue", world.clerk)
    assert [state_of(held_again(row)) for row in (first, second, third)] == ["terminado"] * 3
    assert state_of(held_again(other)) == "por_empezar"
    assert Suceso.objects.filter(verbo="terminar_nombramiento", persona=world.clerk).count() == 3
    for n in (0, 4, 10):
        with clock.at(clock.midnight(day(n + 1))):
            assert not may(nora, "capturar", contabilidad=world.books)


def test_of_what_is_prolonged_what_came_first_stays_when_the_rest_ends(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party, [world.books], hasta=day(3))
    second = prolong(held(nora), day(9), PAPER, world.clerk)
    end_nombramiento(second, "Ya no hace falta", world.clerk)
    first = Nombramiento.objects.get(usuario=nora, desde=TODAY)
    assert (state_of(first), state_of(held_again(second))) == ("vigente", "terminado")
    end_nombramiento(first, "Se fue", world.clerk)
    assert state_of(held_again(first)) == "terminado"


def test_documents_are_kept_by_who_gives_the_role_and_each_once(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party)
    add_paper(held(nora), PAPER, world.clerk)
    with pytest.raises(Refused, match="archivo: Ese archivo ya está guardado"):
        add_paper(held(nora), PAPER, world.clerk)
    for who in (nora, world.stranger):
        with pytest.raises(PermissionError):
            add_paper(held(nora), Paper("Otro", "b.pdf", "b" * 64, 1), who)


def test_each_reads_their_own_appointments_and_those_of_the_accounts_they_manage(world: World) -> None:
    nora = person("nora", Rol.CAPTURISTA, world.party)
    assert held(nora) in appointments_seen(world.clerk) and held(nora) in appointments_seen(nora)
    assert held(nora) not in appointments_seen(world.stranger)
    assert held(world.clerk) not in appointments_seen(nora)


def test_an_invitation_says_the_span_and_the_appointment_has_it(world: World) -> None:
    hugo = person("hugo", Rol.ADMINISTRADOR)
    link = invitations.invite(
        Invited(Rol.CAPTURISTA, "Nora Paz", "nora", sujeto=world.party, desde=day(2), hasta=day(6)), hugo
    )
    late = invitations.invite(Invited(Rol.CAPTURISTA, "Luis", "luis", sujeto=world.party, hasta=day(1)), hugo)
    nora = invitations.accept(link, WORDS)
    assert (held(nora).desde, held(nora).hasta) == (day(2), day(6))
    with (
        clock.at(clock.midnight(day(1))),
        pytest.raises(InvitationRefused, match="El último día de esa función fue 15/04/2024"),
    ):
        invitations.accept(late, WORDS)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"desde": day(-1)}, "El 14/04/2024 ya pasó"),
        ({"hasta": TODAY}, "El último día, 14/04/2024, es antes del primero, 15/04/2024"),
        ({"desde": day(5), "hasta": day(5)}, "El último día, 19/04/2024, es antes del primero, 20/04/2024"),
    ],
)
def test_an_invitation_with_a_span_that_is_none_is_refused(world: World, span: Any, said: str) -> None:
    with pytest.raises(InvitationRefused, match=said):
        invitations.invite(Invited(Rol.CAPTURISTA, "Nora", "nora", sujeto=world.party, **span), world.clerk)


def test_what_was_said_before_its_first_day_is_carried_out_after_it(world: World) -> None:
    hugo, irene = person("hugo", Rol.ADMINISTRADOR), person("irene", Rol.ADMINISTRADOR)
    ana, span = person("ana", Rol.AUDITOR), {"desde": day(1), "hasta": day(9)}
    invitations.invite(Invited(Rol.CAPTURISTA, "Nora Paz", "nora", sujeto=world.party, **span), world.clerk)
    role = proposals.propose_role(Invited(Rol.REVISOR, "", "", ana.rfc, **span), hugo)
    link = proposals.propose_invitation(Invited(Rol.AUDITOR, "Eva Mora", "eva", new_rfc(), **span), hugo)
    with clock.at(clock.midnight(day(2))):
        sent = resend(Invitacion.objects.get(), Recipient("nora@a.mx", ""), lambda token: f"/{token}/", world.clerk)
        proposals.approve(role, irene)
        nora, eva = invitations.accept(sent, WORDS), invitations.accept(proposals.approve(link, irene), WORDS)
    for who in (nora, ana, eva):
        given = Nombramiento.objects.filter(usuario=who).latest("pk")
        assert (given.desde, given.hasta) == (day(2), day(9))


def test_a_role_of_the_authority_has_the_span_that_two_people_said(world: World) -> None:
    hugo, irene = person("hugo", Rol.ADMINISTRADOR), person("irene", Rol.ADMINISTRADOR)
    ana = person("ana", Rol.AUDITOR, hasta=day(3))
    asked = Invited(Rol.AUDITOR, "", "", ana.rfc, desde=day(3), hasta=day(9))
    proposals.approve(proposals.propose_role(asked, hugo), irene)
    made = Nombramiento.objects.get(usuario=ana, desde=day(3))
    assert made.hasta == day(9)
    token = proposals.approve(
        proposals.propose_invitation(Invited(Rol.REVISOR, "Eva Mora", "eva", new_rfc(), hasta=day(4)), hugo), irene
    )
    assert held(invitations.accept(token, WORDS)).hasta == day(4)


def test_the_last_day_is_that_of_the_act_that_ends_it_earlier(world: World) -> None:
    nora, luz = person("nora", Rol.CAPTURISTA, world.party, hasta=day(9)), person("luz", Rol.CONSULTA, world.party)
    assert (last_day(held(nora)), last_day(held(luz))) == (day(8), None)
    for who in (nora, luz):
        end_nombramiento(held(who), "Se va", world.clerk, termina_el=clock.midnight(day(3)))
        assert last_day(held(who)) == day(2)
