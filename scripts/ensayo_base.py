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


def make_roles(port: int, words: str) -> dict[str, str]:
    """Create both roles and the database as the guide of installation says; returns the address of each role."""
    host = f"host=127.0.0.1 port={port}"
    passwords = {role: secrets.token_urlsafe(20) for role in ("sif_owner", "sif_app")}
    with psycopg.connect(f"{host} user=postgres password={words} dbname=postgres", autocommit=True) as connection:
        for role, own in passwords.items():
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{own}'")
        connection.execute("ALTER ROLE sif_app SET track_activities = off")
        connection.execute("CREATE DATABASE sif OWNER sif_owner")
    with psycopg.connect(f"{host} user=postgres password={words} dbname=sif", autocommit=True) as connection:
        connection.execute(
            "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC"
        )
    addresses = {role: f"postgresql://{role}:{own}@127.0.0.1:{port}/sif" for role, own in passwords.items()}
    with psycopg.connect(addresses["sif_owner"], autocommit=True) as connection:
        connection.execute(
            "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sif_app;"
            "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO sif_app"
        )
    return addresses
