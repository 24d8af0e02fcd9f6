"""Speak SMTP with the server of the institution: one conversation, one recipient for each message."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from sif.mail.models import Intento

SECONDS = 15.0
"""How long each answer of the server is waited for."""
TAKEN_SECONDS = 60.0
"""How long the answer to a whole text is waited for: some servers look at what it has before they take it."""
MOST_SAID = 300
Resultado = Intento.Resultado


class Unreachable(Exception):
    """The server did not answer, or did not let this installation in: nothing is said of the message."""


class Cut(Unreachable):
    """The conversation broke once the text had begun to leave: it may arrive, and nobody will say so."""


class Outcome(NamedTuple):
    """The result of an attempt: the state, the code of the server and its words."""

    resultado: str
    codigo: int | None
    dicho: str


def sender() -> str:
    """Return the address that messages come from, to which they are returned."""
    return parseaddr(settings.SMTP_REMITENTE)[1]


def message_id(identificador: str) -> str:
    """Return the Message-ID of a message, the same in each attempt."""
    return f"<{identificador}@{sender().rpartition('@')[2]}>"


def compose(to: str, asunto: str, bodies: tuple[str, str], *, identificador: str, idioma: str, at: datetime) -> bytes:
    """Write a message of text and HTML. Raises ValueError for a header of more than one line."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = settings.SMTP_REMITENTE, to, asunto
    made["Date"], made["Message-ID"] = format_datetime(at), message_id(identificador)
    made["Auto-Submitted"] = "auto-generated"
    texto, html = bodies
    made.set_content(texto)
    made.add_alternative(html, subtype="html")
    made["Content-Language"] = idioma  # last: what is of the content goes with the first part
    return made.as_bytes()


@contextmanager
def conversation() -> Iterator[smtplib.SMTP]:
    """Open a conversation with the server, by TLS and with its password where they are configured.

    Raises Unreachable.
    """
    try:
        server = _entered()
    except (OSError, smtplib.SMTPException, ValueError) as failed:
        raise Unreachable(said(failed)) from failed
    try:
        yield server
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _entered() -> smtplib.SMTP:
    mode, where = settings.SMTP_TLS, (settings.SMTP_SERVIDOR, settings.SMTP_PUERTO)
    trusted = ssl.create_default_context()
    if mode == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(*where, timeout=SECONDS)
    try:
        if mode == "starttls":
            server.starttls(context=trusted)
        if settings.SMTP_USUARIO:
            secret = Path(settings.SMTP_CONTRASENA_ARCHIVO).read_text(encoding="utf-8").strip()
            server.login(settings.SMTP_USUARIO, secret)
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def deliver(server: smtplib.SMTP, to: str, data: bytes, identificador: str) -> Outcome:
    """Give one message to the server. Only a refusal of its recipient or of its content is for good.

    Raises Unreachable where the conversation broke before the text began to leave, and Cut after.
    """
    asks = server.has_extn("dsn")
    try:
        code, words = server.mail(sender(), [f"ENVID={identificador}", "RET=HDRS"] if asks else [])
        if code != 250:
            server.rset()
            return Outcome(Resultado.POSPUESTO, code, _told(words))
        code, words = server.rcpt(to, ["NOTIFY=FAILURE"] if asks else [])
        if code not in (250, 251):
            server.rset()
            return _refused(code, words)
        code, words = server.docmd("DATA")
        if code != 354:
            server.rset()
            return _refused(code, words)
    except (OSError, smtplib.SMTPException) as broken:
        raise Unreachable(said(broken)) from broken
    code, words = _give(server, data)
    return Outcome(Resultado.ENVIADO, code, _told(words)) if code == 250 else _refused(code, words)


def _give(server: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    """Give the text, as `SMTP.data` writes it, and return what the server answers. Raises Cut."""
    lines = re.sub(rb"(?m)^\.", b"..", data)
    try:
        if server.sock is not None:
            server.sock.settimeout(TAKEN_SECONDS)
        server.send(lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"))
        answer = server.getreply()
        if server.sock is not None:
            server.sock.settimeout(SECONDS)
    except (OSError, smtplib.SMTPException) as broken:
        raise Cut(said(broken)) from broken
    return answer


def _refused(code: int, words: bytes | str) -> Outcome:
    return Outcome(Resultado.RECHAZADO if 500 <= code < 600 else Resultado.POSPUESTO, code, _told(words))


def _told(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return "".join(each if each.isprintable() else " " for each in " ".join(text.split()))[:MOST_SAID]


def said(failed: Exception) -> str:
    """Return what an exception says in one line: the words of the server where they are its."""
    if isinstance(failed, smtplib.SMTPResponseException):
        return f"{failed.smtp_code} {_told(failed.smtp_error)}"[:MOST_SAID]
    if isinstance(failed, smtplib.SMTPServerDisconnected):
        return "El servidor cortó la conversación."
    return _told(str(failed)) or type(failed).__name__
