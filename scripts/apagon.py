"""Stop the database of an installation in the hour in which a term ends, and say what the installation tells of it.

`make apagon` serves a small campaign with `sif servir`, stops its PostgreSQL for SIF_PRUEBA_MINUTOS (7) as its
administrator would, starts it again, and compares with the hours of the stop what the log says, the minutes of the
constancia that a party is given, and the extension that an accord would grant. What was signed while it was stopped is
sent as the browser sends it, and filed once. It ends in 1 if anything does not hold.
"""

import base64
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import campaign as campaigns  # noqa: E402
import people  # noqa: E402
import plazo  # noqa: E402

MINUTES = float(os.environ.get("SIF_PRUEBA_MINUTOS", "7"))
SLACK = timedelta(seconds=40)
"""From a stop, or a return, to the probe that sees it: one each ten seconds, which waits ten at the most."""
SEND = "/partido/informes/firmar/enviadas/"
SIF = Path(sys.executable).with_name("sif")


class DoesNotHold(AssertionError):
    """Something that the installation told of the stop is not so."""


def hold(what: str, held: bool, seen: object) -> None:
    """Print what was seen of something that must hold. Raises DoesNotHold if it does not."""
    print(f"{'  sí' if held else '  NO'}  {what}: {seen}", flush=True)
    if not held:
        raise DoesNotHold(what)


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask each second until something holds. Raises DoesNotHold after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise DoesNotHold(f"{what}: no ocurrió en {seconds:.0f} s")
        time.sleep(1)


class Server:
    """The PostgreSQL of an installation, stopped and started from outside of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.command = shlex.split((folder / "postmaster.opts").read_text())
        told = folder.stat()
        self.user: dict[str, Any] = {}
        if told.st_uid != os.geteuid():
            self.user = {"user": told.st_uid, "group": told.st_gid, "extra_groups": []}

    def stop(self) -> datetime:
        """Stop it, ending every session; returns the hour."""
        pid = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: not (self.folder / "postmaster.pid").exists(), 60, "PostgreSQL se detuvo")
        return datetime.now(UTC)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it as it was started."""
        log = (self.folder.parent / "postgres.log").open("ab")
        return subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log, **self.user)


