"""The last minutes of a term: people who sign and present while most of what is asked only looks.

`python benchmarks/plazo.py [--personas 2000] [--informes 5000] [--segundos 600]` makes an installation to be thrown
away, with a party of one Responsable for each person and the reports of its candidacies generated, serves it with
`sif servir`, and has each person ask for the cadena of each report, sign it with an e.firma and present it, over HTTP,
at an hour drawn at random. Three of each five requests are searches, which nobody repeats. At the end it compares what
the clients were told with what the database keeps. The e.firmas of all share a few keys, to make them sooner.
"""

import argparse
import base64
import http.client
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

import campaign as campaigns
import people
from pages import _session_of
from run import machine

POLIZAS = 10  # of each set of books, in the period that is reported
CLIENTS = 96  # requests that may be on their way at once
SEARCHES = 1.5  # for each request that signs: three of each five
LOOKS = ("/partido/polizas/?q=volantes", "/candidaturas/?q=candidatura", "/partido/contabilidades/?q=candidatura")
DAYS_AGO = 31  # the day on which the campaign began, so that the reports of its first period are being filed
TOKEN = "t" * 32
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass
class Signer:
    """A person with their session, their e.firma and the addresses of their reports."""

    cookie: str
    cer: bytes
    key: Any
    reports: list[str] = field(default_factory=list)


@dataclass
class Told:
    """What the clients were told: milliseconds of each kind of request, answers, and what failed."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    presented: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


def make_people(count: int, reports: int, ago: int = DAYS_AGO) -> list[Signer]:
    """Make parties with one Responsable each, their candidacies, pólizas and generated reports.

    ago: how many days ago the campaign began.
    """
    from sif.books.services import load_catalogs
    from sif.filing.authority import certificates_folder
    from sif.registry import clock, services
    from sif.registry.models import Cargo, Territorio
    from sif.signing import minting

    load_catalogs("mx")
    today = clock.today()
    proceso = services.create_proceso(clave="PLAZO", nombre="Medición", ambito="local", entidad="MEX", anio=today.year)
    etapa = services.create_etapa(proceso, "campana", today - timedelta(days=ago), today + timedelta(days=40))
    services.open_periods(etapa)
    mint = minting.mint_authority(keys=cycle([minting.new_key() for _ in range(8)]))
    (certificates_folder() / "medicion.cer").write_bytes(mint.cer)
    cargo = Cargo.objects.create(clave="DL", nombre="Diputación local", ambito="local", columna="L")
    place = Territorio.objects.create(clave="MEX-1", nombre="Distrito 1", tipo="distrito", entidad="MEX")
    supplier = services.register_proveedor("IMP150312AB1", "Impresos")
    shares = [reports // count + (n < reports % count) for n in range(count)]
    return [_person(etapa, (cargo, place, supplier, mint), n, share) for n, share in enumerate(shares)]


def _person(etapa: Any, shared: tuple[Any, ...], n: int, share: int) -> Signer:
    from django.test import Client

    from sif.books.services import post_stream
    from sif.filing.services import prepare_informe
    from sif.registry import clock, services
    from sif.registry.models import Persona
    from sif.signing import minting
    from sif.signing.efirma import open_key

    cargo, place, supplier, mint = shared
    rfc = f"XAMP800101{_LETTERS[n // 360 % 36]}{_LETTERS[n // 10 % 36]}{n % 10}"
    sujeto = services.register_sujeto("partido", f"{1000 + n}", f"P{n}", f"Partido {n}")
    user = services.create_usuario(f"persona{n}", f"Persona {n}", "", password_hash=campaigns.NOBODY, rfc=rfc)
    services.appoint(user, "responsable_finanzas", sujeto, desde=clock.today() - timedelta(days=60))
    period = etapa.periodos.get(numero=1)
    pair = minting.mint_fiel(mint, rfc, "XAMP800101MDFSLL08", f"PERSONA {n}", date(2023, 1, 1), date(2040, 1, 1))
    signer = Signer(_session_of(Client(), user), pair.cer, open_key(pair.key, pair.password))
    for number in range(share):
        who = Persona.objects.create(nombre=f"Candidatura {n}-{number}")
        new = services.NewCandidatura(f"F{n}-{number}", who, sujeto, cargo, place, 184_235_000_00, "Acuerdo de topes")
        books = services.approve_candidatura(etapa, new)
        post_stream(_polizas(books, period, supplier), user)
        informe = prepare_informe(books, period, user)
        signer.reports.append(f"/partido/informes/{books.pk}/{informe.tipo}/{period.numero}/{informe.version}/")
    return signer


def _polizas(books: Any, period: Any, supplier: Any) -> Iterator[tuple[Any, Any]]:
    from sif.books.services import Support
    from sif.ledger import NewLine, NewPoliza
    from sif.values import Money

    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": supplier.pk}
    for n in range(POLIZAS):
        amount, day = Money(100_000 + 7 * n), period.desde + timedelta(days=n)
        lines = NewLine(campaigns.LEAFLETS, cargo=amount, **own), NewLine(campaigns.PAYABLE, abono=amount, **own)
        yield NewPoliza(books.pk, period.pk, "normal", "DR", day, "Volantes", lines), Support()


class Wire(threading.local):
    """The connection of a thread of clients, opened again where the server closed it."""

    def __init__(self, port: int) -> None:
        self.port, self.open = port, http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, who: Signer, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Send a request in the name of a person; return its status, where it leads and its body."""
        headers = {"Cookie": f"sessionid={who.cookie}; csrftoken={TOKEN}", "Accept": "text/html"}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": TOKEN, **form})
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"Accept": "application/json"} if path.endswith("cadena/") else {}
        for _again in range(3):
            try:
                self.open.request("GET" if form is None else "POST", path, body, headers)
                answer = self.open.getresponse()
                return answer.status, answer.getheader("Location") or "", answer.read()
            except (OSError, http.client.HTTPException):
                self.open.close()
        raise AssertionError(f"{path} no respondió tres veces")


