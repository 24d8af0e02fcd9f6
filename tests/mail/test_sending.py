"""What is queued in an act leaves once, is tried again as the server says, and keeps what became of it."""

import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django import app

from mail.letters import LINK, letter, queued, state
from mailed import Office, free_port, text_of
from rfcs import new_rfc
from sif.mail import sending, smtp, tasks
from sif.mail.letters import Letter
from sif.mail.models import Carta, Intento, Mensaje
from sif.mail.outbox import queue
from sif.mail.recipients import Recipient
from sif.mail.selectors import figures, in_state, messages
from sif.mail.sending import WAITS, retry, send_due
from sif.registry import clock
from sif.registry.models import Nombramiento, Usuario
from sif.registry.scope import MAIL, acting, registering
from sif.registry.services import appoint, create_usuario
from sif.values import Refused
from small_world import World

pytestmark = pytest.mark.django_db


@contextmanager
def later(**passed: float) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(**passed)):
        yield


def waits(made: Mensaje) -> bool:
    with registering(MAIL):
        return Carta.objects.filter(pk=made.pk).exists()


def who_administers() -> Usuario:
    person = create_usuario("administra", "Administra", None, rfc=new_rfc())
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def words(made: Mensaje) -> list[tuple[str, int | None]]:
    return list(Intento.objects.filter(mensaje=made).order_by("pk").values_list("resultado", "codigo"))


