"""A mail server on loopback for tests, which takes, refuses, delays or hangs up as it is told."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Office:
    """What a server is told to answer, and what it took: the messages with their recipient, in order."""

    def __init__(self) -> None:
        self.refuses: dict[str, str] = {}
        self.answers: list[str] = []
        self.taken: list[tuple[str, EmailMessage]] = []
        self.hangs_up = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Refuse who is told, with those words; take anybody else."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Take the message, and answer what is next; or hang up without a word."""
        if self.hangs_up:
            self.hangs_up -= 1
            server.transport.abort()
            return "451 nadie lo oye"
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 en la cola como 7F3A"
        if answer.startswith("250"):
            made: Any = message_from_bytes(envelope.content, policy=default)
            self.taken += [(to, made) for to in envelope.rcpt_tos]
        return answer


def free_port() -> int:
    """A port of loopback that nobody serves."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def serving(settings: Any, context: ssl.SSLContext | None = None) -> Iterator[Office]:
    """Serve mail, and have this installation send by it; by STARTTLS alone where there is a certificate."""
    office = Office()
    secure = {"tls_context": context, "require_starttls": True} if context else {}
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **secure)
    controller.start()
    try:
        settings.SMTP_SERVIDOR, settings.SMTP_PUERTO = "127.0.0.1", controller.port
        settings.SMTP_TLS = "starttls" if context else "no"
        settings.SMTP_REMITENTE = "SIF <sif@instituto.mx>"
        yield office
    finally:
        controller.stop()


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """What a message says, as text or as HTML."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    """A server by which this installation sends its mail."""
    with serving(settings) as made:
        yield made
