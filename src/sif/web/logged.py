"""Log each request: a line with its route, status, time and person, and one for its act or its refusal."""

import re
from collections.abc import Callable
from time import perf_counter

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from sif.registry import events, trail
from sif.registry.trail import Clase, network_of

_PROXY = re.compile(r"[A-Za-z0-9-]{1,64}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class LogMiddleware:
    """Write the lines of a request under an identifier of its own, which the answer carries as `X-Request-ID`.

    It stands first in the list, so that what any other middleware refuses has its line too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside the context of the request and write its lines."""
        began, counter = perf_counter(), StatementCounter()
        pedido, given = events.new_pedido(), request.headers.get("X-Request-ID", "")
        known = {"pedido_proxy": given} if _PROXY.fullmatch(given) else {}
        place = network_of(request.META.get("REMOTE_ADDR", ""))
        with events.context(pedido=pedido, direccion=place, **known), connection.execute_wrapper(counter):
            response = self.get_response(request)
            match = request.resolver_match
            route = (match.view_name or match.route) if match else ""
            method = request.method if request.method in _SAFE | {"POST", "PUT", "PATCH", "DELETE"} else "?"
            about: dict[str, object] = {"ruta": route, "metodo": method, "estado": response.status_code}
            events.log("peticion", **about, ms=round((perf_counter() - began) * 1000, 1), consultas=counter.number)
            if response.status_code >= 400:
                events.log("rechazo", **about, codigo=f"http_{response.status_code}")
            elif method not in _SAFE and match is not None and not events.bound("acto_escrito"):
                events.log("acto", **about, verbo=route, objeto=_numbers(match.kwargs))
            _keep(response, route)
        response["X-Request-ID"] = pedido
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Name the route in every line that the view writes; an address may hold keys and is never written."""
        match = request.resolver_match
        if match is not None:
            events.bind(ruta=match.view_name or match.route)


def _keep(response: HttpResponseBase, route: str) -> None:
    """Keep in the trail what a known person was refused or downloaded; a stranger's attempts stay in the log alone."""
    person = events.bound("persona")
    if not isinstance(person, int):
        return
    if response.status_code == 403:
        trail.write(Clase.RECHAZO, route or "http_403", person)
    elif response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment"):
        trail.write(Clase.EXPORTACION, route, person)


class StatementCounter:
    """Count the statements that a request sends to the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__[**P, R](self, execute: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a statement and count it."""
        self.number += 1
        return execute(*args, **kwargs)


def _numbers(kwargs: dict[str, object]) -> str:
    """Return the numbers of an address by name; texts (keys, folios) may be of a person and are left out."""
    return ",".join(f"{name}={value}" for name, value in sorted(kwargs.items()) if isinstance(value, int))
