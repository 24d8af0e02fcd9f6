"""A service of time stamps for tests: `openssl ts` in a process of its own, behind a small server on loopback."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = t
[t]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
certs = {folder}/tsa.pem
"""
_EXTENSIONS = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"


def make_authority(folder: Path) -> Path:
    """Mint an authority and its service of time stamps; returns the certificate of the authority."""
    folder.mkdir(parents=True)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "ext").write_text(_EXTENSIONS)
    new = ("openssl", "req", "-newkey", "rsa:2048", "-noenc")
    _run(
        *new,
        "-x509",
        "-days",
        "30",
        "-subj",
        "/CN=Autoridad de prueba",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        cwd=folder,
    )
    _run(*new, "-subj", "/CN=Sellos de prueba", "-keyout", "tsa.key", "-out", "tsa.csr", cwd=folder)
    _run(
        "openssl",
        "x509",
        "-req",
        "-in",
        "tsa.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-days",
        "30",
        "-extfile",
        "ext",
        "-out",
        "tsa.pem",
        cwd=folder,
    )
    return folder / "ca.pem"


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve that authority from a process of its own; gives its address."""
    process = subprocess.Popen([sys.executable, __file__, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def answer(folder: Path, question: bytes) -> bytes:
    """Return what that authority answers to a question."""
    (folder / "q").write_bytes(question)
    _run("openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q", "-out", "r", cwd=folder)
    return (folder / "r").read_bytes()


class _Service(BaseHTTPRequestHandler):
    folder = Path()

    def do_POST(self) -> None:
        given = answer(self.folder, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(given)

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    _Service.folder = Path(sys.argv[1])
    server = HTTPServer(("127.0.0.1", 0), _Service)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
