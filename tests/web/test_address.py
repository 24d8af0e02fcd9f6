"""The address of a client: forwarded headers count from declared proxies alone."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sif.web.address import AddressMiddleware


def settled(proxies: list[str], settings: pytest.FixtureRequest, **meta: str) -> HttpRequest:
    settings.PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", **meta)
    AddressMiddleware(lambda _: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("peer", "hops", "client"),
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the left one is what the client itself wrote
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, no es dirección", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),  # nobody declared it
        ("", "203.0.113.7", "0.0.0.0"),  # noqa: S104
    ],
)
def test_hops_are_walked_from_the_right(peer: str, hops: str, client: str, settings: pytest.FixtureRequest) -> None:
    request = settled(["10.0.0.0/24"], settings, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=hops)
    assert request.META["REMOTE_ADDR"] == client


def test_forged_headers_are_dropped(settings: pytest.FixtureRequest) -> None:
    forged = {
        "HTTP_X_FORWARDED_FOR": "1.1.1.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_FORWARDED": "for=1.1.1.1",
        "HTTP_X_REAL_IP": "1.1.1.1",
        "HTTP_X_FORWARDED_HOST": "otro.ejemplo",
    }
    request = settled(["10.0.0.1/32"], settings, REMOTE_ADDR="198.51.100.9", **forged)
    assert not set(forged) & set(request.META)
    trusted = settled(["10.0.0.1/32"], settings, REMOTE_ADDR="10.0.0.1", **forged)
    assert trusted.META["HTTP_X_FORWARDED_PROTO"] == "https"
    assert not {"HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST"} & set(trusted.META)
