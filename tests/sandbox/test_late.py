"""What a page waits for a file is bounded; the file is opened apart and its answer kept."""

import math
import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import hostile
from sif.sandbox import answers
from sif.sandbox.client import VERDICTS, Client, Late, Unopened
from sif.sandbox.opening import Limits
from sif.sandbox.server import Asked, Child, Server
from sif.values import Refused

ROOM = Limits(wall=60)
SMALL = hostile.nested_pdf(2, 2)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of an empty data folder, whose server ends with the test."""
    made = Client(tmp_path, ("sif.sandbox.pictures", "sif.sandbox.probe"))
    made.ask("sonda", b"x", {}, ROOM)  # its server runs
    yield made
    made.close()


def _late(client: Client, data: bytes, patience: float) -> answers.Asked:
    with pytest.raises(Late) as late:
        client.ask("pdf", data, {"pagina": 1}, ROOM, patience)
    return answers.asked_of(client.folder, late.value.apertura)


def test_a_hostile_file_holds_who_waits_no_longer_than_its_patience_and_is_refused_apart(client: Client) -> None:
    began = time.monotonic()
    asked = _late(client, hostile.nested_pdf(), 0.2)
    assert time.monotonic() - began < 10  # a busy machine; the whole of it takes its limit of processor
    assert not (client.folder / VERDICTS).exists()
    client.finish(asked)
    with pytest.raises(Unopened) as refused:
        client.ask("pdf", hostile.nested_pdf(), {"pagina": 1}, ROOM, 0.2)
    assert refused.value.outcome.motivo in {"memoria", "procesador"}
    assert refused.value.outcome.segundos > 0.2


def test_an_honest_file_on_a_slow_machine_is_answered_once_it_was_opened_apart(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.finish(_late(client, SMALL, 0.0))
    whole = Client.ask(client, "pdf", hostile.nested_pdf(2, 2), {"pagina": 1}, ROOM, 0.0).data()
    assert whole.startswith(b"\x89PNG")
    monkeypatch.setattr(Client, "_exchange", None)  # asking the server again would fail
    assert client.ask("pdf", SMALL, {"pagina": 1}, ROOM).data() == whole
    with pytest.raises(TypeError):
        client.ask("pdf", SMALL, {"pagina": 2}, ROOM)  # another page is another opening


def test_a_refusal_of_what_the_file_holds_is_kept_with_its_words(client: Client) -> None:
    with pytest.raises(Late) as late:
        client.ask("imagen", hostile.large_png(), {}, ROOM, 0.0)
    client.finish(answers.asked_of(client.folder, late.value.apertura))
    with pytest.raises(Refused) as refused:
        client.ask("imagen", hostile.large_png(), {}, ROOM, 0.0)
    assert [each.codigo for each in refused.value.problems] == ["pixeles"]


def test_what_failed_for_the_moment_is_said_and_not_kept(client: Client) -> None:
    with pytest.raises(Late) as late:
        client.ask("pdf", hostile.nested_pdf(), {"pagina": 1}, Limits(wall=0), 0.0)
    asked = answers.asked_of(client.folder, late.value.apertura)
    with pytest.raises(Unopened) as passing:
        client.finish(asked)
    assert passing.value.outcome.motivo == "tiempo"
    assert answers.answer_of(client.folder, asked) is None
    assert not (client.folder / VERDICTS).exists()


def test_what_is_kept_is_read_by_its_owner_alone_and_goes_after_a_day(client: Client) -> None:
    asked = _late(client, SMALL, 0.0)
    client.finish(asked)
    kept = sorted((client.folder / answers.ANSWERS).iterdir())
    assert [each.suffix for each in kept] and {each.suffix for each in kept} == {".archivo", ".pedido", ".respuesta"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in (client.folder / answers.ANSWERS, *kept))
    assert answers.sweep_answers(client.folder) == 0
    for each in kept:
        os.utime(each, (time.time() - answers.KEPT - 60,) * 2)
    assert answers.sweep_answers(client.folder) == 3
    with pytest.raises(FileNotFoundError):
        client.finish(asked)


def test_an_answer_cut_on_disk_is_asked_again(client: Client) -> None:
    asked = _late(client, SMALL, 0.0)
    client.finish(asked)
    (client.folder / answers.ANSWERS / f"{asked.key}.respuesta").write_bytes(b"{")
    assert client.ask("pdf", SMALL, {"pagina": 1}, ROOM).data().startswith(b"\x89PNG")


def _asked(who: str, *, apart: bool) -> Asked:
    return Asked(None, {"quien": who, "aparte": apart}, 0, 0, 0.0, math.inf, math.inf)  # type: ignore[arg-type]


@pytest.mark.parametrize("places", [2, 4])
def test_what_nobody_waits_for_leaves_a_place_to_pages(places: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of many people stand in line first, one of them of the person whose page comes last."""
    line = object.__new__(Server)  # without its socket: only who starts is asked
    jobs = [_asked(str(n), apart=True) for n in range(places + 2)]
    page, again, stranger = _asked("0", apart=False), _asked("0", apart=False), _asked("", apart=False)
    line.waiting, line.running = deque([*jobs, page, again, stranger]), {}
    started: list[Asked] = []

    def fork(server: Server, asked: Asked) -> None:
        started.append(asked)
        server.running[len(started)] = Child(0, asked, 0.0, 0.0, 0.0)

    monkeypatch.setattr("sif.sandbox.server.PLACES", places)
    monkeypatch.setattr(Server, "_fork", fork)
    line._start_next()
    assert started[:2] == [page, stranger] and started[2:] == jobs[: places - 2]
    del line.running[2]  # the page of nobody known ends: one place more, and jobs may have all but one
    line._start_next()
    assert started[places:] == jobs[places - 2 : places - 1]
    del line.running[1]  # hers ends: the next page of hers comes before any job
    line._start_next()
    assert started[-1] is again


