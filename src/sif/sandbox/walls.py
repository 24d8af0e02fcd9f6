"""Confine the current process: limits of resources, Landlock, and a seccomp list of allowed system calls."""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

MIB = 1 << 20
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446  # the same numbers on every architecture
_ALLOW, _EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _EQUAL, _BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_PROT_EXEC = 4

# machine -> (AUDIT_ARCH, allowed calls, calls that may not ask for executable memory, tgkill). aarch64 was not run.
_CALLS: dict[str, tuple[int, tuple[int, ...], tuple[int, ...], int]] = {
    "x86_64": (
        0xC000003E,
        (
            # read write close fstat lseek munmap brk rt_sigaction rt_sigprocmask rt_sigreturn pread64 readv writev
            *(0, 1, 3, 5, 8, 11, 12, 13, 14, 15, 17, 19, 20),
            # sched_yield mremap madvise getpid exit gettimeofday sigaltstack gettid futex restart clock_gettime
            *(24, 25, 28, 39, 60, 96, 131, 186, 202, 219, 228),
            # clock_getres exit_group getrandom membarrier rseq
            *(229, 231, 318, 324, 334),
        ),
        (9, 10),  # mmap mprotect
        234,
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(63, 64, 57, 80, 62, 215, 214, 134, 135, 139, 67, 65, 66),
            *(124, 216, 233, 172, 93, 169, 132, 178, 98, 128, 113),
            *(114, 94, 278, 283, 293),
        ),
        (222, 226),
        131,
    ),
}


def confine(mib: int, cpu: int) -> None:
    """Give up everything but memory, the open descriptors and the end. Raises OSError where a wall refuses to stand."""
    limits = ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 16))
    for what, most in limits:
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    if sys.platform == "linux":  # elsewhere the address space counts what is only reserved
        most = _address_space() + mib * MIB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _landlock()  # first: seccomp forbids the calls of Landlock
        if platform.machine() in _CALLS:
            _seccomp()


def end_with_parent() -> None:
    """Ask the kernel to kill this process when the one that forked it ends."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _address_space() -> int:
    """Return the bytes of address space that this process already holds, libraries of every opener among them."""
    pages = Path("/proc/self/statm").read_bytes().split()[0]
    return int(pages) * resource.getpagesize()


def landlock_abi() -> int:
    """Return the version of Landlock of this kernel; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def has_seccomp() -> bool:
    """Return whether a list of calls is written for this machine."""
    return sys.platform == "linux" and platform.machine() in _CALLS


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, first: int, second: ctypes.c_void_p | None = None) -> None:
    zero = ctypes.c_ulong(0)
    if _libc().prctl(option, ctypes.c_ulong(first), second or zero, zero, zero):
        raise OSError(ctypes.get_errno(), "prctl")


def _landlock() -> None:
    """Refuse every path, TCP port, and signal outside; each version of the kernel's interface knows some of them."""
    abi = landlock_abi()
    if abi < 1:
        return
    files = (1 << (13 if abi == 1 else 14 if abi == 2 else 15 if abi < 5 else 16)) - 1
    rules = struct.pack("QQQ", files, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)[
        : 8 if abi < 4 else 16 if abi < 6 else 24
    ]
    made = _libc().syscall(_LANDLOCK_CREATE, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint32(0))
    if made < 0 or _libc().syscall(_LANDLOCK_RESTRICT, ctypes.c_int(made), ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "landlock")
    os.close(made)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def _seccomp() -> None:
    code = program(platform.machine(), os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    given = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.cast(ctypes.byref(given), ctypes.c_void_p))


def program(machine: str, pid: int) -> bytes:
    """Return the filter in BPF: allowed calls pass, another architecture kills, everything else is EPERM."""
    arch, allowed, mapping, tgkill = _CALLS[machine]
    code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in allowed:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for number in mapping:  # its third argument holds no permission to execute
        code += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, 32), (_BITS, 1, 0, _PROT_EXEC)]
        code += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _EPERM)]
    # abort() signals its own process, and no other
    code += [(_EQUAL, 0, 3, tgkill), (_LOAD, 0, 0, 16), (_EQUAL, 0, 1, pid), (_RETURN, 0, 0, _ALLOW)]
    code += [(_RETURN, 0, 0, _EPERM)]
    return b"".join(struct.pack("HBBI", *each) for each in code)
