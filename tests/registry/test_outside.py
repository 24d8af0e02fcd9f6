"""A service that redirects is a service that failed: nothing is sent to an address that nobody configured."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from sif.registry import outside


class Service(HTTPServer):
    """A service on loopback that notes the addresses asked of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        moved = self.path == "/movido"
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/otro")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"si")

    do_GET = do_POST  # a client that followed would ask so

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news."""


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_the_configured_address_answers(service: Service) -> None:
    with outside.send(Request(f"http://127.0.0.1:{service.server_port}/bien", b"x"), 5) as answer:
        assert answer.read() == b"si"


def test_a_redirection_is_an_error_and_is_not_followed(service: Service) -> None:
    with pytest.raises(HTTPError, match="302") as refused:
        outside.send(Request(f"http://127.0.0.1:{service.server_port}/movido", b"x"), 5)
    refused.value.close()
    assert service.asked == ["/movido"]
