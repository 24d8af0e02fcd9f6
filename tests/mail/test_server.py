"""Mail goes encrypted to a server whose certificate is of it, and two workers never send one message both."""

import ipaddress
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection, transaction

from acts import committed
from mail.letters import queued, state
from mailed import Office, serving
from sif.mail import sending
from sif.mail.sending import send_due
from sif.mail.smtp import Unreachable, conversation
from sif.registry.scope import MAIL, everything, registering
from small_world import World, make_world


def minted(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of 127.0.0.1 signed by itself, for a server and for who trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "prueba")])
    now, address = datetime.now(UTC), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    uses = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(uses, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "correo.pem", folder / "correo.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return context, certificate


@pytest.fixture
def secure(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    context, certificate = minted(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(settings, context) as office:
        yield office


def test_mail_goes_encrypted(db: None, world: World, secure: Office) -> None:
    made = queued(world.clerk)
    assert send_due() == {"enviado": 1} and state(made) == "enviado" and len(secure.taken) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    db: None, world: World, secure: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    made = queued(world.clerk)
    assert send_due() == {"pospuesto": 1} and state(made) == "pospuesto" and secure.taken == []


def test_a_server_that_asks_to_encrypt_takes_nothing_in_the_clear(
    db: None, world: World, secure: Office, settings: Any
) -> None:
    settings.SMTP_TLS = "no"
    made = queued(world.clerk)
    assert send_due() == {"pospuesto": 1} and state(made) == "pospuesto" and secure.taken == []


def test_a_password_goes_to_no_server_that_does_not_ask_for_it(office: Office, settings: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secreto"
    secret.write_text("una frase\n", encoding="utf-8")
    settings.SMTP_USUARIO, settings.SMTP_CONTRASENA_ARCHIVO = "sif", str(secret)
    with pytest.raises(Unreachable, match="AUTH"), conversation():
        pass
    settings.SMTP_CONTRASENA_ARCHIVO = str(tmp_path / "no_esta")
    with pytest.raises(Unreachable, match="no_esta"), conversation():
        pass


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed(django_db_blocker, make_world) as made:
        yield made


def test_two_workers_never_take_one_letter_both(kept: World, office: Office) -> None:
    first, second = queued(kept.clerk), queued(kept.clerk, "luz@ejemplo.mx")

    def other() -> int | None:
        try:
            with everything(), registering(MAIL):
                taken = sending._take()
                return taken.pk if taken else None
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread, registering(MAIL):
        with transaction.atomic():  # the first has not committed what it took
            mine = sending._take()
            assert mine is not None and mine.pk == first.pk
            assert thread.submit(other).result() == second.pk
        assert thread.submit(other).result() is None and sending._take() is None
