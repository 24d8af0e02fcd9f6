"""What rehearsals of an installation share: a PostgreSQL of their own on loopback, and its two roles."""

import os
import pwd
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from ensayo_proxys import running

from sif.commands.database import embedded
from sif.commands.roles import APP, COPY, OWNER, make_roles


def free_port() -> int:
    """Return a port of loopback that nobody holds."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for(ready: Callable[[], object], seconds: float, what: str) -> None:
    """Ask until `ready` answers without an error of connection. Raises RuntimeError after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            ready()
            return
        except (OSError, psycopg.OperationalError) as refused:
            if time.monotonic() > end:
                raise RuntimeError(f"{what} no respondió en {seconds:.0f} s") from refused
        time.sleep(0.1)


@contextmanager
def postgres(folder: Path, port: int) -> Iterator[str]:
    """Run a PostgreSQL of its own on loopback that asks every role for its password; yields that of the superuser."""
    binaries = Path(embedded().__file__).parent / "pginstall" / "bin"
    data, words = folder / "pg", secrets.token_urlsafe(20)
    data.mkdir()
    (folder / "pg.pw").write_text(words)
    ordinary: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        person = pwd.getpwnam("nobody")
        for path in (data, folder / "pg.pw"):
            os.chown(path, person.pw_uid, person.pw_gid)
        ordinary = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    log = folder / "postgres.log"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", folder / "pg.pw"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=data,
        **ordinary,  # type: ignore[call-overload]
    )
    command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", data]
    with running(command, os.environ, log, cwd=data, **ordinary):
        address = f"postgresql://postgres:{words}@127.0.0.1:{port}/postgres"
        wait_for(lambda: psycopg.connect(address).close(), 20, "PostgreSQL")
        yield words


def roles_of(port: int, words: str) -> dict[str, str]:
    """Make both roles and the database as `sif instalar` does; returns the address of each role."""
    passwords = {role: secrets.token_urlsafe(20) for role in (OWNER, APP, COPY)}
    make_roles(f"host=127.0.0.1 port={port} user=postgres password={words} dbname=postgres", "sif", passwords)
    return {role: f"postgresql://{role}:{own}@127.0.0.1:{port}/sif" for role, own in passwords.items()}
