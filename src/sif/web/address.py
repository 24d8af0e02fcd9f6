"""Settle the address of the client once, before anything reads it: proxy headers count only from declared proxies."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NEVER = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_TRUE_CLIENT_IP")
UNKNOWN = "0.0.0.0"  # noqa: S104 - no socket: a peer without an address, as on a Unix socket


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


class AddressMiddleware:
    """Write REMOTE_ADDR from `X-Forwarded-For` where the peer is a proxy of SIF_PROXYS; drop the headers elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = [ip_network(text) for text in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request whose REMOTE_ADDR is the client's and whose forwarded headers nobody forged."""
        meta = request.META
        peer = _parsed(meta.get("REMOTE_ADDR", ""))
        for name in NEVER:
            meta.pop(name, None)
        hops = meta.pop("HTTP_X_FORWARDED_FOR", "")
        if not self._is_proxy(peer):
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
        meta["REMOTE_ADDR"] = str(self._client(peer, hops) or UNKNOWN)
        return self.get_response(request)

    def _is_proxy(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(
            address in network
            for network in self.proxies
            if isinstance(network, IPv6Network) == isinstance(address, IPv6Address)
        )

    def _client(self, peer: IPv4Address | IPv6Address | None, hops: str) -> IPv4Address | IPv6Address | None:
        """Walk the hops from the right while each is a declared proxy; one that is no address ends the walk."""
        client = peer
        for text in reversed(hops.split(",")):
            if not self._is_proxy(client):
                return client
            hop = _parsed(text)
            if hop is None:
                return client
            client = hop
        return client
