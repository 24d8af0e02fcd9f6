"""Ask the file server to open a file: one request, its output in a spool, and the verdict kept by SHA-256."""

import atexit
import contextlib
import hashlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from sif.sandbox import answers
from sif.sandbox.opening import FILES, LONGEST_WORDS, MOST_PROBLEMS, Limits, Outcome
from sif.sandbox.shapes import Misshapen, rebuilt
from sif.values import Problem, Refused

PERSON: ContextVar[str] = ContextVar("sandbox_person", default="")  # one place for each
VERDICTS = answers.VERDICTS
_PIECE = 1 << 16
_IN_MEMORY = 1 << 20  # bytes of output kept in memory; the rest goes to disk
# what depends on the file alone: a busy machine kills by the clock what it would open tomorrow
_KEPT = frozenset({"memoria", "procesador", "salida", "roto"})
_LAST = 1 << 19  # bytes at the end of an output where a refusal stands
_WAIT = 30.0  # seconds in line
APART = 4  # times its seconds of clock that a file has when nobody waits for it: its processor bounds it
WORDS = {
    "memoria": "Abrirlo pide más memoria de la que se concede a un archivo.",
    "procesador": "Abrirlo pide más tiempo de procesador del que se concede a un archivo.",
    "tiempo": "No terminó de abrirse en el tiempo que se concede a un archivo.",
    "salida": "Su contenido, ya abierto, es mucho mayor de lo que se admite.",
    "matado": "El sistema operativo detuvo su apertura.",
    "roto": "Está dañado de tal manera que el programa que lo abre falla.",
    "ocupado": "Hay demasiados archivos abriéndose a la vez.",
    "servidor": "El servidor de archivos se detuvo mientras lo abría.",
    "peticion": "El servidor de archivos no conoce esta clase de archivo.",
}
_PASSING = frozenset({"ocupado", "servidor", "matado", "tiempo"})
_HURRIED = frozenset({"ocupado", "tiempo"})  # what a page that waits less brings about
_CURE = "Guárdelo de nuevo desde el programa que lo hizo, o divídalo en partes, y vuelva a intentarlo."


