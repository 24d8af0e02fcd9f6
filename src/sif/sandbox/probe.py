"""Try, inside a confined process, the acts that its walls must refuse."""

import ctypes
import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import IO

from sif.sandbox.opening import Writer


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _write_file() -> None:
    with open("/tmp/sif-sonda", "wb") as file:  # noqa: PTH123, S108 - it is refused
        file.write(b"x")


def _execute() -> None:
    os.execv("/bin/true", ["/bin/true"])  # noqa: S606 - it is refused


def _tcp() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("127.0.0.1", 9))


def _udp() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))


def _executable_memory() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    if libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0)) == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "mmap")


ACTS: dict[str, Callable[[], object]] = {
    "leer": lambda: open("/etc/passwd", "rb"),  # noqa: PTH123, SIM115
    "escribir": _write_file,
    "ejecutar": _execute,
    "tcp": _tcp,
    "udp": _udp,
    "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "bifurcar": _fork,
    "senalar": lambda: os.kill(os.getppid(), signal.SIGCONT),
    "memoria": lambda: bytearray(1 << 30),
    "memoria_ejecutable": _executable_memory,
}


def probe(_file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write a line for each act: [its name, whether it was refused, the error]."""
    for name, act in ACTS.items():
        try:
            act()
        except (OSError, MemoryError) as refused:
            out.line([name, True, type(refused).__name__])
        else:
            out.line([name, False, ""])


OPENERS = {"sonda": probe}
