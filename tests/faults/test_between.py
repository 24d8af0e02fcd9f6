"""A filing that dies, or comes twice at once, between its signature and its acuse: one filing, one acuse, none lost.

The statements at which it stops are told by what they say, the same each day.
"""

import base64
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from acts import committed
from faults import driver, worlds
from faults.test_killed import Driver, forker, unsound
from filing.campaign import on
from sif.filing import services
from sif.filing.models import Compromiso, CompromisoSinEfecto, Informe, Presentacion
from sif.filing.presenting import complete_waiting
from sif.filing.selectors import is_late, waiting
from sif.registry.models import PruebaRfc, Usuario
from sif.registry.scope import everything
from sif.signing.acuse import verify_acuse
from sif.signing.verdict import INTEGRO

__all__ = ["forker"]
LATE = "2024-05-04T00:20:00-06:00"
"""After the term in which the report was signed."""
SIGNATURE, BOOKS, ACUSE = 'INTO "filing_compromiso"', "FOR NO KEY UPDATE", 'INTO "filing_presentacion"'
WORD = "pg_advisory_xact_lock"
Told = dict[str, Any]


@pytest.fixture
def sealed(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Told]:
    """A report sealed by its officer and not yet sent, really committed."""
    settings.DATOS = tmp_path
    told: Told = {}
    with committed(django_db_blocker, lambda: told.update(worlds.books())):
        services.authority_key()
        connection.close()
        yield told


def filed(told: Told) -> Presentacion:
    """The one filing of the report, whose one acuse holds and says the hour of the one signature."""
    with everything():
        made, one = Presentacion.objects.get(), Compromiso.objects.get()
        assert (made.informe_id, made.recibida_el, made.sello) == (told["informe"], one.recibido_el, told["sello"])
        assert not is_late(made) and not waiting().exists() and not CompromisoSinEfecto.objects.exists()
        assert PruebaRfc.objects.count() == 1 and verify_acuse(services.acuse_of(made)).veredicto == INTEGRO
    assert unsound() == []
    return made


@pytest.mark.parametrize("fault", [driver.KILL, driver.CUT])
@pytest.mark.parametrize(("point", "arrived"), [(SIGNATURE, 0), (BOOKS, 1), (ACUSE, 1)])
def test_a_filing_that_dies_between_its_signature_and_its_acuse_is_made_once_by_the_worker(
    sealed: Told, forker: subprocess.Popen[str], tmp_path: Path, point: str, arrived: int, fault: str
) -> None:
    process = Driver(forker, tmp_path, sealed)
    code, said = process.ask("presentar", point, fault)
    assert code != 0 and (said == "" if fault == driver.KILL else said.startswith(("Operational", "Interface"))), said
    with everything():
        assert (Compromiso.objects.count(), Presentacion.objects.count()) == (arrived, 0)
    assert unsound() == []
    if not arrived:  # nobody was told that it came: it is sent again
        assert process.ask("presentar", driver.WHOLE) == (0, "None")
    worker = Driver(forker, tmp_path, {**sealed, "momento": LATE})
    if arrived:
        assert worker.ask("completar", ACUSE, driver.KILL)[0] != 0  # and the worker dies there too
        with everything():
            assert not Presentacion.objects.exists() and waiting().count() == 1
        assert unsound() == []
    assert worker.ask("completar", driver.WHOLE) == (0, str(arrived))
    made = filed(sealed)
    assert worker.ask("completar", driver.WHOLE) == (0, "0")
    assert worker.ask("presentar", driver.WHOLE) == (0, "None")  # who was told nothing presses again
    assert filed(sealed) == made


class Sender:
    """A browser in which the officer of the report entered."""

    def __init__(self, told: Told) -> None:
        with everything():
            self.informe = Informe.objects.select_related("periodo").get(pk=told["informe"])
            person = Usuario.objects.get(pk=told["persona"])
        self.client = Client(headers={"accept-language": "es-MX"})
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        number = self.informe.periodo.numero
        self.place = [self.informe.contabilidad_id, self.informe.tipo, number, self.informe.version]
        self.form = {"certificado": base64.b64encode(bytes.fromhex(told["cer"])).decode(), "sello": told["sello"]}

    def page(self) -> str:
        """Send the seal from its page; where it is sent to."""
        return str(self.client.post(reverse("party:presentar", args=self.place), self.form)["Location"])

    def outbox(self) -> str:
        """Send the seal from the outbox of the browser; where it is sent to."""
        answer = self.client.post(reverse("party:firmas_enviadas"), {**self.form, "folio": self.informe.folio}).json()
        assert (answer["problemas"], answer["hechos"]) == ([], [self.informe.folio])
        return str(answer["ir"])


def in_thread(act: Callable[[], str], watch: Any) -> str:
    """Do an act in a connection of its own, each statement of which is watched."""
    try:
        with on("2024-05-02 12:00"), connection.execute_wrapper(watch):
            return act()
    finally:
        connections.close_all()


@pytest.mark.parametrize(("first", "second"), [("page", "page"), ("page", "outbox"), ("outbox", "page")])
@pytest.mark.parametrize(("stops", "behind"), [(SIGNATURE, WORD), (BOOKS, BOOKS), (ACUSE, BOOKS)])
def test_the_same_seal_by_two_connections_at_once_is_one_filing_and_both_are_given_its_acuse(
    sealed: Told, stops: str, behind: str, first: str, second: str
) -> None:
    """The first stands still after a statement until the second waits for what the first holds."""
    stands, comes = threading.Event(), threading.Event()

    def still(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if stops in sql and not stands.is_set():
            stands.set()
            assert comes.wait(10), f"el segundo no llegó a {behind}"
        return done

    def coming(execute: Any, sql: str, *rest: Any) -> Any:
        if behind in sql:
            comes.set()
        return execute(sql, *rest)

    one, two = (Sender(sealed) for _ in range(2))
    with ThreadPoolExecutor(2) as threads:
        sent = threads.submit(in_thread, getattr(one, first), still)
        assert stands.wait(30)
        again = threads.submit(in_thread, getattr(two, second), coming)
        acuse = reverse("party:acuse", args=one.place)
        assert [sent.result(60), again.result(60)] == [acuse, acuse]
    made = filed(sealed)
    with on("2024-05-02 12:10"):
        assert complete_waiting() == 0 and filed(sealed) == made


def test_the_second_that_tires_of_waiting_is_told_that_its_signature_came(
    sealed: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.filing.presenting.PATIENCE_MS", 5)
    one, two = (Sender(sealed) for _ in range(2))
    stands, done = threading.Event(), threading.Event()

    def still(execute: Any, sql: str, *rest: Any) -> Any:
        made = execute(sql, *rest)
        if ACUSE in sql:
            stands.set()
            assert done.wait(30)
        return made

    with ThreadPoolExecutor(2) as threads:
        sent = threads.submit(in_thread, one.page, still)
        assert stands.wait(30)
        again = threads.submit(in_thread, two.page, lambda execute, *rest: execute(*rest))
        assert again.result(60) == reverse("party:informe", args=one.place[:-1])
        done.set()
        assert sent.result(60) == reverse("party:acuse", args=one.place)
    assert filed(sealed).recibida_el == datetime.fromisoformat(worlds.NOON)
