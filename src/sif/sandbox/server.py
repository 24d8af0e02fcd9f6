"""Fork one confined process for each file, watch it, and report how it ended.

Run as `python -I -m sif.sandbox.server SOCKET MODULE...` with an empty environment. Each module declares OPENERS, and
PREPARE where it has much to load: the server of an installation loads it at once, that of a process (named with its
number) when a first file comes. It ends when its standard input does, so that it never outlives who started it.
"""

import contextlib
import gc
import importlib
import json
import math
import os
import resource
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sif.sandbox import walls
from sif.sandbox.opening import BROKEN, MEMORY, OUTPUT, REFUSED, Opener, OutputFull, Writer, cut
from sif.values import Refused

PLACES = max(2, min(4, os.cpu_count() or 1))
WAITING = 256  # requests in line; the next is told to come back
_REQUEST = 64 * 1024
Preparers = dict[str, Callable[[], None]]
_EXITS = {0: "", REFUSED: "rechazado", MEMORY: "memoria", OUTPUT: "salida"}
_SIGNALS: dict[int, str] = {signal.SIGXCPU: "procesador", signal.SIGABRT: "memoria", signal.SIGKILL: "matado"}


@dataclass(slots=True)
class Asked:
    """A request with the two descriptors that came with it."""

    line: socket.socket
    told: dict[str, Any]
    file: int
    pipe: int
    since: float
    until: float
    patience: float  # seconds in line and at work, both together, that whoever asked waits

    @property
    def apart(self) -> bool:
        """Return whether the request is of a job, for which no page waits."""
        return bool(self.told.get("aparte"))

    @property
    def holder(self) -> tuple[object, bool]:
        """Return the key of the place that a request takes: each person has one place for pages and one for jobs."""
        return self.told.get("quien"), self.apart

    def close(self) -> None:
        """Close both descriptors."""
        os.close(self.file)
        os.close(self.pipe)


@dataclass(slots=True)
class Child:
    """A process that opens a file for a request."""

    pid: int
    asked: Asked
    since: float
    wall: float
    waited: float
    late: bool = False


class Server:
    """Serve openings, at most PLACES at a time and one for each person."""

    def __init__(self, listener: socket.socket, openers: Mapping[str, Opener], preparers: Preparers) -> None:
        self.openers, self.preparers, self.listener = openers, preparers, listener
        self.waiting: deque[Asked] = deque()
        self.running: dict[int, Child] = {}  # by the descriptor of the process
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, "listener")
        self.selector.register(0, selectors.EVENT_READ, "life")

    def serve(self) -> None:
        """Answer until standard input ends."""
        while True:
            for key, _events in self.selector.select(0.02 if self.running and not _PIDFD else 0.25):
                if key.data == "life":
                    if not os.read(0, 1):
                        return self._end()
                elif key.data == "listener":
                    self._receive(self.listener.accept()[0])
                elif key.data == "child":
                    self._reap(key.fd)
            self._watch()
            self._start_next()

    def prepare(self, op: str) -> None:
        """Load what the openers of a module read from disk, once, before any child of them is forked."""
        preparer = self.preparers.get(op)
        if preparer is None:
            return
        for name in [name for name, each in self.preparers.items() if each is preparer]:
            del self.preparers[name]
        preparer()
        _freeze()

    def _receive(self, line: socket.socket) -> None:
        line.settimeout(2)
        descriptors: list[int] = []
        try:
            data, descriptors, _flags, _address = socket.recv_fds(line, _REQUEST, 4)
            told = json.loads(data)
            if len(descriptors) != 2 or told["op"] not in self.openers:
                raise ValueError
            wait, patience = float(told["espera"]), told["paciencia"]
            patience = math.inf if patience is None else float(patience)
        except (OSError, ValueError, KeyError, TypeError):
            for each in descriptors:
                os.close(each)
            return _answer(line, "peticion")
        now = time.monotonic()
        asked = Asked(line, told, descriptors[0], descriptors[1], now, now + wait, patience)
        if len(self.waiting) >= WAITING:
            asked.close()
            return _answer(line, "ocupado")
        self.waiting.append(asked)
        return None

    def _start_next(self) -> None:
        """Start what may start: pages first, in order of arrival, passing over a person who already has such a place.

        What nobody waits for leaves a place to pages, so that no line of jobs holds who signs at the last hour.
        """
        now = time.monotonic()
        for asked in [each for each in self.waiting if each.until < now]:
            self.waiting.remove(asked)
            asked.close()
            _answer(asked.line, "ocupado", waited=now - asked.since)
        while len(self.running) < PLACES:
            held = [child.asked for child in self.running.values()]
            busy = {each.holder for each in held if each.told.get("quien")}
            full = sum(each.apart for each in held) >= PLACES - 1
            free = [each for each in self.waiting if each.holder not in busy and not (each.apart and full)]
            chosen = min(free, key=lambda each: each.apart, default=None)  # the first to arrive of each
            if chosen is None:
                return
            self.waiting.remove(chosen)
            self._fork(chosen)

    def _fork(self, asked: Asked) -> None:
        """Open a file in a child; what a server of one process loads before its first is not of whoever waits."""
        waited = time.monotonic() - asked.since
        self.prepare(asked.told["op"])
        pid = os.fork()
        if pid == 0:
            code = BROKEN
            try:
                code = _open(self.openers[asked.told["op"]], asked)
            finally:
                os._exit(code)
        asked.close()
        handle = os.pidfd_open(pid) if _PIDFD else -pid
        if _PIDFD:
            self.selector.register(handle, selectors.EVENT_READ, "child")
        wall = min(float(asked.told["limites"]["wall"]), asked.patience - waited)
        self.running[handle] = Child(pid, asked, time.monotonic(), wall, waited)

    def _watch(self) -> None:
        """Kill children past their wall clock; look for ended ones where there are no process descriptors."""
        for handle, child in list(self.running.items()):
            if not child.late and time.monotonic() - child.since > child.wall:
                child.late = True
                os.kill(child.pid, signal.SIGKILL)
            if not _PIDFD:
                self._reap(handle)

    def _reap(self, handle: int) -> None:
        child = self.running[handle]
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid == 0:
            return
        del self.running[handle]
        if _PIDFD:
            self.selector.unregister(handle)
            os.close(handle)
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            # past the hard limit of the processor the kernel sends SIGKILL
            spent = usage.ru_utime + usage.ru_stime >= float(child.asked.told["limites"]["cpu"])
            reason = "procesador" if number == signal.SIGKILL and spent else _SIGNALS.get(number, "roto")
        else:
            reason = _EXITS.get(os.WEXITSTATUS(status), "roto")
        peak = usage.ru_maxrss if sys.platform == "linux" else usage.ru_maxrss // 1024
        ran = time.monotonic() - child.since
        _answer(child.asked.line, "tiempo" if child.late else reason, ran, peak, child.waited)

    def _end(self) -> None:
        for child in self.running.values():
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)


