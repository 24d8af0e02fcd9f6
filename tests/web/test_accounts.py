"""The pages of accounts: closed to strangers, without mail, with passwords that hold."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from sif.registry.models import Usuario


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(headers={"accept-language": "es-MX"})


def test_nobody_signs_up(visitor: Client) -> None:
    given = {"username": "extraño", "password1": "gis-trueno-maceta-olmo", "password2": "gis-trueno-maceta-olmo"}
    for answer in (visitor.get("/cuenta/signup/"), visitor.post("/cuenta/signup/", given)):
        assert answer.status_code == 403
        assert "Las cuentas se dan por invitación" in answer.text
    assert not Usuario.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/cuenta/password/reset/", "/cuenta/password/reset/key/1-x/", "/cuenta/email/", "/cuenta/confirm-email/x/"],
)
def test_a_forgotten_password_is_asked_for_since_no_mail_is_sent(visitor: Client, address: str) -> None:
    assert "Pida un enlace nuevo a quien le dio la cuenta" in visitor.get(address).text
    assert visitor.post(address, {"email": "alguien@ejemplo.mx", "action_add": ""}).status_code == 405


def test_who_has_not_entered_is_sent_to_the_entrance_and_back(visitor: Client) -> None:
    sent = visitor.get("/cuenta/password/change/")
    assert sent["Location"] == "/cuenta/login/?next=/cuenta/password/change/"


def test_a_published_password_is_not_taken_at_the_change(scene: Any, enter: Callable[[Any], Client]) -> None:
    person = scene.alicia
    person.set_password("gis-trueno-maceta-olmo")
    person.save()
    client = enter(person)
    for new, status in (("123456", 200), ("q1w2e3r4t5y6", 200), ("nube-fagot-tenaza-lirio", 302)):
        given = {"oldpassword": "gis-trueno-maceta-olmo", "password1": new, "password2": new}
        assert client.post("/cuenta/password/change/", given).status_code == status
    person.refresh_from_db()
    assert person.check_password("nube-fagot-tenaza-lirio")
