"""Write what the service did each minute: what its pages answered, what failed, and what a probe saw from outside."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "disponibilidad"
PROBED, ANSWERED, FAILURES = "sonda", "paginas", "fallas"
"""The logs: what the probe saw, small and public; what pages answered by minute; and what failed, which names people by
number."""
LOGS = (PROBED, ANSWERED, FAILURES)
MISSES = 2
LOAD = "carga"
"""The wall that the log of events names in what was told to come back so that others signed."""
FAILED = 500
"""The first status of an answer that counts as a failure of the service."""


def folder_of(data: Path, log: str) -> Path:
    """Return the folder of a log (of LOGS) in the data of an installation, made for its owner alone."""
    folder = data / FOLDER / log
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def minute_of(moment: datetime) -> str:
    """Return the minute of an aware instant as the log writes it, in UTC: 2026-06-04T05:40Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def instant_of(moment: datetime) -> str:
    """Return an aware instant to the millisecond, in UTC: 2026-06-04T05:40:12.345Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def append(folder: Path, moment: datetime, line: Mapping[str, object]) -> None:
    """Append a line to the file of the day (UTC) of an instant, in one write: processes that write at once do not mix.

    Raises OSError where the disk refuses.
    """
    data = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
    path = folder / f"{moment.astimezone(UTC):%Y-%m-%d}.jsonl"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


@dataclass
class _Module:
    taken: list[float] = field(default_factory=list)
    failed: int = 0
    put_off: int = 0


class Meter:
    """Gather what one process answered: a line for each module when its minute is over, and a failure at once."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._minute: datetime | None = None
        self._modules: dict[str, _Module] = {}

    def note(
        self,
        moment: datetime,
        module: str,
        status: int,
        ms: float,
        about: Mapping[str, object],
        *,
        put_off: bool = False,
    ) -> None:
        """Count an answer at an aware instant; of one that failed write `about` too: its request, person and route.

        put_off: it only looked for something and was told to come back, so that others signed. It is counted apart, and
        is no failure: the service did what it had to.
        """
        failed = status >= FAILED and not put_off
        with self._lock:
            minute = moment.replace(second=0, microsecond=0)
            if self._minute is not None and minute > self._minute:
                self._write(moment)
            self._minute = self._minute or minute
            kept = self._modules.setdefault(module, _Module())
            kept.taken.append(ms)
            kept.failed += failed
            kept.put_off += put_off
        if failed:
            line = {
                "momento": instant_of(moment),
                "fuente": "falla",
                "modulo": module,
                **about,
                "estado": status,
                "ms": ms,
            }
            append(self._folder(FAILURES), moment, line)

    def flush(self, moment: datetime) -> None:
        """Write what the minute in course has so far: the process ends."""
        with self._lock:
            self._write(moment)

    def _write(self, moment: datetime) -> None:
        """Write the minute that ended in the file of today: that of its own day may be sealed already."""
        minute, modules = self._minute, self._modules
        self._minute, self._modules = None, {}
        if minute is None:
            return
        for name, kept in sorted(modules.items()):
            append(self._folder(ANSWERED), moment, _line(minute, ANSWERED, name, kept))


class Probe:
    """Write what a probe saw: a line for each minute, and another when the service stops answering or answers again.

    It stops answering at the first of MISSES probes in a row without an answer: one alone may be a busy moment.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._minute: datetime | None = None
        self._kept = _Module()
        self._answers: bool | None = None
        self._missed: list[tuple[datetime, str]] = []

    def note(self, moment: datetime, ms: float, cause: str = "") -> None:
        """Count a probe at an aware instant; `cause` says why it had no answer: sin_tiempo, negada or its status."""
        minute = moment.replace(second=0, microsecond=0)
        if self._minute is not None and minute > self._minute:
            append(self._folder, moment, _line(self._minute, PROBED, "servicio", self._kept))
            self._minute, self._kept = None, _Module()
        self._minute = self._minute or minute
        self._kept.taken.append(ms)
        self._kept.failed += bool(cause)
        self._missed = [*self._missed, (moment, cause)] if cause else []
        if not cause and self._answers is not True:
            self._say(moment, "empieza" if self._answers is None else "vuelve")
            self._answers = True
        elif len(self._missed) >= MISSES and self._answers is not False:
            self._say(self._missed[0][0], "cae", causa=self._missed[0][1])
            self._answers = False

    def _say(self, moment: datetime, state: str, **more: str) -> None:
        append(self._folder, moment, {"momento": instant_of(moment), "fuente": PROBED, "estado": state, **more})


def _line(minute: datetime, source: str, module: str, kept: _Module) -> dict[str, object]:
    ordered = sorted(kept.taken)
    apart = {"por_carga": kept.put_off} if kept.put_off else {}
    return {
        "minuto": minute_of(minute),
        "fuente": source,
        "modulo": module,
        "peticiones": len(ordered),
        "fallas": kept.failed,
        **apart,
        "p95_ms": round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 1),
        "mayor_ms": round(ordered[-1], 1),
    }
