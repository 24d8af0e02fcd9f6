"""Proxies with TLS for a rehearsed installation: the configurations of `deploy/` and certificates of their own."""

import base64
import hashlib
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

ROOT = Path(__file__).resolve().parents[1]
SHOWN = b"Estado del servicio"  # of the page that is asked for


@contextmanager
def running(command: list[object], environment: Mapping[str, str], log: Path, **options: object) -> Iterator[None]:
    """Run a process of the rehearsal, its output kept in `log`, and end it with what it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            stdout=output,
            stderr=output,
            **options,  # type: ignore[call-overload]
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def caddy(folder: Path, host: str, port: int, upstream: int) -> Iterator[None]:
    """Run Caddy with the configuration of `deploy/` and a certificate authority of this rehearsal alone."""
    own = folder / "Caddyfile"
    own.write_text(
        "{\n\tlocal_certs\n\tskip_install_trust\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port "
        f"{port}\n}}\nimport {ROOT}/deploy/Caddyfile\n"
    )
    variables = {"CADDY_DOMINIO": f"{host}:{port}", "CADDY_PUERTO": str(upstream), "HOME": str(folder)}
    variables |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PATH": os.environ["PATH"]}
    with running(["caddy", "run", "--config", own, "--adapter", "caddyfile"], variables, folder / "caddy.log"):
        yield


@contextmanager
def nginx(folder: Path, host: str, port: int, upstream: int) -> Iterator[None]:
    """Run nginx with the configuration of `deploy/` at other ports, and a certificate signed by itself."""
    cert, key, own = (folder / f"nginx.{ending}" for ending in ("pem", "key", "conf"))
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            f"/CN={host}",
            "-addext",
            f"subjectAltName=DNS:{host}",
            "-keyout",
            key,
            "-out",
            cert,
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen unix:{folder}/nginx.sock",
        "sif.ejemplo.mx": host,
        "/etc/ssl/sif/sif.pem": str(cert),
        "/etc/ssl/sif/sif.key": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
    }
    for said, changed in changes.items():
        assert said in text, said
        text = text.replace(said, changed)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/nginx-{kind};\n" for kind in kinds)
    own.write_text(f"daemon off;\npid {folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}}}\n")
    with running(["nginx", "-e", folder / "nginx.log", "-c", own], os.environ, folder / "nginx.log"):
        yield


def _secured(host: str, port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # whose key it is, is what is asked
    plain = socket.create_connection(("127.0.0.1", port), 5)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def public_key(host: str, port: int) -> str:
    """Return the SHA-256 of the public key that the proxy shows, as Chromium is told to believe it."""
    with _secured(host, port) as secured:
        shown = x509.load_der_x509_certificate(secured.getpeercert(True) or b"")
    key = shown.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def refuses_other_hosts(host: str, port: int) -> None:
    """Check that a proxy shows SIF under its own name, and under no other: by TLS, and inside a connection of it."""
    status, page = _asked(host, host, port)
    assert status == 200 and SHOWN in page, (status, page[:200])
    status, page = _asked(host, "otro.prueba.test", port)
    assert SHOWN not in page, (status, page[:200])
    try:
        status, page = _asked("otro.prueba.test", "otro.prueba.test", port)
    except OSError:
        return
    assert SHOWN not in page, (status, page[:200])


def _asked(name: str, host: str, port: int) -> tuple[int, bytes]:
    """The status and the page of the service, by a connection to `name` that asks for `host`."""
    with _secured(name, port) as secured:
        secured.sendall(f"GET /estado/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = HTTPResponse(secured)
        try:
            answer.begin()
        except OSError:  # closed without a word
            return 0, b""
        return answer.status, answer.read()
