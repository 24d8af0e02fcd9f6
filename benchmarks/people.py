"""Twenty people who capture at once, over HTTP, on the server that `sif servir` runs, with everything a page does."""

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import campaign as campaigns

ACTS = 8  # pólizas that each person posts, each of four lines
PAUSE = (4.0, 8.0)  # seconds between one act and the next, of people who type four lines very quickly
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')


class Browser:
    """A person signed in: one connection that is kept, its cookies, and the token of forms."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = cookies

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads and body."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **form})
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self.wire.request("GET" if form is None else "POST", path, body, headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.getheader("Location") or "", text


def sign_in(port: int, user: Any) -> Browser:
    """A session as the login page leaves it."""
    from django.contrib.auth import login
    from django.http import HttpRequest

    from sif.web.sessions import SessionStore

    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    request.session.save()
    browser = Browser(port, {"sessionid": str(request.session.secret)})
    status, where, _ = browser.ask("/partido/polizas/")
    if status != 200 or "csrftoken" not in browser.cookies:
        status, where, _ = browser.ask("/partido/captura/")
    if status != 200:
        raise AssertionError(f"{status} {where}")
    return browser


@contextmanager
def served() -> Iterator[int]:
    """The port of a server of its own over this installation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "sif.commands.main", "servir", "--puerto", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def poliza_form(made: campaigns.Campaign, books: Any, n: int) -> dict[str, str]:
    """What a person typed: an expense and its payment, four lines."""
    day = made.first_day + timedelta(days=n % 18)
    supplier, bank = made.proveedores[n % 200], made.bancos[books.pk]
    spent, paid = f"{1000 + n % 977}.{n % 100:02d}", f"{500 + n % 313}.{n % 97:02d}"
    form = {
        "ventana": f"{made.etapa.periodos.get(numero=1).pk}:normal",
        "subtipo": "DR",
        "clase": "ordinaria",
        "fecha": f"{day:%d/%m/%Y}",
        "concepto": f"Volantes, medición {n}",
        "accion": "registrar",
    }
    lines = (
        (campaigns.LEAFLETS, supplier.rfc, "Tiro", spent, ""),
        (campaigns.PAYABLE, supplier.rfc, "Debe", "", spent),
        (campaigns.PAYABLE, supplier.rfc, "Pago", paid, ""),
        (campaigns.BANKS, bank.clabe, "SPEI", "", paid),
    )
    for number, line in enumerate(lines, 1):
        for name, value in zip(("cuenta", "auxiliar", "concepto", "cargo", "abono"), line, strict=True):
            form[f"{name}_{number}"] = value
    return form


def capture(browser: Browser, books: Any, form: dict[str, str]) -> float:
    """Begin a draft, open it, and post it; the seconds that posting took."""
    _, draft, _ = browser.ask(f"/partido/captura/{books.pk}/", {})
    _, _, page = browser.ask(draft)
    seen = _VERSION.search(page)
    began = time.perf_counter()
    status, where, text = browser.ask(draft.split("#")[0], {**form, "version": seen[1] if seen else "1"})
    taken = time.perf_counter() - began
    if status != 302 or "/polizas/" not in where:
        wrong = re.findall(r'class="[^"]*problem[^"]*"[^>]*>(.{0,300})', text, re.DOTALL)[:3]
        raise AssertionError(f"no se registró: {status} {where} {wrong}")
    return taken


def twenty(port: int, made: campaigns.Campaign, pause: tuple[float, float]) -> list[float]:
    """The seconds of each posting of twenty people at once."""
    browsers = [sign_in(port, person) for person in made.capturistas]
    forms = [
        [poliza_form(made, made.libros[place * 6 + n % 6], place * 1000 + n) for n in range(ACTS)]
        for place in range(len(browsers))
    ]
    taken: list[float] = []
    failures: list[BaseException] = []

    def work(place: int) -> None:
        from django.db import connections

        chance = random.Random(place)  # noqa: S311 - pauses
        try:
            time.sleep(chance.uniform(0, pause[1]))
            for n in range(ACTS):
                taken.append(capture(browsers[place], made.libros[place * 6 + n % 6], forms[place][n]))
                time.sleep(chance.uniform(*pause))
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    _all(work, len(browsers))
    if failures:
        raise failures[0]
    return taken


def _all(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[94] * 1000


def measure(made: campaigns.Campaign) -> dict[str, float]:
    """Posting by twenty people who pause as people do, and by twenty who never pause; and the page of the board."""
    with served() as port:
        capture(sign_in(port, made.capturistas[0]), made.libros[0], poliza_form(made, made.libros[0], 1))
        typing = twenty(port, made, PAUSE)
        without = twenty(port, made, (0.0, 0.0))
        chief, clerk = sign_in(port, made.alicia), sign_in(port, made.capturistas[1])
        looks = []
        for n in range(40):
            capture(clerk, made.libros[6 + n % 6], poliza_form(made, made.libros[6 + n % 6], n))
            began = time.perf_counter()
            status, _, _ = chief.ask("/partido/")
            looks.append(time.perf_counter() - began)
            if status != 200:
                raise AssertionError(f"el tablero contestó {status}")
    return {
        "registrar_4_lineas_20_personas_p95_ms": _p95(typing),
        "registrar_4_lineas_20_personas_mediana_ms": statistics.median(typing) * 1000,
        "registrar_4_lineas_20_sin_pausa_p95_ms": _p95(without),
        "pagina_tablero_120_p95_ms": _p95(looks[1:]),
        "pagina_tablero_120_primera_ms": looks[0] * 1000,
    }