def file_report(wire: Wire, who: Signer, report: str, told: Told) -> None:
    """Ask for a cadena, sign it, and present the report; the milliseconds of the last are those of its arrival."""
    from sif.signing.efirma import sign

    cer = base64.b64encode(who.cer).decode()
    began = time.perf_counter()
    status, _where, body = wire.ask(who, f"{report}cadena/", {"certificado": cer})
    told.ms.setdefault("cadena", []).append((time.perf_counter() - began) * 1000)
    if status != 200:
        told.failures.append(f"cadena {status} {report}")
        return
    seal = sign(json.loads(body)["cadenas"][0]["cadena"], who.key)
    began = time.perf_counter()
    status, where, _body = wire.ask(who, f"{report}presentar/", {"certificado": cer, "sello": seal})
    told.ms.setdefault("llegada", []).append((time.perf_counter() - began) * 1000)
    place = report.removesuffix("1/")  # a report that waits for its acuse leads to its sheet
    answer = {f"{report}acuse/": "acuse", place: "recibido"}.get(where, f"{status} {where}")
    told.answers[answer] += 1
    if answer in ("acuse", "recibido"):
        told.presented.add(report)
    else:
        told.failures.append(f"presentar {answer} {report}")


def look(wire: Wire, who: Signer, path: str, told: Told) -> None:
    """Search once; who is told to come back does not."""
    began = time.perf_counter()
    status, _where, _body = wire.ask(who, path)
    told.ms.setdefault(f"buscar {status}", []).append((time.perf_counter() - began) * 1000)


def acts_of(signers: list[Signer], seconds: float) -> Iterator[tuple[float, Any]]:
    """Draw the second at which each thing is asked."""
    drawn = random.Random(20261129)  # noqa: S311 - a seed that repeats is wanted
    for who in signers:
        for report in who.reports:
            yield drawn.uniform(0, seconds), (file_report, who, report)
    for _search in range(round(SEARCHES * 2 * sum(len(who.reports) for who in signers))):
        yield drawn.uniform(0, seconds), (look, drawn.choice(signers), drawn.choice(LOOKS))


