"""Two loads at once of the candidacies of a stage: the second waits from its first reading of what is there."""

from collections.abc import Iterator
from typing import Any

import pytest

from acts import committed, open_points
from registry.test_candidaturas import ROWS, sheet
from registry.test_loading import stage
from sif.registry.loading import load_candidaturas
from sif.registry.models import Etapa


@pytest.fixture(scope="module")
def local(django_db_setup: None, django_db_blocker: Any) -> Iterator[Etapa]:
    with committed(django_db_blocker, stage) as made:
        yield made


def test_the_second_load_waits_from_its_first_reading(local: Etapa) -> None:
    def load() -> object:
        return load_candidaturas(sheet(*ROWS), local)

    assert open_points(load, load, "registry_candidatura") == []
