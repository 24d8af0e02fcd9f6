"""The page of a conclusion of unreported spending that spans several contabilidades: how much is of each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from kept import keeps
from proceedings.world import World, at, campaign_of_2018
from sif.proceedings import selectors, services
from sif.proceedings.models import Conclusion, Determinado
from sif.registry import scope

type Enter = Callable[[Any], Any]

WRITTEN = {
    "respuesta_considerada": "No presentó respuesta.",
    "analisis": "Se revisó lo que obra en el expediente.",
    "referencia": "no_atendida",
    "monto": "150.00",
    "acto": "cerrar",
}


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The campaign of 2018."""
    with scope.everything():
        made = world_of(campaign_of_2018)
    yield made


def opened(world: World, *books: int) -> Conclusion:
    with scope.everything():
        facts = [world.hallazgo(f"{n + 1}00.00", "EG001", book=book) for n, book in enumerate(books)]
        world.observacion(facts, criterio="egreso_no_reportado")
        world.oficio()
        with at("2018-07-20 12:00"):
            return selectors.conclusiones_of(services.open_dictamen(world.etapa, world.partido, world.elena))[0]


def test_each_contabilidad_has_its_field_and_its_error_and_they_add_up(world: World, enter: Enter) -> None:
    row = opened(world, 0, 1)
    page, elena = reverse("auditor:conclusion", args=[row.pk]), enter(world.elena)
    with at("2018-07-21 12:00"):
        shown = elena.get(page).text
        assert "Cuánto es de cada contabilidad" in shown and "Teodoro Vela Peña, contabilidad 8803" in shown
        assert "Se le observaron $200.00" in shown
        lacking = elena.post(page, WRITTEN)
        assert lacking.status_code == 422 and 'id="id_reparto_8802-error"' in lacking.text
        assert "el reparto por contabilidad es 8802: $100.00; 8803: $200.00" in lacking.text
        over = elena.post(page, {**WRITTEN, "reparto_8802": "0", "reparto_8803": "250.00"})
        assert over.status_code == 422 and 'id="id_reparto_8803-error"' in over.text
        assert 'id="id_reparto_8802-error"' not in over.text and 'value="250.00"' in over.text  # what was typed stays
        odd = elena.post(page, {**WRITTEN, "reparto_8802": "cien", "reparto_8803": "50"})
        assert odd.status_code == 422 and 'id="id_reparto_8802-error"' in odd.text
        assert not Determinado.objects.exists()
        assert elena.post(page, {**WRITTEN, "reparto_8802": "50", "reparto_8803": "100.00"}).status_code == 302
        with scope.everything():
            assert selectors.determined_by_contabilidad(world.etapa) == {8802: 50_00, 8803: 100_00}
        closed = elena.get(page).text
        assert "Determinado en la contabilidad 8803" in closed and "Cuánto es de cada contabilidad" not in closed


def test_nothing_is_shared_out_of_what_was_observed_whole(world: World, enter: Enter) -> None:
    row = opened(world, 0, 1)
    with at("2018-07-21 12:00"):
        page = reverse("auditor:conclusion", args=[row.pk])
        assert enter(world.elena).post(page, {**WRITTEN, "monto": "300.00"}).status_code == 302
        with scope.everything():
            assert selectors.determined_by_contabilidad(world.etapa) == {8802: 100_00, 8803: 200_00}


def test_of_one_contabilidad_nothing_is_asked_and_a_stranger_sees_nothing(world: World, enter: Enter) -> None:
    row = opened(world, 1, 1)
    page = reverse("auditor:conclusion", args=[row.pk])
    with at("2018-07-21 12:00"):
        assert "Cuánto es de cada contabilidad" not in enter(world.elena).get(page).text
        alicia, dario = enter(world.alicia), enter(world.dario)
        assert alicia.get(page).status_code == 403
        asked = {**WRITTEN, "reparto_8803": "150.00"}
        assert alicia.post(page, asked).status_code == 403
        assert dario.post(page, asked).status_code == 422  # who audits does not conclude
        assert not Determinado.objects.exists()
