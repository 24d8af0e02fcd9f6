"""Mail as people meet it: an invitation that arrives, its state, one's own address, and the list of who administers."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from mailed import Office, text_of
from rfcs import new_rfc
from sif.mail.addresses import keep_address
from sif.mail.models import Direccion, Mensaje
from sif.mail.sending import send_due
from sif.registry.models import Invitacion, Nombramiento, Usuario
from sif.registry.services import appoint, create_usuario

PAGE, OWN, ALL = "/cuenta/personas/", "/cuenta/correo/", "/administracion/correos/"
WORDS = "gis-trueno-maceta-olmo"
Enter = Callable[[Any], Client]


def administrator(name: str) -> Usuario:
    user = create_usuario(name, name.title(), WORDS, rfc=new_rfc())
    appoint(user, Nombramiento.Rol.ADMINISTRADOR)
    return user


def invitation(scene: Any, **more: str) -> dict[str, Any]:
    given = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "capturista", "sujeto": scene.partido.pk}
    return {**given, "correo": "nora@ejemplo.mx", "idioma": "en", **more}


def link_of(message: Any) -> str:
    found = re.search(r"https://sif\.instituto\.mx(/cuenta/invitacion/[\w-]{43}/)", text_of(message))
    assert found
    return found[1]


def test_an_invitation_arrives_and_the_account_it_opens_has_no_address_yet(
    scene: Any, enter: Enter, office: Office
) -> None:
    client = enter(scene.alicia)
    page = client.post(PAGE, invitation(scene), follow=True, headers={"host": "localhost"}).text
    assert "nora@ejemplo.mx" in page and "En cola" in page
    assert send_due() == {"enviado": 1}
    ((to, message),) = office.taken
    assert to == "nora@ejemplo.mx" and "Invitation" in message["subject"] and "nora.paz" in text_of(message)
    assert "Enviado" in client.get(PAGE).text
    stranger = Client(headers={"accept-language": "es-MX"})
    assert stranger.post(link_of(message), {"password1": WORDS, "password2": WORDS}).status_code == 302
    assert not Direccion.objects.exists()


def test_who_invites_to_an_address_of_their_own_never_gets_the_links_of_that_account(
    scene: Any, enter: Enter, office: Office
) -> None:
    enter(scene.alicia).post(PAGE, invitation(scene, correo="alicia@partido.mx"))
    send_due()
    Client().post(link_of(office.taken[0][1]), {"password1": WORDS, "password2": WORDS})
    office.taken.clear()
    Client().post("/cuenta/password/reset/", {"usuario": "nora.paz"})
    assert send_due() == {} and office.taken == []
    enter(scene.alicia).post(f"{PAGE}{Usuario.objects.get(username='nora.paz').pk}/enlace/")
    assert send_due() == {} and office.taken == []


def test_who_gives_a_new_link_does_not_read_the_address_of_its_person(scene: Any, enter: Enter, office: Office) -> None:
    keep_address(scene.bruno, "bruno.personal@ejemplo.mx", "es-mx")
    client = enter(scene.alicia)
    client.post(f"{PAGE}{scene.bruno.pk}/enlace/")
    page = client.get(PAGE).text
    assert "En cola" in page and "bruno.personal" not in page


def test_a_refused_invitation_says_why_and_another_link_is_mailed(scene: Any, enter: Enter, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "550 5.1.1 No existe ese buzón"
    client = enter(scene.alicia)
    client.post(PAGE, invitation(scene), follow=True)
    send_due()
    page = client.get(PAGE).text
    assert "Rechazado" in page and "5.1.1 No existe ese buzón" in page
    first = Invitacion.objects.get()
    again = f"/cuenta/invitaciones/{first.pk}/reenviar/"
    assert again in page
    for wrong in ("", "nora", "a@b.mx\nBcc: c@d.mx"):
        assert "Escriba la dirección" in client.post(again, {"correo": wrong}, follow=True).text
    assert Invitacion.objects.count() == 1
    client.post(again, {"correo": "nora@otra.mx"}, follow=True)
    assert client.post(again, {"correo": "nora@otra.mx"}).status_code == 404  # pressed twice
    assert send_due() == {"enviado": 1}
    ((to, message),) = office.taken
    second = Invitacion.objects.exclude(pk=first.pk).get()
    assert to == "nora@otra.mx" and (second.username, second.rol, second.sujeto) == (
        "nora.paz",
        "capturista",
        scene.partido,
    )
    assert Client().get(link_of(message)).status_code == 200


def test_an_invitation_that_is_refused_mails_nothing(scene: Any, enter: Enter, office: Office) -> None:
    client = enter(scene.alicia)
    assert client.post(PAGE, invitation(scene, correo="nora")).status_code == 422
    assert client.post(PAGE, invitation(scene, username=scene.bruno.username)).status_code == 422
    assert not Mensaje.objects.exists() and not Invitacion.objects.exists()


def test_without_a_server_pages_say_so_and_links_are_handed_over(scene: Any, enter: Enter) -> None:
    client = enter(scene.alicia)
    page = client.get(PAGE).text
    assert "no manda correo" in page and 'name="correo"' not in page
    page = client.post(PAGE, invitation(scene), follow=True).text
    assert re.search(r"/cuenta/invitacion/[\w-]{43}/", page) and not Mensaje.objects.exists()
    again = f"/cuenta/invitaciones/{Invitacion.objects.get().pk}/reenviar/"
    assert again not in page and "no manda correo" in client.post(again, {"correo": "a@b.mx"}, follow=True).text
    assert "no manda correo" in enter(administrator("hugo")).get(ALL).text


def test_who_is_of_another_subject_resends_nothing(scene: Any, enter: Enter, office: Office) -> None:
    enter(scene.alicia).post(PAGE, invitation(scene))
    again = f"/cuenta/invitaciones/{Invitacion.objects.get().pk}/reenviar/"
    assert Client().post(again, {"correo": "a@b.mx"}).status_code == 403
    assert enter(scene.carla).post(again, {"correo": "a@b.mx"}).status_code == 404
    assert enter(scene.bruno).post(again, {"correo": "a@b.mx"}).status_code == 403
    assert Mensaje.objects.count() == 1


def test_what_two_administrators_approve_is_mailed_to_the_address_that_who_approves_writes(
    scene: Any, enter: Enter, office: Office
) -> None:
    first, second = enter(administrator("hugo")), enter(administrator("inés"))
    eva = {"nombre": "Eva Mora", "username": "eva", "rol": "auditor", "rfc": "MOEV800101AB5"}
    first.post(PAGE, eva)
    found = re.search(r"/cuenta/personas/propuestas/\d+/aprobar/", second.get(PAGE).text)
    assert found
    assert "Escriba la dirección" in second.post(found[0], {"correo": "eva"}, follow=True).text
    assert not Mensaje.objects.exists()
    second.post(found[0], {"correo": "eva@instituto.mx"})
    assert send_due() == {"enviado": 1}
    assert Client().get(link_of(office.taken[0][1])).status_code == 200
    assert f"{Invitacion.objects.get().pk}/reenviar/" not in second.get(PAGE).text  # it was of two people


def test_one_gives_ones_own_address_and_a_new_link_goes_to_it(scene: Any, enter: Enter, office: Office) -> None:
    assert Client().get(OWN)["Location"].startswith("/cuenta/login/")
    client = enter(scene.bruno)
    assert client.post(OWN, {"correo": "bruno", "idioma": ""}).status_code == 422
    assert "Quedó guardado" in client.post(OWN, {"correo": "bruno@ejemplo.mx", "idioma": ""}, follow=True).text
    assert "bruno@ejemplo.mx" in client.get(OWN).text
    send_due()
    assert f"https://sif.instituto.mx{OWN}" in text_of(office.taken[-1][1])
    enter(scene.alicia).post(f"{PAGE}{scene.bruno.pk}/enlace/")
    assert send_due() == {"enviado": 1}
    to, message = office.taken[-1]
    assert to == "bruno@ejemplo.mx" and Client().get(link_of(message)).status_code == 200


def test_who_administers_sees_all_mail_and_puts_it_in_turn_and_nobody_else(
    scene: Any, enter: Enter, office: Office
) -> None:
    office.refuses["nora@ejemplo.mx"] = "550 5.1.1 No existe ese buzón"
    enter(scene.alicia).post(PAGE, invitation(scene))
    send_due()
    made, client = Mensaje.objects.get(), enter(administrator("hugo"))
    sheet, again = f"{ALL}{made.pk}/", f"{ALL}{made.pk}/reintentar/"
    for address in (ALL, sheet):
        assert Client().get(address)["Location"].startswith("/cuenta/login/")
        for stranger in (scene.alicia, scene.bruno, scene.dario):
            assert enter(stranger).get(address).status_code == 403
    assert enter(scene.dario).post(again).status_code == 403
    page = client.get(ALL).text
    assert "nora@ejemplo.mx" in page and "Rechazado" in page and "5.1.1 No existe ese buzón" in page
    assert "nora@ejemplo.mx" in client.get(f"{ALL}?estado=rechazado&clase=invitacion&q=nora").text
    assert "nora@ejemplo.mx" not in client.get(f"{ALL}?estado=enviado").text
    assert "nora@ejemplo.mx" in client.get(f"{ALL}?formato=csv").text
    assert "550" in client.get(sheet).text and again in client.get(sheet).text
    office.refuses.clear()
    assert "Está en turno" in client.post(again, follow=True).text
    assert send_due() == {"enviado": 1}
    assert again not in client.get(sheet).text
    assert "Ya no está su texto" in client.post(again, follow=True).text
    assert client.get(f"{ALL}999999/").status_code == 404
