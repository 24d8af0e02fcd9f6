"""Terms of review against real calendars, and how days are counted."""

from datetime import date
from types import MappingProxyType

import pytest

from sif.law.calendar import (
    MILESTONES,
    Course,
    accord_calendar,
    load_accords,
    load_stages,
    review_calendar,
)
from sif.law.days import UnknownTerm, add_days, is_business_day
from sif.law.processes import review_terms
from sif.values import Span

# Real calendars of campaign, from its last day: A 2015, B 2016, C 2017, D 2018, E 2019.
REAL = {
    "A": ("2015-06-03", "06-06 06-16 06-21 07-01 07-07 07-13"),
    "B": ("2016-06-01", "06-04 06-14 06-19 06-29 07-05 07-11"),
    "C": ("2017-05-31", "06-03 06-13 06-18 06-28 07-04 07-10"),
    "D": ("2018-06-27", "06-30 07-10 07-15 07-25 07-31 08-06"),
    "E": ("2019-05-29", "06-01 06-11 06-16 06-26 07-02 07-08"),
}


@pytest.mark.parametrize("case", REAL)
def test_real_campaign_calendars(case: str) -> None:
    end, days = REAL[case]
    found = review_calendar("campana", date.fromisoformat(end), jurisdiction="mx")
    assert [m.hito for m in found] == list(MILESTONES)
    assert " ".join(f"{m.fecha:%m-%d}" for m in found) == days


def test_real_precampaign_of_2024_under_its_accord() -> None:
    # case 31
    found = {m.hito: m.fecha for m in accord_calendar("INE/CG563/2023", jurisdiction="mx")}
    assert found["informe"] == date(2024, 1, 21)
    assert found["oficio"] == date(2024, 2, 3)
    assert found["respuesta"] == date(2024, 2, 10)
    assert found["comision"] == date(2024, 2, 19)
    assert found["consejo"] == date(2024, 2, 27)


def test_real_campaign_of_2024_counted_from_the_start_of_review() -> None:
    found = review_calendar("campana", date(2024, 5, 29), (11, 5, 15, 7, 3, 7), date(2024, 6, 4), jurisdiction="mx")
    days = {m.hito: f"{m.fecha:%m-%d}" for m in found}
    assert days == {
        "informe": "06-01",
        "oficio": "06-15",
        "respuesta": "06-20",
        "dictamen": "07-05",
        "comision": "07-12",
        "consejo": "07-22",
    }
    assert "presentación al Consejo 2024-07-15" in found[-1].base
    assert "LGPP 79.1.b.III" in found[0].base and "plazo dado" in found[1].base


def test_real_review_of_the_judicial_election_of_2025_from_the_day_of_its_oficio() -> None:
    fixed = {"oficio": date(2025, 6, 16), "consejo": date(2025, 7, 28)}
    found = review_calendar("campana", date(2025, 5, 28), course=Course(MappingProxyType(fixed)), jurisdiction="mx")
    days = {m.hito: f"{m.fecha:%m-%d}" for m in found}
    assert (days["oficio"], days["respuesta"], days["consejo"]) == ("06-16", "06-21", "07-28")


# The Council planned by the law's terms and the day it really met, of the campaigns A, B and C.
MOVED = {"A": ("2015-07-13", "2015-07-20"), "B": ("2016-07-11", "2016-07-14"), "C": ("2017-07-10", "2017-07-17")}


@pytest.mark.parametrize("case", MOVED)
def test_the_council_of_a_real_campaign_met_another_day_and_nothing_else_moved(case: str) -> None:
    end, (planned, met) = date.fromisoformat(REAL[case][0]), map(date.fromisoformat, MOVED[case])
    law = review_calendar("campana", end, jurisdiction="mx")
    course = Course(MappingProxyType({"consejo": met}))
    moved = review_calendar("campana", end, course=course, jurisdiction="mx")
    assert moved[:-1] == law[:-1]
    assert (law[-1].fecha, law[-1].estatus) == (planned, "confirmado")
    assert (moved[-1].fecha, moved[-1].estatus) == (met, "por confirmar")  # no text read says which accord moved it


# I: the year reported and the real days of its review.
YEARS = {
    2015: {"consejo": date(2016, 12, 14)},
    2018: {"comision": date(2019, 10, 18), "consejo": date(2019, 11, 6)},
    2021: {"consejo": date(2022, 11, 29)},
    2022: {"consejo": date(2023, 12, 1)},
}


@pytest.mark.parametrize("year", YEARS)
def test_a_real_annual_review_ended_after_the_day_of_the_law(year: int) -> None:
    end, course = date(year, 12, 31), Course(MappingProxyType(YEARS[year]))
    law = {day.hito: day.fecha for day in review_calendar("anual", end, jurisdiction="mx")}
    real = {day.hito: day.fecha for day in review_calendar("anual", end, course=course, jurisdiction="mx")}
    assert {hito: day for hito, day in real.items() if day != law[hito]} == YEARS[year]
    assert all(day > law[hito] for hito, day in YEARS[year].items())


