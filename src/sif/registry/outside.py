"""Send a request to a service of another institution, to the address configured and no other."""

from typing import IO, Any
from urllib.request import HTTPRedirectHandler, Request, build_opener


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str) -> None:
        """Answer None, so that the redirection is an error of the service."""


_OPENER = build_opener(_NoRedirects)


def send(request: Request, timeout: float) -> Any:
    """Return the open answer of a service; a redirection raises HTTPError, an OSError like each failure of the network.

    timeout: seconds. What we send (the RFC and total of an invoice, the digest of a file) goes only where the
    institution configured.
    """
    return _OPENER.open(request, timeout=timeout)
