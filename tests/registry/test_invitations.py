"""Invitations: who may invite whom, once, for three days, and the first administrator."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from rfcs import new_rfc
from sif.registry import clock, invitations
from sif.registry.appointments import end_nombramiento
from sif.registry.invitations import Rol
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import CierreInvitacion, Invitacion, Nombramiento, Usuario
from sif.registry.scope import registering
from sif.registry.selectors import roles_of
from sif.registry.services import appoint, create_usuario, register_sujeto

WORDS = "gis-trueno-maceta-olmo"


@pytest.fixture
def hugo(db: None) -> Usuario:
    person = create_usuario("hugo", "Hugo Salas", WORDS, rfc=new_rfc())
    appoint(person, Rol.ADMINISTRADOR)
    return person


@pytest.fixture
def alicia(db: None) -> Usuario:
    person = create_usuario("alicia", "Alicia Robles", WORDS)
    appoint(person, Rol.RESPONSABLE, register_sujeto("partido", "1", "PJ", "Partido Jacaranda"))
    return person


def jacaranda() -> Any:
    return Nombramiento.objects.get(rol=Rol.RESPONSABLE).sujeto


def test_a_link_makes_and_appoints_one_person_once(alicia: Usuario) -> None:
    token = invitations.invite(Invited(Rol.CAPTURISTA, "Bruno Díaz", "Bruno.Diaz", sujeto=jacaranda()), alicia)
    kept = Invitacion.objects.get()
    assert token not in kept.huella
    person = invitations.accept(token, WORDS)
    assert (person.username, roles_of(person)) == ("bruno.diaz", {Rol.CAPTURISTA})
    assert person.check_password(WORDS)
    with pytest.raises(InvitationRefused, match="ya se usó"):
        invitations.accept(token, WORDS)
    assert Usuario.objects.filter(username="bruno.diaz").count() == 1


def test_a_link_of_the_machine_is_refused_while_two_administer(db: None) -> None:
    token = invitations.invite(Invited(Rol.ADMINISTRADOR, "Hugo Salas", "hugo", new_rfc()), None)
    for name in ("ana", "olga"):
        appoint(create_usuario(name, name.title(), WORDS), Rol.ADMINISTRADOR)
    with pytest.raises(InvitationRefused, match="Ya administran dos"):
        invitations.accept(token, WORDS)


def test_a_username_taken_since_the_invitation_is_refused_in_words(hugo: Usuario) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    token = invitations.invite(Invited(Rol.CONSULTA, "Bruno Díaz", "bruno", sujeto=party), hugo)
    create_usuario("bruno", "Bruno Díaz", WORDS)
    with pytest.raises(InvitationRefused, match="ya existe"):
        invitations.accept(token, WORDS)


def test_the_username_of_somebody_is_refused_before_there_is_a_link(hugo: Usuario) -> None:
    create_usuario("bruno", "Bruno Díaz", WORDS)
    with pytest.raises(InvitationRefused, match=r"«bruno» ya existe\. Escriba otro"):
        invitations.invite(Invited(Rol.AUDITOR, "Bruno Otro", "Bruno"), hugo)
    assert not Invitacion.objects.exists()


def test_a_link_dies_after_three_days_and_when_it_is_withdrawn(alicia: Usuario) -> None:
    token = invitations.invite(Invited(Rol.CONSULTA, "Bruno Díaz", "bruno", sujeto=jacaranda()), alicia)
    with clock.at(clock.now() + timedelta(hours=73)), pytest.raises(InvitationRefused):
        invitations.open_invitation(token)
    assert invitations.open_invitation(token)
    invitations.withdraw(Invitacion.objects.get(), alicia)
    ended = CierreInvitacion.objects.get()
    assert (ended.retirada_por, ended.usada_por) == (alicia, None)
    with pytest.raises(InvitationRefused):
        invitations.accept(token, WORDS)
    with pytest.raises(InvitationRefused):
        invitations.open_invitation("x" * 43)


def test_a_link_holds_its_username_until_the_instant_it_ends(alicia: Usuario) -> None:
    bruno = Invited(Rol.CONSULTA, "Bruno Díaz", "bruno", sujeto=jacaranda())
    invitations.invite(bruno, alicia)
    ends = Invitacion.objects.get().vence_el
    with clock.at(ends - timedelta(microseconds=1)), pytest.raises(InvitationRefused, match="sin usar"):
        invitations.invite(bruno, alicia)
    with clock.at(ends):
        assert invitations.invite(bruno, alicia)


def test_a_link_waits_in_the_list_of_who_made_it_until_the_instant_it_ends(alicia: Usuario, hugo: Usuario) -> None:
    invitations.invite(Invited(Rol.CONSULTA, "Bruno Díaz", "bruno", sujeto=jacaranda()), alicia)
    made = Invitacion.objects.get()
    with clock.at(made.vence_el - timedelta(microseconds=1)):
        assert [list(invitations.pending(who)) for who in (alicia, hugo)] == [[made], [made]]
    with clock.at(made.vence_el):
        assert [list(invitations.pending(who)) for who in (alicia, hugo)] == [[], []]


def test_the_first_link_is_told_of_until_the_instant_it_ends(db: None) -> None:
    invitations.invite(Invited(Rol.ADMINISTRADOR, "Hugo Salas", "hugo", new_rfc()), None)
    ends = Invitacion.objects.get().vence_el
    with clock.at(ends - timedelta(microseconds=1)):
        assert invitations.administrators_invited().exists()
    with clock.at(ends):
        assert not invitations.administrators_invited().exists()


@pytest.mark.parametrize("rol", [Rol.RESPONSABLE, Rol.AUDITOR, Rol.ADMINISTRADOR])
def test_the_responsable_gives_no_role_above_their_people(alicia: Usuario, rol: str) -> None:
    sujeto = jacaranda() if rol == Rol.RESPONSABLE else None
    with pytest.raises(PermissionError):
        invitations.invite(Invited(rol, "Bruno Díaz", "bruno", sujeto=sujeto), alicia)


def test_nobody_invites_to_another_subject(alicia: Usuario) -> None:
    other = register_sujeto("partido", "2", "PN", "Partido Nopal")
    with pytest.raises(PermissionError):
        invitations.invite(Invited(Rol.CAPTURISTA, "Bruno Díaz", "bruno", sujeto=other), alicia)
    bruno = create_usuario("bruno", "Bruno Díaz", WORDS)
    appoint(bruno, Rol.CAPTURISTA, jacaranda())
    with pytest.raises(PermissionError):
        invitations.invite(Invited(Rol.CAPTURISTA, "Carla", "carla", sujeto=jacaranda()), bruno)


def test_a_person_of_two_subjects_is_not_disabled_by_one(alicia: Usuario, hugo: Usuario) -> None:
    bruno = create_usuario("bruno", "Bruno Díaz", WORDS)
    appoint(bruno, Rol.CAPTURISTA, jacaranda())
    assert list(invitations.people_managed(alicia)) == [bruno]
    appoint(bruno, Rol.CAPTURISTA, register_sujeto("partido", "2", "PN", "Partido Nopal"))
    with pytest.raises(PermissionError):
        invitations.disable(bruno, alicia)
    invitations.disable(bruno, hugo)
    bruno.refresh_from_db()
    assert not bruno.is_active


def test_a_new_link_renews_the_password_and_makes_nobody(alicia: Usuario, hugo: Usuario) -> None:
    token = invitations.renew(alicia, hugo)
    invitations.accept(token, "nube-fagot-tenaza-lirio")
    alicia.refresh_from_db()
    assert alicia.check_password("nube-fagot-tenaza-lirio")
    assert Usuario.objects.count() == 2
    with pytest.raises(PermissionError):
        invitations.renew(hugo, alicia)


def test_disabling_closes_the_links_that_would_open_the_account_again(alicia: Usuario, hugo: Usuario) -> None:
    token = invitations.renew(alicia, hugo)
    invitations.disable(alicia, hugo)
    with pytest.raises(InvitationRefused, match="no existe, ya se usó"):
        invitations.accept(token, "nube-fagot-tenaza-lirio")
    alicia.refresh_from_db()
    assert not alicia.is_active and alicia.check_password(WORDS)
    assert CierreInvitacion.objects.get().retirada_por == hugo
    invitations.accept(invitations.renew(alicia, hugo), "nube-fagot-tenaza-lirio")
    alicia.refresh_from_db()
    assert alicia.is_active


@pytest.mark.parametrize("how", ["ended", "disabled"])
def test_a_link_dies_with_the_right_of_who_made_it(alicia: Usuario, hugo: Usuario, how: str) -> None:
    token = invitations.invite(Invited(Rol.ADMINISTRADOR_SO, "Bruno Díaz", "bruno", sujeto=jacaranda()), alicia)
    if how == "ended":
        end_nombramiento(alicia.nombramientos.get(), "Dejó el partido.", hugo)
    else:
        invitations.disable(alicia, hugo)
    with pytest.raises(InvitationRefused, match="ya no da esa función"):
        invitations.accept(token, WORDS)
    assert not Usuario.objects.filter(username="bruno").exists()


def test_the_database_appoints_nobody_by_a_link_of_who_gives_that_no_more(alicia: Usuario, hugo: Usuario) -> None:
    invitations.invite(Invited(Rol.CAPTURISTA, "Bruno Díaz", "bruno", sujeto=jacaranda()), alicia)
    bruno = create_usuario("bruno", "Bruno Díaz", WORDS)

    def used() -> None:
        with transaction.atomic():
            with registering(bruno.pk):
                CierreInvitacion.objects.create(
                    invitacion=Invitacion.objects.get(), usada_por=bruno, cerrada_el=clock.now()
                )
            with registering(alicia.pk):
                Nombramiento.objects.create(
                    usuario=bruno, rol=Rol.CAPTURISTA, sujeto=jacaranda(), desde=clock.today(), nombrado_por=alicia
                )

    sujeto, seat = jacaranda(), alicia.nombramientos.get()
    earlier = max(clock.now() - timedelta(hours=1), clock.midnight(clock.today()))  # of the same day
    with clock.at(earlier):  # the database asks the hour at which the transaction began
        end_nombramiento(seat, "Dejó el partido.", hugo)
    with pytest.raises(DatabaseError, match="no da la función"):
        used()
    appoint(alicia, Rol.ADMINISTRADOR_SO, sujeto)
    used()


def test_the_machine_gives_no_other_role(db: None) -> None:
    for rol in (Rol.AUDITOR, Rol.REVISOR):
        with pytest.raises(PermissionError):
            invitations.invite(Invited(rol, "Darío Luna", "dario", new_rfc()), None)


def test_invitations_refuse_change(alicia: Usuario) -> None:
    invitations.invite(Invited(Rol.CONSULTA, "Bruno Díaz", "bruno", sujeto=jacaranda()), alicia)
    for act in (lambda: Invitacion.objects.update(rol=Rol.ADMINISTRADOR), lambda: Invitacion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
