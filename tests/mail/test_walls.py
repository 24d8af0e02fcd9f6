"""Nobody reads a letter that waits, whatever their scope, and who asked for a message alone sees it of a party."""

import pytest
from django.db import DatabaseError, connection, transaction

from mail.letters import queued
from mailed import Office
from sif.mail.addresses import keep_address
from sif.mail.models import Carta, Direccion, Intento, Mensaje
from sif.mail.recipients import recipient_of
from sif.registry.scope import MAIL, acting, everything, registering, set_scope
from sif.registry.selectors import scope_of_user
from small_world import World

pytestmark = pytest.mark.django_db


def test_a_letter_is_read_by_who_sends_it_alone(world: World, office: Office, as_served: None) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    queued(world.clerk)
    for person in (world.auditor, world.clerk):
        set_scope(scope_of_user(person), person.pk)
        assert not Carta.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE mail_carta SET proximo_el = NULL")
            assert cursor.rowcount == 0
    with registering():
        assert not Carta.objects.exists()
    with registering(MAIL):
        assert "secreto" not in Carta.objects.get().cuerpo


def test_a_message_is_seen_by_who_caused_it_and_by_the_authority(world: World, office: Office, as_served: None) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    queued(world.clerk)
    queued(world.clerk, "")
    assert Mensaje.objects.count() == 2 and Intento.objects.count() == 1
    set_scope(scope_of_user(world.stranger), world.stranger.pk)
    assert not Mensaje.objects.exists() and not Intento.objects.exists()
    with everything():
        assert Mensaje.objects.count() == 2 and Intento.objects.count() == 1


def test_sql_of_a_page_queues_no_message_even_of_the_authority(world: World, office: Office, as_served: None) -> None:
    set_scope(scope_of_user(world.auditor), world.auditor.pk)
    row = (
        "INSERT INTO mail_mensaje (identificador, clase, para, idioma, asunto, huella, tipo, encolado_el, caduca_el)"
        " VALUES ('x', 'aviso', 'a@b.mx', 'en', 'x', 'x', '', now(), now())"
    )
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(row)


def test_sql_of_a_page_writes_no_address_even_in_an_act_of_its_person(
    world: World, office: Office, as_served: None
) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    row = "INSERT INTO mail_direccion (usuario_id, correo, idioma, hecha_el) VALUES (%s, 'a@b.mx', 'en', now())"
    with pytest.raises(DatabaseError, match="row-level security"), acting(), connection.cursor() as cursor:
        cursor.execute(row, [world.clerk.pk])


def test_an_address_is_of_its_person_and_the_one_before_is_told(world: World, office: Office, as_served: None) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    keep_address(world.clerk, "olga@ejemplo.mx", "en")
    keep_address(world.clerk, " olga@ejemplo.mx ", "en")
    keep_address(world.clerk, "olga@otra.mx", "es-mx")
    assert [(to.para, to.clase) for to in Mensaje.objects.order_by("pk")] == [
        ("olga@ejemplo.mx", "direccion"),
        ("olga@ejemplo.mx", "direccion"),
        ("olga@otra.mx", "direccion"),
    ]
    keep_address(world.clerk, "", "es-mx")
    assert recipient_of(world.clerk).correo == "" and Direccion.objects.count() == 3
    set_scope(scope_of_user(world.stranger), world.stranger.pk)
    assert not Direccion.objects.exists()