class Unopened(Refused):
    """The file could not be opened within its limits; `outcome` says how it ended."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        words = WORDS.get(outcome.motivo, WORDS["roto"])
        cure = "Espere un momento y vuelva a intentarlo." if outcome.motivo in _PASSING else _CURE
        super().__init__(Problem(f"apertura_{outcome.motivo}", "archivo", words, cure))


class Late(Exception):
    """The file takes longer to open than a page waits; `apertura` names its opening, kept for a job to finish."""

    def __init__(self, apertura: str) -> None:
        self.apertura = apertura
        super().__init__("Abrir el archivo tarda más de lo que una página espera: se abre aparte, como trabajo.")


def is_of_the_file(wrong: Refused) -> bool:
    """Return whether a refusal depends on the file alone: asked again, it would be the same."""
    return not isinstance(wrong, Unopened) or wrong.outcome.motivo in _KEPT


@dataclass(slots=True)
class Opened:
    """The output of an opener, read once, and how the opening ended."""

    spool: IO[bytes]
    outcome: Outcome

    def data(self) -> bytes:
        """Return the whole output."""
        with self.spool:
            return self.spool.read()

    def lines(self) -> Iterator[Any]:
        """Yield each value of an output of JSON lines. Raises Unopened for a line that is not JSON of clean text."""
        with self.spool:
            for line in self.spool:
                try:
                    text = line.decode("utf-8")
                    value = json.loads(text)
                    if _ESCAPED.search(text) and not _is_clean(value):
                        raise ValueError("NUL, o medio carácter")
                    yield value
                except (ValueError, RecursionError) as error:
                    raise self._broken() from error

    def values(self, kind: object) -> Iterator[Any]:
        """Yield each line as a value of a type, rebuilt as `shapes` writes it. Raises Unopened for any other."""
        for value in self.lines():
            try:
                yield rebuilt(kind, value)
            except Misshapen as error:
                raise self._broken() from error

    def value(self, kind: object) -> Any:
        """Return the one value of an output. Raises Unopened where there is none, or more."""
        found = list(self.values(kind))
        if len(found) != 1:
            raise self._broken()
        return found[0]

    def _broken(self) -> Unopened:
        return Unopened(Outcome("roto", self.outcome.segundos, self.outcome.pico))


class Client:
    """Ask a server of a data folder by its name; without one, start one on demand that ends with this process."""

    def __init__(self, folder: Path, modules: Sequence[str], name: str = FILES) -> None:
        self.folder, self.modules, self.name = folder, tuple(modules), name
        self._own: subprocess.Popen[bytes] | None = None
        self._own_pid = 0
        self._lock = threading.Lock()

    def ask(
        self,
        op: str,
        source: IO[bytes] | bytes | Path,
        args: Mapping[str, object],
        limits: Limits,
        patience: float | None = None,
        *,
        apart: bool = True,
    ) -> Opened:
        """Open a file by an opener, or give the answer kept of it. apart: whether nobody waits for it.

        Raises Refused for a file it refuses, Unopened for one that passes its limits, and Late for one that is not open
        after `patience` seconds in line and at work.
        """
        with _descriptor(source) as file:
            digest = _digest_of(file)
            verdict = self._verdict_path(op, digest, limits)
            if (kept := _read_verdict(verdict)) is not None:
                raise Unopened(kept)
            asked = answers.Asked(self.name, op, dict(args), limits, digest)
            opened = self._kept(asked) or self._exchange(op, file, args, limits, patience, apart=apart)
            if patience is not None and opened.outcome.motivo in _HURRIED:
                opened.spool.close()
                answers.keep_asked(self.folder, asked, file)
                raise Late(asked.key)
        return self._told(opened, verdict)

    def finish(self, asked: answers.Asked) -> None:
        """Open a file that a page did not wait for and keep its answer, or its verdict.

        Raises Unopened where it has neither, FileNotFoundError where the file is not kept any more.
        """
        limits = replace(asked.limits, wall=APART * asked.limits.wall)
        with answers.file_of(self.folder, asked).open("rb") as file:
            opened = self._exchange(asked.op, file.fileno(), asked.args, limits)
        if opened.outcome.motivo in ("", "rechazado"):
            with opened.spool as spool:
                answers.keep_answer(self.folder, asked, opened.outcome, spool)
            return
        with contextlib.suppress(Unopened):
            self._told(opened, self._verdict_path(asked.op, asked.digest, asked.limits))
        if opened.outcome.motivo not in _KEPT:
            raise Unopened(opened.outcome)

    def _kept(self, asked: answers.Asked) -> Opened | None:
        found = answers.answer_of(self.folder, asked)
        return Opened(found[1], found[0]) if found else None

    def _told(self, opened: Opened, verdict: Path) -> Opened:
        """Return what was opened, or raise what it was refused for and keep a verdict that is of the file."""
        if opened.outcome.motivo in _KEPT:
            answers.keep_verdict(verdict, opened.outcome)
        if opened.outcome.motivo == "rechazado":
            raise _refusal(opened)
        if opened.outcome.motivo:
            opened.spool.close()
            raise Unopened(opened.outcome)
        return opened

    def _exchange(
        self,
        op: str,
        file: int,
        args: Mapping[str, object],
        limits: Limits,
        patience: float | None = None,
        *,
        apart: bool = True,
    ) -> Opened:
        """Send a request and read its answer; a server that ends meanwhile is an outcome as any other."""
        told = {
            "op": op,
            "args": dict(args),
            "limites": asdict(limits),
            "quien": PERSON.get(),
            "espera": _WAIT if patience is None else min(_WAIT, patience),
            "paciencia": patience,
            "aparte": apart,
        }
        receive, send = os.pipe()
        with os.fdopen(receive, "rb", buffering=0) as pipe:
            try:
                line = self._connect()
                with contextlib.suppress(OSError):  # it ended between the two: its answer will not come
                    socket.send_fds(line, [json.dumps(told).encode()], [file, send])
            finally:
                os.close(send)
            with contextlib.closing(line):
                wait = _WAIT + limits.wall + 10
                spool = _drained(pipe, limits.output + _PIECE + (1 << 20), self.folder, wait)
                line.settimeout(wait)
                answer = b""
                with contextlib.suppress(OSError):
                    while not answer.endswith(b"\n") and (more := line.recv(4096)):
                        answer += more
        try:
            said = json.loads(answer)
            outcome = Outcome(str(said["motivo"]), float(said["segundos"]), int(said["pico"]), float(said["espera"]))
        except (ValueError, KeyError, TypeError):
            outcome = Outcome("servidor", 0.0, 0)
        return Opened(spool, outcome)

    def _connect(self) -> socket.socket:
        found = self._reach(self.name)
        if found is not None:
            return found
        with self._lock:
            name = f"{self.name}-{os.getpid()}"
            found = self._reach(name)
            if found is None:
                with contextlib.suppress(RuntimeError):  # it does not start: the person is told so
                    self._own = start(self.folder, self.modules, name)
                    self._own_pid = os.getpid()
                atexit.register(self.close)
                found = self._reach(name)
        if found is None:
            raise Unopened(Outcome("servidor", 0.0, 0))
        return found

    def _reach(self, name: str) -> socket.socket | None:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _short(self.folder) as folder:
                line.connect(f"{folder}/{name}.sock")
        except OSError:
            line.close()
            return None
        return line

    def close(self) -> None:
        """End the server of its own, if this process started one."""
        if self._own is not None and self._own_pid == os.getpid():
            stop(self._own)
            self._own = None

    def _verdict_path(self, op: str, digest: str, limits: Limits) -> Path:
        marked = hashlib.sha256(f"{answers.RELEASE} {op} {limits} {digest}".encode()).hexdigest()
        return self.folder / VERDICTS / f"{marked}.json"


def command(modules: Sequence[str], name: str = FILES) -> list[str]:
    """Return the order that starts a file server: in its data folder, with an empty environment and an open input."""
    return [sys.executable, "-I", "-X", "utf8", "-m", "sif.sandbox.server", f"{name}.sock", *modules]


def start(folder: Path, modules: Sequence[str], name: str = FILES) -> subprocess.Popen[bytes]:
    """Start a file server in a data folder and return its process once it listens; `stop` ends it.

    Its environment is empty. It ends by itself when this process does. Raises RuntimeError if it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        command(modules, name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env={}
    )
    assert process.stdout is not None
    if process.stdout.readline() != b"listo\n":
        process.kill()
        raise RuntimeError(
            f"El servidor de archivos no inició (salida {process.wait()}). Revise que la carpeta {folder} admita "
            "escritura y vuelva a intentarlo."
        )
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a file server: closing its standard input is enough; one that does not end is killed."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """Lend a name of a folder that fits in the 107 bytes of an address, whatever its path."""
    if sys.platform != "linux":
        yield str(folder)
        return
    handle = os.open(folder, os.O_PATH)
    try:
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


@contextlib.contextmanager
def _descriptor(source: IO[bytes] | bytes | Path) -> Iterator[int]:
    """Lend a descriptor for reading with an offset of its own; what is not a file on disk is copied to one."""
    with contextlib.ExitStack() as stack:
        if isinstance(source, Path):
            yield stack.enter_context(source.open("rb")).fileno()
            return
        number = _number_of(source) if not isinstance(source, bytes) else None
        if number is not None and sys.platform == "linux":
            own = os.open(f"/proc/self/fd/{number}", os.O_RDONLY)
            stack.callback(os.close, own)
            yield own
            return
        copy = stack.enter_context(tempfile.TemporaryFile())
        if isinstance(source, bytes):
            copy.write(source)
        else:
            source.seek(0)
            while piece := source.read(_PIECE):
                copy.write(piece)
        copy.flush()
        yield copy.fileno()


def _digest_of(file: int) -> str:
    digest = hashlib.sha256()
    for piece in answers.pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def _number_of(source: IO[bytes]) -> int | None:
    try:
        return source.fileno()
    except (OSError, AttributeError, ValueError):
        return None


def _drained(pipe: IO[bytes], most: int, folder: Path, wait: float) -> IO[bytes]:
    """Read a pipe to its end into a spool; past `most` bytes or `wait` seconds the writer fails."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b", dir=str(folder))  # noqa: SIM115 - closed by its reader
    size, until = 0, time.monotonic() + wait
    ready = select.poll()
    ready.register(pipe, select.POLLIN)
    while ready.poll(max(0.0, until - time.monotonic()) * 1000) and (piece := pipe.read(_PIECE)):
        size += len(piece)
        if size > most:
            break
        spool.write(piece)
    spool.seek(0)
    return spool


_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")  # what no text that is kept may hold, or a text about it


def _is_clean(value: object) -> bool:
    """Return whether no text of a JSON value holds NUL or half a character."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(_is_clean(name) and _is_clean(each) for name, each in value.items())
    return all(map(_is_clean, value)) if isinstance(value, list) else True


def _words(text: object) -> str:
    """Return words of a refusal as they may be shown: one text of readable length, without NUL or half characters."""
    return str(text)[:LONGEST_WORDS].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _refusal(opened: Opened) -> Refused:
    """Return the refusal that a child wrote on the last line of its output, read as something hostile."""
    with opened.spool as spool:
        spool.seek(max(0, spool.seek(0, os.SEEK_END) - _LAST))
        lines = spool.read().rsplit(b"\n", 2)
    try:
        problems = [
            Problem(*(_words(each[name]) for name in ("codigo", "donde", "mensaje", "cura")))
            for each in json.loads(lines[-2])[:MOST_PROBLEMS]
        ]
        return Refused(*problems)
    except (ValueError, KeyError, TypeError, IndexError):
        return Unopened(Outcome("roto", opened.outcome.segundos, opened.outcome.pico))


def _read_verdict(path: Path) -> Outcome | None:
    try:
        return Outcome(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