@pytest.mark.parametrize(
    ("accord", "reported", "planned", "met"),
    [
        ("INE/CG30/2021", "2021-04-02", "2021-09-17", "2022-02-25"),
        ("INE/CG177/2025", "2025-04-02", "2025-09-29", "2026-03-05"),
    ],
)
def test_a_real_annual_review_keeps_the_day_moved_beside_the_number_of_its_accord(
    accord: str, reported: str, planned: str, met: str
) -> None:
    found = {day.hito: day for day in accord_calendar(accord, jurisdiction="mx")}
    council = found["consejo"]
    assert (council.fecha, council.movida_de) == (date.fromisoformat(met), date.fromisoformat(planned))
    assert council.base.startswith(f"{accord}: ") and council.estatus == "por confirmar"
    assert [day.movida_de for day in found.values() if day is not council] == [None] * 5
    assert found["informe"].fecha == date.fromisoformat(reported)


def test_an_accord_keeps_the_day_it_moved() -> None:
    # This is case 19, whose last report moved by extension.
    found = {m.hito: m for m in accord_calendar("INE/CG502/2023", jurisdiction="mx")}
    assert (found["informe"].fecha, found["informe"].movida_de) == (date(2024, 6, 3), date(2024, 6, 1))
    assert found["consejo"].movida_de == date(2024, 7, 8)
    assert all(m.base.startswith("INE/CG502/2023: ") for m in found.values())


def test_an_accord_equal_to_the_law_moves_nothing() -> None:
    assert [m.movida_de for m in accord_calendar("INE/CG29/2019", jurisdiction="mx")] == [None] * 6


def test_every_accord_computes() -> None:
    for clave in load_accords("mx"):
        days = [m.fecha for m in accord_calendar(clave, jurisdiction="mx")]
        assert days == sorted(days)


def test_the_number_of_terms_when_the_review_restarts() -> None:
    end, start = date(2024, 5, 29), date(2024, 6, 4)
    five = review_calendar("campana", end, (11, 5, 15, 7, 10), start, jurisdiction="mx")
    seven = review_calendar("campana", end, (5, 11, 5, 15, 7, 3, 7), start, jurisdiction="mx")
    assert five[-1].fecha == seven[-1].fecha == date(2024, 7, 22)
    assert seven[0].fecha == date(2024, 6, 3)
    assert review_calendar("campana", end, None, start, jurisdiction="mx")[1].fecha == date(2024, 6, 14)


@pytest.mark.parametrize("terms", [(), (3, 10), (3, 10, 5, 10, 6, -6), (3, 10, 5, 10, 6, 3, 6)])
def test_terms_that_do_not_serve(terms: tuple[int, ...]) -> None:
    with pytest.raises(UnknownTerm, match="se quieren 6 números"):
        review_calendar("campana", date(2024, 5, 29), terms, jurisdiction="mx")


def test_an_unknown_stage_or_accord_names_the_known_ones() -> None:
    with pytest.raises(UnknownTerm, match="son campana, precampana"):
        review_calendar("campaña", date(2024, 5, 29), jurisdiction="mx")
    with pytest.raises(UnknownTerm, match="INE/CG502/2023"):
        accord_calendar("INE/CG1/2000", jurisdiction="mx")


def test_the_precampaign_of_the_law_counts_the_72_hours() -> None:
    # 10 + 15 + 7 + 10 + 6 + 3 + 6 = 57 days
    assert review_calendar("precampana", date(2024, 1, 18), jurisdiction="mx")[-1].fecha == date(2024, 3, 15)


def test_the_annual_review_counts_business_days() -> None:
    found = {m.hito: m.fecha for m in review_calendar("anual", date(2020, 12, 31), jurisdiction="mx")}
    # Business days of 2021, from 7 January: 17, 19 in February, 22 in March (1 Feb and 15 Mar are of rest), 2 in April.
    assert found["informe"] == date(2021, 4, 2)
    assert all(is_business_day(found[hito], jurisdiction="mx") for hito in MILESTONES)


def test_business_days_outside_and_inside_a_process() -> None:
    friday, monday, process = date(2024, 3, 15), date(2024, 3, 18), Span(date(2023, 9, 1), date(2024, 9, 6))
    assert not is_business_day(monday, jurisdiction="mx")  # Juárez, moved to the third Monday [LFT 74]
    assert not is_business_day(date(2024, 3, 16), jurisdiction="mx")
    assert add_days(friday, 1, "habiles", jurisdiction="mx") == date(2024, 3, 19)
    assert add_days(friday, 1, "habiles", process, jurisdiction="mx") == date(2024, 3, 16)
    assert add_days(friday, 1, jurisdiction="mx") == date(2024, 3, 16)
    assert add_days(friday, 0, "habiles", jurisdiction="mx") == friday


def test_a_term_of_another_kind_is_refused() -> None:
    with pytest.raises(UnknownTerm, match="naturales o habiles"):
        add_days(date(2024, 3, 15), 1, "laborales", jurisdiction="mx")
    with pytest.raises(UnknownTerm):
        add_days(date(2024, 3, 15), -1, jurisdiction="mx")


def test_every_stage_has_the_six_milestones_in_order() -> None:
    for terms in load_stages("mx").values():
        assert tuple(dict.fromkeys(term.hito for term in terms)) == MILESTONES


@pytest.mark.parametrize("etapa", load_stages("mx"))
def test_the_terms_of_the_law_given_by_an_accord_leave_every_day_where_it_was(etapa: str) -> None:
    fin = date(2025, 12, 31)
    by_law = review_calendar(etapa, fin, jurisdiction="mx")
    given = review_calendar(etapa, fin, review_terms(etapa, "mx"), jurisdiction="mx")
    assert [(day.hito, day.fecha) for day in given] == [(day.hito, day.fecha) for day in by_law]
