"""Keep signing alive when many ask at once: what only looks is refused first, at the door, in words.

Each process answers as many requests at once as it has threads, and the rest wait in one row. So where somebody signs,
or did a minute ago, no more than ROOM of its threads look for something (searches, long lists, files of them), and one
that signs takes the place of one of them.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve

from sif.web.listing import Listing

ROOM = 3
"""How many requests of a process may look for something or sign before one more that looks is refused."""
FULL = 3
"""How many sign at once in a process when the acuse of another is left for the worker."""
RETRY_AFTER = "10"
LATELY = 60.0
"""Seconds after the last one that signed in which those that look still leave room for another."""

_SIGN = """
    efirma_marco party:firmar party:firmar_cadenas party:cadena party:presentar party:firmar_aqui
    party:firmas_enviadas party:acuse
"""
SIGN = frozenset(_SIGN.split())
"""The addresses that sign, present, or give the proof of it: never refused."""
_LOOK = """
    ir_a accesos personas api:polizas api:balance api:lots
    public:candidaturas public:candidaturas_archivo public:sanciones public:sanciones_archivo public:reglas
    public:documentos public:datos public:archivo public:retiros public:retiros_archivo public:registro
    party:contabilidades party:catalogo party:libros party:libro party:cfdi party:por_clave party:folios party:kardex
    party:revision party:revision_breve party:revision_regla
    auditor:hallazgos auditor:exportar auditor:observaciones auditor:avance auditor:riesgo auditor:cobertura
    auditor:indicios auditor:muestreo auditor:matriz_xlsx auditor:lista_csv
"""
LOOK = frozenset(_LOOK.split())
"""The addresses that search, list or export, besides every `Listing`."""


class Weight(StrEnum):
    """The kinds of request, for who decides which to answer: it signs, it looks for something, or neither."""

    SIGNS = "firma"
    LOOKS = "consulta"
    OTHER = "otra"


def weight_of(match: ResolverMatch, method: str | None) -> Weight:
    """Return what a request to an address is, by its name or its list; only what is read looks."""
    if match.view_name in SIGN:
        return Weight.SIGNS
    kept = getattr(match.func, "view_class", object)
    looks = match.view_name in LOOK or issubclass(kept, Listing)
    return Weight.LOOKS if looks and method in ("GET", "HEAD") else Weight.OTHER


class Gate:
    """The count of the requests that a process is answering, by their weight."""

    def __init__(self, hour: Callable[[], float] = time.monotonic) -> None:
        self._lock, self._hour = threading.Lock(), hour
        self._inside = dict.fromkeys(Weight, 0)
        self._signed = -LATELY

    @contextmanager
    def within(self, weight: Weight) -> Iterator[bool]:
        """Count a request while it is answered, and say whether it is admitted; one refused is not counted."""
        with self._lock:
            now, taken = self._hour(), self._inside[Weight.LOOKS] + self._inside[Weight.SIGNS]
            if weight is Weight.SIGNS:
                self._signed = now
            admitted = weight is not Weight.LOOKS or taken < ROOM or now - self._signed >= LATELY
            self._inside[weight] += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._inside[weight] -= admitted

    def is_full(self) -> bool:
        """Return whether as many sign as this process can answer at once: their acuses had better wait."""
        return self._inside[Weight.SIGNS] >= FULL


GATE = Gate()


class LoadMiddleware:
    """Answer 503 to what only looks while there is no room for it, before its session or its body is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count the request while it is answered, or refuse it."""
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        with GATE.within(weight_of(match, request.method)) as admitted:
            if admitted:
                return self.get_response(request)
        request.resolver_match = match  # the log names the route
        return _refusal()


def _refusal() -> HttpResponse:
    page = HttpResponse(render_to_string("503_carga.html", {"segundos": RETRY_AFTER}), status=503)
    page["Retry-After"] = RETRY_AFTER
    page._has_been_logged = True  # type: ignore[attr-defined]  # a line of the log tells it already, and it is no error
    return page
