"""A worker killed at any statement of an audit or of a publication loses nothing: the next one ends it, once.

SIF_PRUEBA_SEMILLA chooses the statements; a failure prints the seed that repeats it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.test_loads import SEED, killed_and_ended, queued
from proceedings.world import World, build_world
from sif.audit.models import Corrida, Instantanea
from sif.audit.tasks import ask_for_audit
from sif.disclosure.models import ProcesoPublicado, Publicacion, PublicacionPropuesta
from sif.disclosure.tasks import ask_to_propose, ask_to_publish

RULES = frozenset({"CF001", "RE001"})


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    """A reviewed campaign really committed, and jobs that wait for a worker."""
    with queued(django_db_blocker, settings, tmp_path, build_world) as made:
        yield made


def test_an_audit_survives_the_death_of_its_workers(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRUEBA_REGLAS", " ".join(RULES))
    told, runs, frozen = f"SIF_PRUEBA_SEMILLA={SEED}", Corrida.objects.count(), Instantanea.objects.count()
    killed_and_ended(ask_for_audit(world.etapa, world.dario), tmp_path, told, last=24)
    assert (Corrida.objects.count(), Instantanea.objects.count()) == (runs + 1, frozen + 1), told
    assert set(Corrida.objects.latest("pk").reglas.values_list("regla", flat=True)) == RULES, told


def test_a_publication_survives_the_death_of_its_workers(world: World, tmp_path: Path) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    killed_and_ended(ask_to_propose(world.etapa, world.sofia), tmp_path, told)
    proposed = PublicacionPropuesta.objects.get()
    killed_and_ended(ask_to_publish(proposed, world.elena), tmp_path, told)
    assert Publicacion.objects.get().propuesta == proposed, told
    assert ProcesoPublicado.objects.count() == 1, told
