"""Stages that the law proposes against real processes, and how each is cut in periods with its term."""

from datetime import date

import pytest

from sif.law import processes
from sif.law.elections import federal_election
from sif.law.processes import (
    cut_periods,
    has_year,
    load_kinds,
    next_of,
    nth_weekday,
    proposed_days,
    review_terms,
    voting_day,
)
from sif.law.sources import LawDataError, data_path, read_data


def test_the_campaigns_of_2021_and_2024_are_those_of_the_law() -> None:
    for clave, year, campaign in (
        ("federal_intermedia", 2021, (date(2021, 4, 4), date(2021, 6, 2))),
        ("federal", 2018, (date(2018, 3, 30), date(2018, 6, 27))),
        ("federal", 2024, (date(2024, 3, 1), date(2024, 5, 29))),
    ):
        kind = load_kinds("mx")[clave]
        assert proposed_days(kind, year, voting_day(kind, year))["campana"] == campaign


def test_the_elections_of_2018_were_voted_in_july_and_no_others() -> None:
    days = {year: voting_day(load_kinds("mx")["local"], year) for year in (2017, 2018, 2019)}
    assert days == {2017: date(2017, 6, 4), 2018: date(2018, 7, 1), 2019: date(2019, 6, 2)}
    assert voting_day(load_kinds("mx")["extraordinario"], 2018) is None


def test_each_process_is_followed_by_that_of_the_next_year_of_its_law() -> None:
    def after(clave: str, year: int) -> tuple[str, int] | None:
        found = next_of(load_kinds("mx")[clave], year, "mx")
        return (found[0].clave, found[1]) if found else None

    assert [after("federal", 2024), after("federal_intermedia", 2027)] == [
        ("federal_intermedia", 2027),
        ("federal", 2030),
    ]
    assert [after("ordinario", 2026), after("ordinario_electoral", 2027)] == [
        ("ordinario_electoral", 2027),
        ("ordinario", 2028),
    ]
    assert (after("agrupaciones", 2026), after("formacion", 2025)) == (("agrupaciones", 2027), ("formacion", 2031))
    assert [after(clave, 2027) for clave in ("local", "local_intermedia", "extraordinario")] == [None, None, None]


def test_each_kind_has_the_years_of_the_law() -> None:
    assert [federal_election(year, "mx") for year in range(2023, 2028)] == ["", "presidencial", "", "", "intermedia"]
    assert [federal_election(year, "mx") for year in (2014, 2015, 2018, 2021, 2030)] == [
        "",
        "intermedia",
        "presidencial",
        "intermedia",
        "presidencial",
    ]
    having = {
        year: {key for key, kind in load_kinds("mx").items() if has_year(kind, year, "mx")}
        for year in (2026, 2027, 2030)
    }
    anywhere = {"local", "local_intermedia", "extraordinario", "agrupaciones"}
    assert having[2026] == anywhere | {"ordinario"}
    assert having[2027] == anywhere | {"ordinario_electoral", "federal_intermedia", "observacion"}
    assert having[2030] == anywhere | {"ordinario_electoral", "federal", "observacion"}
    assert [year for year in range(2019, 2032) if has_year(load_kinds("mx")["formacion"], year, "mx")] == [
        2019,
        2025,
        2031,
    ]


def test_only_what_the_law_fixes_whole_is_confirmed() -> None:
    confirmed = {
        (kind.clave, stage.tipo)
        for kind in load_kinds("mx").values()
        for stage in kind.etapas.values()
        if stage.estatus == "confirmado"
    }
    assert confirmed == {
        ("federal", "campana"),
        ("federal_intermedia", "campana"),
        ("ordinario", "ordinario"),
        ("ordinario_electoral", "ordinario"),
        ("agrupaciones", "ordinario"),
    }
    longest = {
        clave: load_kinds("mx")[clave].etapas["precampana"].maximo for clave in ("federal", "federal_intermedia")
    }
    assert longest == {"federal": 60, "federal_intermedia": 40}


def test_the_precampaign_of_2024_and_the_support_that_ends_with_it() -> None:
    kind = load_kinds("mx")["federal"]
    days = proposed_days(kind, 2024, voting_day(kind, 2024))
    assert days["precampana"] == (date(2023, 11, 20), date(2024, 1, 18))
    assert days["apoyo_ciudadano"] == (date(2023, 9, 21), date(2024, 1, 18))
    assert nth_weekday(2027, 6, 6, 1) == date(2027, 6, 6)