def test_what_is_kept_stays_within_its_bytes_and_the_oldest_goes_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LEAST", 1 << 10)
    first = _late(client, SMALL, 0.0)
    place = client.folder / answers.ANSWERS
    for each in place.iterdir():
        os.utime(each, (time.time() - 60,) * 2)
    partial = place / f"{answers.PARTIAL}de-otro"
    partial.write_bytes(b"a medias")
    os.utime(partial, (time.time() - 90,) * 2)
    monkeypatch.setattr(answers, "MOST", 3 * (1 << 10) + len(SMALL))
    second = _late(client, SMALL + b"\n%otro", 0.0)
    client.finish(second)
    assert partial.exists()
    with pytest.raises(FileNotFoundError):
        client.finish(first)


def test_verdicts_stay_within_their_bytes_and_the_oldest_is_asked_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_OF_VERDICTS", 2 * answers.LEAST_OF_VERDICTS)
    small = Limits(wall=60, output=1)
    place = client.folder / VERDICTS
    for n in range(4):
        with pytest.raises(Unopened):
            client.ask("pdf", SMALL + b"\n%%%d" % n, {"pagina": 1}, small)
        for each in place.iterdir():
            os.utime(each, (each.stat().st_mtime - 60,) * 2)
    assert len(list(place.iterdir())) == 2
    partial = place / f"{answers.PARTIAL}de-otro"
    partial.write_bytes(b"a medias")
    os.utime(partial, (time.time() - answers.KEPT - 60,) * 2)
    assert answers.sweep_answers(client.folder) == 1 and len(list(place.iterdir())) == 2


def test_many_small_files_are_bounded_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST", 6 * answers.LEAST)
    for n in range(12):
        _late(client, SMALL + b"\n%%%d" % n, 0.0)
    assert len(list((client.folder / answers.ANSWERS).iterdir())) == 6
