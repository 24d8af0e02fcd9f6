"""Two administrators on one correction, or one beside who registers: the second waits from its first reading."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from acts import committed, open_points
from registry.test_corrections import GROUND, administrator, candidacy, fresh, typo
from registry.test_leaving import END, MOMENT, make
from sif.registry import clock
from sif.registry.corrections import (
    approve,
    facts_of_candidacy,
    facts_of_subject,
    propose_candidacy,
    propose_subject,
)
from sif.registry.leaving import end_candidacy
from sif.registry.models import CorreccionPropuesta
from sif.registry.sujetos import NewSujeto, register_subject


class Corrected:
    """A subject and a candidacy whose corrections wait for another person, and a subject that nobody corrected."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            scene, carla, beto = make(), administrator("carla"), administrator("beto")
            contends = candidacy(scene)
            subject = self._waits(propose_subject(scene.party, typo(scene), GROUND, carla))
            said = replace(facts_of_candidacy(contends), nombre="Ana Luna Mar")
            other = self._waits(propose_candidacy(fresh(contends), said, GROUND, carla))
        alone = replace(facts_of_subject(scene.independent), nombre="Otro nombre de independiente")
        self.acts: dict[str, Callable[[], Any]] = {
            "approve": lambda: approve(subject, beto),
            "register": lambda: register_subject(NewSujeto("partido", "PN", "Partido Nuevo"), beto),
            "propose": lambda: propose_subject(scene.independent, alone, GROUND, carla),
            "approve a candidacy": lambda: approve(other, beto),
            "end a candidacy": lambda: end_candidacy(contends, END, beto),
        }

    def _waits(self, made: CorreccionPropuesta) -> CorreccionPropuesta:
        return CorreccionPropuesta.objects.select_related("candidatura", "propuesta_por").get(pk=made.pk)


@pytest.fixture(scope="module")
def corrected(django_db_setup: None, django_db_blocker: Any) -> Iterator[Corrected]:
    with committed(django_db_blocker, Corrected) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("approve", "approve", "registry_correccionresuelta"),
        ("approve", "register", "registry_correccionresuelta"),
        ("propose", "propose", "registry_correccionpropuesta"),
        ("approve a candidacy", "approve a candidacy", "registry_candidatura"),
        ("approve a candidacy", "end a candidacy", "registry_candidatura"),
        ("end a candidacy", "approve a candidacy", "registry_fincandidatura"),
    ],
)
def test_the_second_waits_from_its_first_reading(corrected: Corrected, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(corrected.acts[act], corrected.acts[rival], table) == []
