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

from sif.availability.measuring import LOAD
from sif.registry import events
from sif.web.api.door import problem
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
    ir_a accesos mis_accesos persona_accesos personas api:post_polizas api:balance api:lots
    public:candidaturas public:candidaturas_archivo public:sanciones public:sanciones_archivo public:reglas
    public:documentos public:datos public:archivo public:retiros public:retiros_archivo public:registro
    party:contabilidades party:captura party:aportacion_nueva
    party:catalogo party:libros party:libro party:cfdi party:por_clave party:folios party:kardex
    party:revision party:revision_breve party:revision_regla
    auditor:hallazgos auditor:exportar auditor:observaciones auditor:avance auditor:riesgo auditor:cobertura
    auditor:indicios auditor:muestreo auditor:matriz_xlsx auditor:lista_csv
"""
LOOK = frozenset(_LOOK.split())
"""The addresses that search, list or export, besides every `Listing`.

An address of the API has the name of its first act: the pólizas are listed (GET) at `api:post_polizas`.
"""


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
            signing = self._inside[Weight.SIGNS]
            somebody_signs = signing or self._hour() - self._signed < LATELY
            no_room = signing + self._inside[Weight.LOOKS] >= ROOM
            admitted = not (weight is Weight.LOOKS and somebody_signs and no_room)
            self._inside[weight] += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._inside[weight] -= admitted

    def mark_signed(self) -> None:
        """Begin the minute in which those that look leave room: somebody whom the system knows has signed."""
        with self._lock:
            self._signed = self._hour()

    def is_full(self) -> bool:
        """Return whether FULL requests that sign are inside: the acuse of another is left, and a thread stays free."""
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
        weight = weight_of(match, request.method)
        with GATE.within(weight) as admitted:
            if admitted:
                answer = self.get_response(request)
                if weight is Weight.SIGNS and events.bound("persona"):  # a stranger makes nobody wait afterwards
                    GATE.mark_signed()
                return answer
        request.resolver_match = match  # the log names the route
        events.bind(muro=LOAD)
        return _refusal(request, match)


def _refusal(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    if match.namespace == "api":
        detail = f"Ahora se atiende primero a quien firma. Espere {RETRY_AFTER} s y repita la petición."
        answer = problem(request, 503, LOAD, detail)
    else:
        answer = HttpResponse(render_to_string("503_carga.html", {"segundos": RETRY_AFTER}), status=503)
    answer["Retry-After"] = RETRY_AFTER
    answer._has_been_logged = True  # type: ignore[attr-defined]  # a line of the log tells it already: it is no error
    return answer
