"""Read the log of availability: minutes, failures, and spans without an answer or without a measure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sif.availability.measuring import FAILURES, LOGS, PROBED, folder_of

SILENCE = timedelta(minutes=3)
"""How long without a line of the probe makes a gap in what was measured."""
UNREADABLE = (ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What a line that this program did not write raises when it is read."""


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute (aware, UTC) of a module of the pages, or of the probe: answers, failures and milliseconds.

    por_carga: searches that were told to come back, so that others signed; they are no failures.
    """

    minuto: datetime
    fuente: str
    modulo: str
    peticiones: int
    fallas: int
    p95_ms: float
    mayor_ms: float
    por_carga: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that failed: its instant, the folio of its request, the number of its person (0: nobody), its route.

    sesion: the digest of the session of a request of whom nobody knew, '' where it had none.
    """

    momento: datetime
    pedido: str
    persona: int
    modulo: str
    operacion: str
    estado: int
    ms: float
    sesion: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant to another, both aware; `abierto` while it has not ended."""

    desde: datetime
    hasta: datetime
    abierto: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """A span of the log: its minutes, failures, outages (`caidas`) and gaps (`huecos`), and lines not read."""

    desde: datetime
    hasta: datetime
    minutos: tuple[Minute, ...]
    fallas: tuple[Failure, ...]
    caidas: tuple[Span, ...]
    huecos: tuple[Span, ...]
    ilegibles: int


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file, read: minutes, failures, changes of state that a probe saw, and how many were not read."""

    minutes: tuple[Minute, ...]
    failures: tuple[Failure, ...]
    changes: tuple[tuple[datetime, str], ...]
    wrong: int


def read(data: Path, since: datetime, until: datetime, *logs: str) -> Log:
    """Return what the logs (all unless told) say from an instant until another (aware, the second outside).

    data: the data folder of the installation. A file that the disk does not read is as one that nobody wrote.
    """
    files = [each for log in logs or LOGS for each in _files(folder_of(data, log), since, until)]
    found = [lines for path in files if (lines := _read_file(path)) is not None]
    minutes = [each for lines in found for each in lines.minutes]
    seen = [each for lines in found for each in lines.changes]
    probed = [pair for each in minutes if each.fuente == PROBED for pair in _states(each)]
    read_from = since - timedelta(days=1)
    order = sorted((pair for pair in (*seen, *probed) if pair[0] >= read_from), key=lambda pair: pair[0])
    caidas, huecos = _spans(order, read_from, until)
    failures = [each for lines in found for each in lines.failures if since <= each.momento < until]
    return Log(
        since,
        until,
        tuple(sorted((each for each in minutes if since <= each.minuto < until), key=lambda each: each.minuto)),
        tuple(sorted(failures, key=lambda each: each.momento)),
        tuple(_within(caidas, since, until)),
        tuple(_within(huecos, since, until)),
        sum(lines.wrong for lines in found),
    )


def _states(minute: Minute) -> Iterator[tuple[datetime, str]]:
    """Yield what a minute of the probe says of the service: a span may begin when it has long been down."""
    if minute.fallas == minute.peticiones:
        yield minute.minuto, "cae"
    elif not minute.fallas:
        yield minute.minuto, "vuelve"
    yield minute.minuto + timedelta(minutes=1), "mide"


def failures_of(data: Path, person: int, since: datetime, until: datetime, sesion: str = "") -> list[Failure]:
    """Return the failures of one person from an instant until another, by their instant; of the others none is kept.

    sesion: the digest of the session in which the person asks: what failed in it while nobody knew whose it was is
    theirs too.
    """
    mine, same, found = f'"persona":{person},'.encode(), f'"sesion":"{sesion}"'.encode(), []
    for path in _files(folder_of(data, FAILURES), since, until):
        begins = _begins(path)
        with suppress(OSError), path.open("rb") as lines:
            for line in lines:
                is_near = mine in line or (sesion and same in line)
                if is_near and (read := _read_failure(line, begins)) and since <= read.momento < until:
                    found.append(read)
    own = (each for each in found if each.persona == person or (not each.persona and each.sesion == sesion != ""))
    return sorted(own, key=lambda each: each.momento)


def _read_failure(line: bytes, begins: datetime) -> Failure | None:
    try:
        return _failure(json.loads(line), begins)
    except UNREADABLE:
        return None


@lru_cache(maxsize=4)
def recent(data: Path, minute: datetime, back: int) -> tuple[tuple["Day", ...], Log]:
    """Return the days measured of those that end with a minute, and what the probe saw; read once a minute."""
    log = read(data, minute - timedelta(days=back), minute, PROBED)
    return tuple(each for each in days(log) if each.medidos or each.sin_servicio), log


def _files(folder: Path, since: datetime, until: datetime) -> Iterator[Path]:
    """Yield the files of a span, of the day before and of the one after: a minute is written by the next answer."""
    day, last = since.astimezone(UTC).date() - timedelta(days=1), until.astimezone(UTC).date() + timedelta(days=1)
    while day <= last:
        path = folder / f"{day.isoformat()}.jsonl"
        if path.is_file():
            yield path
        day += timedelta(days=1)


def _read_file(path: Path) -> _Lines | None:
    """Return the lines of a file; None for one that the disk does not read, which `sealing.unread_days` names."""
    with suppress(OSError):
        return _kept(path, *_stamp(path)) if path.parent.name == PROBED else _lines(path)
    return None


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _kept(path: Path, _changed: int, _size: int) -> _Lines:
    """Read a file of the probe once while it does not change: the page of the service shows thirty of them."""
    return _lines(path)