_PIDFD = hasattr(os, "pidfd_open")


def _answer(line: socket.socket, reason: str, seconds: float = 0.0, peak: int = 0, waited: float = 0.0) -> None:
    told = {"motivo": reason, "segundos": round(seconds, 4), "pico": peak, "espera": round(waited, 4)}
    try:
        line.sendall(json.dumps(told).encode() + b"\n")
    except OSError:
        pass  # the client went away
    finally:
        line.close()


def _open(opener: Opener, asked: Asked) -> int:
    """Run an opener in this child, with nothing open but its file and its pipe. Return the exit code."""
    import fcntl

    walls.end_with_parent()
    file, pipe = (fcntl.fcntl(each, fcntl.F_DUPFD, 64) for each in (asked.file, asked.pipe))
    null = os.open(os.devnull, os.O_RDWR)
    for number, source in ((0, null), (1, null), (2, null), (3, file), (4, pipe)):
        os.dup2(source, number)
    os.closerange(5, max(1024, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20)))
    limits = asked.told["limites"]
    out = Writer(4, int(limits["output"]))
    stream = os.fdopen(3, "rb", buffering=1 << 16)
    walls.confine(int(limits["mib"]), int(limits["cpu"]))
    try:
        stream.seek(0)
        opener(stream, asked.told["args"], out)
        out.flush()
    except Refused as refused:
        refusal = Writer(4, 1 << 20)
        refusal.line(cut(refused.problems))
        refusal.flush()
        return REFUSED
    except MemoryError:
        return MEMORY
    except OutputFull:
        return OUTPUT
    return 0


def load(modules: list[str]) -> tuple[dict[str, Opener], Preparers]:
    """Import modules and return their openers by name, and what each still has to load before its first file."""
    openers: dict[str, Opener] = {}
    preparers: Preparers = {}
    for name in modules:
        module = importlib.import_module(name)
        openers.update(module.OPENERS)
        if hasattr(module, "PREPARE"):
            preparers.update(dict.fromkeys(module.OPENERS, module.PREPARE))
    return openers, preparers


def _freeze() -> None:
    """Leave what is loaded out of the collector, so that children share its pages."""
    gc.collect()
    gc.freeze()


def _bound(name: str) -> socket.socket:
    """Listen on a socket of mode 0600 in the current folder. Raises SystemExit when another server answers there."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.connect(name)
        raise SystemExit(f"Otro servidor de archivos atiende {name}.")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name)  # noqa: PTH108 - left by a server that was killed, relative to the folder
    os.umask(0o177)
    listener.bind(name)
    listener.listen(WAITING)
    return listener


def main(arguments: list[str]) -> int:
    """Listen on a socket of the current folder and serve. The line «listo» says that it listens."""
    name, *modules = arguments
    openers, preparers = load(modules)
    listener = _bound(name)
    _freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started it
    print("listo", flush=True)
    server = Server(listener, openers, preparers)
    try:
        for op in openers if "-" not in name else ():  # it serves a whole installation
            server.prepare(op)
        server.serve()
    finally:
        os.unlink(name)  # noqa: PTH108 - relative to the folder it listens in
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
