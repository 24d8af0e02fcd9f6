"""A natural person has one account: its RFC is unique, never changes, and tells the second eye from the first."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from rfcs import new_rfc
from sif.audit.models import PropuestaResuelta
from sif.registry import clock, invitations, proposals
from sif.registry.eyes import RfcRefused, not_another, note_rfc, person_rfc
from sif.registry.invitations import Rol
from sif.registry.invited import HasAccount, InvitationRefused, Invited
from sif.registry.models import Nombramiento, Suceso, Usuario
from sif.registry.proofs import record_proof
from sif.registry.scope import everything, registering, set_scope
from sif.registry.selectors import roles_of
from sif.registry.services import appoint, create_usuario, register_sujeto
from sif.values import InvalidKey

WORDS = "gis-trueno-maceta-olmo"
RFC = "LUGD800101AB5"


@pytest.fixture
def hugo(db: None) -> Usuario:
    person = create_usuario("hugo", "Hugo Salas", WORDS, rfc=new_rfc())
    appoint(person, Rol.ADMINISTRADOR)
    return person


def bare(name: str = "darío") -> Usuario:
    return create_usuario(name, name.title(), "", password_hash="!")


@pytest.mark.parametrize("text", [" lugd800101ab5 ", "LUGD-800101-AB5", "LUGD 800101 AB5"])
def test_an_rfc_is_kept_one_way(text: str) -> None:
    assert person_rfc(text) == RFC


@pytest.mark.parametrize("text", ["PJA140101AB1", "XAXX010101000", "LUGD800231AB5", "LUGD80010", "", "1UGD800101AB5"])
def test_what_is_no_natural_person_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidKey, match=r"RFC .*(?:Cópielo|Escriba)"):
        person_rfc(text)


def test_two_accounts_of_one_person_are_refused_by_the_database(db: None) -> None:
    create_usuario("uno", "Uno", "", password_hash="!", rfc=RFC)
    with pytest.raises(IntegrityError, match="usuario_uno_por_rfc"), transaction.atomic():
        create_usuario("dos", "Dos", "", password_hash="!", rfc="lugd-800101-ab5")
    with pytest.raises(IntegrityError, match="usuario_rfc_de_persona"), transaction.atomic(), registering():
        Usuario.objects.create(username="tres", nombre="Tres", rfc="lugd800101ab5")
    assert bare("a").rfc == bare("b").rfc == ""


def test_an_rfc_once_written_never_changes(db: None) -> None:
    person = create_usuario("uno", "Uno", "", password_hash="!", rfc=RFC)
    for other in (new_rfc(), ""):
        with pytest.raises(DatabaseError, match="no cambia"), transaction.atomic(), registering():
            Usuario.objects.filter(pk=person.pk).update(rfc=other)
    with registering():
        assert Usuario.objects.filter(pk=person.pk).update(rfc=RFC, nombre="Otro nombre") == 1


def test_an_rfc_is_noted_once_from_the_machine_and_the_trail_says_so(db: None) -> None:
    person, other = bare(), bare("elena")
    assert note_rfc(person, "lugd800101ab5").rfc == RFC
    with everything():
        told = Suceso.objects.get(verbo="anotar_rfc")
    assert (told.via, told.persona, told.objeto) == ("maquina", None, person.pk)
    with pytest.raises(RfcRefused, match="ya tiene RFC"):
        note_rfc(person, new_rfc())
    with pytest.raises(RfcRefused, match="es de la cuenta darío"):
        note_rfc(other, RFC)
    with pytest.raises(InvalidKey):
        note_rfc(other, "PJA140101AB1")
    other.refresh_from_db()
    assert other.rfc == ""


def test_another_person_is_one_of_another_rfc(db: None) -> None:
    one, two = (create_usuario(name, name, "", password_hash="!", rfc=new_rfc()) for name in ("uno", "dos"))
    assert not_another(one, two, "lo propuso") == ""
    assert not_another(None, two, "lo propuso") == ""
    assert not_another(one, one, "lo propuso") == "uno lo propuso."
    for first, second in ((bare("tres"), two), (one, bare("cuatro")), (None, bare("cinco"))):
        assert "--anotar-rfc" in not_another(first, second, "lo propuso")


def test_the_database_refuses_a_second_eye_without_rfc(db: None) -> None:
    with pytest.raises(DatabaseError, match="sin RFC"), everything(), transaction.atomic():
        PropuestaResuelta.objects.create(
            propuesta_id=1, sentido="confirmada", comentario="", hecho_el="2026-11-27T12:00Z", hecho_por=bare()
        )


@pytest.mark.parametrize("rol", [Rol.AUDITOR, Rol.CONSEJERO, Rol.ADMINISTRADOR, Rol.RESPONSABLE])
def test_who_confirms_or_signs_is_invited_with_an_rfc(hugo: Usuario, rol: str) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda") if rol == Rol.RESPONSABLE else None
    for rfc, said in (("", "Falta el RFC"), ("PJA140101AB1", "persona física")):
        with pytest.raises(InvitationRefused, match=said):
            invitations.invite(Invited(rol, "Darío Luna", "dario", rfc, party), hugo)


def test_the_first_administrator_has_an_rfc_too(db: None) -> None:
    with pytest.raises(InvitationRefused, match="Falta el RFC"):
        invitations.invite(Invited(Rol.ADMINISTRADOR, "Darío Luna", "dario"), None)


def test_a_person_with_an_account_is_not_invited_to_another(hugo: Usuario) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    token = invitations.invite(Invited(Rol.RESPONSABLE, "Darío Luna", "dario", RFC, party), hugo)
    with pytest.raises(InvitationRefused, match="sin usar para el RFC"):
        invitations.invite(Invited(Rol.REVISOR, "Darío Luna", "dario.2", RFC), hugo)
    invitations.accept(token, WORDS)
    with pytest.raises(HasAccount, match="ya tiene cuenta"):
        invitations.invite(Invited(Rol.CONSULTA, "Darío Luna", "dario.2", "lugd-800101-ab5", party), hugo)
    assert not Usuario.objects.filter(username="dario.2").exists()


def test_an_account_made_since_the_invitation_leaves_its_own_without_rfc(hugo: Usuario) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    token = invitations.invite(Invited(Rol.RESPONSABLE, "Darío Luna", "dario", RFC, party), hugo)
    create_usuario("otra", "Otra", "", password_hash="!", rfc=RFC)
    assert invitations.accept(token, WORDS).rfc == ""


def test_a_second_role_goes_to_the_account_that_is_there(hugo: Usuario) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    other = register_sujeto("partido", "2", "PN", "Partido Nopal")
    nora = create_usuario("nora", "Nora Paz", WORDS, rfc=RFC)
    appoint(nora, Rol.CAPTURISTA, party)
    given = Invited(Rol.CONSULTA, "Nora Paz", "nora.2", RFC, other)
    record_proof(nora, RFC, ("||1.0|CUENTA||", "c2VsbG8="), b"certificado", "1")
    set_scope("todo", hugo.pk)
    made = invitations.give_role(given, hugo)
    assert (made.usuario, made.sujeto) == (nora, other)
    assert roles_of(nora) == {Rol.CAPTURISTA, Rol.CONSULTA}
    with pytest.raises(InvitationRefused, match="ya tiene un nombramiento"):
        invitations.give_role(given, hugo)
    with pytest.raises(InvitationRefused, match="por la autoridad y por un sujeto"):
        invitations.give_role(Invited(Rol.AUDITOR, "Nora Paz", "nora.2", RFC), hugo)
    with pytest.raises(PermissionError):
        invitations.give_role(Invited(Rol.CONSULTA, "Nora Paz", "nora.2", RFC, party), nora)
    assert Usuario.objects.filter(nombre="Nora Paz").count() == 1


def test_nobody_gives_a_role_to_their_own_account_nor_to_one_disabled(hugo: Usuario) -> None:
    with pytest.raises(PermissionError, match="su propia cuenta"):
        invitations.give_role(Invited(Rol.REVISOR, "Hugo", "hugo.2", hugo.rfc), hugo)
    with pytest.raises(InvitationRefused, match="Nadie tiene cuenta"):
        invitations.give_role(Invited(Rol.REVISOR, "Darío", "dario", RFC), hugo)
    dario = create_usuario("dario", "Darío Luna", WORDS, rfc=RFC)
    invitations.disable(dario, hugo)
    with pytest.raises(InvitationRefused, match="deshabilitada"):
        invitations.give_role(Invited(Rol.REVISOR, "Darío", "dario", RFC), hugo)
    assert not Nombramiento.objects.filter(usuario=dario).exists()


def test_who_was_given_the_link_of_an_account_is_no_other_person_until_its_e_firma_says_so(hugo: Usuario) -> None:
    ines = create_usuario("ines", "Inés Paz", WORDS, rfc=new_rfc())
    appoint(ines, Rol.ADMINISTRADOR)
    proposal = proposals.propose_invitation(Invited(Rol.ADMINISTRADOR, "Eva Luna", "eva", RFC), hugo)
    eva = invitations.accept(proposals.approve(proposal, ines), WORDS)
    assert not_another(hugo, eva, "lo propuso") == not_another(hugo, ines, "lo propuso") == ""
    for first, second in ((ines, eva), (eva, ines)):
        assert "se entregó a Inés Paz" in not_another(first, second, "lo propuso")
    with pytest.raises(PermissionError, match="se entregó a Inés Paz"):
        proposals.approve(proposals.propose_link(hugo, ines), eva)
    set_scope("todo", ines.pk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        record_proof(eva, RFC, ("||1.0|CUENTA||", "c2VsbG8="), b"certificado", "1")
    assert not_another(ines, eva, "lo propuso") == not_another(eva, ines, "lo propuso") == ""
