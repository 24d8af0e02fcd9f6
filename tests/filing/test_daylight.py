"""Days on which the legal clock changes: a term ends at their midnight, and each hour of an acuse is told apart.

Until October of 2022 the clock of the centre went an hour ahead in April and back in October.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from filing.campaign import CAP, Campaign, Officer, make_campaign
from filing.test_presenting import refused_codes
from sif.filing import services
from sif.filing.models import Informe, Presentacion
from sif.filing.selectors import is_late, obligations
from sif.registry import clock
from sif.registry.models import Ambito, Cargo, Contabilidad, Etapa, Periodo, Persona, Territorio
from sif.registry.scope import everything
from sif.registry.services import NewCandidatura, approve_candidatura, create_etapa, create_proceso, open_periods
from sif.registry.windows import last_day, normal_windows
from sif.signing import minting
from sif.values import Refused

AHEAD, BACK = date(2018, 4, 1), date(2018, 10, 28)
"""The clock went from 02:00 to 03:00 on the first, and from 02:00 to 01:00 on the second."""


class Election(NamedTuple):
    """A campaign of thirty days, the books of a candidacy of it and who signs its report."""

    campaign: Campaign
    books: Contabilidad
    period: Periodo
    officer: Officer

    def prepare(self) -> Informe:
        """A report without movements."""
        return services.prepare_informe(self.books, self.period, self.campaign.world.clerk, sin_movimientos=True)

    def cadena(self, informe: Informe) -> str:
        """What is signed of it, given now."""
        return services.cadena_of(informe, self.officer.cer)

    def present(self, informe: Informe, cadena: str) -> Presentacion:
        """Sign a cadena and present it, now."""
        sello, by = self.officer.sign(cadena), self.campaign.world.clerk
        return services.present(informe, self.officer.cer, sello, by, trust=self.campaign.trust)


@pytest.fixture
def campaign(db: None, settings: Any, tmp_path: Path, mint: minting.MintedAuthority) -> Iterator[Campaign]:
    """The people of 2018, appointed in March."""
    settings.DATOS = tmp_path
    with everything():
        yield make_campaign(mint, 2018)


def due_on(campaign: Campaign, day: date) -> Election:
    """A campaign whose report falls due on a day: three days after it [LGPP 79.1.b.III]."""
    last = day - timedelta(days=3)
    first = last - timedelta(days=29)
    with clock.at(clock.midnight(first) - timedelta(days=9)):
        proceso = create_proceso(clave=f"H-{day}", nombre="Proceso", ambito=Ambito.FEDERAL, anio=day.year)
        etapa = create_etapa(proceso, Etapa.Tipo.CAMPANA, first, last)
        (period,) = open_periods(etapa)
        person, seat = Persona.objects.create(nombre="Ana"), (Cargo.objects.get(), Territorio.objects.get())
        books = approve_candidatura(etapa, NewCandidatura("H-1", person, campaign.world.party, *seat, CAP, "A"))
    return Election(campaign, books, period, campaign.officer_with(desde=date(2016, 1, 1), hasta=date(2023, 1, 1)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "end", "hours"),
    [
        (AHEAD, "2018-04-02 05:00", 23),
        (BACK, "2018-10-29 06:00", 25),
        (date(2021, 4, 4), "2021-04-05 05:00", 23),
        (date(2022, 10, 30), "2022-10-31 06:00", 25),  # the last time
        (date(2023, 4, 2), "2023-04-03 06:00", 24),
        (date(2024, 4, 7), "2024-04-08 06:00", 24),
    ],
)
def test_a_term_ends_at_the_midnight_of_its_day_however_long_it_is(
    campaign: Campaign, day: date, end: str, hours: int
) -> None:
    etapa = due_on(campaign, day).period.etapa
    (window,) = normal_windows([etapa.pk])[etapa.pk]
    assert (last_day(window), window.cierra_el) == (day, utc(end))
    assert window.cierra_el - clock.midnight(day).astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "last", "said"),
    [
        (AHEAD, "2018-04-02 04:59:59.999", "2018-04-01T23:59:59-05:00"),
        (BACK, "2018-10-29 05:59:59.999", "2018-10-28T23:59:59-06:00"),
    ],
)
def test_the_last_thousandth_of_such_a_day_is_in_time_and_the_next_is_late(
    campaign: Campaign, day: date, last: str, said: str
) -> None:
    election, moment = due_on(campaign, day), utc(last)
    with clock.at(moment):
        informe = election.prepare()
        cadena = election.cadena(informe)
        made = election.present(informe, cadena)
        assert made.acuse["recibido_el"] == said
        (owed,) = obligations(election.books)
    assert (owed.estado, is_late(made)) == ("presentado", False)
    assert owed.vence_el == moment + timedelta(milliseconds=1)


def test_the_first_thousandth_after_such_a_day_is_late(campaign: Campaign) -> None:
    election = due_on(campaign, BACK)
    with clock.at(utc("2018-10-29 06:00")):
        informe = election.prepare()
        made = election.present(informe, election.cadena(informe))
    assert is_late(made) and made.acuse["recibido_el"] == "2018-10-29T00:00:00-06:00"


def test_a_cadena_lives_through_the_hour_that_does_not_exist(campaign: Campaign) -> None:
    election = due_on(campaign, AHEAD)
    with clock.at(utc("2018-04-01 07:50")):
        informe = election.prepare()
        cadena = election.cadena(informe)
    assert "|2018-04-01T01:50:00-06:00|" in cadena
    with clock.at(utc("2018-04-01 08:05")):
        made = election.present(informe, cadena)
    assert made.acuse["recibido_el"] == "2018-04-01T03:05:00-05:00"


def test_the_two_hours_of_the_same_name_are_told_apart(campaign: Campaign) -> None:
    election = due_on(campaign, BACK)
    with clock.at(utc("2018-10-28 06:50")):
        informe = election.prepare()
        cadena = election.cadena(informe)
    assert "|2018-10-28T01:50:00-05:00|" in cadena
    with clock.at(utc("2018-10-28 07:10")):
        made = election.present(informe, cadena)
    assert made.acuse["recibido_el"] == "2018-10-28T01:10:00-06:00"
    assert made.recibida_el - made.preparada_el == timedelta(minutes=20)


def test_in_the_repeated_hour_the_cadena_of_the_first_is_not_given_nor_taken(campaign: Campaign) -> None:
    election = due_on(campaign, BACK)
    with clock.at(utc("2018-10-28 05:59:50")):  # 00:59:50, sixty-one minutes before
        informe = election.prepare()
        old = election.cadena(informe)
    with clock.at(utc("2018-10-28 07:00:20")):  # 01:00:20 for the second time
        new = election.cadena(informe)
        assert "|2018-10-28T00:59:50-05:00|" in old and "|2018-10-28T01:00:20-06:00|" in new
        assert refused_codes(lambda: election.present(informe, old)) == ["cadena_caduca"]
        assert election.present(informe, new).acuse["recibido_el"] == "2018-10-28T01:00:20-06:00"


def test_a_period_that_ends_on_the_leap_day_is_filed_from_the_next_and_due_three_days_after(campaign: Campaign) -> None:
    election = due_on(campaign, date(2020, 3, 3))
    assert (election.period.desde, election.period.hasta) == (date(2020, 1, 31), date(2020, 2, 29))
    with clock.at(utc("2020-03-01 05:59:59")):
        informe = election.prepare()
        with pytest.raises(Refused, match="periodo"):
            election.present(informe, election.cadena(informe))
    with clock.at(utc("2020-03-04 05:59:59.999")):
        made = election.present(informe, election.cadena(informe))
    assert not is_late(made) and made.acuse["recibido_el"] == "2020-03-03T23:59:59-06:00"
