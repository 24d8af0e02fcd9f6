"""`sif verificar` takes a presentation for what arrived first of its report, whenever it was written."""

import pytest

from filing.campaign import Campaign, on
from filing.test_cuts import log, named, tamper
from lent import lent, owner
from sif.filing import services
from sif.filing.cuts import make_cut
from sif.filing.models import Compromiso
from sif.filing.verifying import unfiled

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
