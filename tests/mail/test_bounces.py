"""A notification of delivery marks the message that it names as returned, and no other text marks anything."""

from argparse import Namespace
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from mail.letters import queued, state
from mailed import Office
from sif.commands import correo
from sif.mail.bounces import MOST_BYTES, NotABounce, note_bounce
from sif.mail.models import Intento, Mensaje
from sif.mail.sending import send_due
from small_world import World

pytestmark = pytest.mark.django_db
NOTICE = """\
From: MAILER-DAEMON@mx.ejemplo.mx
To: sif@instituto.mx
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="corte"

--corte
Content-Type: text/plain

El buzon no existe.
--corte
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ejemplo.mx
{envid}
Final-Recipient: rfc822; nora@ejemplo.mx
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--corte
Content-Type: {kind}

Message-ID: <{identifier}@instituto.mx>
Subject: Su cuenta

--corte--
"""


def notice(made: Mensaje | None, *, action: str = "failed", envid: bool = False, kind: str = "message/rfc822") -> bytes:
    identifier = made.identificador if made else "0" * 32
    line = f"Original-Envelope-Id: {identifier}\n" if envid else ""
    text = NOTICE.format(envid=line, action=action, kind=kind, identifier="otro" if envid else identifier)
    return text.encode()


@pytest.fixture
def sent(world: World, office: Office) -> Mensaje:
    made = queued(world.clerk)
    assert send_due() == {"enviado": 1}
    return made


@pytest.mark.parametrize(
    "said", [{}, {"envid": True}, {"kind": "text/rfc822-headers"}], ids=["whole", "envelope", "headers"]
)
def test_a_returned_message_is_told_once_with_the_words_of_the_server(sent: Mensaje, said: Any) -> None:
    assert note_bounce(notice(sent, **said)) == (sent, True)
    assert note_bounce(notice(sent, **said)) == (sent, False)
    assert state(sent) == "devuelto"
    assert Intento.objects.get(resultado="devuelto").dicho == "5.1.1 smtp; 550 5.1.1 User unknown"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_was_not_returned_changes_nothing(sent: Mensaje, action: str) -> None:
    with pytest.raises(NotABounce, match=action):
        note_bounce(notice(sent, action=action))
    assert state(sent) == "enviado"


def test_what_is_no_notification_or_of_no_message_of_ours_is_said(sent: Mensaje) -> None:
    for data, said in (
        (notice(None), "ningún mensaje"),
        (b"Subject: hola\n\nhola", "No es una"),
        (b"", "No es una"),
        (b"x" * (MOST_BYTES + 1), "pasa de"),
        (notice(sent).replace(b"Action: failed\n", b""), "Action"),
        (notice(sent).replace(b"message/rfc822", b"text/plain"), "ningún mensaje"),
        (b"\xff\xfe\x00" * 1000, "No es una"),
    ):
        with pytest.raises(NotABounce, match=said):
            note_bounce(data)
    assert state(sent) == "enviado"


def test_a_hostile_notification_is_read_or_left_without_a_fault(sent: Mensaje) -> None:
    nested = notice(sent).replace(b"Content-Type: text/plain", b"Content-Type: text/plain; a=" + b"(" * 2000)
    deep = b"Content-Type: message/rfc822\n\n" * 2000
    with pytest.raises(NotABounce):
        note_bounce(deep)
    assert note_bounce(nested.replace(b"Status: 5.1.1", b"Status: 5.1\x00\x1b[2J.1\xff")) == (sent, True)
    told = Intento.objects.get(resultado="devuelto").dicho
    assert told.startswith("5.1 [2J.1") and told.isprintable()


def test_what_breaks_is_said_and_the_alias_ends_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_data: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(correo.database, "setup_django", lambda: None)
    monkeypatch.setattr("sif.mail.bounces.note_bounce", breaks)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"x")))
    assert correo.bounce(Namespace()) == 0
    assert "no se entendió" in capsys.readouterr().err


def test_an_alias_pipes_it_and_is_never_answered_with_a_fault(
    sent: Mensaje, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(correo.database, "setup_django", lambda: None)
    for data, said in ((notice(sent), "queda como devuelto"), (notice(sent), "ya estaba"), (b"hola", "No es una")):
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))
        assert correo.bounce(Namespace()) == 0
        told = capsys.readouterr()
        assert said in told.out + told.err
