"""Keep the processes of an installation running: restart what dies, with longer waits, and end all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sif.registry import events

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a process that died starts again
STEADY = 60.0  # seconds of life after which the next wait is the first one again
GRACE = 10.0  # seconds that each process has to end by itself
PERIOD = 0.2
_PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One process: its name, its command, and when it may start again.

    `carpeta` is where it runs. One that `vive_de_su_entrada` has an empty environment and an input that stays open: it
    ends when that input does, however the supervisor ends.
    """

    nombre: str
    orden: Sequence[str]
    carpeta: Path | None = None
    vive_de_su_entrada: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    since: float = 0.0
    wait: float = FIRST_WAIT
    not_before: float = field(default=0.0)


def supervise(parts: Sequence[Part], environment: Mapping[str, str]) -> int:
    """Run the parts until SIGTERM or Ctrl+C, then end them, the last first; returns 0 once none is left.

    Returning, not dying, lets this process stop the embedded database that it started.
    """
    told = threading.Event()
    before = {sign: signal.signal(sign, lambda *_: told.set()) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not told.is_set():
            for part in parts:
                _look_after(part, environment)
            told.wait(PERIOD)
    finally:
        for part in reversed(parts):
            _end(part)
        for sign, handler in before.items():
            signal.signal(sign, handler)
    return 0


def _look_after(part: Part, environment: Mapping[str, str]) -> None:
    """Start a part that is not running, once its wait is over."""
    now = time.monotonic()
    if part.process is not None and part.process.poll() is not None:
        events.log("error", programa=part.nombre, codigo="murio", salida=part.process.returncode)
        part.wait = FIRST_WAIT if now - part.since > STEADY else min(part.wait * 2, LONGEST_WAIT)
        part.process, part.not_before = None, now + part.wait
    if part.process is None and now >= part.not_before:
        part.since = now
        part.process = _started(part, environment)


def _started(part: Part, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    apart = part.vive_de_su_entrada
    return subprocess.Popen(
        part.orden,
        env={} if apart else dict(environment),
        cwd=part.carpeta,
        start_new_session=True,
        preexec_fn=_die_with_parent,
        stdin=subprocess.PIPE if apart else None,
        stdout=subprocess.DEVNULL if apart else None,
    )


def _die_with_parent() -> None:
    """Ask the kernel to end this child when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(part: Part) -> None:
    """Tell a part to end; what is left of its group after the grace is killed."""
    if part.process is None:
        return
    if part.process.stdin is not None:
        part.process.stdin.close()
    part.process.terminate()
    try:
        part.process.wait(GRACE)
    except subprocess.TimeoutExpired:
        events.log("error", programa=part.nombre, codigo="no_termino")
    try:
        os.killpg(part.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    part.process.wait()
