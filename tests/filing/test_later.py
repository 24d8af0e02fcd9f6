"""Operations posted after a report was presented: counted, set beside what the report says, until a version says so."""

from datetime import date, timedelta

from filing.campaign import Campaign, on
from sif.filing.later import differences, later_operations
from sif.filing.preparing import correction_of
from sif.registry import clock
from sif.registry.services import open_correction


def test_a_presented_report_says_what_was_posted_later_in_its_period(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    books, first = [campaign.ana, campaign.berta], campaign.world.periods[0]
    assert later_operations(books) == {}
    act = campaign.present(campaign.prepare())
    with on("2024-05-02 13:00"):
        campaign.spend(campaign.ana, "1.00", date(2024, 5, 1), period=1)
        assert later_operations(books) == {}  # of another period, not yet reported
        campaign.spend(campaign.ana, "777.00", date(2024, 4, 11))
        ((key, later),) = later_operations(books).items()
    assert (key, later.informe_id, later.polizas) == ((campaign.ana.pk, first.pk, "IC"), act.informe_id, 1)
    assert [
        (each.informe, each.libros, each.diferencia) for each in differences(act.informe) if each.linea == "II"
    ] == [(100_000, 177_700, 77_700)]


def test_the_version_of_the_correction_says_what_the_books_say(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    campaign.present(campaign.prepare())
    campaign.spend(campaign.ana, "777.00", date(2024, 4, 11))
    world = campaign.world
    with on("2024-06-16 09:00"):
        assert correction_of(campaign.ana, world.periods[0].pk) is None
        open_correction(world.etapa, world.party, clock.now(), clock.now() + timedelta(days=5), "LGPP 80.1.d.III")
        assert correction_of(campaign.ana, world.periods[0].pk) is not None
        act = campaign.present(campaign.prepare())
    assert later_operations([campaign.ana]) == {} and differences(act.informe) == []
