"""A clock that steps back, or over midnight and the year's end, changes no number and breaks no chain."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from disclosure.acts import published
from notices.notified import notified
from proceedings.world import World as Reviewed
from proceedings.world import build_world
from sif.audit.models import Cobertura
from sif.books.models import Poliza
from sif.books.selectors import verify_chain
from sif.books.services import post_poliza
from sif.disclosure.models import ProcesoPublicado
from sif.disclosure.publish import propose_withdrawal, withdraw_publicacion
from sif.disclosure.selectors import standing_publication, waiting_proposal
from sif.registry import clock
from sif.registry.scope import everything
from small_world import MOMENT, ZONE, World, world

__all__ = ["world"]
STEPS = {
    "an hour back": timedelta(hours=-1),
    "over midnight": timedelta(hours=13),
    "back over midnight": timedelta(hours=-13),
}


@pytest.fixture
def reviewed(db: None) -> Iterator[Reviewed]:
    """A reviewed campaign, seen whole."""
    with everything():
        yield build_world()


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_polizas_keep_their_numbers_and_their_chain(world: World, step: timedelta) -> None:
    for moment in (MOMENT, MOMENT + step, MOMENT + step / 2, MOMENT):
        with clock.at(moment):
            post_poliza(world.expense(), world.clerk)
    rows = list(Poliza.objects.filter(contabilidad=world.books).order_by("eslabon"))
    assert [(row.numero, row.eslabon) for row in rows] == [(n, n) for n in range(1, 5)]
    assert verify_chain(world.books.pk) is None


def test_the_clock_of_the_machine_is_the_one_that_acts_write(world: World) -> None:
    token = clock._moment.set(None)
    try:
        with time_machine.travel(MOMENT, tick=False) as machine:
            post_poliza(world.expense(), world.clerk)
            machine.shift(timedelta(hours=-13))
            post_poliza(world.expense(), world.clerk)
    finally:
        clock._moment.reset(token)
    first, second = Poliza.objects.filter(contabilidad=world.books).order_by("eslabon")
    assert (second.numero, second.registrada_el - first.registrada_el) == (2, timedelta(hours=-13))
    assert verify_chain(world.books.pk) is None


def test_a_folio_goes_on_where_its_year_was_when_the_clock_steps_back_over_the_year(world: World) -> None:
    last, new = datetime(2024, 12, 31, 23, 59, 59, tzinfo=ZONE), datetime(2025, 1, 1, tzinfo=ZONE)
    folios = []
    for moment in (last, new, last - timedelta(hours=1), last, new):
        with clock.at(moment):
            folios.append(notified(world).folio)
    assert folios == ["NOT-2024-000001", "NOT-2025-000001", "NOT-2024-000002", "NOT-2024-000003", "NOT-2025-000002"]


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_what_was_published_last_is_what_is_shown(
    reviewed: Reviewed, settings: Any, tmp_path: Path, step: timedelta
) -> None:
    settings.DATOS, noon = tmp_path, datetime(2018, 8, 6, 12, tzinfo=ZONE)
    with clock.at(noon):
        first = published(reviewed)
    with clock.at(noon + step):
        Cobertura.objects.create(
            corrida=reviewed.corrida, regla="CF001", contabilidad=reviewed.contabilidades[0], juzgadas=1, hallazgo=0,
            cumple=1, no_aplica=0, sin_dato=0, monto_hallazgo=0,
        )  # fmt: skip
        second = published(reviewed)
        assert waiting_proposal(reviewed.etapa) is None
        assert standing_publication(reviewed.etapa) == second != first
        assert ProcesoPublicado.objects.get().datos_al == second.propuesta.propuesta_el
        withdraw_publicacion(propose_withdrawal(second, "Cifra equivocada.", "RF 1", reviewed.elena), reviewed.sofia)
        assert standing_publication(reviewed.etapa) is None and not ProcesoPublicado.objects.exists()