def _begins(path: Path) -> datetime:
    """Return the first instant (UTC) of the day of a file."""
    return datetime.combine(date.fromisoformat(path.stem), datetime.min.time(), UTC)


def _of_day(moment: datetime, begins: datetime) -> datetime:
    """Return an instant written in the file of a day. Raises ValueError for one of another day.

    A minute is written as soon as it ends, in the file of the day that then runs.
    """
    if not begins - SILENCE <= moment < begins + timedelta(days=1):
        raise ValueError(f"{moment} no es del día {begins:%Y-%m-%d}.")
    return moment


def _lines(path: Path) -> _Lines:
    minutes: list[Minute] = []
    failures: list[Failure] = []
    seen: list[tuple[datetime, str]] = []
    wrong, begins = 0, _begins(path)
    with path.open("rb") as lines:
        for line in lines:
            try:
                said = json.loads(line)
                if said["fuente"] == "falla":
                    failures.append(_failure(said, begins))
                elif "minuto" in said:
                    minutes.append(_minute(said, begins))
                else:
                    seen.append((_of_day(_instant(said["momento"]), begins), str(said["estado"])))
            except UNREADABLE:
                wrong += 1
    return _Lines(tuple(minutes), tuple(failures), tuple(seen), wrong)


def _instant(text: str) -> datetime:
    """Return an instant of a line. Raises ValueError for one that no clock says, or that does not say its zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 1970 <= found.year < 2200:
        raise ValueError(f"«{text}» no es un instante con su zona.")
    return found


def _minute(said: Mapping[str, Any], begins: datetime) -> Minute:
    """Read a minute of the file of a day. Raises ValueError for what no meter writes there.

    That is a minute of no request, one of more failures than requests, and one of the probe of another day: those of
    the pages are written by the answer that follows them, on whatever day.
    """
    asked, failed = int(said["peticiones"]), int(said["fallas"])
    if not 0 <= failed <= asked or not asked:
        raise ValueError(f"{failed} fallas de {asked} peticiones no son un minuto medido.")
    minute, source = _instant(said["minuto"]), str(said["fuente"])
    return Minute(
        _of_day(minute, begins) if source == PROBED else minute,
        source,
        str(said["modulo"]),
        asked,
        failed,
        float(said["p95_ms"]),
        float(said["mayor_ms"]),
        int(said.get("por_carga", 0)),
    )


def _failure(said: Mapping[str, Any], begins: datetime) -> Failure:
    return Failure(
        _of_day(_instant(said["momento"]), begins),
        str(said.get("pedido", "")),
        int(said.get("persona", 0)),
        str(said["modulo"]),
        str(said.get("operacion", "")),
        int(said["estado"]),
        float(said["ms"]),
        str(said.get("sesion", "")),
    )


def _spans(seen: Iterable[tuple[datetime, str]], since: datetime, until: datetime) -> tuple[list[Span], list[Span]]:
    """Return outages and gaps of what a probe saw, in order of time, from an instant to another.

    What nobody measured is a gap, at both ends too, and cuts an outage: of it nothing is said.
    """
    outages: list[Span] = []
    gaps: list[Span] = []
    down: datetime | None = None
    last = since
    for moment, state in [*(pair for pair in seen if pair[0] < until), (until, "")]:
        if moment - last > SILENCE:
            gaps.append(Span(last, moment))
            if down is not None:
                outages.append(Span(down, last))
                down = moment if state == "cae" else None
        last = max(last, moment)
        if state == "cae" and down is None:
            down = moment
        elif state in ("vuelve", "empieza") and down is not None:
            outages.append(Span(down, moment))
            down = None
    if down is not None:
        outages.append(Span(down, until, abierto=True))
    return outages, gaps


def _within(spans: Iterable[Span], since: datetime, until: datetime) -> Iterator[Span]:
    for each in spans:
        if each.hasta > since and each.desde < until:
            yield Span(max(each.desde, since), min(each.hasta, until), each.abierto or each.hasta > until)


def minutes_of(spans: Iterable[Span]) -> int:
    """Count the minutes that some spans touch, each once."""
    touched: set[int] = set()
    for each in spans:
        first = int(each.desde.timestamp()) // 60
        touched.update(range(first, max(first + 1, -(-int(each.hasta.timestamp() * 1000) // 60_000))))
    return len(touched)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the log (UTC): minutes probed, minutes without an answer, and the share of the day that answered."""

    dia: date
    medidos: int
    sin_servicio: int

    @property
    def disponible(self) -> float | None:
        """Parts of one that answered of what was measured; None where nothing was."""
        return max(0.0, 1 - self.sin_servicio / self.medidos) if self.medidos else None


def days(log: Log) -> list[Day]:
    """Return the days of what was read, the last first."""
    measured = Counter(day for day, _minute in {(each.minuto.date(), each.minuto) for each in log.minutos})
    found = []
    day = log.hasta.astimezone(UTC).date()
    while day >= log.desde.astimezone(UTC).date():
        begins = datetime.combine(day, datetime.min.time(), UTC)
        down = minutes_of(_within(log.caidas, begins, begins + timedelta(days=1)))
        found.append(Day(day, measured[day], down))
        day -= timedelta(days=1)
    return found
