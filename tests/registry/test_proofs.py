"""The RFC of an account is a claim until its e.firma proves it: it stops nobody and gives nothing elsewhere."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from rfcs import new_rfc
from sif.registry import clock, invitations
from sif.registry.eyes import RfcRefused, not_another, note_rfc
from sif.registry.invitations import Rol
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import Nombramiento, Suceso, SujetoObligado, Usuario
from sif.registry.proofs import is_proven, record_proof, state_of
from sif.registry.scope import acting, everything, registering, set_scope
from sif.registry.selectors import roles_of
from sif.registry.services import appoint, create_usuario, register_sujeto

WORDS = "gis-trueno-maceta-olmo"
RFC = "LUGD800101AB5"


@pytest.fixture
def parties(db: None) -> tuple[SujetoObligado, SujetoObligado]:
    return register_sujeto("partido", "1", "PJ", "Partido Jacaranda"), register_sujeto("partido", "2", "PN", "Nopal")


@pytest.fixture
def alicia(parties: tuple[SujetoObligado, SujetoObligado]) -> Usuario:
    """The Responsable of the party that squats."""
    return named("alicia", Rol.RESPONSABLE, parties[0])


@pytest.fixture
def nora(parties: tuple[SujetoObligado, SujetoObligado]) -> Usuario:
    """The Responsable of the party where the person of the RFC works."""
    return named("nora", Rol.RESPONSABLE, parties[1])


def named(name: str, rol: str, party: SujetoObligado | None = None, rfc: str = "") -> Usuario:
    person = create_usuario(name, name.title(), WORDS, rfc=rfc or new_rfc())
    appoint(person, rol, party, desde=clock.today() - timedelta(days=1))
    return person


def squatted(parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario) -> Usuario:
    """The account that a Responsable opens herself for the RFC of somebody else."""
    link = invitations.invite(Invited(Rol.CAPTURISTA, "Darío Luna", "squat", RFC, parties[0]), alicia)
    return invitations.accept(link, WORDS)


def test_a_squatted_rfc_gets_no_function_of_another_subject(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario, nora: Usuario
) -> None:
    squat = squatted(parties, alicia)
    true = Invited(Rol.CAPTURISTA, "Darío Luna", "dario", RFC, parties[1])
    with pytest.raises(InvitationRefused):
        invitations.give_role(true, nora)
    own = invitations.accept(invitations.invite(true, nora), WORDS)
    assert own.pk != squat.pk
    assert [each.sujeto for each in own.nombramientos.all()] == [parties[1]]
    assert roles_of(squat) == {Rol.CAPTURISTA}


def test_an_open_invitation_of_another_subject_blocks_nobody(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario, nora: Usuario
) -> None:
    invitations.invite(Invited(Rol.CAPTURISTA, "Darío Luna", "squat", RFC, parties[0]), alicia)
    with pytest.raises(InvitationRefused, match="sin usar para el RFC"):
        invitations.invite(Invited(Rol.CONSULTA, "Darío Luna", "squat.2", RFC, parties[0]), alicia)
    assert invitations.invite(Invited(Rol.CAPTURISTA, "Darío Luna", "dario", RFC, parties[1]), nora)


def test_a_link_made_before_a_function_of_another_subject_opens_nothing(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario
) -> None:
    bruno = named("bruno", Rol.CAPTURISTA, parties[0])
    link = invitations.renew(bruno, alicia)
    appoint(bruno, Rol.CAPTURISTA, parties[1])
    with pytest.raises(InvitationRefused, match="ya no maneja"):
        invitations.accept(link, "otra-palabra-del-squat")


def proven(person: Usuario, rfc: str = RFC) -> None:
    """Record a proof, which `filing.proving` judges."""
    record_proof(person, rfc, ("||1.0|CUENTA||", "c2VsbG8="), b"certificado", "1")


def test_its_owner_takes_an_rfc_that_another_account_says(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario, nora: Usuario
) -> None:
    squat = squatted(parties, alicia)
    wrong = named("wrong", Rol.RESPONSABLE, register_sujeto("partido", "3", "PS", "Sabino"), RFC)
    link = invitations.invite(Invited(Rol.CAPTURISTA, "Darío Luna", "dario", RFC, parties[1]), nora)
    dario = invitations.accept(link, WORDS)
    assert dario.rfc == ""
    set_scope("todo", nora.pk)
    assert [state_of(each) for each in (squat, wrong, dario)] == ["dicho", "sin_probar", "dicho"]
    proven(dario)
    wrong.refresh_from_db()
    assert (dario.rfc, wrong.rfc) == (RFC, "")
    assert [state_of(each) for each in (squat, wrong, dario)] == ["de_otra_cuenta", "de_otra_cuenta", "probado"]
    assert "no tiene RFC" in not_another(wrong, dario, "lo propuso")
    assert "no tiene RFC" in not_another(dario, wrong, "lo propuso")
    with pytest.raises(RfcRefused, match="tuvo otro RFC"):
        note_rfc(wrong, new_rfc())
    with everything():
        assert Suceso.objects.get(verbo="llevarse_rfc").objeto == wrong.pk
    given = invitations.give_role(Invited(Rol.CONSULTA, "Darío Luna", "x.y", RFC, parties[0]), alicia)
    assert given.usuario == dario


def test_an_account_that_another_opened_with_a_link_proves_its_rfc_again(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario, nora: Usuario
) -> None:
    dario = squatted(parties, alicia)
    proven(dario)
    invitations.accept(invitations.renew(dario, alicia), "otra-palabra-del-squat")
    set_scope(f"s{parties[1].pk}", nora.pk)
    assert state_of(dario) == "sin_probar"
    asked = Invited(Rol.CAPTURISTA, "Darío Luna", "dario", RFC, parties[1])
    with pytest.raises(InvitationRefused, match=f"No consta que la cuenta que dice el RFC {RFC}"):
        invitations.give_role(asked, nora)
    with pytest.raises(DatabaseError, match="no ha probado su RFC"), acting(), registering(nora.pk):
        Nombramiento.objects.create(
            usuario=dario, rol=Rol.CAPTURISTA, sujeto=parties[1], desde=clock.today(), nombrado_por=nora
        )
    proven(dario)
    assert invitations.give_role(asked, nora).sujeto == parties[1]


def test_an_rfc_written_for_one_subject_is_not_known_to_another(
    parties: tuple[SujetoObligado, SujetoObligado], nora: Usuario
) -> None:
    named("responsable", Rol.RESPONSABLE, parties[0], RFC)
    asked = Invited(Rol.CAPTURISTA, "Darío Luna", "dario", RFC, parties[1])
    with pytest.raises(InvitationRefused, match="No consta que la cuenta"):
        invitations.give_role(asked, nora)
    assert invitations.accept(invitations.invite(asked, nora), WORDS).rfc == ""


def test_whether_an_rfc_was_proved_is_told_to_who_may_ask(
    parties: tuple[SujetoObligado, SujetoObligado], alicia: Usuario, nora: Usuario
) -> None:
    dario, bruno = (named(name, Rol.CAPTURISTA, parties[1]) for name in ("dario", "bruno"))
    proven(dario, dario.rfc)
    party = f"s{parties[0].pk}"
    for scope, person, told in (
        ("", 0, False),
        ("", bruno.pk, False),
        (party, bruno.pk, False),
        ("", dario.pk, True),
        (party, alicia.pk, True),
        ("todo", bruno.pk, True),
    ):
        set_scope(scope, person)
        assert is_proven(dario) is told, (scope, person)
