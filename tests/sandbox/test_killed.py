"""A child or a server killed while it opens a file is an answer with its reason, and the next file is opened."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import hostile
from sif.sandbox.client import VERDICTS, Client, Unopened
from sif.sandbox.opening import Limits

LONG = hostile.nested_pdf()  # it takes a second until it fills its memory
ROOM = Limits(wall=60)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of an empty data folder, whose server ends with the test."""
    made = Client(tmp_path, ("sif.sandbox.pictures", "sif.sandbox.probe"))
    made.ask("sonda", b"x", {}, ROOM)  # its server runs
    yield made
    made.close()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _while_it_opens(client: Client, act: Callable[[int, int], None]) -> Unopened:
    """Ask for a long file and act on its server and child once the child runs. Return the refusal."""
    assert client._own is not None
    server = client._own.pid
    with ThreadPoolExecutor(1) as one:
        asked = one.submit(client.ask, "pdf", LONG, {"pagina": 1}, ROOM)
        until = time.monotonic() + 30
        while not (found := _children(server)) and time.monotonic() < until:
            time.sleep(0.005)
        act(server, found[0])
        refused = asked.exception(30)
    assert isinstance(refused, Unopened)
    return refused


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the child in /proc")
def test_a_killed_child_is_an_answer_that_is_not_kept(client: Client) -> None:
    refused = _while_it_opens(client, lambda _server, child: os.kill(child, signal.SIGKILL))
    assert refused.outcome.motivo == "matado"
    assert refused.problems[0].cura
    assert not (client.folder / VERDICTS).exists()
    assert list(client.ask("sonda", b"y", {}, ROOM).lines())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the child in /proc")
def test_a_killed_server_is_an_answer_and_its_child_ends_with_it(client: Client) -> None:
    seen: list[int] = []

    def kill(server: int, child: int) -> None:
        seen.append(child)
        os.kill(server, signal.SIGKILL)

    refused = _while_it_opens(client, kill)
    assert refused.outcome.motivo == "servidor"
    assert "se detuvo" in refused.problems[0].mensaje
    assert not (client.folder / VERDICTS).exists()
    assert list(client.ask("sonda", b"y", {}, ROOM).lines())  # another server was started over its socket
    until = time.monotonic() + 10
    while _runs(seen[0]) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _runs(seen[0])


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
