"""Whoever sees a subject whole is written to when something is notified to it, with nothing of the act."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mailed import Office, text_of
from notices.notified import notified
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.selectors import messages_of
from sif.mail.sending import send_due
from sif.notices.mailing import TYPE
from sif.registry import clock
from sif.registry.models import Nombramiento
from sif.registry.services import appoint, create_usuario
from small_world import World

pytestmark = pytest.mark.django_db


def test_a_notification_is_alerted_by_its_folio_and_term_alone(world: World, office: Office) -> None:
    for person, address in ((world.clerk, "olga@ejemplo.mx"), (world.stranger, "raul@ejemplo.mx")):
        keep_address(person, address, "es-mx")
    send_due()
    office.taken.clear()
    made = notified(world, clock.now() + timedelta(days=5))
    assert send_due() == {"enviado": 1}
    ((to, message),) = office.taken
    assert to == "olga@ejemplo.mx" and message["subject"] == f"Notificación {made.folio} en su buzón"
    for said in (text_of(message), text_of(message, "html")):
        assert made.folio in said and "20/04/2024 12:00 (hora del centro)" in said
        assert f"http://localhost:8000{reverse('party:notificacion', args=[made.pk])}" in said
        assert made.acto not in said and "Oficio" not in said and world.party.nombre not in said


def test_each_person_of_the_subject_is_told_of_and_nobody_else(world: World, office: Office) -> None:
    people = {}
    for name, rol in (("lee", "consulta"), ("captura", "capturista"), ("fuera", "consulta")):
        people[name] = create_usuario(name, name, None)
        appoint(people[name], Nombramiento.Rol(rol), world.party)
        keep_address(people[name], f"{name}@ejemplo.mx", "en")
    people["fuera"].is_active = False
    people["fuera"].save()
    made = notified(world)
    told = {each.persona_id: each.estado for each in messages_of(TYPE, [made.pk])[made.pk]}
    assert told == {world.clerk.pk: "sin_direccion", people["lee"].pk: "en_cola"}


def test_without_a_server_a_notification_is_what_it_was(world: World) -> None:
    keep_address(world.clerk, "olga@ejemplo.mx", "es-mx")
    assert notified(world).folio and not Mensaje.objects.exists()
