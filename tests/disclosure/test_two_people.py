"""Who may confirm what another proposed is written to once, and who proposed it once it is resolved."""

from datetime import timedelta

import pytest

from mailed import Office, office, text_of
from proceedings.world import World, at
from registry.test_proposals import eva, person
from sif.disclosure.publish import propose_publicacion, publish_etapa
from sif.disclosure.two_people import ACTS_OF_TWO, awaited, tell_both
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.sending import send_due
from sif.proceedings.proposing import propose_oficio
from sif.registry import clock, proposals
from sif.registry.models import Nombramiento, Usuario
from sif.registry.scope import everything

__all__ = ["office"]
Rol = Nombramiento.Rol
pytestmark = pytest.mark.django_db


def with_address(name: str, *roles: str) -> Usuario:
    made = person(name, *roles)
    keep_address(made, f"{made.username}@ejemplo.mx", "es-mx")
    return made


def sent(office: Office) -> list[tuple[str, str]]:
    """Send what waits and return to whom, with the subject, leaving nothing."""
    send_due()
    found = [(to, str(message["Subject"])) for to, message in office.taken]
    office.taken.clear()
    return found


def test_the_other_administrators_are_told_once_and_the_proposer_of_the_end(office: Office) -> None:
    with everything():
        hugo, ines = with_address("hugo", Rol.ADMINISTRADOR), with_address("ines", Rol.ADMINISTRADOR)
        with_address("dario", Rol.REVISOR)
        sent(office)
        proposal = proposals.propose_invitation(eva(), hugo)
    assert tell_both() == 1
    send_due()
    [(to, message)] = office.taken
    assert to == "ines@ejemplo.mx" and "1 propuesta de otra persona espera" in text_of(message)
    assert "Eva" not in text_of(message)  # a letter says nothing of the act
    office.taken.clear()
    assert tell_both() == 0
    with everything():
        proposals.approve(proposal, ines)
    assert tell_both() == 1
    assert sent(office) == [("hugo@ejemplo.mx", "Se resolvió lo que propuso: Cuentas y funciones de la autoridad")]
    assert tell_both() == 0


def test_who_takes_back_what_she_proposed_is_told_nothing(office: Office) -> None:
    with everything():
        hugo = with_address("hugo", Rol.ADMINISTRADOR)
        proposals.withdraw(proposals.propose_invitation(eva(), hugo), hugo)
    assert tell_both() == 0 and not Mensaje.objects.filter(clase=Mensaje.Clase.DOS_PERSONAS).exists()


def test_what_is_newer_is_told_again_and_what_was_resolved_long_ago_is_not(office: Office) -> None:
    with everything():
        hugo, ines = with_address("hugo", Rol.ADMINISTRADOR), with_address("ines", Rol.ADMINISTRADOR)
        first = proposals.propose_invitation(eva(), hugo)
        assert tell_both() == 1
        proposals.propose_link(ines, hugo)
    assert tell_both() == 1
    with everything():
        proposals.approve(first, ines)
    with clock.at(clock.now() + timedelta(days=4)):
        assert tell_both() == 0


def test_an_oficio_and_a_publication_wait_for_those_who_may_and_not_for_who_proposed(
    world: World, office: Office
) -> None:
    with everything():
        world.observacion([world.hallazgo("10.00")])
        for each in (world.dario, world.elena, world.sofia):
            keep_address(each, f"{each.username}@ejemplo.mx", "es-mx")
        sent(office)
        with at("2018-08-12 10:00"):
            propose_oficio(world.etapa, world.partido, world.dario)
            proposed = propose_publicacion(world.etapa, world.sofia, without_vote=True)
        assert [(kind.acto, many) for kind, many in awaited(ACTS_OF_TWO, world.elena)] == [
            ("emitir_oficio", 1),
            ("publicar", 1),
        ]
        assert [kind.acto for kind, _many in awaited(ACTS_OF_TWO, world.sofia)] == ["emitir_oficio"]
    assert tell_both() == 2
    assert [to for to, _subject in sent(office)] == ["elena@ejemplo.mx", "elena@ejemplo.mx"]
    with everything():
        publish_etapa(proposed, world.elena)
        assert [kind.acto for kind, _many in awaited(ACTS_OF_TWO, world.elena)] == ["emitir_oficio"]
    assert tell_both() == 1
    assert [to for to, _subject in sent(office)] == ["sofia@ejemplo.mx"]
