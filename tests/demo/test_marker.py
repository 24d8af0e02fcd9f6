"""What is loaded is told from the mark and the database together: a killed build is never taken for a whole one."""

from pathlib import Path
from typing import Any

import pytest

from sif.demo import marker


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATOS = tmp_path
    return tmp_path


def test_an_empty_folder_holds_nothing() -> None:
    assert marker.look(has_rows=False).estado == "vacia"


def test_rows_without_a_mark_are_somebody_elses() -> None:
    assert marker.look(has_rows=True).estado == "ajena"


def test_a_build_is_not_whole_until_it_says_so() -> None:
    marker.begin(5)
    assert marker.look(has_rows=True) == marker.Loaded("incompleta", 5)
    marker.finish({"semilla": 5})
    assert marker.look(has_rows=True) == marker.Loaded("completa", 5, {"semilla": 5})


def test_a_rebuild_that_was_killed_is_not_whole_either() -> None:
    marker.begin(5)
    marker.finish({"semilla": 5})
    marker.begin(6)
    assert marker.look(has_rows=True).estado == "incompleta"


def test_a_mark_without_its_rows_is_not_whole() -> None:
    marker.begin(5)
    marker.finish({"semilla": 5})
    assert marker.look(has_rows=False).estado == "incompleta"


def test_removing_leaves_what_is_not_of_the_demonstration(folder: Path) -> None:
    marker.begin(5)
    (folder / "pg").mkdir()
    (folder / "archivos").mkdir()
    marker.remove_files()
    assert sorted(path.name for path in folder.iterdir()) == ["pg"]
