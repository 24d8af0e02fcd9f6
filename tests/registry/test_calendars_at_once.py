"""Two administrators on one calendar at once: what one opens, closes or proposes, the other waits to read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from registry.test_procesos import administrator, local
from sif.registry.calendars import refuse_calendar
from sif.registry.procesos import open_proceso, propose_proceso


class Waiting:
    """A calendar that one administrator proposed and another may open."""

    def __init__(self) -> None:
        ana, beto = administrator("ana"), administrator("beto")
        waits = propose_proceso(local(), ana)
        self.acts: dict[str, Callable[[], Any]] = {
            "propose": lambda: propose_proceso(local(nombre="Otra elección"), ana),
            "open": lambda: open_proceso(waits, beto),
            "refuse": lambda: refuse_calendar(waits, "Faltan las precampañas.", beto),
        }


@pytest.fixture(scope="module")
def waiting(django_db_setup: None, django_db_blocker: Any) -> Iterator[Waiting]:
    with committed(django_db_blocker, Waiting) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("open", "open", "registry_procesoabierto"),
        ("open", "refuse", "registry_procesoabierto"),
        ("refuse", "open", "registry_procesoabierto"),
        ("open", "propose", "registry_proceso"),
        ("propose", "open", "registry_proceso"),
    ],
)
def test_the_other_waits_from_the_first_reading(waiting: Waiting, act: str, rival: str, table: str) -> None:
    assert open_points(waiting.acts[act], waiting.acts[rival], table) == []
