"""`sif administrador` prints a link that opens in this installation, and refuses to print another."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from sif.commands import administrador
from sif.commands.administrador import site_of
from sif.commands.main import build_parser
from sif.registry import invitations
from sif.registry.invited import Invited
from sif.registry.models import Invitacion
from sif.registry.selectors import roles_of
from sif.registry.services import create_usuario

HOSTS = ["sif.instituto.mx", "fiscalizacion.instituto.mx"]


@pytest.mark.parametrize(
    ("said", "site"),
    [
        (None, "https://sif.instituto.mx"),
        ("https://fiscalizacion.instituto.mx/", "https://fiscalizacion.instituto.mx"),
        ("https://sif.instituto.mx:8443", "https://sif.instituto.mx:8443"),
    ],
)
def test_in_production_the_site_is_one_of_its_names_by_tls(settings: Any, said: str | None, site: str) -> None:
    settings.PRODUCTION, settings.ALLOWED_HOSTS = True, HOSTS
    assert site_of(said) == site


@pytest.mark.parametrize(
    "said",
    [
        "http://sif.instituto.mx",
        "https://otro.mx",
        "sif.instituto.mx",
        "https://sif.instituto.mx/mesa/",
        "https://sif.instituto.mx?x=1",
        "https://yo@sif.instituto.mx",
        "https://[roto",
        "https://sif.instituto.mx:x",
        "",
    ],
)
def test_a_site_where_the_link_would_not_open_is_refused(settings: Any, said: str) -> None:
    settings.PRODUCTION, settings.ALLOWED_HOSTS = True, HOSTS
    with pytest.raises(ValueError, match=r"Escriba https:// y un nombre de SIF_DOMINIOS \(sif.instituto.mx"):
        site_of(said)


@pytest.mark.django_db
def test_a_refused_site_makes_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["administrador", "--enlace", "--nombre", "Hugo Salas", "--usuario", "hugo.salas", "--rfc", "SAPH800101AB5"]
    refused = build_parser().parse_args([*asked, "--sitio", "https://otro.mx"])
    assert administrador.run(refused) == 2
    assert "--sitio dice «https://otro.mx»" in capsys.readouterr().err
    assert not Invitacion.objects.exists()
    assert administrador.run(build_parser().parse_args(asked)) == 0
    assert capsys.readouterr().out.startswith("http://localhost:8000/cuenta/invitacion/")


def test_a_link_of_nobody_is_of_the_command_and_of_no_process_that_serves(
    db: None, as_served: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Invited(invitations.Rol.ADMINISTRADOR, "Hugo Salas", "hugo.salas", "SAPH800101AB5")
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        invitations.invite(first, None)
    asked = ["administrador", "--enlace", "--nombre", "Hugo Salas", "--usuario", "hugo.salas", "--rfc", "SAPH800101AB5"]
    assert administrador.run(build_parser().parse_args(asked)) == 0
    token = capsys.readouterr().out.strip().split("/")[-2]
    person = invitations.accept(token, "gis-trueno-maceta-olmo")
    assert (person.username, roles_of(person)) == ("hugo.salas", {invitations.Rol.ADMINISTRADOR})
    assert administrador.run(build_parser().parse_args(["administrador", "--recuperar", "hugo.salas"])) == 0


def test_the_rfc_of_an_account_is_noted_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    person = create_usuario("darío", "Darío Luna", "", password_hash="!")

    def note(*asked: str) -> int:
        return administrador.run(build_parser().parse_args(["administrador", "--anotar-rfc", *asked]))

    assert note("nadie", "LUGD800101AB5") == 2
    assert note("darío", "LUGD800101") == 1
    assert note("darío", "lugd800101ab5") == 0
    assert note("darío", "LUGD800101AB6") == 1
    assert "ya tiene RFC" in capsys.readouterr().err
    person.refresh_from_db()
    assert person.rfc == "LUGD800101AB5"
