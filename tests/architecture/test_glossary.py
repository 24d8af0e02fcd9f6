"""One concept, one word: every model and public dataclass is in the glossary, and every word in it exists."""

import dataclasses
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps

import sif

ROOT = Path(__file__).resolve().parents[2]


def _entries() -> list[dict[str, str]]:
    files = [ROOT / "docs" / "glosario.yaml", *sorted((ROOT / "docs" / "glosario.d").glob("*.yaml"))]
    return [entry for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]


def _modules() -> list[Any]:
    names = [info.name for info in pkgutil.walk_packages(sif.__path__, "sif.")]
    return [importlib.import_module(name) for name in names if ".migrations" not in name]


def _public_dataclasses() -> set[str]:
    found = set()
    for module in _modules():
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if thing.__module__ == module.__name__ and dataclasses.is_dataclass(thing) and not name.startswith("_"):
                found.add(f"{module.__name__}.{name}")
    return found


def test_every_model_and_public_dataclass_is_in_the_glossary() -> None:
    models = {f"{m.__module__}.{m.__name__}" for m in apps.get_models() if m.__module__.startswith("sif.")}
    missing = sorted((models | _public_dataclasses()) - {entry["identifier"] for entry in _entries()})
    assert not missing, f"faltan en docs/glosario.d: {missing}"


@pytest.mark.parametrize("entry", _entries(), ids=lambda entry: entry["identifier"])
def test_every_word_of_the_glossary_exists_and_is_whole(entry: dict[str, str]) -> None:
    module, _, name = entry["identifier"].rpartition(".")
    assert hasattr(importlib.import_module(module), name)
    assert all(entry[key] for key in ("term", "definition", "english"))
