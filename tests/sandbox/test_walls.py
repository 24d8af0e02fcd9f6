"""A confined process is refused everything but its file and its answer; the server outlives whatever a file does."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

from sif.sandbox import walls
from sif.sandbox.client import Client, Unopened, start, stop
from sif.sandbox.opening import Limits
from sif.sandbox.probe import ACTS

MODULES = ("sif.sandbox.probe", "sif.sandbox.pictures")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of an empty data folder, whose server ends with the test."""
    made = Client(tmp_path, MODULES)
    yield made
    made.close()


@pytest.mark.skipif(not walls.has_seccomp(), reason="no list of calls is written for this machine")
def test_a_confined_process_is_refused_every_act(client: Client) -> None:
    said = list(client.ask("sonda", b"x", {}, Limits()).lines())
    assert [name for name, _refused, _error in said] == list(ACTS)
    assert [name for name, refused, _error in said if not refused] == []


def test_the_socket_is_of_its_owner_and_the_environment_is_empty(client: Client, tmp_path: Path) -> None:
    client.ask("sonda", b"x", {}, Limits())
    [socket] = tmp_path.glob("*.sock")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert client._own is not None
    assert Path(f"/proc/{client._own.pid}/environ").read_bytes() == b""


def test_a_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    process = start(tmp_path, MODULES)
    made = Client(tmp_path, MODULES)
    assert list(made.ask("sonda", b"x", {}, Limits()).lines())
    assert made._own is None  # the shared one serves
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(5) == 0
    assert not list(tmp_path.glob("*.sock"))
    stop(process)


def test_another_server_is_started_when_the_first_is_killed(client: Client) -> None:
    client.ask("sonda", b"x", {}, Limits())
    assert client._own is not None
    os.kill(client._own.pid, signal.SIGKILL)
    client._own.wait()
    assert list(client.ask("sonda", b"y", {}, Limits()).lines())


def test_openers_know_no_web_framework_and_load_what_they_need_before_the_walls_stand() -> None:
    script = (
        "import sys; from sif.sandbox.server import load; openers, preparers = load(sys.argv[1:]);"
        "[each() for each in set(preparers.values())];"
        "print(len(openers), 'django' in sys.modules, 'psycopg' in sys.modules)"
    )
    order = [sys.executable, "-I", "-c", script, *chain.from_iterable(settings.ABRIDORES.values())]
    said = subprocess.run(order, env={}, capture_output=True, text=True, check=True).stdout.split()
    assert int(said[0]) >= 12
    assert said[1:] == ["False", "False"]


def test_an_unknown_opener_is_refused(client: Client) -> None:
    with pytest.raises(Unopened) as refused:
        client.ask("otro", b"x", {}, Limits())
    assert refused.value.outcome.motivo == "peticion"
