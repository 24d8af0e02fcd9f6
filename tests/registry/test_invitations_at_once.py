"""Two equal invitations or proposals at once: the second waits from the first reading, and is refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from rfcs import new_rfc
from sif.registry import invitations, proposals
from sif.registry.invitations import Rol
from sif.registry.invited import Invited
from sif.registry.services import appoint, create_usuario, register_sujeto


class People:
    """Who administers, and what they would do."""

    def __init__(self) -> None:
        hugo = create_usuario("hugo", "Hugo Lara", None, rfc=new_rfc())
        appoint(hugo, Rol.ADMINISTRADOR)
        party = register_sujeto("partido", "1", "PA", "Partido Ámbar")
        self.user = create_usuario("eva", "Eva Mora", None, rfc=new_rfc())
        appoint(self.user, Rol.REVISOR)
        clerk = Invited(Rol.CAPTURISTA, "Ana Luna", "ana.luna", sujeto=party)
        auditor = Invited(Rol.REVISOR, "Luz Sol", "luz.sol", new_rfc())
        council = Invited(Rol.CONSEJERO, "", "", self.user.rfc)
        self.acts: dict[str, Callable[[], Any]] = {
            "invite": lambda: invitations.invite(clerk, hugo),
            "propose": lambda: proposals.propose_invitation(auditor, hugo),
            "role": lambda: proposals.propose_role(council, hugo),
            "link": lambda: proposals.propose_link(self.user, hugo),
        }


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    with committed(django_db_blocker, People) as made:
        yield made


PAIRS = [
    ("invite", "invite", "registry_invitacion"),
    ("propose", "propose", "registry_propuestacuenta"),
    ("propose", "invite", "registry_invitacion"),
    ("role", "role", "registry_propuestacuenta"),
    ("link", "link", "registry_propuestacuenta"),
]


@pytest.mark.parametrize(("act", "rival", "table"), PAIRS)
def test_the_other_waits_from_the_first_reading(people: People, act: str, rival: str, table: str) -> None:
    assert open_points(people.acts[act], people.acts[rival], table) == []
