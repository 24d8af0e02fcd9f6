"""Log each request: a line with its route, status, time and person, and one for its act or its refusal."""

import atexit
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from sif.availability.measuring import LOAD, Meter, folder_of
from sif.registry import events, trail
from sif.registry.trail import Clase, network_of
from sif.web.sessions import digest_of

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
            match = request.resolver_match or (_match_of(request) if response.status_code >= 500 else None)
            route = (match.view_name or match.route) if match else ""
            method = request.method if request.method in _SAFE | {"POST", "PUT", "PATCH", "DELETE"} else "?"
            about: dict[str, object] = {"ruta": route, "metodo": method, "estado": response.status_code}
            ms = round((perf_counter() - began) * 1000, 1)
            events.log("peticion", **about, ms=ms, consultas=counter.number)
            cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
            _measure(route, pedido, response.status_code, ms, cookie)
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


METER = Meter(lambda log: folder_of(settings.DATOS, log))
MODULES = {
    "party": "partido",
    "auditor": "auditoria",
    "council": "consejo",
    "administration": "administracion",
    "public": "portal",
    "api": "api",
}
"""The modules of the log of availability, by the space of the names of their addresses; the rest is `general`."""


def _match_of(request: HttpRequest) -> ResolverMatch | None:
    """Return the view of a request that was answered before anybody looked for it, as while the database is stopped."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _measure(route: str, pedido: str, status: int, ms: float, cookie: str) -> None:
    """Measure an answer; a full disk is told in the log of events and never stops it.

    Of whom nobody knows, as while the database is stopped, the digest of the session is written (ADR 0285).
    """
    if not settings.MEDIR_DISPONIBILIDAD or route in ("salud", "sonda"):
        return
    person = events.bound("persona")
    about: dict[str, object] = {
        "pedido": pedido,
        "persona": person if isinstance(person, int) else 0,
        "operacion": route,
    }
    if not about["persona"] and cookie:
        about["sesion"] = digest_of(cookie)
    try:
        module, put_off = MODULES.get(route.partition(":")[0], "general"), events.bound("muro") == LOAD
        METER.note(datetime.now(UTC), module, status, ms, about, put_off=put_off)
    except OSError as error:
        events.log_exception(error, objeto="disponibilidad")


def _flush() -> None:
    with suppress(OSError):
        METER.flush(datetime.now(UTC))


atexit.register(_flush)


def _keep(response: HttpResponseBase, route: str) -> None:
    """Keep in the trail what a known person was refused or downloaded; a stranger's attempts stay in the log alone."""
    person = events.bound("persona")
    if not isinstance(person, int):
        return
    if response.status_code == 403:
        trail.write(Clase.RECHAZO, route or "http_403", person)
    elif response.status_code == 200 and "filename" in response.get("Content-Disposition", ""):  # shown or kept
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
