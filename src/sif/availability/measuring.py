"""Write what the service did each minute: what its pages answered, what failed, and what a probe saw from outside."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "disponibilidad"
PROBED, ANSWERED = "sonda", "paginas"
"""The two logs: what the probe saw, small and public, and what the pages answered, which names people by number."""
FAILED = 500
"""The first status of an answer that counts as a failure of the service."""


def folder_of(data: Path, log: str) -> Path:
    """Return the folder of a log (PROBED or ANSWERED) in the data of an installation, made for its owner alone."""
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


class Meter:
    """Gather what one process answered: a line for each module when its minute is over, and a failure at once."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._minute: datetime | None = None
        self._modules: dict[str, _Module] = {}

    def note(self, moment: datetime, module: str, status: int, ms: float, about: Mapping[str, object]) -> None:
        """Count an answer at an aware instant; of one that failed write `about` too: its request, person and route."""
        with self._lock:
            minute = moment.replace(second=0, microsecond=0)
            if self._minute is not None and minute > self._minute:
                self._write(moment)
            self._minute = self._minute or minute
            kept = self._modules.setdefault(module, _Module())
            kept.taken.append(ms)
            kept.failed += status >= FAILED
        if status >= FAILED:
            line = {
                "momento": instant_of(moment),
                "fuente": "falla",
                "modulo": module,
                **about,
                "estado": status,
                "ms": ms,
            }
            append(self._folder(), moment, line)

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
            append(self._folder(), moment, _line(minute, "paginas", name, kept))


class Probe:
    """Write what a probe saw: a line for each minute, and another when the service stops answering or answers again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._minute: datetime | None = None
        self._kept = _Module()
        self._answers: bool | None = None

    def note(self, moment: datetime, ms: float, *, answers: bool) -> None:
        """Count a probe at an aware instant."""
        minute = moment.replace(second=0, microsecond=0)
        if self._minute is not None and minute > self._minute:
            append(self._folder, moment, _line(self._minute, "sonda", "servicio", self._kept))
            self._minute, self._kept = None, _Module()
        self._minute = self._minute or minute
        self._kept.taken.append(ms)
        self._kept.failed += not answers
        if answers != self._answers:
            state = "cae" if not answers else "empieza" if self._answers is None else "vuelve"
            append(self._folder, moment, {"momento": instant_of(moment), "fuente": "sonda", "estado": state})
        self._answers = answers


def _line(minute: datetime, source: str, module: str, kept: _Module) -> dict[str, object]:
    ordered = sorted(kept.taken)
    return {
        "minuto": minute_of(minute),
        "fuente": source,
        "modulo": module,
        "peticiones": len(ordered),
        "fallas": kept.failed,
        "p95_ms": round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 1),
        "mayor_ms": round(ordered[-1], 1),
    }