def test_a_campaign_is_cut_by_thirty_days_with_three_to_report() -> None:
    stage = load_kinds("mx")["federal_intermedia"].etapas["campana"]
    periods = cut_periods(stage, date(2021, 4, 4), date(2021, 6, 4), review_terms("campana", "mx")[0], "mx")
    assert [(each.desde, each.hasta, each.vence) for each in periods] == [
        (date(2021, 4, 4), date(2021, 5, 3), date(2021, 5, 6)),
        (date(2021, 5, 4), date(2021, 6, 2), date(2021, 6, 5)),
        (date(2021, 6, 3), date(2021, 6, 4), date(2021, 6, 7)),
    ]
    assert {each.base for each in periods} == {"LGPP 79.1.b.III"}


def test_a_precampaign_is_one_period_of_ten_days_more() -> None:
    stage = load_kinds("mx")["federal"].etapas["precampana"]
    [only] = cut_periods(stage, date(2023, 11, 20), date(2024, 1, 18), review_terms("precampana", "mx")[0], "mx")
    assert (only.hasta, only.vence, only.base) == (date(2024, 1, 18), date(2024, 1, 28), "LGPP 79.1.a.III")
    support = load_kinds("mx")["federal"].etapas["apoyo_ciudadano"]
    [only] = cut_periods(support, date(2023, 9, 21), date(2024, 1, 18), review_terms("apoyo_ciudadano", "mx")[0], "mx")
    assert only.vence == date(2024, 2, 17)


def test_an_ordinary_year_has_quarters_and_the_annual_report_in_business_days() -> None:
    stage = load_kinds("mx")["ordinario"].etapas["ordinario"]
    periods = cut_periods(stage, date(2025, 1, 1), date(2025, 12, 31), 60, "mx")
    assert [each.vence for each in periods[:3]] == [date(2025, 4, 30), date(2025, 7, 30), date(2025, 10, 30)]
    assert periods[3].base == "LGPP 78.1.b.I"
    assert periods[3].vence > date(2026, 3, 20)
    electoral = load_kinds("mx")["ordinario_electoral"].etapas["ordinario"]
    assert len(cut_periods(electoral, date(2024, 1, 1), date(2024, 12, 31), 60, "mx")) == 1


def test_agrupaciones_observers_and_organisations_have_their_own_periods() -> None:
    found = {}
    for clave, year, jornada in (
        ("agrupaciones", 2020, None),
        ("observacion", 2027, date(2027, 6, 6)),
        ("formacion", 2025, None),
    ):
        kind = load_kinds("mx")[clave]
        stage = kind.etapas["ordinario"]
        days = proposed_days(kind, year, jornada)["ordinario"]
        found[clave] = cut_periods(stage, *days, review_terms(stage.revision, "mx")[0], "mx")
    [year] = found["agrupaciones"]
    assert (year.desde, year.hasta, year.vence) == (date(2020, 1, 1), date(2020, 12, 31), date(2021, 5, 17))
    [vote] = found["observacion"]
    assert (vote.desde, vote.hasta, vote.vence) == (date(2026, 9, 1), date(2027, 6, 6), date(2027, 7, 6))
    months = found["formacion"]
    assert [each.numero for each in months] == list(range(1, 19))
    assert [months[0].vence, months[-1].hasta, months[-1].vence] == [
        date(2025, 2, 10),
        date(2026, 6, 30),
        date(2026, 7, 10),
    ]
    assert {each.base for each in months} == {"LGPP 11.2"}


def test_the_terms_of_a_review_are_six_sums_of_the_law() -> None:
    assert review_terms("campana", "mx") == (3, 10, 5, 10, 6, 6)
    assert review_terms("precampana", "mx") == (10, 15, 7, 10, 6, 9)
    assert review_terms("ordinario", "mx") == (60, 60, 10, 25, 10, 13)
    assert review_terms("anual_agrupacion", "mx") == (90, 60, 10, 25, 10, 13)


def test_a_call_sets_the_day_of_voting_of_an_extraordinary_election() -> None:
    kind = load_kinds("mx")["extraordinario"]
    assert voting_day(kind, 2026) is None
    assert proposed_days(kind, 2026, None) == {}
    assert proposed_days(kind, 2026, date(2026, 8, 2))["campana"][1] == date(2026, 7, 29)
    assert list(proposed_days(kind, 2026, date(2026, 8, 2))) == ["precampana", "apoyo_ciudadano", "campana"]
    assert kind.is_election and not load_kinds("mx")["ordinario"].is_election


def test_a_stage_dated_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = read_data(data_path("mx", "law", "procesos.yaml"))
    content["clases"]["federal"]["etapas"]["campana"]["anual"] = "entero"
    monkeypatch.setattr(processes, "_data", lambda _jurisdiction: content)
    processes._kinds.cache_clear()
    with pytest.raises(LawDataError, match="federal, campana"):
        load_kinds("mx")
    content["clases"]["federal"]["anios"] = {"de": "bisiesto", "base": "LGIPE 22.1"}
    with pytest.raises(LawDataError, match="bisiesto"):
        load_kinds("mx")
    processes._kinds.cache_clear()
