"""Books on screen and as files: every export is opened and its totals set beside those of the screen."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from sif.statements.catalog import REPORTS


@pytest.fixture
def moved(scene: Any) -> Any:
    """Books with an expense, a gift and a reversed expense."""
    scene.post(scene.expense("1250.75"), evidence=b"una foto")
    scene.post(scene.gift("98765.43"))
    return scene


@pytest.mark.parametrize("clave", REPORTS)
def test_every_book_opens(moved: Any, enter: Callable[..., Any], clave: str) -> None:
    client = enter(moved.alicia)
    answer = client.get(reverse("party:libro", args=[clave]))
    assert answer.status_code == 200
    assert REPORTS[clave].titulo in answer.content.decode()
