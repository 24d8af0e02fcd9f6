"""On an empty installation the desks of the authority say that nothing is open, instead of a page that is not there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sif.registry.models import Nombramiento, Usuario
from sif.registry.services import appoint, create_usuario

Rol = Nombramiento.Rol


@pytest.mark.parametrize(("rol", "page"), [(Rol.AUDITOR, "auditor:home"), (Rol.CONSEJERO, "council:home")])
def test_the_first_entry_says_that_nothing_is_open(
    db: None, enter: Callable[[Usuario], Client], rol: str, page: str
) -> None:
    someone = create_usuario("ana", "Ana Ruiz", "gis-trueno-maceta-olmo")
    appoint(someone, rol)
    answer = enter(someone).get(reverse(page))
    assert answer.status_code == 200
    assert "Todavía no hay ningún proceso abierto" in answer.content.decode()


def test_a_stranger_is_sent_to_the_door(db: None, client: Client) -> None:
    assert client.get(reverse("auditor:home")).status_code == 302