def run_hour(port: int, signers: list[Signer], seconds: float) -> Told:
    """Ask for everything at its second, by as many threads as CLIENTS; return what they were told."""
    told, waiting, wire = Told(), SimpleQueue[Any](), Wire(port)
    late: list[float] = []

    def work() -> None:
        for due, (act, *about) in iter(waiting.get, None):
            late.append(time.perf_counter() - due)
            try:
                act(wire, *about, told)
            except AssertionError as error:
                told.failures.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begin = time.perf_counter()
    for second, act in sorted(acts_of(signers, seconds), key=lambda each: each[0]):
        time.sleep(max(0.0, begin + second - time.perf_counter()))
        waiting.put((begin + second, act))
    for _thread in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    told.ms["espera del cliente"] = [each * 1000 for each in late]
    return told


def kept() -> tuple[set[str], set[str]]:
    """Return the reports that the database has received, and those with their acuse, by the address of each."""
    from sif.filing.models import Compromiso, Informe, Presentacion

    def of(rows: Any) -> set[str]:
        places = Informe.objects.filter(pk__in=rows.values("informe")).select_related("periodo")
        return {f"/partido/informes/{i.contabilidad_id}/{i.tipo}/{i.periodo.numero}/{i.version}/" for i in places}

    return of(Compromiso.objects.filter(sin_efecto__isnull=True)), of(Presentacion.objects.all())


def measure(folder: Path, persons: int, reports: int, seconds: float) -> dict[str, object]:
    """Fill, serve, ask and compare."""
    campaigns.connect(folder)
    from django.db import connections

    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        signers = make_people(persons, reports)
    connections.close_all()
    load, before = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_CHILDREN)
    with people.served() as port:
        _wait_until_it_answers(Wire(port), signers[0])
        told = run_hour(port, signers, seconds)
        with everything(WHOEVER_SIGNS):
            arrived, _presented = kept()
            until = time.monotonic() + 180
            while kept()[1] != arrived and time.monotonic() < until:
                time.sleep(2)
            made = kept()[1]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    every = {report for who in signers for report in who.reports}
    return {
        **{f"{kind}, {name}": value for kind, taken in sorted(told.ms.items()) for name, value in _figures(taken)},
        "informes": len(every),
        "presentados, según los clientes": len(told.presented),
        "recibidos en la base": len(arrived),
        "con acuse": len(made),
        "perdidos": len(told.presented - arrived) + len(arrived - made),
        "respuestas": dict(told.answers),
        "fallas": told.failures[:10],
        "procesador de SIF, s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "carga antes y después": f"{load:.1f} y {os.getloadavg()[0]:.1f}",
        "máquina": machine(),
    }


def _wait_until_it_answers(wire: Wire, who: Signer) -> None:
    """Ask for the page of signature until it answers; raise what is raised after five minutes."""
    until = time.monotonic() + 300
    while True:
        try:
            if wire.ask(who, "/partido/informes/firmar/")[0] == 200:
                return
        except AssertionError:
            if time.monotonic() > until:
                raise
        time.sleep(0.5)


def _figures(taken: list[float]) -> Iterator[tuple[str, object]]:
    cuts = statistics.quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else [taken[0]] * 99
    yield "veces", len(taken)
    yield "p50 ms", round(cuts[49], 1)
    yield "p99 ms", round(cuts[98], 1)
    yield "máximo ms", round(max(taken), 1)


def main() -> int:
    """Measure, and print what was seen; 1 where a report was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--personas", type=int, default=2_000)
    parser.add_argument("--informes", type=int, default=5_000)
    parser.add_argument("--segundos", type=float, default=600)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), args.personas, args.informes, args.segundos)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["perdidos"] else 0


if __name__ == "__main__":
    sys.exit(main())
