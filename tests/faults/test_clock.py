"""A clock that steps back, or over midnight and the year's end, changes no number and leaves the record whole."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine

from acts import committed
from batch.lots import csv_of, poliza_rows
from disclosure.acts import published
from faults import worlds
from faults.test_killed import unsound
from filing.campaign import make_campaign, on
from lent import lent
from notices.notified import notified
from proceedings.world import World as Reviewed
from proceedings.world import build_world
from sif.audit.models import Cobertura
from sif.batch.direct_load import load_direct
from sif.books.models import Poliza
from sif.books.selectors import verify_chain
from sif.books.services import post_poliza
from sif.disclosure.models import ProcesoPublicado
from sif.disclosure.publish import propose_withdrawal, withdraw_publicacion
from sif.disclosure.selectors import standing_publication, waiting_proposal
from sif.filing.cuts import cut_of_today, make_cut
from sif.ledger import NewLine, NewPoliza
from sif.proceedings.models import Resolucion
from sif.proceedings.resolving import vote
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import everything
from sif.signing import minting
from sif.values import Money
from small_world import LEAFLETS, MOMENT, PAYABLE, ZONE, World, world

__all__ = ["lent", "world"]
STEPS = {
    "an hour back": timedelta(hours=-1),
    "over midnight": timedelta(hours=13),
    "back over midnight": timedelta(hours=-13),
}


Turn = Callable[[], Any]


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
            corrida=reviewed.corrida,
            regla="CF001",
            contabilidad=reviewed.contabilidades[0],
            juzgadas=1,
            hallazgo=0,
            cumple=1,
            no_aplica=0,
            sin_dato=0,
            monto_hallazgo=0,
        )
        second = published(reviewed)
        assert waiting_proposal(reviewed.etapa) is None
        assert standing_publication(reviewed.etapa) == second != first
        assert ProcesoPublicado.objects.get().datos_al == second.propuesta.propuesta_el
        withdraw_publicacion(propose_withdrawal(second, "Cifra equivocada.", "RF 1", reviewed.elena), reviewed.sofia)
        assert standing_publication(reviewed.etapa) is None and not ProcesoPublicado.objects.exists()


def books() -> list[list[Turn]]:
    """Presenting, posting and loading while the clock is another, and posting once it is right."""
    with on("2024-05-02 12:00"):
        campaign = make_campaign(minting.mint_authority())
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    world = campaign.world
    lot = csv_of(*poliza_rows(0, "10.00", LEAFLETS, PAYABLE))

    def spend() -> None:
        own = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
        lines = (NewLine(LEAFLETS, cargo=Money(700), **own), NewLine(PAYABLE, abono=Money(700), **own))
        new = NewPoliza(campaign.ana.pk, world.periods[0].pk, "normal", "DR", date(2024, 4, 10), "Volantes", lines)
        post_poliza(new, world.clerk)

    return [
        [spend],
        [
            lambda: campaign.present(campaign.prepare()),
            spend,
            lambda: load_direct(campaign.ana, ("polizas.csv", [lot]), world.clerk),
        ],
        [spend],
    ]


def council() -> list[list[Turn]]:
    """A vote at each hour of the clock."""
    worlds.discussion()
    people = Usuario.objects.filter(nombramientos__rol="consejero").order_by("pk").distinct()
    return [[partial(vote, Resolucion.objects.get(), one, "a_favor")] for one in people[:3]]


@pytest.mark.usefixtures("lent")
@pytest.mark.parametrize(
    ("stage", "start", "step"),
    [
        (books, "2024-05-01T23:40:00-06:00", timedelta(hours=1)),
        (books, "2024-05-01T23:40:00-06:00", timedelta(hours=20)),
        (books, "2024-05-02T00:10:00-06:00", timedelta(hours=-2)),
        (books, "2024-05-02T00:10:00-06:00", timedelta(hours=-13)),
        (council, "2024-07-22T23:40:00-06:00", timedelta(hours=1)),
        (council, "2024-07-23T00:10:00-06:00", timedelta(hours=-2)),
    ],
)
def test_acts_over_midnight_between_cuts_leave_the_record_whole(
    django_db_setup: None,
    django_db_blocker: Any,
    settings: Any,
    tmp_path: Path,
    stage: Callable[[], list[list[Turn]]],
    start: str,
    step: timedelta,
) -> None:
    """A cut, the clock over midnight, acts, the clock as it was, acts; a cut wherever the day asks for one."""
    settings.DATOS, moment = tmp_path, datetime.fromisoformat(start)
    with committed(django_db_blocker, stage) as turns:
        with clock.at(moment):
            make_cut()
        for hour, acts in zip((moment, moment + step, moment + timedelta(minutes=15)), turns, strict=True):
            with clock.at(hour):
                for act in acts:
                    act()
                cut_of_today()
            assert unsound() == [], hour