def test_a_message_leaves_as_text_and_html_and_its_text_is_not_kept(
    world: World, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    made = queued(world.clerk)
    assert state(made) == "en_cola" and waits(made)
    assert send_due() == {"enviado": 1}
    ((to, sent),) = office.taken
    assert (to, sent["subject"], sent["from"]) == ("nora@ejemplo.mx", "Su cuenta", "SIF <sif@instituto.mx>")
    assert sent["message-id"] == f"<{made.identificador}@instituto.mx>" and sent["content-language"] == "es-mx"
    assert LINK in text_of(sent) and "Nora <Paz> & Ñandú" in text_of(sent)
    assert f'href="{LINK}"' in text_of(sent, "html") and "Nora &lt;Paz&gt; &amp; Ñandú" in text_of(sent, "html")
    assert words(made) == [("enviado", 250)] and not waits(made)
    assert Intento.objects.get(mensaje=made).dicho == "2.0.0 en la cola como 7F3A"
    assert send_due() == {} and len(office.taken) == 1
    assert "secreto" not in caplog.text


def test_the_language_is_that_of_who_reads(world: World, office: Office) -> None:
    queued(world.clerk, idioma="en")
    queued(world.clerk, "otra@ejemplo.mx", idioma="xx")
    send_due()
    (_to, english), (_other, spanish) = office.taken
    assert "Do not answer this message" in text_of(english) and 'lang="en"' in text_of(english, "html")
    assert "No conteste a este correo" in text_of(spanish)


def test_an_act_that_is_undone_sends_nothing(world: World, office: Office) -> None:
    with pytest.raises(LookupError), acting():
        queued(world.clerk)
        raise LookupError
    assert not Mensaje.objects.exists() and send_due() == {} and office.taken == []


def test_where_no_mail_is_configured_nothing_is_queued_to_be_lost(world: World) -> None:
    assert queue("invitacion", Recipient("a@b.mx", "en"), letter, about=("X", 1), by=world.clerk) is None
    assert not Mensaje.objects.exists() and send_due() == {}


def test_who_gave_no_address_has_it_kept_that_nobody_wrote(world: World, office: Office) -> None:
    made = queued(world.clerk, "")
    assert state(made) == "sin_direccion" and not waits(made) and send_due() == {}


def test_the_same_message_is_queued_once(world: World, office: Office) -> None:
    first = queued(world.clerk, clave="aviso:1:2")
    with acting():
        again = queue("aviso", Recipient("a@b.mx", "en"), letter, about=("X", 1), by=world.clerk, clave="aviso:1:2")
        assert again is None and list(Mensaje.objects.all()) == [first]
    assert send_due() == {"enviado": 1}


def test_a_recipient_that_the_server_refuses_is_told_and_not_tried_again(world: World, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "550 5.1.1 No existe ese buzón"
    made, fine = queued(world.clerk), queued(world.clerk, "luz@ejemplo.mx")
    assert send_due() == {"rechazado": 1, "enviado": 1}
    assert words(made) == [("rechazado", 550)] and state(fine) == "enviado"
    assert Intento.objects.get(mensaje=made).dicho == "5.1.1 No existe ese buzón"
    with later(days=1):
        assert send_due() == {}


def test_who_administers_puts_it_in_turn_again_and_nobody_else(world: World, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "550 5.1.1 No existe ese buzón"
    made = queued(world.clerk)
    send_due()
    office.refuses.clear()
    for stranger in (world.clerk, world.auditor):
        with pytest.raises(PermissionError):
            retry(made, stranger)
    assert send_due() == {}
    person = who_administers()
    assert retry(made, person) and send_due() == {"enviado": 1}
    assert not retry(made, person)


def test_a_server_that_asks_to_come_later_is_asked_later(world: World, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "450 4.2.0 Lista gris, vuelva"
    made = queued(world.clerk)
    assert send_due() == {"pospuesto": 1} and send_due() == {}
    office.refuses.clear()
    with later(seconds=59):
        assert send_due() == {}
    with later(minutes=1):
        assert send_due() == {"enviado": 1}
    assert words(made) == [("pospuesto", 450), ("enviado", 250)]


def test_it_is_given_up_after_so_many_attempts_with_the_last_words(world: World, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "450 4.2.0 Lista gris, vuelva"
    made, passed = queued(world.clerk), timedelta()
    for wait in (timedelta(), *WAITS):
        passed += wait
        with clock.at(clock.now() + passed):
            assert send_due().total() == 1
    assert [each for each, _code in words(made)] == ["pospuesto"] * len(WAITS) + ["abandonado"]
    with later(days=2, hours=20):
        assert send_due() == {} and waits(made)


def test_where_the_server_is_down_the_others_wait_their_turn(world: World, office: Office, settings: Any) -> None:
    right, settings.SMTP_PUERTO = settings.SMTP_PUERTO, free_port()
    first, second = queued(world.clerk), queued(world.clerk, "luz@ejemplo.mx")
    assert send_due() == {"pospuesto": 1}
    assert (state(first), state(second)) == ("pospuesto", "en_cola")
    settings.SMTP_PUERTO = right
    with later(minutes=1):
        assert send_due() == {"enviado": 2}


def test_a_server_that_hangs_up_gets_the_same_message_again(world: World, office: Office) -> None:
    office.hangs_up = 1
    made = queued(world.clerk)
    assert send_due() == {"cortado": 1} and office.taken == []
    with later(minutes=1):
        assert send_due() == {"enviado": 1}
    assert office.taken[0][1]["message-id"] == f"<{made.identificador}@instituto.mx>"


def test_a_server_that_takes_the_text_and_never_answers_gets_it_at_most_twice(world: World, office: Office) -> None:
    office.hangs_up = 8
    made, passed = queued(world.clerk), timedelta()
    for wait in (timedelta(), *WAITS):
        passed += wait
        with clock.at(clock.now() + passed):
            send_due()
    assert office.hangs_up == 6 and words(made) == [("cortado", None), ("cortado", None)]


def test_the_answer_to_the_text_is_waited_for_longer(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float | None] = []
    reply = smtplib.SMTP.getreply

    def noted(server: smtplib.SMTP) -> tuple[int, bytes]:
        waited.append(server.sock.gettimeout() if server.sock else None)
        return reply(server)

    monkeypatch.setattr(smtplib.SMTP, "getreply", noted)
    queued(world.clerk)
    queued(world.clerk, "luz@ejemplo.mx")
    assert send_due() == {"enviado": 2}
    assert waited.count(smtp.TAKEN_SECONDS) == 2 and set(waited) == {smtp.SECONDS, smtp.TAKEN_SECONDS}


def test_a_process_killed_after_the_server_took_it_sends_it_at_most_twice_and_says_so(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = queued(world.clerk)

    def killed(*_given: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        send_due()
    assert send_due() == {}  # it is of the process that took it
    with later(minutes=16), pytest.raises(KeyboardInterrupt):
        send_due()
    monkeypatch.undo()
    with later(hours=1):
        assert send_due() == {}
    assert [sent["message-id"] for _to, sent in office.taken] == [f"<{made.identificador}@instituto.mx>"] * 2
    assert words(made) == [("cortado", None), ("cortado", None)]


def test_what_could_not_leave_in_its_hour_does_not(world: World, office: Office) -> None:
    made = queued(world.clerk, until=clock.now() + timedelta(hours=1))
    with later(hours=1):
        assert send_due() == {} and office.taken == []
        assert state(made) == "abandonado" and not waits(made)


def test_more_letters_expire_at_once_than_a_run_throws_away_and_none_leaves(world: World, office: Office) -> None:
    for n in range(sending.MOST + 2):
        queued(world.clerk, f"n{n}@ejemplo.mx", until=clock.now() + timedelta(hours=1))
    with later(hours=2):
        assert send_due() == {} and send_due() == {} and office.taken == []
        assert set(Intento.objects.values_list("resultado", flat=True)) == {"abandonado"}


@pytest.mark.parametrize("to", ["nora@ejemplo.mx\nBcc: todos@ejemplo.mx", "nora", "ñora@ejemplo.mx", "a@b.mx, c@d.mx"])
def test_an_address_is_one_address(world: World, office: Office, to: str) -> None:
    with pytest.raises(Refused, match="dirección de correo"), transaction.atomic():
        queued(world.clerk, to)
    assert not Mensaje.objects.exists()


def test_a_name_of_two_lines_adds_no_header(world: World, office: Office) -> None:
    queued(world.clerk, write=lambda: Letter("Partido\r\nBcc: todos@ejemplo.mx", ("Uno",)))
    send_due()
    ((to, sent),) = office.taken
    assert to == "nora@ejemplo.mx" and sent["bcc"] is None
    assert sent["subject"] == "Partido Bcc: todos@ejemplo.mx"


def test_a_letter_sealed_with_another_secret_is_given_up(world: World, office: Office, settings: Any) -> None:
    made = queued(world.clerk)
    settings.SECRET_KEY = "otra" * 20
    assert send_due() == {"abandonado": 1} and office.taken == []
    assert "SIF_SECRETO" in Intento.objects.get(mensaje=made).dicho


def test_the_messages_of_a_state_are_those_that_say_it_and_are_counted_so(world: World, office: Office) -> None:
    office.refuses["nora@ejemplo.mx"] = "550 5.1.1 No existe ese buzón"
    office.refuses["luz@ejemplo.mx"] = "450 4.2.0 Lista gris, vuelva"
    refused, late, _sent = queued(world.clerk), queued(world.clerk, "luz@ejemplo.mx"), queued(world.clerk, "a@b.mx")
    send_due()
    office.refuses.clear()
    assert retry(refused, who_administers()) and send_due() == {"enviado": 1}  # what was refused first is sent at last
    queued(world.clerk, "")
    queued(world.clerk, "otra@ejemplo.mx")
    rows = [(each.pk, each.estado) for each in messages()]
    assert dict(rows)[late.pk] == "pospuesto" and dict(rows)[refused.pk] == "enviado"
    assert figures() == Counter(estado for _pk, estado in rows)
    for estado in ("en_cola", *Intento.Resultado.values):
        assert {each.pk for each in in_state(messages(), estado)} == {pk for pk, said in rows if said == estado}


def test_a_worker_sends_each_minute_and_reminds_each_morning(world: World, office: Office) -> None:
    known = {name: task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items()}
    assert known["sif.correo"] == "*/1 * * * *" and known["sif.recordatorios"] == "5 14 * * *"
    made = queued(world.clerk)
    tasks.send(0)
    assert state(made) == "enviado"
