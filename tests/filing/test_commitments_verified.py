"""`sif verificar` takes a presentation for what arrived first of its report, whenever it was written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acts import committed
from filing.campaign import Campaign, on
from filing.ordinary import Ordinary, make_ordinary
from filing.test_cuts import log, named, tamper
from lent import lent, owner
from sif.filing import services
from sif.filing.cuts import make_cut
from sif.filing.models import Compromiso, Presentacion
from sif.filing.verifying import unfiled
from sif.signing import minting

__all__ = ["lent", "log"]
pytestmark = pytest.mark.usefixtures("lent")


def commit(log: Campaign) -> Compromiso:
    informe, officer = log.prepare(), log.officer
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    return services.commit(informe, officer.cer, sello, log.world.clerk, trust=log.trust)


def test_an_acuse_made_after_a_cut_bears_the_hour_of_before_it(log: Campaign) -> None:
    one = commit(log)
    assert unfiled(owner()) == (1, 0)
    with on("2024-05-02 18:00"):
        make_cut()
    with on("2024-05-03 09:00"):
        services.complete(one)
        make_cut()
    assert named() == [] and unfiled(owner()) == (0, 0)


def test_an_hour_that_is_not_that_of_what_arrived_is_named(log: Campaign) -> None:
    made = services.complete(commit(log))
    tamper("filing_compromiso", f"UPDATE filing_compromiso SET sello = 'otro' WHERE informe_id = {made.informe_id}")
    assert ("filing_presentacion", str(made.pk)) in named()


@pytest.fixture
def owned(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path, mint: minting.MintedAuthority
) -> Iterator[Ordinary]:
    """An ordinary year really committed, its quarters not presented."""
    settings.DATOS = tmp_path

    def build() -> Ordinary:
        year = make_ordinary(mint)
        year.fill()
        return year

    with on("2026-01-20 12:00"), committed(django_db_blocker, build) as year:
        yield year


def test_what_two_people_sign_is_verified_by_both(owned: Ordinary) -> None:
    with on("2026-02-20 10:00"):
        first = owned.keep(owned.prepare(4, "IA"))
        assert unfiled(owner()) == (1, 0) and named() == []
    with on("2026-02-20 10:10"):
        again = owned.keep(first.informe)  # another seal of the same person, which counts once
        second = owned.keep(first.informe, owned.auditor)
        made = services.complete(second)
        make_cut()
    assert isinstance(made, Presentacion) and made.sello == first.sello != again.sello
    assert named() == [] and unfiled(owner()) == (0, 0)
    row = ("filing_presentacion", str(made.pk))
    tamper("filing_compromiso", f"UPDATE filing_compromiso SET papel = NULL WHERE id = {second.pk}")
    assert row in named()
    tamper("filing_compromiso", f"UPDATE filing_compromiso SET papel = 'auditor_externo' WHERE id = {second.pk}")
    assert row not in named()
    earlier = f"UPDATE filing_compromiso SET recibido_el = recibido_el - interval '1 day' WHERE id = {again.pk}"
    tamper("filing_compromiso", earlier)
    assert row in named()  # of the same signer, another came before