class Person:
    """Who signs from a browser, with their e.firma."""

    def __init__(self, port: int, signer: plazo.Signer) -> None:
        self.wire, self.signer = plazo.Wire(port), signer

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return the status and the body of what a page answers."""
        status, _where, body = self.wire.ask(self.signer, path, form)
        return status, body

    def sign(self, report: str) -> dict[str, str]:
        """Ask for the cadena of a report and sign it; returns what the browser keeps and sends."""
        from sif.signing.efirma import sign

        cer = base64.b64encode(self.signer.cer).decode()
        status, body = self.ask(f"{report}cadena/", {"certificado": cer})
        hold("se dio la cadena de un informe", status == 200, status)
        (given,) = json.loads(body)["cadenas"]
        return {"certificado": cer, "folio": given["folio"], "sello": sign(given["cadena"], self.signer.key)}


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """Return what the probe wrote of stops and returns."""
    from sif.availability.measuring import PROBED, folder_of

    files = sorted(folder_of(folder, PROBED).glob("*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [line for line in lines if "estado" in line and line["fuente"] == PROBED]


def stop_for(server: Server, person: Person, kept: dict[str, str]) -> tuple[datetime, datetime]:
    """Stop the server for its minutes while the browser goes on sending; returns the hours of the stop."""
    stopped = server.stop()
    print(f"PostgreSQL se detuvo a las {stopped:%H:%M:%S} UTC; minutos: {MINUTES:g}", flush=True)
    answers = set()
    while (left := (stopped + timedelta(minutes=MINUTES) - datetime.now(UTC)).total_seconds()) > 0:
        answers.add(person.ask(SEND, kept)[0])
        time.sleep(min(20, left))
    hold("lo que se envía mientras tanto contesta 503 y el navegador lo guarda", answers == {503}, sorted(answers))
    server.start()
    back = datetime.now(UTC)
    print(f"PostgreSQL de vuelta a las {back:%H:%M:%S} UTC", flush=True)
    wait_until(lambda: person.ask("/estado/sonda/")[0] == 200, 120, "El servicio volvió")
    return stopped, back


def judge_log(folder: Path, stopped: datetime, back: datetime, term: datetime) -> int:
    """Hold what the log says against the hours of the stop; returns its minutes."""
    from sif.availability.certifying import extension_of
    from sif.availability.measuring import PROBED
    from sif.availability.reading import minutes_of, read

    wait_until(lambda: lines_of(folder)[-1]["estado"] == "vuelve", 60, "La sonda vio que volvió")
    log = read(folder, stopped - timedelta(minutes=30), datetime.now(UTC), PROBED)
    seen = [f"{each.desde:%H:%M:%S} a {each.hasta:%H:%M:%S}" for each in log.caidas]
    hold("la bitácora dice una caída", len(log.caidas) == 1, seen)
    (outage,) = log.caidas
    hold("empieza cuando la base se detuvo", stopped - SLACK <= outage.desde <= stopped + SLACK, outage.desde)
    hold("termina cuando volvió", back <= outage.hasta <= back + SLACK, outage.hasta)
    minutes = minutes_of(log.caidas)
    touched = int(outage.hasta.timestamp() - 0.001) // 60 - int(outage.desde.timestamp()) // 60 + 1
    hold("sus minutos son los que toca", minutes == touched, minutes)
    gaps = [each for each in log.huecos if each.hasta > stopped]
    hold("ninguno quedó sin medir", not gaps, f"{len(gaps)} huecos desde que se detuvo")
    extension = extension_of(log, term, timedelta(hours=24))
    hold(f"la prórroga de un plazo que vence el {term:%d/%m %H:%M} UTC", extension == minutes, extension)
    return minutes


def judge_constancia(person: Person, minutes: int) -> None:
    """Hold the constancia that the person is given, as data and as a document, against the minutes of the log."""
    from sif.availability.certifying import verify_constancia
    from sif.filing.authority import authority_key
    from sif.registry import clock

    days = {"desde": f"{clock.today():%d/%m/%Y}", "hasta": f"{clock.today():%d/%m/%Y}"}
    status, body = person.ask("/partido/constancia/?" + urlencode({**days, "formato": "json"}))
    made = json.loads(body) if status == 200 else {}
    told = {name: made.get(name) for name in ("folio", "minutos", "caidas")}
    hold("la constancia dice esos minutos", made.get("minutos") == minutes, told)
    failed = {(each["operacion"], each["error"]) for each in made.get("fallas", ())}
    hold(
        "y lo que se envió en vano", failed == {("party:firmas_enviadas", 503)}, f"{len(made.get('fallas', ()))} fallas"
    )
    hold("y está sellada entera", verify_constancia(made, authority_key().public_key()) == [], made.get("folio"))
    status, body = person.ask("/partido/constancia/?" + urlencode({**days, "formato": "pdf"}))
    hold("su documento se da", status == 200 and body.startswith(b"%PDF"), f"{len(body):,} bytes")


def judge_filing(person: Person, kept: dict[str, str], signed: datetime, back: datetime) -> None:
    """Send what was signed during the stop, twice, and hold that it is filed once, with the hour of its arrival."""
    from sif.filing.models import Compromiso, Presentacion
    from sif.registry.scope import WHOEVER_SIGNS, everything

    status, body = person.ask(SEND, kept)
    hold(
        "lo que el navegador guardó se recibe", status == 200 and json.loads(body)["hechos"] == [kept["folio"]], status
    )
    person.ask(SEND, kept)
    with everything(WHOEVER_SIGNS):
        rows = Presentacion.objects.filter(informe__folio=kept["folio"])
        wait_until(rows.exists, 120, "El acuse se hizo")
        hold("queda presentado una vez", rows.count() == 1, kept["folio"])
        one = Compromiso.objects.get(informe__folio=kept["folio"])
        hold("con la hora en que llegó", back <= one.recibido_el, one.recibido_el)
        hold("y junto a ella la del navegador", one.firmado_el == signed, one.firmado_el)


def rehearse(folder: Path) -> None:
    """Fill, serve, stop, start and judge. Raises DoesNotHold."""
    campaigns.connect(folder)
    from django.db import connections

    from sif.filing.models import Informe
    from sif.registry import clock
    from sif.registry.scope import WHOEVER_SIGNS, everything
    from sif.registry.windows import normal_windows

    enough = clock.midnight(clock.today() + timedelta(days=1)) - clock.now() > timedelta(minutes=MINUTES + 10)
    with everything(WHOEVER_SIGNS):
        (signer,) = plazo.make_people(1, 2, plazo.DAYS_AGO + enough)  # so that the term ends tonight, or tomorrow night
        period = Informe.objects.select_related("periodo").all()[0].periodo
        (term,) = [row.cierra_el for row in normal_windows([period.etapa_id])[period.etapa_id][:1]]
    connections.close_all()
    with people.served() as port:
        person = Person(port, signer)
        wait_until(lambda: answers(person), 120, "SIF sirve")
        wait_until(lambda: bool(lines_of(folder)), 60, "La sonda mide")
        first, second = (person.sign(report) for report in signer.reports)
        signed = datetime.now(UTC).replace(microsecond=0)
        kept = {**first, "firmado_el": signed.isoformat()}
        stopped, back = stop_for(Server(folder / "pg"), person, kept)
        connections.close_all()
        judge_constancia(person, judge_log(folder, stopped, back, term.astimezone(UTC)))
        judge_filing(person, kept, signed, back)
        status, _body = person.ask(SEND, second)
        hold("y se sigue presentando", status == 200, status)
        connections.close_all()
    ended = subprocess.run([SIF, "verificar", "--json"], capture_output=True, text=True)
    told = json.loads(ended.stdout or "{}")
    whole = ended.returncode == 0 and told.get("integro") is True
    hold("sif verificar no nombra nada", whole, told.get("registros") if whole else ended.stdout[-2000:] + ended.stderr)


def answers(person: Person) -> bool:
    """Return whether the service answers that pages and database work."""
    try:
        return person.ask("/estado/sonda/")[0] == 200
    except AssertionError:
        return False


def main() -> int:
    """Rehearse in a folder to be thrown away; returns 1 at the first thing that does not hold."""
    with tempfile.TemporaryDirectory(prefix="sif-apagon-") as folder:
        Path(folder).chmod(0o755)  # the server of the database is another user's
        try:
            rehearse(Path(folder))
        except DoesNotHold as failed:
            print(f"No se sostiene: {failed}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
