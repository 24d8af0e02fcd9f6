"""What the desk of administration counts is counted apart: joined, 40,000 candidacies and as many books multiply."""

from datetime import date
from typing import Any

import pytest

from registry.test_leaving import MOMENT, make
from sif.registry import clock
from sif.registry.coalitions import NewAgreement, register_agreement
from sif.registry.elections import lacks, processes, subjects
from sif.registry.scope import everything
from sif.registry.services import register_sujeto

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Any:
    with everything(), clock.at(MOMENT):
        yield make()


def test_each_count_is_of_its_own_rows_and_joins_no_other(scene: Any) -> None:
    for name in ("Ana Luna", "Eva Río", "Iris Mar"):
        scene.approved(name)
    head = scene.approved("Uma Sol")
    scene.behind(head)
    found = processes().get()
    assert (found.candidaturas, found.libros) == (5, 4)
    assert subjects().get(siglas="PA").libros == 4 and subjects().get(siglas="CI").libros == 0
    for rows in (processes(), subjects()):
        str(rows.query)  # it is compiled, so that its tables are known
        assert len(rows.query.alias_map) == 1, "it joins what it counts"
    said = {each.clave: each.cuantos for each in lacks(scene.etapa.proceso)}
    assert said["sin_concentradora"] == said["sin_responsable"] == said["sin_rfc"] == 1


def test_a_coalition_counts_who_makes_it_up_today(scene: Any) -> None:
    other, union = (
        register_sujeto(kind, n, s, f"Sujeto {s}") for kind, n, s in (("partido", "7", "PB"), ("comun", "9", "AB"))
    )
    third = register_sujeto("partido", "8", "PC", "Partido Cobalto")
    parts = ((scene.party.pk, 6000), (other.pk, 4000))
    register_agreement(union, NewAgreement("A/1", date(2024, 4, 2), date(2024, 4, 2), parts), scene.ana)
    parts = ((scene.party.pk, 5000), (third.pk, 5000))
    register_agreement(union, NewAgreement("A/2", date(2024, 5, 2), date(2024, 5, 2), parts), scene.ana)
    assert subjects().get(pk=union.pk).partes == 2
