"""Two administrators for an account of the authority: who proposes does not approve, in the services and by SQL."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction

from rfcs import new_rfc
from sif.registry import invitations, proposals
from sif.registry.appointments import end_nombramiento
from sif.registry.invitations import Rol
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import (
    CierreInvitacion,
    Invitacion,
    Nombramiento,
    PropuestaCuenta,
    PropuestaCuentaResuelta,
    Suceso,
    Usuario,
)
from sif.registry.scope import everything, registering
from sif.registry.selectors import roles_of
from sif.registry.services import appoint, create_usuario, register_sujeto

WORDS = "gis-trueno-maceta-olmo"
OTHER = "nube-fagot-tenaza-lirio"
TWO = "lo propone una persona"


@pytest.fixture(autouse=True)
def administered(db: None) -> Iterator[None]:
    with everything():
        yield


def person(name: str, *roles: str, rfc: bool = True) -> Usuario:
    user = create_usuario(name, name.title(), WORDS, rfc=new_rfc() if rfc else "")
    for rol in roles:
        appoint(user, rol)
    return user


@pytest.fixture
def hugo() -> Usuario:
    return person("hugo", Rol.ADMINISTRADOR)


@pytest.fixture
def ines() -> Usuario:
    return person("inés", Rol.ADMINISTRADOR)


def eva(rol: str = Rol.REVISOR) -> Invited:
    return Invited(rol, "Eva Mora", "eva", "MOEV800101AB5")


def test_one_proposes_another_approves_and_the_person_enters(hugo: Usuario, ines: Usuario) -> None:
    proposal = proposals.propose_invitation(eva(), hugo)
    assert list(proposals.waiting()) == [proposal]
    assert not Invitacion.objects.exists()
    made = invitations.accept(proposals.approve(proposal, ines), WORDS)
    assert (made.username, made.rfc, roles_of(made)) == ("eva", "MOEV800101AB5", {Rol.REVISOR})
    assert (Invitacion.objects.get().propuesta, Invitacion.objects.get().invitada_por) == (proposal, ines)
    assert not proposals.waiting().exists()
    verbs = Suceso.objects.filter(tipo="PropuestaCuenta").order_by("pk").values_list("verbo", "persona")
    assert list(verbs) == [("proponer_cuenta", hugo.pk), ("aprobar_cuenta", ines.pk)]


@pytest.mark.parametrize("rol", sorted(invitations.AUTHORITY))
def test_one_administrator_alone_gives_no_role_of_the_authority(hugo: Usuario, ines: Usuario, rol: str) -> None:
    with pytest.raises(PermissionError, match=TWO):
        invitations.invite(eva(rol), hugo)
    with pytest.raises(PermissionError, match="Hugo lo propuso"):
        proposals.approve(proposals.propose_invitation(eva(rol), hugo), hugo)
    assert not Invitacion.objects.exists()
    with pytest.raises(PermissionError, match=TWO):
        invitations.give_role(Invited(rol, "-", "-", ines.rfc), hugo)


def acts_on(user: Usuario, by: Usuario) -> dict[str, Callable[[], PropuestaCuenta]]:
    return {
        "rol": lambda: proposals.propose_role(Invited(Rol.SECRETARIA, "", "", user.rfc), by),
        "enlace": lambda: proposals.propose_link(user, by),
        "factor": lambda: proposals.propose_factor(user, by),
    }


@pytest.mark.parametrize("name", ["rol", "enlace", "factor"])
def test_what_is_done_to_an_account_of_the_authority_takes_two(hugo: Usuario, ines: Usuario, name: str) -> None:
    dario = person("darío", Rol.AUDITOR)
    with registering():
        Authenticator.objects.create(user=dario, type="totp", data={"secret": "x"})
    for alone in (invitations.renew, invitations.remove_factors):
        with pytest.raises(PermissionError, match=TWO):
            alone(dario, hugo)
    proposal = acts_on(dario, hugo)[name]()
    with pytest.raises(InvitationRefused, match="Ya espera"):
        acts_on(dario, hugo)[name]()
    for stranger in (hugo, dario, person("carla", Rol.REVISOR)):
        with pytest.raises(PermissionError):
            proposals.approve(proposal, stranger)
    token = proposals.approve(proposal, ines)
    assert bool(token) == (name == "enlace")
    if token:
        assert invitations.accept(token, OTHER).check_password(OTHER)
    assert (Rol.SECRETARIA in roles_of(dario)) == (name == "rol")
    assert invitations.factors_of(dario).exists() == (name != "factor")
    with pytest.raises(InvitationRefused, match="ya se resolvió"):
        proposals.approve(proposal, ines)


def test_nobody_proposes_nor_approves_for_their_own_account(hugo: Usuario, ines: Usuario) -> None:
    with registering():
        Authenticator.objects.create(user=hugo, type="totp", data={"secret": "x"})
    for act in acts_on(hugo, hugo).values():
        with pytest.raises(PermissionError, match=r"propia|suya"):
            act()
    with pytest.raises(PermissionError, match="propia cuenta"):
        proposals.approve(proposals.propose_link(ines, hugo), ines)


def test_who_does_not_administer_or_has_no_rfc_neither_proposes_nor_approves(hugo: Usuario, ines: Usuario) -> None:
    dario, bare = person("darío", Rol.AUDITOR), person("sin", Rol.ADMINISTRADOR, rfc=False)
    proposal = proposals.propose_invitation(eva(), hugo)
    for who, said in ((dario, "administra el sistema"), (bare, "--anotar-rfc")):
        with pytest.raises(PermissionError, match=said):
            proposals.propose_invitation(eva(), who)
        with pytest.raises(PermissionError, match=said):
            proposals.approve(proposal, who)
        with pytest.raises(PermissionError, match=said):
            proposals.refuse(proposal, who)


def test_who_ceased_to_administer_has_nothing_approved(hugo: Usuario, ines: Usuario) -> None:
    proposal = proposals.propose_invitation(eva(), hugo)
    end_nombramiento(Nombramiento.objects.get(usuario=hugo), "Renunció", ines)
    with pytest.raises(InvitationRefused, match="ya no administra"):
        proposals.approve(proposal, ines)
    proposals.refuse(proposal, ines)
    assert not proposals.waiting().exists()


def test_a_proposal_is_refused_by_another_and_withdrawn_by_its_own(hugo: Usuario, ines: Usuario) -> None:
    one = proposals.propose_invitation(eva(), hugo)
    with pytest.raises(InvitationRefused, match="Ya espera"):
        proposals.propose_invitation(eva(Rol.AUDITOR), ines)
    with pytest.raises(PermissionError, match="retírelo"):
        proposals.refuse(one, hugo)
    with pytest.raises(PermissionError):
        proposals.withdraw(one, ines)
    proposals.withdraw(one, hugo)
    other = proposals.propose_invitation(eva(), hugo)
    proposals.refuse(other, ines)
    with pytest.raises(InvitationRefused, match="ya se resolvió"):
        proposals.approve(other, ines)
    assert list(PropuestaCuentaResuelta.objects.order_by("pk").values_list("sentido", flat=True)) == [
        "retirada",
        "rechazada",
    ]


def resolved(proposal: PropuestaCuenta, by: Usuario, sentido: str = "aprobada") -> Callable[[], object]:
    return lambda: PropuestaCuentaResuelta.objects.create(
        propuesta=proposal, sentido=sentido, hecho_el="2026-11-27T12:00Z", hecho_por=by
    )


def test_the_database_refuses_the_same_person(hugo: Usuario, ines: Usuario) -> None:
    bare = person("sin", Rol.ADMINISTRADOR, rfc=False)
    proposal, own = proposals.propose_invitation(eva(), hugo), proposals.propose_link(ines, hugo)
    for act, said in (
        (resolved(proposal, hugo), "otra persona"),
        (resolved(proposal, ines, "retirada"), "otra persona"),
        (resolved(proposal, hugo, "rechazada"), "otra persona"),
        (resolved(own, ines), "no es su cuenta"),
        (resolved(proposal, bare), "sin RFC"),
    ):
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), registering():
            act()
    with registering():
        resolved(proposal, ines)()


def test_the_database_refuses_a_link_of_one_person_for_the_authority(hugo: Usuario, ines: Usuario) -> None:
    dario, former = person("darío", Rol.AUDITOR), person("elena", Rol.AUDITOR)
    end_nombramiento(Nombramiento.objects.get(usuario=former), "Renunció", hugo)
    proposal = proposals.propose_invitation(eva(), hugo)

    def link(**facts: object) -> Callable[[], str]:
        return lambda: invitations.make_link(hugo, **facts)

    for act in (
        link(rol="revisor", nombre="Eva", username="eva", rfc="MOEV800101AB5"),
        link(usuario=dario),
        link(usuario=former),
        link(rol="revisor", username="eva", rfc="MOEV800101AB5", propuesta=proposal),
    ):
        with pytest.raises(DatabaseError, match=TWO), transaction.atomic():
            act()
    with registering():
        resolved(proposal, ines)()
    facts: dict[str, object] = {"username": "eva", "rfc": "MOEV800101AB5", "propuesta": proposal}
    for act in (
        link(rol="revisor", **facts),  # hugo did not approve it
        lambda: invitations.make_link(ines, rol="administrador", **facts),
        lambda: invitations.make_link(ines, rol="revisor", **{**facts, "rfc": new_rfc()}),
        lambda: invitations.make_link(ines, usuario=dario, propuesta=proposal),
    ):
        with pytest.raises(DatabaseError, match=TWO), transaction.atomic():
            act()
    assert invitations.make_link(ines, rol="revisor", **facts)


def test_proposals_are_records_that_a_party_neither_reads_nor_writes(hugo: Usuario, ines: Usuario) -> None:
    from sif.registry.scope import set_scope

    proposals.withdraw(proposals.propose_invitation(eva(), hugo), hugo)
    for rows in (PropuestaCuenta.objects, PropuestaCuentaResuelta.objects):
        with pytest.raises(DatabaseError), transaction.atomic(), registering():
            rows.update(id=1)
        with pytest.raises(DatabaseError), transaction.atomic(), registering():
            rows.all().delete()
    set_scope("s1", hugo.pk)
    assert not PropuestaCuenta.objects.exists()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_propuestacuenta (clase, rol, nombre, username, rfc, propuesta_el, propuesta_por_id)"
            " VALUES ('invitacion', 'revisor', '', 'x', '', now(), %s)",
            [hugo.pk],
        )


def test_a_role_that_ended_leaves_its_account_to_two_people(hugo: Usuario, ines: Usuario) -> None:
    dario = person("darío", Rol.AUDITOR)
    end_nombramiento(Nombramiento.objects.get(usuario=dario), "Renunció", hugo)
    with pytest.raises(PermissionError, match=TWO):
        invitations.renew(dario, hugo)


def test_a_link_made_before_the_role_opens_no_account_of_the_authority(hugo: Usuario, ines: Usuario) -> None:
    nora = person("nora")
    token = invitations.renew(nora, hugo)
    proposals.approve(proposals.propose_role(Invited(Rol.REVISOR, "", "", nora.rfc), hugo), ines)
    with pytest.raises(InvitationRefused, match="una sola persona"):
        invitations.accept(token, OTHER)
    nora.refresh_from_db()
    assert nora.check_password(WORDS)


def test_a_role_of_a_subject_is_not_proposed_nor_its_people_of_two(hugo: Usuario) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    bruno = create_usuario("bruno", "Bruno", WORDS)
    appoint(bruno, Rol.CAPTURISTA, party)
    with registering():
        Authenticator.objects.create(user=bruno, type="totp", data={"secret": "x"})
    invitations.remove_factors(bruno, hugo)
    assert not invitations.factors_of(bruno).exists()
    assert invitations.accept(invitations.renew(bruno, hugo), OTHER).check_password(OTHER)
    with pytest.raises(InvitationRefused, match="no es de la autoridad"):
        proposals.propose_invitation(Invited(Rol.CONSULTA, "Eva", "eva", "", party), hugo)
    with pytest.raises(PermissionError):
        invitations.remove_factors(hugo, bruno)


def machine_link(name: str) -> str:
    return invitations.invite(Invited(Rol.ADMINISTRADOR, name.title(), name, new_rfc()), None)


def test_the_machine_makes_two_administrators_and_no_third() -> None:
    links = [machine_link(name) for name in ("hugo", "inés", "olga")]
    invitations.accept(links[0], WORDS)
    invitations.accept(links[1], WORDS)
    with pytest.raises(InvitationRefused):
        invitations.accept(links[2], WORDS)
    with pytest.raises(PermissionError, match="Ya administran dos"):
        machine_link("pedro")
    assert invitations.administrators().count() == 2
    assert not invitations.administrators_invited().exists()
    ends = CierreInvitacion.objects.order_by("pk").values_list("usada_por__username", "retirada_por__username")
    assert list(ends) == [("hugo", None), ("inés", None), (None, "inés")]
    assert set(Suceso.objects.filter(verbo="invitar").values_list("via", "persona")) == {("maquina", None)}


def test_a_lost_administrator_comes_back_from_the_machine_while_two_others_cannot(hugo: Usuario, ines: Usuario) -> None:
    with registering():
        Authenticator.objects.create(user=hugo, type="totp", data={"secret": "x"})
    token = invitations.recover(hugo, without_factor=True)
    assert not invitations.factors_of(hugo).exists()
    assert invitations.accept(token, OTHER).check_password(OTHER)
    assert Suceso.objects.get(verbo="quitar_factor").via == "maquina"
    with pytest.raises(PermissionError, match="no administra"):
        invitations.recover(person("darío", Rol.AUDITOR))
    person("olga", Rol.ADMINISTRADOR)
    with pytest.raises(PermissionError, match="Otras dos"):
        invitations.recover(hugo)
    invitations.disable(ines, hugo)
    assert invitations.recover(hugo)
