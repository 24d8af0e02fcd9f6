"""A visitor of the public pages, a stage published in them, and the folder of its files."""

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kept import keeps
from published_world import PDF, publish_files, publish_world
from sif.disclosure.models import (
    ProcesoPublicado,
)

PERSON = {"usuario": "alicia", "nombre": "Alicia Robles", "rol": "Responsable", "sujeto": "PJ", "puede": "presenta"}


@pytest.fixture(autouse=True)
def datos(tmp_path, monkeypatch):
    """A folder of data of the test's own, with the people of the demonstration and the file of each document."""
    monkeypatch.setattr(settings, "DATOS", tmp_path)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "personas.json").write_text(json.dumps([PERSON]), encoding="utf-8")
    name = hashlib.sha256(PDF).hexdigest()
    folder = tmp_path / "archivos" / name[:2]
    folder.mkdir(parents=True)
    (folder / name[2:]).write_bytes(PDF)
    return tmp_path


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "es-MX"})


@pytest.fixture
@keeps(publish_world)
def world(world_of: Any) -> ProcesoPublicado:
    return world_of(publish_world)


def _opened() -> ProcesoPublicado:
    world = publish_world()
    publish_files(world)
    return world


@pytest.fixture
@keeps(_opened)
def open_world(world_of: Any) -> ProcesoPublicado:
    """That stage with its open files, as its publication wrote them."""
    return world_of(_opened)


def body(answer: Any) -> bytes:
    return answer.getvalue() if answer.streaming else answer.content
