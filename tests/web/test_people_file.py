"""A file of people is looked at first, invites all of them or nobody, and is of the session that brought it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sif.mail.models import Mensaje
from sif.registry.models import Invitacion, Nombramiento

Enter = Callable[[Any], Client]
PAGE = "/cuenta/personas/archivo/"


def brought(client: Client, *rows: str) -> str:
    data = "\n".join(["nombre,usuario,funcion,sujeto,correo", *rows]).encode()
    answer = client.post(PAGE, {"archivo": SimpleUploadedFile("gente.csv", data)})
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.usefixtures("office")
def test_it_is_looked_at_and_then_all_are_invited_once(scene: Any, enter: Enter) -> None:
    client, party = enter(scene.alicia), scene.partido.siglas
    wrong = client.get(brought(client, f"Ana,ana.paz,capturista,{party},a@a.mx", f"Eva,ana.paz,rey,{party},nada"))
    assert (
        "renglón 2, usuario" in wrong.text and "renglón 3, funcion" in wrong.text and "renglón 3, correo" in wrong.text
    )
    assert "Invitar a todas" not in wrong.text and not Invitacion.objects.filter(username="ana.paz").exists()
    good = brought(client, f"Ana,ana.paz,capturista,{party},a@a.mx", f"Eva,eva.paz,consulta,{party},e@a.mx")
    assert "Invitar a todas" in client.get(good).text
    assert "2 invitaciones hechas" in client.post(good, follow=True).text
    assert set(Mensaje.objects.filter(clase="invitacion").values_list("para", flat=True)) == {"a@a.mx", "e@a.mx"}
    again = client.post(good)
    assert again.status_code == 422 and "Ya hay una invitación sin usar" in again.text
    assert Invitacion.objects.filter(username__endswith=".paz").count() == 2


@pytest.mark.usefixtures("office")
def test_nobody_opens_the_file_of_another_and_strangers_reach_nothing(scene: Any, enter: Enter) -> None:
    mine = brought(enter(scene.alicia), f"Ana,ana.paz,capturista,{scene.partido.siglas},a@a.mx")
    rival = Nombramiento.objects.exclude(sujeto=scene.partido).filter(rol="responsable_finanzas").first()
    assert rival is not None
    other = enter(rival.usuario)
    assert other.get(mine).status_code == other.post(mine).status_code == 404
    theirs = other.get(brought(other, f"Ana,ana.paz,capturista,{scene.partido.siglas},a@a.mx"))
    assert "renglón 2, funcion" in theirs.text
    assert "/cuenta/login/" in Client().get(PAGE)["Location"]
    assert not Invitacion.objects.filter(username="ana.paz").exists()


def test_the_page_says_which_roles_a_file_invites_to(scene: Any, enter: Enter) -> None:
    page = enter(scene.alicia).get(PAGE).text
    assert "Responsable de Finanzas, Administrador del sujeto, Capturista, Candidatura, Consulta" in page
    assert "Consulta, Auditor externo" in page
    assert "Consejero" not in page


def test_a_file_too_long_or_without_columns_is_told(scene: Any, enter: Enter) -> None:
    client = enter(scene.alicia)
    long = client.post(PAGE, {"archivo": SimpleUploadedFile("a.csv", b"x" * (2 * 2**20 + 1))})
    assert long.status_code == 422 and "Pesa más de 2 MB." in long.text
    assert client.post(PAGE, {}).status_code == 422
    odd = client.post(PAGE, {"archivo": SimpleUploadedFile("a.csv", b"que,es\n1,2")})
    assert "El primer renglón dice que, es." in client.get(odd["Location"]).text
