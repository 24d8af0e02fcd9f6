"""What one person asks at once takes turns: two jobs never both find the last place free."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acts import committed, points
from scene import Scene, make_scene
from sif.jobs import kinds
from sif.jobs.kinds import Kind
from sif.jobs.models import Trabajo
from sif.jobs.services import ask


@pytest.fixture
def scene(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Scene]:
    settings.DATOS, settings.TRABAJOS_EN_LINEA = tmp_path, False
    with committed(django_db_blocker, lambda: make_scene(tmp_path)) as made:
        yield made


def test_two_jobs_of_one_person_never_enter_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = Kind("prueba", lambda _encargo: {})
    monkeypatch.setitem(kinds._KINDS, kind.clave, kind)

    def asks(name: str) -> Trabajo:
        return ask(kind.clave, name, {}, scene.alicia)

    counted = [waited for sql, waited in points(lambda: asks("uno"), lambda: asks("dos")) if 'persona_id" = ' in sql]
    assert counted == [True]
